"""What waits on whom, as coordinators read it in private (SPEC 9; UX 18)."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.match import match_lines
from chat.cards.problem import report_label
from chat.cards.replacement import told_coordinators
from chat.cards.screens import SHOWN, and_more, session_label, session_name
from chat.cards.session import headline_in_list
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import reason_and_text, status_label
from models import Person
from models.enums import Role
from services.queries.dashboard import Missed, OpenDispute
from services.queries.matches import MatchView
from services.queries.problems import ReportedProblem
from services.queries.sessions import SessionView
from services.queries.waiting import Changed, Requested, Unanswered, Waiting, Wanted

Entry = tuple[Markup, keyboards.InlineButton]
Listed = tuple[Markup, keyboards.InlineButton | None]
"""An entry, which may have no button."""


def waiting_screen(reader: Reader, found: Waiting) -> Screen:
    """Everything that waits, by what it is, a button each; so many as fit."""
    blocks: list[Markup] = []
    buttons: list[keyboards.InlineButton] = []
    count, sections = 0, _sections(reader, found)
    for title, rows, told in sections:
        shown = [told(reader, one) for one in islice(rows, SHOWN - count)]
        if shown:
            blocks += [Markup("<b>{}</b>").format(title), *(text for text, _ in shown)]
            buttons += [button for _, button in shown if button is not None]
            count += len(shown)
    left = sum(len(rows) for _, rows, _ in sections) - count
    if left:
        blocks.append(and_more(reader, left))
    if not count:
        return Screen(nothing_waits(reader))
    return Screen(Markup("\n\n").join(blocks), keyboards.one_a_row(*buttons))


def waiting_counts(reader: Reader, found: Waiting) -> Markup | None:
    """How much waits, of each that does, without names (UX 13); None where nothing does."""
    counts = ((title, len(rows)) for title, rows, _ in _sections(reader, found))
    lines = [escape(f"{title}: {reader.number(count)}") for title, count in counts if count]
    if not lines:
        return None
    return Markup("\n").join([reader.text("<b>Waiting now</b>"), *lines])


Section = tuple[str, Sequence[Any], Callable[[Reader, Any], Listed]]
"""What waits, by what it is: its title, each of it, and how one is told."""


def _sections(reader: Reader, found: Waiting) -> list[Section]:
    return [
        (reader.label("Late changes"), found.changed, _changed),
        (reader.label("Begun without check-in"), found.begun, _begun),
        (reader.label("Not answered by the parents"), found.unanswered, _unanswered),
        (reader.label("Requests to move a session"), found.requested, _requested),
        (reader.label("Replacements asked for"), found.wanted, _wanted),
        (reader.label("Open disputes"), found.disputes, _dispute),
        (reader.label("Problem reports"), found.problems, _problem),
        (reader.label("Matches not answered by the parents"), found.offers, _offer),
        (reader.label("Attendance is missing"), found.missed, _missed),
    ]


def nothing_waits(reader: Reader) -> Markup:
    """The sentence in place of an empty list."""
    return reader.text(
        "Nothing is waiting: no session, change, request, dispute or problem report."
    )


def _changed(reader: Reader, one: Changed) -> Entry:
    change = one.change
    said = reason_and_text(reader, change.reason, change.text)
    lines = [
        Markup("<b>{}</b>").format(session_name(reader, one.view)),
        reader.text("{who}: {said}", who=change.who, said=said),
    ]
    return Markup("\n").join(lines), _look(reader, one.view)


def _begun(reader: Reader, view: SessionView) -> Entry:
    name = Markup("<b>{}</b>").format(session_name(reader, view))
    who = reader.text("with {tutor}", tutor=view.tutor.name)
    return Markup("\n").join([name, who]), _look(reader, view)


def _wanted(reader: Reader, one: Wanted) -> Entry:
    asked = one.asked
    lines = [
        Markup("<b>{}</b>").format(session_name(reader, one.view)),
        reader.text("asked for by {who} {when}", who=asked.who, when=reader.when(asked.at)),
        *told_coordinators(reader, one.view.appointment, asked),
    ]
    return Markup("\n").join(lines), _look(reader, one.view)


def open_dispute_lines(reader: Reader, one: OpenDispute) -> Markup:
    """A dispute in a list: its number, its session, and who has claimed it."""
    owner = (
        reader.text("Claimed by {who}", who=one.claimed_by)
        if one.claimed_by
        else reader.text("Not claimed yet")
    )
    number = reader.text("<b>Dispute {number}</b>", number=one.dispute.id)
    return Markup("\n").join([number, *headline_in_list(reader, one.view, Role.COORDINATOR), owner])


def _dispute(reader: Reader, one: OpenDispute) -> Entry:
    label = reader.label("Dispute {number}", number=one.dispute.id)
    button = keyboards.button(label, callbacks.ShowSession(one.view.id))
    return open_dispute_lines(reader, one), button


def _unanswered(reader: Reader, one: Unanswered) -> Entry:
    name = session_name(reader, one.view)
    lines = [Markup("<b>{}</b>").format(name), _asked(reader, one)]
    return Markup("\n").join(lines), _look(reader, one.view)


def _asked(reader: Reader, one: Unanswered) -> Markup:
    """Who was asked, and when; where nobody was, whom a coordinator can invite."""
    if one.waits_on:
        who, when = reader.listed(person.name for person in one.waits_on), reader.when(one.asked_at)
        return reader.text("waiting for {who}, asked {when}", who=who, when=when)
    if one.unlinked:
        return reader.text(
            "Nobody has been asked, since no parent is linked ({who}). Invite one: /invite",
            who=reader.listed(person.name for person in one.unlinked),
        )
    return nobody_asked(reader)


def nobody_asked(reader: Reader) -> Markup:
    """The line of a session that awaits an answer of which no parent was asked."""
    return reader.text("No parent is linked, so nobody has been asked.")


def _requested(reader: Reader, one: Requested) -> Entry:
    proposal = one.request.proposal
    slot = reader.slot(proposal.new_starts_at, proposal.new_ends_at)
    name = session_name(reader, one.view)
    lines = [
        Markup("<b>{}</b>").format(name),
        escape(f"→ {slot}"),
        reader.text(
            "waiting for {who}, until {when}",
            who=_names(reader, one.waits_on),
            when=reader.clock_time(one.request.thread.expires_at),
        ),
    ]
    return Markup("\n").join(lines), _look(reader, one.view)


def _look(reader: Reader, view: SessionView) -> keyboards.InlineButton:
    return keyboards.button(session_label(reader, view), callbacks.ShowSession(view.id))


def _problem(reader: Reader, one: ReportedProblem) -> Entry:
    label = report_label(reader, one)
    name = session_name(reader, one.view)
    owner = (
        reader.text("from {parent}, claimed by {who}", parent=one.parent, who=one.claimed_by)
        if one.claimed_by
        else reader.text("from {parent}, not claimed yet", parent=one.parent)
    )
    lines = [Markup("<b>{}</b>").format(label), escape(name), owner]
    button = keyboards.button(label, callbacks.ShowProblem(one.report.id))
    return Markup("\n").join(lines), button


def _missed(reader: Reader, one: Missed) -> Entry:
    name = Markup("<b>{}</b>").format(session_name(reader, one.view))
    status = status_label(reader, one.view.status, Role.COORDINATOR, one.kind)
    return Markup("\n").join([name, escape(status)]), _look(reader, one.view)


def _offer(reader: Reader, one: MatchView) -> Listed:
    since = reader.text("asked {when}", when=reader.when(one.match.created_at))
    return Markup("\n").join([*match_lines(reader, one)[:3], since]), None


def _names(reader: Reader, people: Iterable[Person]) -> str:
    names = [one.name for one in people]
    return reader.listed(names) if names else reader.label("nobody, since no parent is linked")
