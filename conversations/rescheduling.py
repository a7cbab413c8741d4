"""A tutor or a parent asks for another time, or suggests one instead (SPEC 6; UX 10).

[Change time] --> SLOT --[a time]------------------> REASON --[a reason]-----------> CONFIRM
[Suggest      ^    |--[Other day]--> DAY --[a day]--> HOUR    --[Other]--> TEXT --text--> |
 another] ----+    |                 (back to SLOT: [Back])                               |
              |    +--a typed time, at any of these; one that is not clear is asked about |
              +-----------------------------[Back]----------------------------------------+
CONFIRM --[Send]--> done, END: `conversations.reschedule_sending`.
A time typed at REASON, TEXT or CONFIRM: is it another time, or the reason?
[Suggest Mon 7 Dec 17:00], below what was written outside of any dialogue: on from that time.
A counter-proposal needs no reason: SLOT leads to CONFIRM, where a text is the reason, or a time.
[Leave] at every step: END, the session stays as it is.
Somebody else acts first: the time is offered once more, `conversations.reschedule_overtaken`.
"""

from dataclasses import replace
from datetime import datetime

from telegram import Update

from chat import callbacks, replies
from chat.callbacks.reschedules import SuggestAt, WithdrawFirst
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import message_of
from conversations import wizard
from conversations.dialogue import Dialogue, NotForThisError
from conversations.premise import OVERTAKEN, Premise
from conversations.reschedule_overtaken import (
    ask_instead,
    offer_again,
    offered,
    withdraw_first,
)
from conversations.reschedule_questions import (
    RescheduleDraft,
    State,
    ask_next,
    case_of,
    proposable,
    put_reason_or_time,
    put_slots,
    ways_out,
)
from conversations.reschedule_sending import confirm
from conversations.slot_questions import (
    ANOTHER_TIME_WILL_DO,
    day_of,
    start_of,
    which_day,
    which_hour,
)
from conversations.typed_answers import (
    is_only_time,
    read_typed,
    reason_or_time,
    refused,
    wished_starts,
)
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next, Taps
from locales.catalogue import phrase
from locales.refusals import refusal_text
from services.db import Session
from services.reschedules.answers import appointment_of
from services.rules.minutes import instant_of
from services.rules.refusals import Refusal
from services.rules.refusals.requests import SlotPassed

NAME = "rescheduling"


async def begin(update: Update, context: Context) -> Next:
    """*Change time*: a new request; or go on with a parked draft."""
    appointment_id = callbacks.tapped(callbacks.StartMove, update).appointment_id
    return await _begin(update, context, RescheduleDraft(appointment_id))


async def begin_counter(update: Update, context: Context) -> Next:
    """*Suggest another*: an answer with another time."""
    proposal_id = callbacks.tapped(callbacks.SuggestSlot, update).proposal_id
    appointment_id = await context.app.database.read(appointment_of, proposal_id)
    return await _begin(update, context, RescheduleDraft(appointment_id, proposal_id))


async def begin_at(update: Update, context: Context) -> Next:
    """*Suggest Mon 7 Dec 17:00*: an answer with a time that was written."""
    tapped = callbacks.tapped(SuggestAt, update)
    appointment_id = await context.app.database.read(appointment_of, tapped.proposal_id)
    draft = _kept_or(update, context, RescheduleDraft(appointment_id, tapped.proposal_id))
    starts_at = instant_of(tapped.minute)
    try:
        return await _take_slot(update, context, draft, starts_at)
    except OVERTAKEN as first:
        return await offer_again(update, context, replace(draft, new_starts_at=starts_at), first)


async def _begin(update: Update, context: Context, new: RescheduleDraft) -> Next:
    draft = _kept_or(update, context, new)
    try:
        case = await case_of(update, context, draft)
    except OVERTAKEN as first:
        if draft.new_starts_at is None:
            raise
        return await offer_again(update, context, draft, first)
    told = None
    if draft.new_starts_at is not None and draft.new_starts_at <= case.reader.now:
        told = refusal_text(case.reader, SlotPassed(), case.user.person.id)
        draft = replace(draft, new_starts_at=None)
    await replies.answer(update, told)
    return await ask_next(update, context, case, draft)


