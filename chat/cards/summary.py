"""The summary of a session's notes: a line on its card, and the whole of it (SPEC 4)."""

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.keyboards import Rows
from chat.screen import Screen
from locales.reader import Reader
from locales.summaries import WordedSummary, worded_summary
from models import NoteSummary
from models.enums import Role, SummarySource
from services.lifecycle.facts import facts_of_row, made_summary
from services.queries.sessions import SessionDetail, SessionView
from services.queries.summaries import is_withdrawn_from
from services.rules.actions import available_judgements
from services.rules.session_actions import SessionAction
from services.summaries.requests import content_of

ROOM = 3300
"""Characters of a summary in one message, which holds 4096; the rest is for its head and end."""


def summary_line(
    reader: Reader, detail: SessionDetail, role: Role, viewer_id: int | None
) -> Markup | None:
    """The headline for the session's card.

    Where the tutor took the summary back, parents are told so if they may have read it.
    """
    summary = detail.summary
    if summary is None:
        return None
    if is_withdrawn_from(summary, role):
        if viewer_id not in (summary.shown_to or ()):
            return None
        return _not_right(reader)
    headline = content_of(summary).headline
    if headline is None:
        return None
    if summary.source is SummarySource.OFFLINE:
        return reader.text("✨ In the tutor's words: {headline}", headline=headline.statement)
    return reader.text("✨ AI summary: {headline}", headline=headline.statement)


def withdrawn_screen(reader: Reader, view: SessionView) -> Screen:
    """What is left for parents of a summary that the tutor found wrong after they had opened it."""
    look = keyboards.button(reader.label("View notes"), callbacks.ViewNotes(view.id))
    return Screen(Markup("\n").join((_head(reader, view), _not_right(reader))), ((look,),))


def summary_screen(reader: Reader, view: SessionView, summary: NoteSummary, role: Role) -> Screen:
    """The whole summary with its quotations; the tutor can say whether it is right."""
    worded, room = worded_summary(reader, summary), ROOM
    text = _head(reader, view) + Markup("\n<i>{}</i>").format(worded.made_by)
    for block in _blocks(worded):
        room -= len(block.striptags())
        if room < 0:
            break
        text += Markup("\n\n") + block
    return Screen(text, _buttons(reader, view, summary, role))


def _head(reader: Reader, view: SessionView) -> Markup:
    row = view.appointment
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    return Markup("<b>{}</b> · {}").format(view.student.name, slot)


def _not_right(reader: Reader) -> Markup:
    return reader.text("✨ The tutor says the summary was not right.")


def _blocks(worded: WordedSummary) -> Iterator[Markup]:
    if worded.headline is not None:
        yield Markup("✨ <b>{}</b>").format(worded.headline)
    for section in worded.sections:
        title = Markup("<b>{}</b>").format(section.title)
        bullets = (Markup("• {}").format(statement) for statement in section.statements)
        yield Markup("\n").join([title, *bullets])
    if worded.observations:
        yield Markup("\n").join(
            Markup("<b>{}</b>: {}").format(name, seen) for name, seen in worded.observations
        )
    if worded.quotes:
        listed = Markup("\n").join(map(escape, [worded.quotes_title, *worded.quotes]))
        yield Markup("<blockquote expandable>{}</blockquote>").format(listed)
    if worded.judgement is not None:
        yield Markup("⚠️ {}\n<blockquote>{}</blockquote>").format(*worded.judgement)


def _buttons(reader: Reader, view: SessionView, summary: NoteSummary, role: Role) -> Rows:
    facts = replace(facts_of_row(view.appointment), summary=made_summary(summary))
    judgements = {
        SessionAction.SUMMARY_IS_RIGHT: keyboards.button(
            reader.label("Looks right"), callbacks.SummaryRight(summary.id)
        ),
        SessionAction.SUMMARY_IS_WRONG: keyboards.button(
            reader.label("Wrong"), callbacks.SummaryWrong(summary.id)
        ),
    }
    return keyboards.in_pairs(
        *(judgements[one] for one in available_judgements(facts, role)),
        keyboards.button(reader.label("View notes"), callbacks.ViewNotes(view.id)),
    )
