"""What is asked while another time is looked for, and of what case (SPEC 6; UX 10)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update

from chat import callbacks, keyboards
from chat.asking import ask
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.keyboards import Rows
from chat.screen import Screen
from conversations.slot_questions import (
    Question,
    when_instead,
)
from locales.reader import Reader
from locales.wording import change_reason
from models import Appointment
from models.enums import ChangeReason, Role
from services.db import Session
from services.queries.sessions import SessionView, session_view
from services.reschedules import negotiation
from services.rules.refusals import Refusal, RefusalCode
from services.rules.reschedule import new_end
from services.rules.session_changes import REASONS


class State(StrEnum):
    """Where the person is."""

    SLOT = "slot"
    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class RescheduleDraft:
    """What was said so far; nobody is asked yet."""

    appointment_id: int
    proposal_id: int | None = None
    """The version that is answered with another time; None: a new request."""
    new_starts_at: datetime | None = None
    reason: ChangeReason | None = None
    text: str | None = None
    question_id: int | None = None
    """The message that asks, so that it loses its buttons when another one asks."""


@dataclass(frozen=True)
class Case:
    """Who asks, for which session, as which side."""

    visitor: CurrentUser
    view: SessionView
    side: Role

    @property
    def reader(self) -> Reader:
        return self.visitor.reader

    @property
    def appointment(self) -> Appointment:
        return self.view.appointment


Next = State | int | None


async def ask_next(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    """What is still missing: a reason, its text, or only the confirmation."""
    if draft.proposal_id is None:
        if draft.reason is None:
            return await _ask_reason(update, context, case, draft)
        if draft.reason is ChangeReason.OTHER and draft.text is None:
            return await _ask_text(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def ask_slot(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    """The first free times, and the ways to others."""
    leaves = leave_button(case)
    question = await context.app.database.read(when_instead, case.reader, case.appointment, leaves)
    return await put_slots(update, context, case, draft, question)


async def put_slots(
    update: Update, context: Context, case: Case, draft: RescheduleDraft, question: Question
) -> Next:
    """A further question about the time."""
    await _put(update, context, case, draft, question.text, question.rows)
    return State.SLOT


async def _ask_reason(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    reader, about = case.reader, case.view.id
    reasons = (
        keyboards.button(change_reason(reader, reason), callbacks.MoveFor(about, reason))
        for reason in REASONS[case.side]
    )
    rows = (*keyboards.in_pairs(*reasons), ways_out(case, to_slots=True))
    await _put(update, context, case, draft, reader.text("<b>Why is it moved?</b>"), rows)
    return State.REASON


async def _ask_text(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    question = case.reader.text("Please write in a few words why it is moved.")
    await _put(update, context, case, draft, question, (ways_out(case, to_slots=False),))
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
    if draft.reason is not None:
        why = change_reason(reader, draft.reason)
        lines.append(reader.text("Reason: {why}", why=why))
    if draft.text:
        lines.append(Markup("<blockquote>{}</blockquote>").format(draft.text))
    until = reader.dated_moment(case.appointment.starts_at)
    lines.append(
        reader.text(
            "It stays as it is until they accept. An answer counts until {until}.", until=until
        )
    )
    send = keyboards.success(reader.label("Send"), callbacks.ConfirmMove(case.view.id))
    rows = ((send,), ways_out(case, to_slots=draft.proposal_id is not None))
    await _put(update, context, case, draft, Markup("\n").join(lines), rows)
    return State.CONFIRM


async def _put(
    update: Update,
    context: Context,
    case: Case,
    draft: RescheduleDraft,
    question: Markup,
    rows: Rows,
) -> None:
    """Show the question; where it is a new message, the one before loses its buttons."""
    lines = [*headline(case.reader, case.view, case.side, lasts=True)]
    if draft.new_starts_at is not None:
        row = case.appointment
        ends_at = new_end(row.starts_at, row.ends_at, draft.new_starts_at)
        slot = case.reader.dated_slot(draft.new_starts_at, ends_at)
        lines.append(case.reader.text("🔁 New time: <b>{slot}</b>", slot=slot))
    screen = Screen(Markup("\n").join([*lines, Markup(), question]), rows)
    asked = await ask(update, context, screen, draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=asked))


async def case_of(
    update: Update, context: Context, draft: RescheduleDraft, starts_at: datetime | None = None
) -> Case:
    """Whether they could ask now, for `starts_at` if given. Refused as the request would be."""

    def query(session: Session) -> tuple[CurrentUser, Role, SessionView | None]:
        visitor = current_user(session, update, context)
        side = negotiation.require_proposable(
            session,
            draft.appointment_id,
            visitor.actor,
            answers=draft.proposal_id,
            new_starts_at=starts_at,
        )
        view = session_view(session, draft.appointment_id)
        return visitor, side, view

    visitor, side, view = await context.app.database.read(query)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return Case(visitor, view, side)


def ways_out(case: Case, *, to_slots: bool) -> tuple[InlineKeyboardButton, ...]:
    """*Back*, to the times or to the reasons, and *Leave*."""
    about = case.view.id
    goes = callbacks.MoveToSlots(about) if to_slots else callbacks.MoveToReasons(about)
    return (keyboards.button(case.reader.label("Back"), goes), leave_button(case))


def leave_button(case: Case) -> InlineKeyboardButton:
    """*Leave*: the session stays as it is."""
    return keyboards.button(case.reader.label("Leave"), callbacks.LeaveMove(case.view.id))