def _kept_or(update: Update, context: Context, new: RescheduleDraft) -> RescheduleDraft:
    """The draft that is there already, if it is about the same; else the new one."""
    kept = context.dialogues.draft(update, RescheduleDraft)
    about = (new.appointment_id, new.proposal_id)
    return kept if kept and (kept.appointment_id, kept.proposal_id) == about else new


# --------------------------------------------------------------------------------------- the time


async def choose_slot(update: Update, context: Context) -> Next:
    """A time that was offered, or one of the two that a typed one can mean."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    return await _take_slot(update, context, draft, starts_at)


async def show_days(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    draft = _unchosen(wizard.draft_tapped(update, context, RescheduleDraft))
    case = await case_of(update, context, draft)
    await replies.answer(update)
    page, ways = callbacks.tapped(callbacks.ShowDays, update).page, ways_out(case, to_slots=True)
    question = await context.app.database.read(
        which_day, case.reader, case.appointment, page, *ways
    )
    return await put_slots(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    draft = _unchosen(wizard.draft_tapped(update, context, RescheduleDraft))
    case = await case_of(update, context, draft)
    await replies.answer(update)
    day, ways = day_of(callbacks.tapped(callbacks.ChooseDay, update)), ways_out(case, to_slots=True)
    question = await context.app.database.read(
        which_hour, case.reader, case.appointment, case.user.person.id, day, *ways
    )
    return await put_slots(update, context, case, replace(draft, chosen_day=day), question)


async def take_typed_slot(update: Update, context: Context) -> Next:
    """A typed time; one that is not clear is asked about, and so is one that cannot be."""
    draft = wizard.draft_of(update, context, RescheduleDraft)
    try:
        case = await case_of(update, context, draft)
    except OVERTAKEN as first:
        return await _take_late_slot(update, context, draft, first)
    typed, ways = message_of(update).text or "", ways_out(case, to_slots=True)
    database = context.app.database
    about = (case.reader, case.appointment, case.user.person.id)
    read = await database.read(read_typed, *about, draft, typed, *ways)
    draft, means = replace(read.noted_in(draft), new_starts_at=None), read.means
    if isinstance(means, datetime):
        try:
            return await _take_slot(update, context, draft, means)
        except ANOTHER_TIME_WILL_DO as refusal:
            why = refusal_text(case.reader, refusal, case.user.person.id)
            means = await database.read(refused, *about, means, why, *ways)
    return await put_slots(update, context, case, replace(draft, wish=typed), means)


async def _take_late_slot(
    update: Update, context: Context, draft: RescheduleDraft, first: Refusal
) -> Next:
    """A time that is typed after somebody else acted: it is offered, if it is the only one that the
    text can mean. Refused: `first`.
    """

    def wished(session: Session) -> list[datetime]:
        reader = current_user(session, update, context).reader
        row = wizard.view_of(session, draft.appointment_id).appointment
        return wished_starts(session, reader, row, draft, message_of(update).text or "")

    starts = await context.app.database.read(wished)
    if len(starts) != 1:
        raise first
    return await offer_again(update, context, replace(draft, new_starts_at=starts[0]), first)


async def back_to_slots(update: Update, context: Context) -> Next:
    """*Back*: the times that are offered."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    return await _go_on(update, context, _unchosen(draft))


def _unchosen(draft: RescheduleDraft) -> RescheduleDraft:
    return replace(draft, new_starts_at=None, chosen_day=None, is_range=False, held_text=None)


async def _take_slot(
    update: Update, context: Context, draft: RescheduleDraft, starts_at: datetime
) -> Next:
    """Take a time, after a check that it is free, so that nobody writes a reason in vain."""
    taken = replace(draft, new_starts_at=starts_at, held_text=None)
    case = await case_of(update, context, taken, starts_at)
    await replies.answer(update)
    chosen = replace(taken, chosen_day=case.reader.date_of(starts_at))
    return await ask_next(update, context, case, chosen)


# --------------------------------------------------------------------- reason and confirmation


