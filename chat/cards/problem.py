"""Cards of a problem report: for coordinators, for their group, and for its author (SPEC 5)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup, escape

from chat import callbacks, deep_links, keyboards
from chat.callbacks import ListName, OfProblem
from chat.callbacks.problems import AddToReport, ReadProblem
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
from services.queries.problems import Reply, ReportedProblem
from services.queries.sessions import SessionView
from services.rules.problem_reports import available

ROOM = 2000
"""Characters of what was written since, on a card; a message holds 4096."""
ROOM_OF_ALL = 3500
"""The same in a message that has nothing else."""
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
    number = found.report.id
    title = (
        reader.text("💬 <b>{who} added to report {number}</b>", who=found.parent, number=number)
        if found.was_added_to
        else reader.text(
            "🔔 <b>Problem report {number} from {who}</b>", number=number, who=found.parent
        )
    )
    lines = [
        title,
        *headline(reader, found.view, Role.COORDINATOR),
        *_written(reader, found),
        *_course(reader, found, viewer_id),
    ]
    look = keyboards.button(reader.label("The session"), callbacks.ShowSession(found.view.id))
    rows = keyboards.in_pairs(*_buttons(reader, found), *_all_of_it(reader, found), look)
    return Screen(Markup("\n").join(lines), rows, _told_until(reader, found))


def group_problem_card(
    reader: Reader, found: ReportedProblem, session_lines: Sequence[Markup], bot_username: str
) -> Screen:
    """The report in the group: the session by first name, nothing of what was written (UX 13)."""
    lines = [
        (
            reader.text("💬 <b>A parent added to report {number}</b>", number=found.report.id)
            if found.was_added_to
            else reader.text("🔔 <b>Problem report {number}</b>", number=found.report.id)
        ),
        *session_lines,
        *(escape(line) for line in _deeds(reader, found, in_group=True)),
    ]
    text = Markup("\n").join(lines)
    if not found.is_open:
        return Screen(text, true_until=_told_until(reader, found))
    read = keyboards.link(
        reader.label("Read it"), deep_links.address(bot_username, OpenProblem(found.report.id))
    )
    rows = keyboards.in_pairs(*_buttons(reader, found), read)
    return Screen(text, rows, _told_until(reader, found))


def own_problem_card(reader: Reader, found: ReportedProblem) -> Screen:
    """The report in its author's chat: what they wrote, and where it stands."""
    is_new = found.report.status is ProblemStatus.OPEN
    if found.was_added_to:
        title = reader.text("Thank you. The coordinators have what you added.")
    elif is_new:
        title = reader.text("Thank you. The coordinators have it and will look into it.")
    else:
        title = reader.text("🔔 <b>Your report</b>")
    lines = [
        title,
        *headline(reader, found.view, Role.PARENT),
        *_written(reader, found),
        *_course(reader, found, found.report.person_id),
    ]
    adds = [add_button(reader, found)] if found.is_open else []
    rows = keyboards.in_pairs(*adds, *_all_of_it(reader, found))
    return Screen(Markup("\n").join(lines), rows, _told_until(reader, found))


def add_button(reader: Reader, found: ReportedProblem) -> InlineButton:
    """The author's button: *Answer* to a reply, and *Add to it* before one comes."""
    is_asked = found.report.status is ProblemStatus.ANSWERED
    label = reader.label("Answer") if is_asked else reader.label("Add to it")
    return keyboards.button(label, AddToReport(found.view.id, found.report.id))


def report_again(reader: Reader, view: SessionView) -> Rows:
    """The author's button once their report is closed."""
    label = reader.label("Report a problem")
    return ((keyboards.button(label, callbacks.ReportProblem(view.id)),),)


