"""Questions of the dialogue for another time (SPEC 6; UX 10)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards
from chat.app_context import AppContext
from chat.cards.reason import given_reason
from chat.context import Context
from chat.current_user import CurrentUser
from chat.incoming import chat_id_of
from chat.keyboards import Row
from chat.lists.choices import words_in
from chat.screen import Screen
from conversations import wizard
from conversations.premise import checked
from conversations.slot_questions import SlotDraft, slot_rows, when_instead
from conversations.typed_answers import length_stays, wished_starts
from conversations.wizard import Next, Question
from locales.reader import Reader
from locales.unreached import would_ask_in_vain
from locales.wording import change_reason
from models import Appointment
from models.enums import ChangeReason, ListKind, Role
from services.db import Session
from services.lifecycle.open_requests import OpenRequest, open_request
from services.messaging.lists import newest_list
from services.queries.reach import Unreached, unreached
from services.reschedules import negotiation
from services.rules.reschedule import new_end, passes_at
from services.rules.session_changes import REASONS, other_side
from services.rules.texts import with_more


class State(StrEnum):
    """The steps of the dialogue."""

    SLOT = "slot"
    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class RescheduleDraft(SlotDraft):
    """The choices so far; nobody is asked yet."""

    proposal_id: int | None = None
    """The version that is answered with another time; None: a new request."""
    new_starts_at: datetime | None = None
    reason: ChangeReason | None = None
    text: str | None = None
    wish: str | None = None
    """What was written before a time was chosen: times that it names come first."""

    @property
    def words(self) -> str | None:
        """The reason in their own words; before a time is chosen what was wished for."""
        return self.text or (self.wish if self.new_starts_at is None else None)

    @property
    def chosen_reason(self) -> ChangeReason | None:
        """The reason that was chosen from the list."""
        return self.reason

    @property
    def chosen_start(self) -> datetime | None:
        """The new time."""
        return self.new_starts_at

    def with_reason(self, text: str) -> "RescheduleDraft":
        """With the reason in words, or more of it. Refused: ReasonRequired, TextTooLong."""
        reason, said = self.reason or ChangeReason.OTHER, with_more(self.text, text)
        return replace(self, reason=reason, text=said, held_text=None)


@dataclass(frozen=True)
class Case(wizard.Case):
    """The person, their side, the session, and the request that they answer, if they do."""

    request: OpenRequest | None


async def ask_next(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    """Ask the next question: the time, the reason, its text, or the confirmation."""
    if draft.new_starts_at is None:
        return await _ask_slot(update, context, case, draft)
    if draft.proposal_id is None:
        if draft.reason is None:
            return await _ask_reason(update, context, case, draft)
        if draft.reason is ChangeReason.OTHER and draft.text is None:
            return await _ask_text(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def put_slots(
    update: Update, context: Context, case: Case, draft: RescheduleDraft, question: Question
) -> Next:
    """Ask further about the time."""
    await wizard.ask(update, context, draft, _panel(case, draft, question))
    return State.SLOT


async def put_reason_or_time(
    update: Update, context: Context, case: Case, draft: RescheduleDraft, question: Question
) -> Next:
    """Ask whether a text is another time or the reason."""
    await wizard.ask(update, context, draft, _panel(case, draft, question))
    return State.REASON


async def _ask_slot(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    """The first free times, and the ways to others."""
    question = await context.app.database.read(_when, case, chat_id_of(update), draft.wish)
    return await put_slots(update, context, case, draft, question)


def _when(session: Session, case: Case, chat_id: int, wish: str | None) -> Question:
    """When instead? Times that they wrote when they asked for the change come first."""
    reader, row = case.reader, case.appointment
    question = when_instead(session, reader, row, wizard.leave_button(case, callbacks.LeaveMove))
    if not (words := wish or _words_of_list(session, chat_id, reader.agency_today)):
        return question
    starts = wished_starts(session, reader, row, SlotDraft(row.id), words)
    wished = slot_rows(reader, row.id, starts)
    rest = (one for one in question.rows if one not in wished)
    return question._replace(rows=(*wished, *rest))


def _words_of_list(session: Session, chat_id: int, today: date) -> str | None:
    """The words for which a list of sessions to change was sent today."""
    asked = newest_list(session, chat_id)
    if asked is None or (asked.kind, asked.day) != (ListKind.TO_CHANGE, today):
        return None
    return words_in(asked.argument)


def keep_wish(
    update: Update, context: Context, appointment_id: int, proposal_id: int, wish: str
) -> None:
    """Keep what was written for *Suggest another*, unless they are at that already."""
    present = context.dialogues.draft(update, RescheduleDraft)
    if present is None or present.proposal_id != proposal_id:
        draft = RescheduleDraft(appointment_id, proposal_id, wish=wish)
        context.dialogues.keep(update, callbacks.SuggestSlot(proposal_id).subject, draft)


async def _ask_reason(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    reader = case.reader
    reasons = (
        keyboards.button(change_reason(reader, reason), callbacks.MoveFor(case.view.id, reason))
        for reason in REASONS[case.side]
    )
    rows = (*keyboards.in_pairs(*reasons), ways_out(case, to_slots=True))
    question = Question(reader.text("<b>Why do you want to move it?</b>"), rows)
    await wizard.ask(update, context, draft, _panel(case, draft, question))
    return State.REASON


async def _ask_text(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    text = case.reader.text("Please write in a few words why you want to move it.")
    question = Question(text, (ways_out(case, to_slots=False),))
    await wizard.ask(update, context, draft, _panel(case, draft, question))
    return State.TEXT


async def _ask_to_confirm(
    update: Update, context: Context, case: Case, draft: RescheduleDraft
) -> Next:
    reader = case.reader
    lines = [
        reader.text("<b>Ask the tutor?</b>")
        if case.side is Role.PARENT
        else reader.text("<b>Ask the parents?</b>")
    ]
    lines += chosen_reason(reader, draft)
    side = other_side(case.side)
    in_vain = await context.app.database.read(unreached, case.appointment, side)
    lines.append(_until_line(case, draft) if in_vain is None else _in_vain_line(case, in_vain))
    send = keyboards.success(reader.label("Send"), callbacks.ConfirmMove(case.view.id))
    rows = ((send,), ways_out(case, to_slots=draft.proposal_id is not None))
    question = Question(Markup("\n").join(lines), rows)
    await wizard.ask(update, context, draft, _panel(case, draft, question))
    return State.CONFIRM


def chosen_reason(reader: Reader, draft: RescheduleDraft) -> list[Markup]:
    """The reason and the words that go with the time, in a line if there are any."""
    return [] if draft.reason is None else [given_reason(reader, draft.reason, draft.text)]


def _until_line(case: Case, draft: RescheduleDraft) -> Markup:
    """Until when they can answer, and accept, and what follows without an answer."""
    reader, starts_at = case.reader, case.appointment.starts_at
    until = reader.dated_moment(starts_at)
    chosen = draft.new_starts_at
    sooner = passes_at(chosen, starts_at) if chosen is not None else None
    if sooner is not None:
        return reader.text(
            "They can accept until {sooner}. Without an answer by {until}, "
            "the session will not take place.",
            sooner=reader.dated_moment(sooner),
            until=until,
        )
    return reader.text(
        "They can answer until {until}. Without an answer by then, "
        "the session will not take place.",
        until=until,
    )


def _in_vain_line(case: Case, in_vain: Unreached) -> Markup:
    """Nobody can answer, and what follows."""
    until = case.reader.dated_moment(case.appointment.starts_at)
    return escape(would_ask_in_vain(case.reader, in_vain, until))


def _panel(case: Case, draft: RescheduleDraft, question: Question) -> Screen:
    """The question below the session and the new time, so far as it is chosen."""
    row, chosen = case.appointment, []
    if case.request is not None:
        asked = case.request.proposal
        slot = case.reader.dated_slot(asked.new_starts_at, asked.new_ends_at)
        chosen.append(case.reader.text("🔁 Asked for: {slot}", slot=slot))
    if draft.new_starts_at is not None:
        chosen.append(new_time_line(case.reader, row, draft.new_starts_at))
    if draft.is_range:
        chosen.append(length_stays(case.reader, row))
    return wizard.panel(case, question, *chosen)


def new_time_line(reader: Reader, row: Appointment, starts_at: datetime) -> Markup:
    """The time that was chosen for a session."""
    slot = reader.dated_slot(starts_at, new_end(row.starts_at, row.ends_at, starts_at))
    return reader.text("🔁 New time: <b>{slot}</b>", slot=slot)


async def case_of(
    update: Update, context: Context, draft: RescheduleDraft, starts_at: datetime | None = None
) -> Case:
    """The case, if they could ask for `starts_at` now. Refused as the request would be."""
    return await checked(update, context, partial(proposable, starts_at=starts_at), draft)


def proposable(
    session: Session,
    user: CurrentUser,
    app: AppContext,
    draft: RescheduleDraft,
    starts_at: datetime | None = None,
) -> Case:
    """As `case_of`, in a unit of work."""
    side = negotiation.require_proposable(
        session,
        draft.appointment_id,
        user.actor,
        zone=app.agency.zone,
        answers=draft.proposal_id,
        new_starts_at=starts_at,
    )
    request = open_request(session, draft.appointment_id) if draft.proposal_id else None
    return Case(user, wizard.view_of(session, draft.appointment_id), side, request)


def ways_out(case: Case, *, to_slots: bool) -> Row:
    """*Back*, to the times or to the reasons, and *Leave*."""
    goes = callbacks.MoveToSlots if to_slots else callbacks.MoveToReasons
    leave = wizard.leave_button(case, callbacks.LeaveMove)
    return (wizard.back_button(case, goes(case.view.id)), leave)
