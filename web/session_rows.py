"""Sessions as rows of a list (SPEC 10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from locales.adhoc_wording import extra_price
from locales.attendance_words import children_told
from locales.deadlines import answer_counts
from locales.match_wording import kind_label
from locales.reader import Reader
from locales.wording import attendance_line, told_state
from models.enums import Kind, MissedKind, Role, Status
from services.queries.listed import ListedSession
from services.queries.summaries import is_withdrawn_from
from services.rules.agency import Agency
from services.rules.session_actions import SessionAction
from services.summaries.requests import content_of
from web.offers import Offer, offers

TONES = {
    Status.SCHEDULED: "calm",
    Status.CHECKED_IN: "now",
    Status.AWAITING_APPROVAL_PARENT: "warn",
    Status.APPROVED: "good",
    Status.DISPUTED: "bad",
    Status.CANCELLED_BY_TUTOR: "calm",
    Status.CANCELLED_BY_PARENT: "calm",
    Status.NOT_COMPLETED: "calm",
}
"""What a status means to its reader; its words say it, too."""

ANSWERING = (SessionAction.ACCEPT, SessionAction.COUNTER, SessionAction.REJECT)
"""Ways to answer a request."""
TOGETHER = (SessionAction.CHECK_IN, SessionAction.CHECK_OUT)
"""What is done with one tap for siblings taught together."""
BESIDE = "beside"
"""The field that names the other sessions of such a tap."""
ROW_ACTIONS = {
    Role.TUTOR: (
        *ANSWERING,
        SessionAction.CHECK_IN,
        SessionAction.CHECK_OUT,
        SessionAction.ADD_NOTES,
        SessionAction.EXPLAIN_MISSED,
    ),
    Role.PARENT: (*ANSWERING, SessionAction.ACKNOWLEDGE, SessionAction.DISPUTE),
}
"""What a row has room for; the rest is on the session's page."""


@dataclass(frozen=True)
class SessionRow:
    """One session, in the reader's words."""

    id: int
    child: str
    title: str
    slot: str
    attendance: str
    status: str
    tone: str
    quote: str
    """Headline of its summary, or what the other side asks."""
    hints: tuple[str, ...]
    offers: list[Offer]


def session_rows(
    reader: Reader,
    found: Iterable[ListedSession],
    role: Role,
    agency: Agency,
    *,
    names_child: bool = False,
) -> list[SessionRow]:
    """Rows for one role; `names_child`: also for a parent, who otherwise has a child's list."""
    return [_row(reader, one, role, agency, names_child) for one in found]


def with_one_tap(
    reader: Reader, rows: Sequence[SessionRow], groups: Iterable[Sequence[int]]
) -> list[SessionRow]:
    """The same rows; the first of each group of siblings taught together has a button for all.

    `groups`: ids of their sessions. It is there while check-in, or check-out, is possible for each.
    """
    by_id = {row.id: row for row in rows}
    for group in groups:
        members = [row for row in rows if row.id in group]
        for action in TOGETHER:
            taps = {row.id: one for row in members for one in row.offers if one.action is action}
            if 1 < len(taps) == len(group):
                first = members[0]
                own = [
                    one if one.action is not action else replace(one, style="")
                    for one in first.offers
                ]
                by_id[first.id] = replace(first, offers=[_of_all(reader, members, taps), *own])
    return [by_id[row.id] for row in rows]


def _of_all(reader: Reader, members: Sequence[SessionRow], taps: Mapping[int, Offer]) -> Offer:
    first, *others = members
    children, beside = [row.child for row in members], [row.id for row in others]
    return tap_of_all(reader, taps[first.id], children, beside, first.slot)


def tap_of_all(
    reader: Reader, tap: Offer, children: Sequence[str], beside: Sequence[int], slot: str
) -> Offer:
    """The tap of one session, for those `beside` it as well."""
    names = children_told(reader, children)
    words = reader.label("{tap}: {children}", tap=tap.words, children=names)
    others = "-".join(map(str, beside))
    spoken = f"{words}, {slot}"
    return replace(tap, words=words, style="primary", fields=((BESIDE, others),), spoken=spoken)


def _row(
    reader: Reader, found: ListedSession, role: Role, agency: Agency, names_child: bool
) -> SessionRow:
    row = found.row
    slot = reader.slot(row.starts_at, row.ends_at)
    possible = offers(
        reader,
        found.facts(agency),
        role,
        only=_wanted(found, role),
        about=f"{row.student}, {slot}",
    )
    return SessionRow(
        id=row.id,
        child=row.student,
        title=_title(reader, found, role, names_child),
        slot=slot,
        attendance=attendance_line(reader, row),
        status=told_state(reader, row, role, beyond=row.beyond),
        tone=TONES[row.status],
        quote=_quote(reader, found, role),
        hints=_hints(reader, found, role, row.missed(agency, reader.now)),
        offers=possible,
    )


def _wanted(found: ListedSession, role: Role) -> tuple[SessionAction, ...]:
    """Notes are asked for until there are some, and not while the session goes on."""
    is_done = found.row.status is not Status.CHECKED_IN and found.notes == 0
    return tuple(one for one in ROW_ACTIONS[role] if is_done or one is not SessionAction.ADD_NOTES)


def _title(reader: Reader, found: ListedSession, role: Role, names_child: bool) -> str:
    row = found.row
    if role is Role.TUTOR:
        return f"{row.student} · {row.subject}"
    taught = reader.label("{subject} with {tutor}", subject=row.subject, tutor=row.tutor)
    return f"{row.student} · {taught}" if names_child else taught


def _quote(reader: Reader, found: ListedSession, role: Role) -> str:
    request, summary = found.request, found.summary
    if request is not None:
        proposal = request.proposal
        slot = reader.slot(proposal.new_starts_at, proposal.new_ends_at)
        if proposal.side is role:
            return reader.label("Asked to move to {slot}", slot=slot)
        who = request.proposer.name
        if proposal.version > 1:
            return reader.label("{who} suggested {slot}", who=who, slot=slot)
        return reader.label("{who} asked to move it to {slot}", who=who, slot=slot)
    if summary is None or is_withdrawn_from(summary, role):
        return ""
    headline = content_of(summary).headline
    return headline.statement if headline else ""


def _hints(
    reader: Reader, found: ListedSession, role: Role, missed: MissedKind | None
) -> tuple[str, ...]:
    hints = []
    if found.row.kind is Kind.TRIAL:
        hints.append(kind_label(reader, Kind.TRIAL))
    if found.request is not None:
        hints.append(answer_counts(reader, found.request))
    if found.notes:
        hints.append(reader.labels("{count} note", "{count} notes", found.notes))
    if role is Role.PARENT and (price := extra_price(reader, found.row)):
        hints.append(reader.label("Billed as an extra session: {amount}", amount=price))
    if missed is not None and role is Role.TUTOR:
        hints.append(reader.label("Attendance is missing: a coordinator can enter it"))
    return tuple(hints)
