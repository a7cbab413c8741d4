"""Questions to a coordinator who changes a session, and the answers to them (SPEC 2, 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards
from chat.callbacks import CoordinatorChange
from chat.cards.cancellation import guidance_lines, until_line
from chat.context import Context
from chat.current_user import current_user
from chat.keyboards import InlineButton, Row, Rows
from conversations import wizard
from conversations.coordinator_change_draft import CoordinationDraft, require_possible
from conversations.slot_questions import slot_button, when_instead
from conversations.typed_answers import length_stays
from conversations.wizard import Next, Question
from locales.deadlines import ends_with_it
from locales.people_words import choice_of, to_be_called
from locales.reader import Reader
from models import Person
from models.enums import Role
from services.db import Session
from services.lifecycle.open_requests import OpenRequest, open_request, proposal_of
from services.queries.people import person_with
from services.queries.replacements import replacement
from services.queries.tutors import free_tutors
from services.rules.penalties import Guidance
from services.rules.reschedule import new_end

PAGE = 8
"""Tutors on one page of the list."""
NAME_SHOWN = 60
"""How many characters of a typed name the answer repeats."""
OTHERS = 3
"""The most tutors who are offered beside the times of a replacement."""


class State(StrEnum):
    """The steps of the dialogue."""

    CHOICE = "choice"
    REASON = "reason"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Case(wizard.Case):
    """The coordinator and the session, with the chosen tutor and the penalty by the sheet."""

    tutor: Person | None
    guidance: Guidance | None
    until: datetime | None
    """When the penalty is another one; None where it stays as it is."""
    request: OpenRequest | None
    """The open request to move the session, which ends with the change."""


async def case_of(update: Update, context: Context, draft: CoordinationDraft) -> Case:
    """The case, if the change could be made now with the choices so far. Refused as it would be."""
    return await context.app.database.read(_possible, update, context, draft)


def _possible(session: Session, update: Update, context: Context, draft: CoordinationDraft) -> Case:
    user = current_user(session, update, context)
    require_possible(session, draft, user.actor, user.reader.agency_zone)
    view = wizard.view_of(session, draft.appointment_id)
    tutor = person_with(session, draft.tutor_id)
    starts_at, now, sheet = view.appointment.starts_at, user.reader.now, context.app.penalties.sheet
    guidance = sheet.guidance_for(draft.side, starts_at - now) if draft.side else None
    until = sheet.holds_until(draft.side, starts_at, now) if draft.side else None
    request = open_request(session, view.id)
    return Case(user, view, Role.COORDINATOR, tutor, guidance, until, request)


async def ask_next(update: Update, context: Context, case: Case, draft: CoordinationDraft) -> Next:
    """The next question: the choice, the reason, or the confirmation."""
    if not draft.has_choice:
        return await ask_choice(update, context, case, draft)
    if draft.reason is None:
        return await _ask_reason(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def ask_choice(
    update: Update,
    context: Context,
    case: Case,
    draft: CoordinationDraft,
    offset: int = 0,
    *,
    told: Markup | None = None,
) -> Next:
    """The question for a side, a time or a tutor; of the list of tutors the page from `offset`.

    `told` is said first.
    """
    question = await context.app.database.read(_choice, case, draft, offset)
    if told is not None:
        question = question._replace(text=told + Markup("\n") + question.text)
    return await put_choice(update, context, case, draft, question)


def _choice(session: Session, case: Case, draft: CoordinationDraft, offset: int) -> Question:
    match draft.change:
        case CoordinatorChange.CANCEL:
            return _whose(case, draft.reason)
        case CoordinatorChange.GIVE:
            tutors = _free_tutors(session, case)
            return _who_instead(case, tutors, offset) if tutors else _nobody_free(case)
    question = when_instead(session, case.reader, case.appointment, _leave_button(case))
    return with_first_choices(session, case, draft.change, question)


def with_first_choices(
    session: Session, case: Case, change: CoordinatorChange, question: Question
) -> Question:
    """A question for a time; for a replacement what is looked for first comes before its rows."""
    if change is not CoordinatorChange.REPLACE:
        return question
    first = _instead_rows(session, case)
    there = {row[0].callback_data for row in first}
    rest = (row for row in question.rows if row[0].callback_data not in there)
    return question._replace(rows=(*first, *rest))


def _instead_rows(session: Session, case: Case) -> Rows:
    """What is looked for first: the time that was asked for, other tutors at the same time."""
    reader, row, asked = case.reader, case.appointment, replacement(session, case.appointment).asked
    wished = (
        keyboards.button(
            reader.label("Asked for: {when}", when=reader.dated_moment(asked.wished)),
            slot_button(row.id, asked.wished),
        )
        if asked and asked.wished and asked.wished > reader.now
        else None
    )
    free = _free_tutors(session, case)[:OTHERS] if row.starts_at > reader.now else []
    others = (
        keyboards.button(
            reader.label("{tutor}, same time", tutor=choice_of(reader, one)),
            callbacks.GiveTo(row.id, one.id),
        )
        for one in free
    )
    return keyboards.one_a_row(wished, *others)


def _free_tutors(session: Session, case: Case) -> list[Person]:
    return free_tutors(session, case.appointment, case.reader.agency_zone)


def free_called(session: Session, case: Case, name: str) -> list[Person]:
    """Free tutors whose name has all words of a typed one."""
    words = name.casefold().split()
    free = _free_tutors(session, case)
    return [one for one in free if words and all(word in one.name.casefold() for word in words)]


def none_or_several(reader: Reader, typed: str, found: int) -> Markup:
    """What is said to a typed name that is not that of one tutor."""
    name = typed[:NAME_SHOWN]
    if found:
        return reader.text("Several tutors are called “{name}”.", name=name)
    return reader.text("No tutor is called “{name}”.", name=name)


async def put_choice(
    update: Update, context: Context, case: Case, draft: CoordinationDraft, question: Question
) -> Next:
    """Ask about the choice."""
    await _ask(update, context, case, draft, question)
    return State.CHOICE


async def put_reason_or_time(
    update: Update, context: Context, case: Case, draft: CoordinationDraft, question: Question
) -> Next:
    """Ask whether a text is another time or the reason."""
    await _ask(update, context, case, draft, question)
    return State.REASON


async def _ask_reason(
    update: Update, context: Context, case: Case, draft: CoordinationDraft
) -> Next:
    text = case.reader.text("<b>Why?</b> Please write it in a few words. Both sides will read it.")
    await _ask(update, context, case, draft, Question(text, (ways_out(case),)))
    return State.REASON


async def _ask_to_confirm(
    update: Update, context: Context, case: Case, draft: CoordinationDraft
) -> Next:
    reader, about = case.reader, case.view.id
    label = {
        CoordinatorChange.CANCEL: reader.label("Cancel session"),
        CoordinatorChange.MOVE: reader.label("Move session"),
        CoordinatorChange.GIVE: reader.label("Hand over"),
        CoordinatorChange.REPLACE: reader.label("Book replacement"),
    }[draft.change]
    make = keyboards.danger if draft.change is CoordinatorChange.CANCEL else keyboards.success
    tutors = {one.id: one for one in (case.tutor, case.view.tutor) if one is not None}
    calls = [escape(call) for one in tutors.values() if (call := to_be_called(reader, one))]
    asked = (
        reader.text("<b>Is that right?</b> Everybody else will be told. Your reason:")
        if calls
        else reader.text("<b>Is that right?</b> Both sides will be told. Your reason:")
    )
    lines = [*calls, asked, _quoted(draft.reason)]
    if draft.change is CoordinatorChange.CANCEL:
        lines += [*guidance_lines(reader, case.guidance), *until_line(reader, case.until)]
        if case.guidance is not None and case.guidance.amount != 0:
            lines.append(reader.text("You can waive it on the session's card."))
    if case.request is not None:
        lines.append(escape(ends_with_it(reader, case.request)))
    confirm = make(label, callbacks.ConfirmCoordinate(about, draft.change))
    question = Question(Markup("\n").join(lines), ((confirm,), ways_out(case, to_reason=True)))
    shown = replace(draft, shown=case.guidance, ends=proposal_of(case.request))
    await _ask(update, context, case, shown, question)
    return State.CONFIRM


def with_side_or_reason(case: Case, draft: CoordinationDraft, typed: str) -> CoordinationDraft:
    """The draft with the side that a text names; any other text is the reason.

    Refused: ReasonRequired, TextTooLong.
    """
    called = {
        Role.TUTOR: (case.reader.label("The tutor"), case.view.tutor.name),
        Role.PARENT: (case.reader.label("The family"), case.view.student.name),
    }
    words = set(typed.casefold().split())
    found = [
        side
        for side, names in called.items()
        if words and words <= set(" ".join(names).casefold().split())
    ]
    if len(found) == 1:
        return replace(draft, side=found[0])
    return draft.with_reason(typed)


def _whose(case: Case, reason: str | None) -> Question:
    reader, about = case.reader, case.view.id
    rows = keyboards.in_pairs(
        keyboards.button(reader.label("The tutor"), callbacks.ForSide(about, Role.TUTOR)),
        keyboards.button(reader.label("The family"), callbacks.ForSide(about, Role.PARENT)),
        _leave_button(case),
    )
    asked = reader.text("<b>Who is cancelling?</b>")
    if reason is not None:
        asked = Markup("\n").join([reader.text("Kept as your reason:"), _quoted(reason), asked])
    return Question(asked, rows)


def _quoted(reason: str | None) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(reason)


def _who_instead(case: Case, tutors: Sequence[Person], offset: int) -> Question:
    reader, about = case.reader, case.view.id
    offset = min(offset, (len(tutors) - 1) // PAGE * PAGE)
    shown = keyboards.one_a_row(
        *(
            keyboards.button(choice_of(reader, one), callbacks.GiveTo(about, one.id))
            for one in tutors[offset : offset + PAGE]
        )
    )
    before = callbacks.TutorPage(about, max(0, offset - PAGE))
    after = callbacks.TutorPage(about, offset + PAGE)
    turning = keyboards.in_pairs(
        keyboards.button(reader.label("Back"), before) if offset else None,
        keyboards.button(reader.label("More"), after) if len(tutors) > offset + PAGE else None,
        _leave_button(case),
    )
    text = reader.text("<b>Who takes it over?</b> These tutors are free then.")
    return Question(text, (*shown, *turning))


def _nobody_free(case: Case) -> Question:
    reader, about = case.reader, case.view.id
    move = callbacks.CoordinateInstead(about, CoordinatorChange.MOVE)
    cancel = callbacks.CoordinateInstead(about, CoordinatorChange.CANCEL)
    rows = keyboards.in_pairs(
        keyboards.button(reader.label("Move"), move),
        keyboards.danger(reader.label("Cancel session"), cancel),
        _leave_button(case),
    )
    text = reader.text(
        "<b>No other tutor is free then.</b> You can move or cancel the session instead."
    )
    return Question(text, rows)


async def _ask(
    update: Update, context: Context, case: Case, draft: CoordinationDraft, question: Question
) -> None:
    """Show a question below what was chosen, so that it is read before it counts."""
    screen = wizard.panel(case, question, *_chosen(case, draft))
    await wizard.ask(update, context, draft, screen)


def _chosen(case: Case, draft: CoordinationDraft) -> list[Markup]:
    reader, row = case.reader, case.appointment
    lines = []
    if draft.starts_at is not None:
        ends_at = new_end(row.starts_at, row.ends_at, draft.starts_at)
        slot = reader.dated_slot(draft.starts_at, ends_at)
        lines.append(
            reader.text("🔁 Replacement: <b>{slot}</b>", slot=slot)
            if draft.change is CoordinatorChange.REPLACE
            else reader.text("🔁 New time: <b>{slot}</b>", slot=slot)
        )
    if draft.is_range:
        lines.append(length_stays(reader, row))
    if case.tutor is not None:
        lines.append(reader.text("🔁 New tutor: <b>{tutor}</b>", tutor=case.tutor.name))
    if draft.side is not None:
        lines.append(
            reader.text("❌ Cancel <b>for the tutor</b>")
            if draft.side is Role.TUTOR
            else reader.text("❌ Cancel <b>for the family</b>")
        )
    return lines


def ways_out(case: Case, *, to_reason: bool = False) -> Row:
    """*Back*, to the choice or to the reason, and *Leave*."""
    goes = callbacks.CoordinateBack(case.view.id, int(to_reason))
    return (wizard.back_button(case, goes), _leave_button(case))


def _leave_button(case: Case) -> InlineButton:
    return wizard.leave_button(case, callbacks.LeaveCoordinate)
