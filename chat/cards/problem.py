"""Cards of a problem report: for coordinators, for their group, and for its author (SPEC 5)."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup, escape

from chat import callbacks, deep_links, keyboards
from chat.callbacks import ListName, OfProblem
from chat.cards.reason import given_reason, quoted
from chat.cards.screens import SHOWN, and_more, session_label
from chat.cards.session import headline, headline_in_list
from chat.deep_links import OpenProblem
from chat.keyboards import InlineButton, Rows
from chat.screen import Screen
from locales.excerpts import shortened
from locales.parts import parts
from locales.reader import Reader
from locales.wording import action_done, dispute_reason, reason_told
from models.enums import Action, ProblemStatus, Role
from services.queries.problems import ReportedProblem
from services.queries.sessions import SessionView
from services.rules.problem_reports import available

REPLIES_SHOWN = 2
"""How many of the newest replies a card shows: each may have a thousand characters."""
EXCERPT = 120
"""How many characters of a report a list shows."""

_LABELS: MappingProxyType[Action, tuple[Callable[[Reader], str], type[OfProblem]]] = (
    MappingProxyType(
        {
            Action.CLAIM_PROBLEM: (lambda reader: reader.label("Claim"), callbacks.ClaimProblem),
            Action.ANSWER_PROBLEM: (lambda reader: reader.label("Reply"), callbacks.ReplyProblem),
            Action.CLOSE_PROBLEM: (lambda reader: reader.label("Close"), callbacks.CloseProblem),
        }
    )
)


def problem_card(reader: Reader, found: ReportedProblem, viewer_id: int) -> Screen:
    """The report in a coordinator's private chat: who wrote what, and what became of it."""
    lines = [
        reader.text("🔔 <b>{who} reported a problem</b>", who=found.parent),
        *headline(reader, found.view, Role.COORDINATOR),
        *_written(reader, found),
        *_course(reader, found, viewer_id),
    ]
    look = keyboards.button(reader.label("The session"), callbacks.ShowSession(found.view.id))
    rows = keyboards.in_pairs(*_buttons(reader, found), look)
    return Screen(Markup("\n").join(lines), rows, _told_until(reader, found))


def group_problem_card(
    reader: Reader, found: ReportedProblem, session_lines: Sequence[Markup], bot_username: str
) -> Screen:
    """The report in the group: the session by first name, nothing of what was written (UX 13)."""
    lines = [
        reader.text("🔔 <b>A parent reported a problem</b>"),
        *session_lines,
        *(escape(line) for line in _deeds(reader, found, None)),
    ]
    text = Markup("\n").join(lines)
    if found.report.status is ProblemStatus.CLOSED:
        return Screen(text, true_until=_told_until(reader, found))
    read = keyboards.link(
        reader.label("Read it"), deep_links.address(bot_username, OpenProblem(found.report.id))
    )
    rows = keyboards.in_pairs(*_buttons(reader, found), read)
    return Screen(text, rows, _told_until(reader, found))


def own_problem_card(reader: Reader, found: ReportedProblem) -> Screen:
    """The report in its author's chat: what they wrote, and where it stands."""
    is_new = found.report.status is ProblemStatus.OPEN
    title = (
        reader.text("Thank you. The coordinators have it and will look into it.")
        if is_new
        else reader.text("🔔 <b>Your report</b>")
    )
    lines = [
        title,
        *headline(reader, found.view, Role.PARENT),
        *_written(reader, found),
        *_course(reader, found, None),
    ]
    return Screen(Markup("\n").join(lines), true_until=_told_until(reader, found))


def write_again(reader: Reader, view: SessionView) -> Rows:
    """The author's button to add something, as another report."""
    return ((keyboards.button(reader.label("Write again"), callbacks.ReportProblem(view.id)),),)