def whole_exchange(reader: Reader, found: ReportedProblem, viewer_id: int) -> list[Screen]:
    """All that was written about a report, oldest first, in as many messages as it takes."""
    said = [
        Markup("\n").join(
            [
                reader.text(
                    "<b>{who}</b>, {when}:",
                    who=found.parent,
                    when=reader.lasting_when(found.report.at),
                ),
                *_written(reader, found),
            ]
        ),
        *(_entry_of(reader, one, viewer_id) for one in found.replies),
        *(escape(line) for line in _closed(reader, found, viewer_id)),
    ]
    texts = said[:1]
    for text in said[1:]:
        joined = texts[-1] + Markup("\n") + text
        if len(joined) <= ROOM_OF_ALL:
            texts[-1] = joined
        else:
            texts.append(text)
    return [Screen(text) for text in texts]


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
        keyboards.button(
            f"{report_label(reader, one)} · {session_label(reader, one.view)}",
            callbacks.ShowProblem(one.report.id),
        )
        for one in found[:SHOWN]
    )
    return Screen(Markup("\n\n").join(blocks), (*keyboards.one_a_row(*buttons), back))


def report_label(reader: Reader, found: ReportedProblem) -> str:
    """What a report is called: several can be about one session."""
    return reader.label("Report {number}", number=found.report.id)


def _entry(reader: Reader, found: ReportedProblem) -> Markup:
    report = found.report
    said = report.text or (dispute_reason(reader, report.reason) if report.reason else "")
    who = reader.text("{who}, {when}:", who=found.parent, when=reader.when(report.at))
    words = quoted(shortened(said, EXCERPT))
    deeds = _deeds(reader, found)
    stands = escape(deeds[-1]) if deeds else reader.text("Not claimed yet")
    name = Markup("<b>{}</b>").format(report_label(reader, found))
    lines = [name, *headline_in_list(reader, found.view, Role.COORDINATOR), who, words, stands]
    if found.was_added_to:
        lines.append(quoted(shortened(found.replies[-1].text, EXCERPT)))
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
    """Who took it up, what was written since word for word, and who closed it."""
    claimed = [escape(line) for line in _claimed(reader, found, viewer_id)]
    shown, claimed_at = _shown(found), found.report.claimed_at
    before: list[Markup] = []
    after = [Markup("…")] if len(shown) < len(found.replies) else []
    for one in shown:
        is_before = claimed_at is not None and one.at < claimed_at
        (before if is_before else after).append(_entry_of(reader, one, viewer_id))
    lines = [*before, *claimed, *after]
    return lines + [escape(line) for line in _closed(reader, found, viewer_id)]


def _entry_of(reader: Reader, one: Reply, viewer_id: int | None) -> Markup:
    done = action_done(reader, one.action, one.who, one.at, one.person_id == viewer_id)
    return Markup("{}:\n{}").format(done, quoted(one.text))


def _shown(found: ReportedProblem) -> list[Reply]:
    """The newest of what was written since, as far as there is room."""

    def newest_first() -> Iterator[Reply]:
        room = ROOM
        for one in reversed(found.replies):
            room -= len(one.text)
            if room < 0:
                return
            yield one

    return list(newest_first())[::-1]


def _all_of_it(reader: Reader, found: ReportedProblem) -> list[InlineButton]:
    """The button for all that was written, where the card has no room for it."""
    if len(_shown(found)) == len(found.replies):
        return []
    return [keyboards.button(reader.label("Read it all"), ReadProblem(found.report.id))]


def _told_until(reader: Reader, found: ReportedProblem) -> datetime | None:
    """Midnight from which a card says on which day something was done; None where nothing was."""
    report = found.report
    return reader.told_until(
        report.claimed_at, *(one.at for one in _shown(found)), report.closed_at
    )


def _deeds(reader: Reader, found: ReportedProblem, *, in_group: bool = False) -> list[str]:
    """Who took it up and who closed it, and the newest of what was written, without its words.

    `in_group`: the parent is not named (UX 13).
    """
    told = _claimed(reader, found, None)
    for one in found.replies[-1:]:
        who = reader.label("The parent") if in_group and one.is_authors else one.who
        told.append(action_done(reader, one.action, who, one.at, is_reader=False))
    return told + _closed(reader, found, None)


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
