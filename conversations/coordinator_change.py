"""A coordinator cancels for a side, moves, gives to another tutor or replaces (SPEC 2, 6; UX 5).

[Cancel] --------> CHOICE: whose? --+
[Move] [Replace] > CHOICE: when? ---+--[one of them]--> REASON --text--> CONFIRM --[...]--> done,
[Other tutor] ---> CHOICE: who? ----+                   |  ^               | |              END
                   ^                                    |  +----[Back]-----+ +-- text: another
                   +--------------[Back]----------------+                        reason
Whose can be typed, and any other text is the reason. A time can be typed; one that is not clear is
asked about, and so is one that is typed at REASON or CONFIRM: is it another time, or the reason?
What was chosen cannot be any more: CHOICE, it says why. No tutor is free: [Move] or
[Cancel session] in place of who. [Leave] at every step: END, nothing is changed.
"""

from dataclasses import replace
from datetime import datetime

from markupsafe import escape
from telegram import Update

from chat import callbacks, deep_links, replies
from chat.callbacks import CoordinatorChange
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.deep_links import OpenChange
from chat.incoming import message_of
from conversations import wizard
from conversations.changed_since import changed_since
from conversations.coordinator_change_draft import (
    CoordinationDraft,
    carry_out,
    chosen,
    done_before,
    for_side_that_told,
    require_possible,
    still_possible,
)
from conversations.coordinator_change_questions import (
    Case,
    State,
    ask_choice,
    ask_next,
    case_of,
    free_called,
    none_or_several,
    put_choice,
    put_reason_or_time,
    ways_out,
    with_first_choices,
    with_side_or_reason,
)
from conversations.dialogue import Dialogue
from conversations.premise import Premise
from conversations.slot_questions import day_of, which_day, which_hour
from conversations.typed_answers import read_typed, reason_or_time, refused
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next, Taps
from locales.catalogue import phrase
from locales.refusals import refusal_text
from locales.wording import action_done
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.scheduling import tutors_for
from services.rules.refusals import Refusal
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.requests import SameTime, SlotPassed, SlotTaken
from services.rules.refusals.sessions import StaleButton, TutorAway, TutorTaken

NAME = "coordination"

ANOTHER_CHOICE_WILL_DO = (SlotTaken, SlotPassed, SameTime, ClosedDay, TutorAway, TutorTaken)
"""Refusals after which the dialogue goes on: something else can be chosen."""


# ------------------------------------------------------------------------------------- the choice


async def begin(update: Update, context: Context) -> Next:
    """A button of the card, or of one in the group: whose, when or who? Or on with what was laid
    aside. Of a cancellation it is the side that has told the coordinators, until *Back*.
    """
    tapped = deep_links.begun(update)
    if not isinstance(tapped, callbacks.Coordinate):
        raise StaleButton
    require_coordinator(await context.app.database.read(current_user, update, context))
    context.choose(tapped.appointment_id)  # a refusal names it, for coordinators only
    new = CoordinationDraft(tapped.appointment_id, tapped.change)
    case = await case_of(update, context, new)
    row = case.appointment
    new = replace(new, seen_starts_at=row.starts_at, seen_tutor_id=row.tutor_id)
    kept = context.dialogues.draft(update, CoordinationDraft)
    draft = kept if kept is not None and _began_alike(kept, new) else new
    draft = await context.app.database.read(for_side_that_told, draft)
    try:
        case = await case_of(update, context, draft)
    except Refusal:
        draft = new  # what was chosen before is taken or past by now
    await replies.answer(update)
    return await ask_next(update, context, case, draft)


def _began_alike(kept: CoordinationDraft, new: CoordinationDraft) -> bool:
    """Whether the parked draft is about the same change of the same, unchanged session."""
    return new == replace(kept.unasked().unchosen(), reason=None, shown=None)


async def choose(update: Update, context: Context) -> Next:
    """A side, a tutor, a time that was offered, or one of the two that a typed one can mean."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft)
    choice = callbacks.tapped(callbacks.OfSession, update)
    return await _go_on(update, context, chosen(draft, choice))


async def change_instead(update: Update, context: Context) -> Next:
    """*Move* and *Cancel session*, where no other tutor is free."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft)
    change = callbacks.tapped(callbacks.CoordinateInstead, update).change
    return await _go_on(update, context, replace(draft, change=change))