async def choose_reason(update: Update, context: Context) -> Next:
    """Take a tapped reason; for *Other* ask for its text."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    reason = callbacks.tapped(callbacks.MoveFor, update).reason
    return await _go_on(update, context, replace(draft, reason=reason, text=None))


async def take_text(update: Update, context: Context) -> Next:
    """Add the text to the reason, and show it before it counts; ask, if it looks like a time."""
    draft = wizard.draft_of(update, context, RescheduleDraft)
    text = await typed_below(update, context)
    try:
        case = await case_of(update, context, draft)
    except OVERTAKEN as first:
        return await _take_late_text(update, context, draft, first, text)
    about = (case.reader, case.appointment, case.user.person.id)
    is_answer, database = draft.proposal_id is not None, context.app.database
    if is_answer and is_only_time(*about[:2], draft, text):
        return await take_typed_slot(update, context)  # nobody has asked for a reason
    ways = ways_out(case, to_slots=True)
    question = await database.read(reason_or_time, *about, draft, text, *ways, unasked=is_answer)
    if question is not None:
        held = replace(draft, held_text=text)
        return await put_reason_or_time(update, context, case, held, question)
    return await _go_on(update, context, draft.with_reason(text))


async def _take_late_text(
    update: Update, context: Context, draft: RescheduleDraft, first: Refusal, text: str
) -> Next:
    """Words or a time that come after somebody else acted: they are offered with what was chosen.

    Where a reason was given before, they are none. Refused: `first`, where nothing can come of it.
    """
    if await context.app.database.read(_is_other_time, update, context, draft):
        return await _take_late_slot(update, context, draft, first)
    if draft.text is not None:
        raise first
    return await offer_again(update, context, draft.with_reason(text), first)


async def take_beside_offer(update: Update, context: Context) -> Next:
    """A text beside a time that is offered once more: another time, or it is for nobody here."""
    draft = wizard.draft_of(update, context, RescheduleDraft)
    if await context.app.database.read(_is_other_time, update, context, draft):
        return await take_typed_slot(update, context)
    context.dialogues.park(update)
    raise NotForThisError


def _is_other_time(
    session: Session, update: Update, context: Context, draft: RescheduleDraft
) -> bool:
    reader = current_user(session, update, context).reader
    row = wizard.view_of(session, draft.appointment_id).appointment
    return is_only_time(reader, row, draft, message_of(update).text or "")


async def keep_as_reason(update: Update, context: Context) -> Next:
    """*It is the reason*: the text that looks like a time."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    return await _go_on(update, context, draft.with_reason(draft.held_text or ""))


async def back_to_reasons(update: Update, context: Context) -> Next:
    """*Back*: ask for the reason again."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    return await _go_on(update, context, replace(draft, reason=None, text=None))


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _go_on(update, context, wizard.draft_of(update, context, RescheduleDraft))


async def _go_on(update: Update, context: Context, draft: RescheduleDraft) -> Next:
    try:
        case = await case_of(update, context, draft)
    except OVERTAKEN as first:
        return await offer_again(update, context, draft, first)
    await replies.answer(update)
    return await ask_next(update, context, case, draft)


def _taken_up(draft: RescheduleDraft) -> callbacks.Button:
    """The button that began the dialogue."""
    if draft.proposal_id is not None:
        return callbacks.SuggestSlot(draft.proposal_id)
    return callbacks.StartMove(draft.appointment_id)


def build() -> Dialogue:
    """The dialogue that asks for another time."""
    slots: Taps = {callbacks.MoveToSlots: back_to_slots}
    reasons: Taps = {callbacks.MoveToReasons: back_to_reasons}
    times: Taps = {
        callbacks.ChooseSlot: choose_slot,
        callbacks.ShowDays: show_days,
        callbacks.ChooseDay: choose_day,
    }
    either: Taps = {**times, callbacks.TextIsReason: keep_as_reason}
    return wizard.build(
        NAME,
        RescheduleDraft,
        begin={
            callbacks.StartMove: begin,
            callbacks.SuggestSlot: begin_counter,
            SuggestAt: begin_at,
        },
        states={
            State.SLOT: Answers({**times, **slots}, take_typed_slot, other),
            State.REASON: Answers(
                {callbacks.MoveFor: choose_reason, **either, **slots}, take_text, other
            ),
            State.TEXT: Answers(reasons, take_text, other),
            State.CONFIRM: Answers({**slots, **reasons}, take_text, other),
            State.OVERTAKEN: Answers({}, take_beside_offer, other),
        },
        confirm={
            callbacks.ConfirmMove: confirm,
            callbacks.AskInstead: ask_instead,
            WithdrawFirst: withdraw_first,
        },
        leave={callbacks.LeaveMove: wizard.leave_to_card(phrase("Nothing was changed."))},
        take_up=_taken_up,
    ).resting_on(Premise(proposable, offered))
