"""Facts, request and history of a session, in the reader's words (SPEC 10)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from locales.adhoc_wording import extra_price
from locales.attendance_words import flag_label, sources_told
from locales.audit_words import channel_name
from locales.deadlines import answer_deadline
from locales.match_wording import kind_label
from locales.parts import part_label
from locales.penalties import penalty_words
from locales.reader import Reader
from locales.wording import (
    action_done,
    attendance_line,
    presence_noted,
    reason_and_text,
    reason_told,
    replacement_slot,
    request_closed,
    settlement_done,
    state_label,
    status_label,
)
from models import EvidenceFile
from models.enums import (
    Action,
    ChangeReason,
    DisputeReason,
    Kind,
    ProblemStatus,
    Role,
    Status,
)
from services.lifecycle.facts import flags_of_row
from services.queries.history import FROM_A_LIST, Happening
from services.queries.problems import ReportedProblem
from services.queries.sessions import SessionDetail
from services.rules.action_checks import NOT_HELD

Fact = tuple[str, str]


@dataclass(frozen=True)
class ToldRequest:
    """An open request to move the session."""

    headline: str
    slot: str
    reason: str
    text: str
    until: str


@dataclass(frozen=True)
class ToldFile:
    """A file of a dispute or of a report."""

    id: int
    name: str
    caption: str
    is_picture: bool
    is_waiting: bool
    """Whether it is not stored yet."""


@dataclass(frozen=True)
class ToldReport:
    """A problem report."""

    reason: str
    text: str
    steps: list[tuple[str, str]]
    """What was done about it, with the words of replies; empty while nobody has claimed it."""
    files: list[ToldFile]
    number: int
    is_open: bool
    is_answered: bool
    """Whether it waits for its author's answer."""
    is_claimed: bool
    """Whether a coordinator has claimed it, who has not answered yet."""


def told_facts(reader: Reader, detail: SessionDetail, role: Role, viewer_id: int) -> list[Fact]:
    """Facts of a session by name, without empty ones."""
    view, row = detail.view, detail.view.appointment
    first = ""
    if row.first_starts_at is not None and row.first_ends_at is not None:
        first = reader.dated_slot(row.first_starts_at, row.first_ends_at)
    is_family = role is not Role.TUTOR
    every = (
        (reader.label("Status"), state_label(reader, view, role)),
        (reader.label("When"), reader.dated_slot(row.starts_at, row.ends_at)),
        (reader.label("First booked"), first),
        (reader.label("Kind"), kind_label(reader, row.kind) if row.kind is Kind.TRIAL else ""),
        (reader.label("Tutor"), view.tutor.name if is_family else ""),
        (reader.label("Where"), view.student.address or "" if not is_family else ""),
        (reader.label("Attendance"), attendance_line(reader, row)),
        *(_looked_at(reader, detail) if role is Role.COORDINATOR else ()),
        (
            reader.label("Billed as an extra session"),
            extra_price(reader, row) if role is Role.PARENT else "",
        ),
        *_cancellation(reader, detail),
        *_dispute(reader, detail, role, viewer_id),
        *_replacement(reader, detail, role),
    )
    return [(name, value) for name, value in every if value]


def told_request(
    reader: Reader, detail: SessionDetail, role: Role, viewer_id: int
) -> ToldRequest | None:
    """The open request to move the session; None where there is none."""
    request = detail.request
    if request is None:
        return None
    proposal, who = request.proposal, request.proposer.name
    is_own = proposal.proposed_by_id == viewer_id
    if proposal.version > 1:
        headline = (
            reader.label("You suggested another time")
            if is_own
            else reader.label("{who} suggested another time", who=who)
        )
    else:
        headline = (
            reader.label("You asked to move this session")
            if is_own
            else reader.label("{who} asked to move this session", who=who)
        )
    reason = reason_told(reader, proposal.reason, proposal.text)
    slot = reader.dated_slot(proposal.new_starts_at, proposal.new_ends_at)
    until = answer_deadline(reader, request, detail.unreached, role)
    return ToldRequest(headline, slot, reason, proposal.text or "", until)


def told_evidence(reader: Reader, files: Iterable[EvidenceFile]) -> list[ToldFile]:
    """Files of a dispute or of a report by name."""
    return [
        ToldFile(
            file.id,
            file.file_name or part_label(reader, file.kind),
            file.text or "",
            is_picture=(file.media_type or "").startswith("image/"),
            is_waiting=file.media_key is None,
        )
        for file in files
    ]


def told_report(reader: Reader, found: ReportedProblem, viewer_id: int) -> ToldReport:
    """A problem report with its files, what the coordinators did, and what was written since."""
    report = found.report
    steps: list[tuple[datetime, str, str]] = []

    def done(action: Action, who: str | None, who_id: int | None, at: datetime) -> str:
        return action_done(reader, action, who or "", at, is_reader=who_id == viewer_id)

    if report.claimed_at is not None:
        by = found.claimed_by, report.claimed_by_id
        at = report.claimed_at
        steps.append((at, done(Action.CLAIM_PROBLEM, *by, at), ""))
    steps += [
        (one.at, done(one.action, one.who, one.person_id, one.at), one.text)
        for one in found.replies
    ]
    steps.sort(key=lambda step: step[0])
    if report.closed_at is not None:
        by = found.closed_by, report.closed_by_id
        at = report.closed_at
        steps.append((at, done(Action.CLOSE_PROBLEM, *by, at), ""))
    reason = reason_told(reader, report.reason, report.text)
    return ToldReport(
        reason,
        report.text or "",
        [(told, words) for _, told, words in steps],
        told_evidence(reader, found.files),
        report.id,
        found.is_open,
        report.status is ProblemStatus.ANSWERED,
        report.status is ProblemStatus.CLAIMED,
    )