async def show_days(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft).unchosen()
    case = await case_of(update, context, draft)
    await replies.answer(update)
    page = callbacks.tapped(callbacks.ShowDays, update).page
    question = await context.app.database.read(
        which_day, case.reader, case.appointment, page, *ways_out(case)
    )
    return await put_choice(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft).unchosen()
    case = await case_of(update, context, draft)
    await replies.answer(update)
    day = day_of(callbacks.tapped(callbacks.ChooseDay, update))
    question = await context.app.database.read(
        which_hour, case.reader, case.appointment, case.user.person.id, day, *ways_out(case)
    )
    return await put_choice(update, context, case, replace(draft, chosen_day=day), question)


async def turn_page(update: Update, context: Context) -> Next:
    """*More* and *Back* below the tutors."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    offset = callbacks.tapped(callbacks.TutorPage, update).offset
    return await ask_choice(update, context, case, draft, offset)


async def take_typed(update: Update, context: Context) -> Next:
    """A typed time; one that is not clear or cannot be is asked about. Or a side, or a tutor."""
    draft = wizard.draft_of(update, context, CoordinationDraft)
    case = await case_of(update, context, draft)
    if draft.change is CoordinatorChange.CANCEL:
        said = message_of(update).text or ""
        return await _go_on(update, context, with_side_or_reason(case, draft, said))
    if not draft.has_time:
        return await _take_name(update, context, case, draft)
    typed, ways = message_of(update).text or "", ways_out(case)
    database = context.app.database
    about = (case.reader, case.appointment, case.user.person.id)
    read = await database.read(read_typed, *about, draft, typed, *ways)
    draft, means = read.noted_in(draft), read.means
    if isinstance(means, datetime):
        timed = replace(draft, starts_at=means)
        try:
            return await ask_next(update, context, await case_of(update, context, timed), timed)
        except ANOTHER_CHOICE_WILL_DO as refusal:
            why = refusal_text(case.reader, refusal, case.user.person.id)
            means = await database.read(refused, *about, means, why, *ways)
    question = await database.read(with_first_choices, case, draft.change, means)
    return await put_choice(update, context, case, draft, question)


async def _take_name(
    update: Update, context: Context, case: Case, draft: CoordinationDraft
) -> Next:
    """The tutor who is called so: one who is free, or why they are not; else choose again."""
    typed, read = message_of(update).text or "", context.app.database.read
    found = await read(free_called, case, typed)
    if not found:
        found = await read(tutors_for, case.view.student.id, typed)
    if len(found) == 1:
        give = callbacks.GiveTo(draft.appointment_id, found[0].id)
        return await _go_on(update, context, chosen(draft, give))
    told = none_or_several(case.reader, typed, len(found))
    return await ask_choice(update, context, case, draft, told=told)


# ----------------------------------------------------------------------- reason and confirmation


async def take_reason(update: Update, context: Context) -> Next:
    """The reason, or more of it; it is shown back before it counts.

    One that looks like a time is asked about.
    """
    draft = wizard.draft_of(update, context, CoordinationDraft)
    typed = await typed_below(update, context)
    if draft.has_time:
        try:
            case = await case_of(update, context, draft)
        except ANOTHER_CHOICE_WILL_DO as refusal:
            return await _reason_or_choice(update, context, draft, typed, refusal)
        about = (case.reader, case.appointment, case.user.person.id, draft)
        read = context.app.database.read
        question = await read(reason_or_time, *about, typed, *ways_out(case))
        if question is not None:
            held = replace(draft, held_text=typed)
            return await put_reason_or_time(update, context, case, held, question)
    return await _go_on(update, context, draft.with_reason(typed))


async def _reason_or_choice(
    update: Update, context: Context, draft: CoordinationDraft, typed: str, refusal: Refusal
) -> Next:
    """A text where the time that was chosen cannot be any more: another time, or the reason."""
    bare = draft.unchosen()
    case = await case_of(update, context, bare)
    about = (case.reader, case.appointment, case.user.person.id, bare)
    if await context.app.database.read(reason_or_time, *about, typed) is not None:
        context.dialogues.set_draft(update, bare)
        return await take_typed(update, context)
    return await _choose_again(update, context, draft.with_reason(typed), refusal)


async def keep_as_reason(update: Update, context: Context) -> Next:
    """*It is the reason*: the text that looks like a time."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft)
    return await _go_on(update, context, draft.with_reason(draft.held_text or ""))


