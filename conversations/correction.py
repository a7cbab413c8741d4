"""A coordinator corrects a session's attendance (SPEC 2, 3): both times, then the reason.

[Correct attendance] --> TIMES --[As booked], or "15:02-16:31"--> REASON --text--> done, END
                         ^  ^  +--other text: its readings--+     |  ^
                         |  +-------------------------------+     |  +-- other times
                         +-----------------[Back]-----------------+
[Leave] at every step: END, nothing is changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.app_context import AppContext
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, require_coordinator
from chat.incoming import message_of
from chat.message_parts import CardOf
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.premise import Premise, checked
from conversations.wizard import Answers, Case, Next, Question
from locales.catalogue import phrase
from locales.refusals import refusal_text
from locales.typed_words import vocabulary_of
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.decisions import require_step
from services.rules.attendance import is_possible_attendance, require_possible_attendance
from services.rules.minutes import instant_of, minute_of
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import AttendanceImpossible
from services.rules.refusals.sessions import StaleButton
from services.rules.refusals.typed import TimeNotClear, TimesNotRead
from services.rules.texts import require_reason
from services.rules.typed_times import Span, is_span, nearest_spans, read_span_near
from services.sessions import attendance

NAME = "correction"

"""Seconds."""


class State(StrEnum):
    """The steps of the dialogue."""

    TIMES = "times"
    REASON = "reason"


@dataclass(frozen=True)
class CorrectionDraft(SessionDraft):
    """The times that were given so far."""

    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None

    @property
    def times(self) -> tuple[datetime, datetime] | None:
        """Both times, once they are given."""
        if self.checked_in_at is None or self.checked_out_at is None:
            return None
        return self.checked_in_at, self.checked_out_at


async def begin(update: Update, context: Context) -> Next:
    """*Correct attendance*: when was it? Or on with what was laid aside."""
    tapped = callbacks.tapped(callbacks.CorrectAttendance, update)
    draft = wizard.draft_about(update, context, CorrectionDraft, tapped)
    draft = draft or CorrectionDraft(tapped.appointment_id)
    return await _ask_next(update, context, draft)


async def as_booked(update: Update, context: Context) -> Next:
    """*As booked*: the scheduled times."""
    draft = wizard.draft_tapped(update, context, CorrectionDraft)
    row = (await _case(update, context, draft)).appointment
    return await _take_times(update, context, draft, row.starts_at, row.ends_at)


async def choose_reading(update: Update, context: Context) -> Next:
    """A tapped reading of what was typed."""
    draft = wizard.draft_tapped(update, context, CorrectionDraft)
    tapped = callbacks.tapped(callbacks.TookPlace, update)
    first, last = instant_of(tapped.first), instant_of(tapped.last)
    return await _take_times(update, context, draft, first, last)


async def take_times(update: Update, context: Context) -> Next:
    """Typed times, where the coordinator is, as near to the session's start as they can be.

    Others are asked about, with what they can mean as buttons (UX 19). Those that were given before
    stay where they can mean nothing.
    """
    given = wizard.draft_of(update, context, CorrectionDraft)
    draft = replace(given, checked_in_at=None, checked_out_at=None)
    case, typed = await _case(update, context, draft), message_of(update).text or ""
    row, reader = case.appointment, case.reader
    where = (row.starts_at, reader.zone, vocabulary_of(reader.language))
    try:
        first, last = read_span_near(typed, *where)
        require_possible_attendance(first, last, context.received_at)
    except (TimesNotRead, TimeNotClear, AttendanceImpossible) as refusal:
        spans = nearest_spans(typed, *where)
        if given.times is not None and not spans:
            told = escape(refusal_text(reader, refusal, case.user.person.id))
            return await _ask_reason(update, context, case, given, *given.times, told)
        return await _ask_about(update, context, case, draft, refusal, spans)
    return await _take_times(update, context, draft, first, last)


async def take_reason(update: Update, context: Context) -> Next:
    """Take the reason, set the times, and ask the parents.

    A text with two times is not a reason: it replaces the times that were shown.
    """
    draft, text = wizard.draft_of(update, context, CorrectionDraft), message_of(update).text or ""
    times, about = draft.times, draft.appointment_id
    if times is None:
        raise StaleButton
    reader = (await _case(update, context, draft)).reader
    if is_span(text, vocabulary_of(reader.language)):
        return await take_times(update, context)
    reason = require_reason(text)

    def correct(session: Session, user: CurrentUser) -> None:
        attendance.correct_attendance(session, about, user.actor, *times, reason)

    user, _ = await wizard.carry_out(update, context, correct)
    await wizard.take_back(update, context, draft)
    card = await context.app.database.read(session_screen, user, about, context.app.agency)
    await replies.say_card(update, context, card, CardOf(about), user.person.id)
    return Dialogue.END


async def back(update: Update, context: Context) -> Next:
    """*Back*: ask for the times again."""
    draft = wizard.draft_tapped(update, context, CorrectionDraft)
    without = replace(draft, checked_in_at=None, checked_out_at=None)
    return await _ask_next(update, context, without)


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _ask_next(update, context, wizard.draft_of(update, context, CorrectionDraft))


async def _take_times(
    update: Update, context: Context, draft: CorrectionDraft, first: datetime, last: datetime
) -> Next:
    require_possible_attendance(first, last, context.received_at)
    taken = replace(draft, checked_in_at=first, checked_out_at=last)
    return await _ask_next(update, context, taken)


def _correctable(
    session: Session, user: CurrentUser, _app: AppContext, draft: CorrectionDraft
) -> Case:
    """The case, if they could correct it now. Refused as the correction would be."""
    require_coordinator(user)
    action, role = Action.CORRECT_ATTENDANCE, Role.COORDINATOR
    require_step(session, draft.appointment_id, action, role, user.actor.now)
    return Case(user, wizard.view_of(session, draft.appointment_id), role)


async def _case(update: Update, context: Context, draft: CorrectionDraft) -> Case:
    return await checked(update, context, _correctable, draft)


async def _ask_next(update: Update, context: Context, draft: CorrectionDraft) -> Next:
    """Ask the next question: the times, or the reason."""
    case = await _case(update, context, draft)
    await replies.answer(update)
    if draft.times is None:
        return await _ask_times(update, context, case, draft)
    return await _ask_reason(update, context, case, draft, *draft.times)


async def _ask_times(update: Update, context: Context, case: Case, draft: CorrectionDraft) -> Next:
    text = case.reader.text(
        "<b>When did it take place?</b> Press a button, or type the times, like 15:02-16:31."
    )
    return await _ask_with_buttons(update, context, case, draft, text)


async def _ask_about(
    update: Update,
    context: Context,
    case: Case,
    draft: CorrectionDraft,
    refusal: Refusal,
    spans: list[Span],
) -> Next:
    """Ask about times that cannot be taken as they were typed."""
    reader, now = case.reader, context.received_at
    readings = tuple(
        keyboards.button(reader.dated_slot(*span), _took_place(case, span))
        for span in spans
        if is_possible_attendance(*span, now)
    )
    if not readings:
        text = escape(refusal_text(reader, refusal, case.user.person.id))
    elif len(readings) == 1:
        text = reader.text("<b>Do you mean this?</b> I am not sure I read it right.")
    else:
        text = reader.text("Do you mean one of these?")
    return await _ask_with_buttons(update, context, case, draft, text, *readings)


def _took_place(case: Case, span: Span) -> callbacks.TookPlace:
    return callbacks.TookPlace(case.view.id, *map(minute_of, span))


async def _ask_with_buttons(
    update: Update,
    context: Context,
    case: Case,
    draft: CorrectionDraft,
    text: Markup,
    *readings: keyboards.InlineButton,
) -> Next:
    booked = callbacks.AsScheduled(case.view.id)
    as_booked = keyboards.button(case.reader.label("As booked"), booked)
    leave = wizard.leave_button(case, callbacks.LeaveCorrection)
    question = Question(text, (*keyboards.one_a_row(*readings), (as_booked, leave)))
    await wizard.ask(update, context, draft, wizard.panel(case, question))
    return State.TIMES


async def _ask_reason(
    update: Update,
    context: Context,
    case: Case,
    draft: CorrectionDraft,
    first: datetime,
    last: datetime,
    told: Markup | None = None,
) -> Next:
    text = case.reader.text(
        "It took place <b>{slot}</b>. Why are you correcting the attendance? Please say it in a "
        "few words. The tutor and the parents will read it, and the parents are asked.",
        slot=case.reader.dated_slot(first, last),
    )
    back_button = wizard.back_button(case, callbacks.CorrectionBack(case.view.id))
    leave = wizard.leave_button(case, callbacks.LeaveCorrection)
    asked = text if told is None else Markup("\n").join((told, text))
    question = Question(asked, ((back_button, leave),))
    await wizard.ask(update, context, draft, wizard.panel(case, question))
    return State.REASON


def build() -> Dialogue:
    """The dialogue that corrects attendance."""
    return wizard.build(
        NAME,
        CorrectionDraft,
        begin={callbacks.CorrectAttendance: begin},
        states={
            State.TIMES: Answers(
                {callbacks.AsScheduled: as_booked, callbacks.TookPlace: choose_reading},
                take_times,
                other,
            ),
            State.REASON: Answers({callbacks.CorrectionBack: back}, take_reason, other),
        },
        leave={callbacks.LeaveCorrection: wizard.leave_to_card(phrase("Nothing was changed."))},
        take_up=lambda draft: callbacks.CorrectAttendance(draft.appointment_id),
    ).resting_on(Premise(_correctable))
