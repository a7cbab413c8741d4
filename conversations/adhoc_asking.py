"""Asking a tutor who logs extra sessions, below the lines so far (SPEC 7; UX 4, 17)."""

from datetime import timedelta

from markupsafe import Markup, escape
from telegram import Update

from chat import replies
from chat.callbacks import AdhocStep as State
from chat.context import Context
from chat.screen import Screen
from conversations import wizard
from conversations.adhoc_draft import AdhocDraft
from conversations.adhoc_names import come_next
from conversations.adhoc_questions import (
    Case,
    case_of,
    change_line,
    is_that_right,
    line_text,
    which_child,
    which_day,
    which_hour,
    which_length,
    which_lines,
    which_topic,
)
from conversations.wizard import Next
from locales.adhoc_wording import trouble_text
from services.rules.adhoc import Trouble


async def ask(
    update: Update,
    context: Context,
    draft: AdhocDraft,
    step: State | None = None,
    *,
    told: Markup | None = None,
    page: int = 0,
    below: bool = False,
) -> Next:
    """Ask the question of a step, or the first that has no answer; `told` is said first.

    It is a new message if it is to be `below`.
    """
    case = await case_of(update, context, draft)
    if case.taught is None:
        step = State.STUDENT
    elif step in (None, State.REVIEW):
        step = State.REVIEW if draft.lines else State.LINES
    match step:
        case State.STUDENT:
            question = which_child(case, draft)
        case State.LINES:
            question = which_lines(case, draft)
        case State.DAY:
            question = which_day(case, page)
        case State.HOUR:
            question = await context.app.database.read(which_hour, case, draft, context.app.agency)
        case State.LENGTH:
            question = which_length(case)
        case State.TOPIC:
            question = which_topic(case)
        case State.LINE:
            question = change_line(case, draft)
        case _:
            step, question = State.REVIEW, is_that_right(case, draft)
    await replies.answer(update)
    lines = [*_chosen(case, draft, step), *([told] if told else []), question.text]
    screen = Screen(Markup("\n").join(lines), question.rows)
    await wizard.ask(update, context, draft, screen, below=below)
    return step


def _chosen(case: Case, draft: AdhocDraft, step: State) -> list[Markup]:
    """The child and the lines so far, or what was chosen of a new one."""
    reader = case.reader
    title = reader.text("<b>Extra sessions</b>")
    if case.taught is not None and step is not State.STUDENT:
        title += Markup(" · <b>{}</b>").format(case.taught.student.name)
    lines = [title]
    if step in (State.REVIEW, State.LINES):
        for number, (line, trouble) in enumerate(
            zip(draft.lines, case.troubles, strict=True), start=1
        ):
            lines.append(escape(f"{number}. {line_text(reader, line)}"))
            lines += _trouble_lines(case, trouble)
        lines += come_next(reader, draft.others)
    elif step is State.LINE:
        lines.append(escape(f"{draft.number}. {line_text(reader, draft.line)}"))
        lines += _trouble_lines(case, case.troubles[(draft.number or 1) - 1])
    elif draft.starts_at is not None and step in (State.LENGTH, State.TOPIC):
        starts_at, minutes = draft.starts_at, draft.minutes
        lines.append(
            escape(reader.dated_moment(starts_at))
            if minutes is None
            else escape(reader.dated_slot(starts_at, starts_at + timedelta(minutes=minutes)))
        )
    return [*lines, Markup()]


def _trouble_lines(case: Case, trouble: Trouble | None) -> list[Markup]:
    if trouble is None or case.taught is None:
        return []
    told = trouble_text(case.reader, trouble, case.taught.student.name)
    return [Markup("⚠️ <i>{}</i>").format(told)]
