"""What stands beside the queue: the chosen matter with its evidence and timeline (SPEC 10)."""

from dataclasses import dataclass

from locales.current_user import CurrentUser
from locales.reader import Reader
from models import EvidenceFile
from models.enums import Role
from models.matters import Matter
from services.db import Session
from services.queries.evidence import evidence_of_dispute
from services.queries.history import Happening, history_of
from services.queries.problems import ReportedProblem, problem_of
from services.queries.queue import QueueItem
from services.queries.queue_rows import QueueRow
from services.queries.sessions import SessionDetail, session_detail
from services.rules.agency import Agency
from services.rules.queue import Snooze, snoozes
from web.admin.queue.acts import (
    WRITTEN,
    Act,
    ActOffer,
    ListPlace,
    acts_on,
    offered,
    with_keys,
    words_of,
)
from web.admin.queue.telling import ToldRow, slot_of, title_of
from web.telling import (
    Fact,
    ToldFile,
    ToldReport,
    ToldRequest,
    told_evidence,
    told_facts,
    told_history,
    told_report,
    told_request,
)


@dataclass(frozen=True)
class Case:
    """The chosen matter, as it is read."""

    row: QueueRow
    detail: SessionDetail | None
    history: list[Happening]
    evidence: list[EvidenceFile]
    problem: ReportedProblem | None = None


@dataclass(frozen=True)
class Pane:
    """The chosen matter, as it is shown."""

    told: ToldRow
    kind: str
    number: int
    words: str
    """What the parent says, whole."""
    by: str
    facts: list[Fact]
    asked: ToldRequest | None
    report: ToldReport | None
    evidence: list[ToldFile]
    history: list[tuple[str, str]]
    offers: list[ActOffer]
    asks: Act | None
    """Act whose text is being asked for."""
    asks_words: str
    is_snoozed: bool
    snoozes: list[tuple[str, str]]


def read_case(session: Session, row: QueueRow, user: CurrentUser) -> Case:
    """Everything about the chosen matter."""
    item = row.item
    if row.session is None:
        return Case(row, None, [], [])
    detail = session_detail(session, row.session.id, user.person)
    history = history_of(session, row.session.id, Role.COORDINATOR, user.person.id)
    evidence: list[EvidenceFile] = []
    problem = None
    if item.matter is Matter.DISPUTE:
        evidence = evidence_of_dispute(session, item.subject_id)
    elif item.matter is Matter.PROBLEM:
        problem = problem_of(session, item.subject_id)
    return Case(row, detail, history, evidence, problem)


def told_pane(
    user: CurrentUser, case: Case, told: ToldRow, agency: Agency, place: ListPlace, asks: Act | None
) -> Pane:
    """The chosen matter in the reader's words.

    `told`: its row; `asks`: act whose text is asked for.
    """
    reader, row, viewer_id = user.reader, case.row, user.person.id
    acts = acts_on(row)
    about = f"{title_of(reader, row)}, {slot_of(reader, row)}"
    detail = case.detail
    asked_for = asks if asks in acts and asks in WRITTEN else None
    return Pane(
        told,
        row.item.matter.value,
        row.item.subject_id,
        row.text,
        row.by,
        told_facts(reader, detail, Role.COORDINATOR, viewer_id) if detail else [],
        told_request(reader, detail, Role.COORDINATOR, viewer_id) if detail else None,
        told_report(reader, case.problem, viewer_id) if case.problem else None,
        told_evidence(reader, case.evidence),
        told_history(reader, case.history, viewer_id),
        with_keys(reader, row, offered(reader, row, acts, place, about)),
        asked_for,
        words_of(reader, asked_for) if asked_for else "",
        row.snoozed is not None,
        _snoozes(reader, row.item, agency),
    )


def _snoozes(reader: Reader, item: QueueItem, agency: Agency) -> list[tuple[str, str]]:
    labels = {
        Snooze.HOUR: reader.label("An hour"),
        Snooze.TOMORROW: reader.label("Tomorrow 09:00"),
        Snooze.MONDAY: reader.label("Monday"),
        Snooze.WEEK: reader.label("A week"),
    }
    possible = snoozes(item.matter, item.at, reader.now, agency.zone)
    return [(one.value, labels[one]) for one in possible]