async def back(update: Update, context: Context) -> Next:
    """*Back*: the reason once more, or the choice."""
    draft = wizard.draft_tapped(update, context, CoordinationDraft)
    draft = replace(draft, reason=None)
    if not callbacks.tapped(callbacks.CoordinateBack, update).to_reason:
        draft = draft.unchosen()
    return await _go_on(update, context, draft)


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _go_on(update, context, wizard.draft_of(update, context, CoordinationDraft))


async def _go_on(update: Update, context: Context, draft: CoordinationDraft) -> Next:
    """Ask what comes next: for another choice, where the one that was made cannot be any more."""
    try:
        case = await case_of(update, context, draft)
    except ANOTHER_CHOICE_WILL_DO as refusal:
        return await _choose_again(update, context, draft, refusal)
    await replies.answer(update)
    return await ask_next(update, context, case, draft)


async def _choose_again(
    update: Update, context: Context, draft: CoordinationDraft, refusal: Refusal
) -> Next:
    """Say why the choice cannot be, and ask for another one; the reason stays."""
    draft = draft.unchosen()
    case = await case_of(update, context, draft)
    why = refusal_text(case.reader, refusal, case.user.person.id)
    await replies.answer(update, why)
    return await ask_choice(update, context, case, draft, told=escape(why))


async def confirm(update: Update, context: Context) -> Next:
    """Make the change. A second tap gets the same answer.

    If the penalty by the sheet is no longer the one that was shown, or there is a request that was
    not, ask again.
    """
    tapped = callbacks.tapped(callbacks.ConfirmCoordinate, update)
    draft = wizard.draft_about(update, context, CoordinationDraft, tapped)
    if draft is None or draft.change is not tapped.change:
        raise await context.app.database.read(_answered, update, context, tapped)
    case = await _possible_still(update, context, draft)
    if case is not None and (told := changed_since(case, draft)):
        await replies.answer(update, told)
        return await ask_next(update, context, case, draft)

    def change(session: Session, user: CurrentUser) -> Outcome:
        return carry_out(session, draft, user.actor, user.reader.agency_zone)

    try:
        user, outcome = await wizard.carry_out(update, context, change, ANOTHER_CHOICE_WILL_DO)
    except ANOTHER_CHOICE_WILL_DO as refusal:
        return await _choose_again(update, context, draft, refusal)
    name, action = user.person.name, draft.action()
    done = action_done(user.reader, action, name, outcome.at, is_reader=True)
    return await wizard.end_with_card(update, context, user, draft.appointment_id, done)


def _answered(
    session: Session, update: Update, context: Context, tapped: callbacks.ConfirmCoordinate
) -> Refusal:
    """The refusal where there is nothing to confirm: who made the change."""
    draft = CoordinationDraft(tapped.appointment_id, tapped.change)
    user = current_user(session, update, context)
    # Says who ended it, if somebody did.
    require_possible(session, draft, user.actor, user.reader.agency_zone)
    return done_before(session, draft)


async def _possible_still(
    update: Update, context: Context, draft: CoordinationDraft
) -> Case | None:
    """The case; None where the change is refused by now."""
    try:
        return await case_of(update, context, draft)
    except Refusal:
        return None


def build() -> Dialogue:
    """The dialogue in which a coordinator changes a session."""
    goes_back: Taps = {callbacks.CoordinateBack: back}
    choices: Taps = {
        callbacks.ForSide: choose,
        callbacks.ChooseSlot: choose,
        callbacks.GiveTo: choose,
        callbacks.ShowDays: show_days,
        callbacks.ChooseDay: choose_day,
        callbacks.TutorPage: turn_page,
        callbacks.CoordinateInstead: change_instead,
    }
    either: Taps = {
        callbacks.ChooseSlot: choose,
        callbacks.ChooseDay: choose_day,
        callbacks.TextIsReason: keep_as_reason,
    }
    return wizard.build(
        NAME,
        CoordinationDraft,
        begin={callbacks.Coordinate: begin, OpenChange: begin},
        states={
            State.CHOICE: Answers({**choices, **goes_back}, take_typed, other),
            State.REASON: Answers({**either, **goes_back}, take_reason, other),
            State.CONFIRM: Answers(goes_back, take_reason, other),
        },
        confirm={callbacks.ConfirmCoordinate: confirm},
        leave={callbacks.LeaveCoordinate: wizard.leave_to_card(phrase("Nothing was changed."))},
        take_up=lambda draft: callbacks.Coordinate(draft.appointment_id, draft.change),
    ).resting_on(Premise(still_possible))