def problems_screen(reader: Reader, found: Sequence[ReportedProblem]) -> Screen:
    """Reports that nobody has closed, oldest first, with a button for each."""
    back = (keyboards.button(reader.label("Back"), callbacks.ShowList(ListName.DASHBOARD)),)
    if not found:
        nothing = reader.text("No open reports. New ones are posted in the group.")
        return Screen(nothing, (back,))
    blocks = [reader.text("<b>Open problem reports</b>")]
    blocks += [_entry(reader, one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        blocks.append(and_more(reader, len(found) - SHOWN))
    buttons = (
        keyboards.button(session_label(reader, one.view), callbacks.ShowProblem(one.report.id))
        for one in found[:SHOWN]
    )
    return Screen(Markup("\n\n").join(blocks), (*keyboards.one_a_row(*buttons), back))


def _entry(reader: Reader, found: ReportedProblem) -> Markup:
    report = found.report
    said = report.text or (dispute_reason(reader, report.reason) if report.reason else "")
    who = reader.text("{who}, {when}:", who=found.parent, when=reader.when(report.at))
    words = quoted(shortened(said, EXCERPT))
    deeds = _deeds(reader, found, None)
    stands = escape(deeds[-1]) if deeds else reader.text("Not claimed yet")
    lines = [*headline_in_list(reader, found.view, Role.COORDINATOR), who, words, stands]
    return Markup("\n").join(lines)


def _written(reader: Reader, found: ReportedProblem) -> list[Markup]:
    report = found.report
    why = reason_told(reader, report.reason, report.text)
    lines = [given_reason(reader, report.reason, report.text) if why else quoted(report.text or "")]
    if found.files:
        lines.append(
            Markup("📎 {}").format(parts(reader, Counter(file.kind for file in found.files)))
        )
    return lines


def _course(reader: Reader, found: ReportedProblem, viewer_id: int | None) -> list[Markup]:
    """Who took it up, the newest replies word for word, and who closed it."""
    report, replies = found.report, found.replies
    lines = [escape(line) for line in _claimed(reader, found, viewer_id)]
    for reply in replies[-REPLIES_SHOWN:]:
        is_own = reply.person_id == viewer_id
        done = action_done(reader, Action.ANSWER_PROBLEM, reply.who, reply.at, is_own)
        lines.append(Markup("{}:\n{}").format(done, quoted(reply.text)))
    if report.closed_at is not None:
        lines += [escape(line) for line in _closed(reader, found, viewer_id)]
    return lines


def _told_until(reader: Reader, found: ReportedProblem) -> datetime | None:
    """Midnight from which a card says on which day something was done; None where nothing was."""
    report, replies = found.report, found.replies[-REPLIES_SHOWN:]
    return reader.told_until(report.claimed_at, *(one.at for one in replies), report.closed_at)


def _deeds(reader: Reader, found: ReportedProblem, viewer_id: int | None) -> list[str]:
    """The same without the words of the replies, of which the newest counts."""
    told = _claimed(reader, found, viewer_id)
    for reply in found.replies[-1:]:
        is_own = reply.person_id == viewer_id
        told.append(action_done(reader, Action.ANSWER_PROBLEM, reply.who, reply.at, is_own))
    return told + _closed(reader, found, viewer_id)


def _claimed(reader: Reader, found: ReportedProblem, viewer_id: int | None) -> list[str]:
    report = found.report
    if report.claimed_at is None:
        return []
    is_own = report.claimed_by_id == viewer_id
    who = found.claimed_by or ""
    return [action_done(reader, Action.CLAIM_PROBLEM, who, report.claimed_at, is_own)]


def _closed(reader: Reader, found: ReportedProblem, viewer_id: int | None) -> list[str]:
    report = found.report
    if report.closed_at is None:
        return []
    is_own = report.closed_by_id == viewer_id
    return [
        action_done(reader, Action.CLOSE_PROBLEM, found.closed_by or "", report.closed_at, is_own)
    ]


def _buttons(reader: Reader, found: ReportedProblem) -> list[InlineButton]:
    made = (_LABELS[action] for action in available(found.report.status))
    return [keyboards.button(label(reader), does(found.report.id)) for label, does in made]