def told_history(
    reader: Reader, history: Iterable[Happening], viewer_id: int, *, says_how: bool = False
) -> list[tuple[str, str]]:
    """Who did what and when, oldest first, each with its reason; `says_how`: and the channel."""
    told = []
    for one in history:
        words = happened(reader, one, viewer_id)
        how = f" ({channel_name(reader, one.channel)})" if says_how else ""
        wish = f": {reader.dated_moment(one.asked_for)}" if one.asked_for else ""
        told.append((words + how + wish, reason_words(reader, one.action, one.reason, one.text)))
    return told


def happened(reader: Reader, one: Happening, viewer_id: int) -> str:
    """Who did one thing to a session, and when."""
    is_own = one.actor_id == viewer_id
    if one.is_absent is False:
        return presence_noted(reader, one.who, one.at, is_own)
    return action_done(reader, one.action, one.who, one.at, is_own)


def reason_words(reader: Reader, action: Action, reason: str | None, text: str | None) -> str:
    """A reason of a list in the reader's words and what was written with it, or a coordinator's."""
    if action not in FROM_A_LIST or not reason:
        return reason or ""
    chosen = DisputeReason if action is Action.DISPUTE else ChangeReason
    return reason_and_text(reader, chosen(reason), text) if reason in set(chosen) else reason


def no_notes(reader: Reader, status: Status, role: Role) -> str:
    """What stands in place of a session's notes."""
    if status in NOT_HELD:
        return reader.label("No notes.")
    if role is Role.TUTOR:
        return reader.label("No notes yet. What you send after the session appears here.")
    return reader.label("No notes yet. What the tutor sends after the session appears here.")


def _looked_at(reader: Reader, detail: SessionDetail) -> Iterator[Fact]:
    """What stands out in the attendance, and where its times come from (SPEC 3)."""
    row = detail.view.appointment
    if row.checked_in_at is None:
        return
    raised = flags_of_row(row, has_notes=bool(detail.notes))
    yield reader.label("Stands out"), reader.listed(flag_label(reader, one) for one in raised)
    is_checked_out = row.checked_out_at is not None
    told = sources_told(reader, detail.sources, is_checked_out=is_checked_out)
    yield reader.label("Source"), told


def _cancellation(reader: Reader, detail: SessionDetail) -> Iterator[Fact]:
    """Reason of a cancellation, and its penalty for the side that cancelled and coordinators."""
    found = detail.cancellation
    if found is None:
        return
    yield reader.label("Reason"), reason_and_text(reader, found.reason, found.text)
    if found.penalty is None or not detail.roles & {found.side, Role.COORDINATOR}:
        return
    yield reader.label("Penalty"), penalty_words(reader, found.penalty, found.amount)
    if found.waived_at is not None:
        waived = action_done(
            reader, Action.WAIVE_PENALTY, detail.waived_by or "", found.waived_at, is_reader=False
        )
        yield reader.label("Waived"), _with_reason(reader, waived, found.waiver_reason)


def _dispute(reader: Reader, detail: SessionDetail, role: Role, viewer_id: int) -> Iterator[Fact]:
    """Reason of a dispute, its text for the family and coordinators, and how it was settled."""
    found = detail.dispute
    if found is None:
        return
    text = None if role is Role.TUTOR else found.text
    yield reader.label("Dispute"), reason_and_text(reader, found.reason, text)
    if detail.claimed_by and detail.view.status is Status.DISPUTED and not detail.settled_by:
        yield reader.label("Handled by"), detail.claimed_by
    if found.settled_at is not None:
        done = settlement_done(
            reader,
            found.status,
            detail.settled_by or "",
            found.settled_at,
            found.settled_by_id == viewer_id,
        )
        yield reader.label("Settled"), _with_reason(reader, done, found.settlement_reason)


def _with_reason(reader: Reader, done: str, why: str | None) -> str:
    return reader.label("{done}. Reason: {why}", done=done, why=why) if why else done


def _replacement(reader: Reader, detail: SessionDetail, role: Role) -> Iterator[Fact]:
    found = detail.replacement
    for name, row in (
        (reader.label("Replaces the session of"), found.of),
        (reader.label("Replaced by the session of"), found.by),
    ):
        if row is not None:
            slot = replacement_slot(reader, found, row, role)
            is_lost = row is found.by and row.status in NOT_HELD
            told = f"{slot}: {status_label(reader, row.status, role)}" if is_lost else slot
            is_anothers = role is Role.TUTOR and row.tutor_id in found.tutors
            yield name, told if is_anothers else _linked(row.id, told)
    if found.closed_at is not None:
        yield reader.label("Replacement"), request_closed(reader, found.closed_at)
    wished = found.asked.slot(detail.view.appointment) if found.asked and not found.by else None
    if wished is not None:
        slot = reader.dated_slot(*wished)
        yield reader.label("Replacement"), reader.label("Asked for {slot}", slot=slot)
    if role is Role.COORDINATOR and found.asked and found.asked.said:
        yield reader.label("{who} wrote", who=found.asked.who), found.asked.said


def _linked(session_id: int, words: str) -> Markup:
    """Words that lead to the page of a session."""
    link = Markup('<a class="link" href="/sessions/{}">{}</a>')
    return link.format(session_id, words)
