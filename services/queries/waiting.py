"""What waits on whom in the agency: answers, requests, problem reports (SPEC 5, 6, 9)."""

from dataclasses import dataclass
from datetime import datetime

from models import Person
from models.enums import Role
from services.db import Session
from services.queries.found_people import parents_of
from services.queries.matches import MatchView, open_offers
from services.queries.problems import ReportedProblem, open_problems
from services.queries.questions import Question, open_questions
from services.queries.requests import ExpiringRequest, requests_expiring
from services.queries.sessions import SessionView, views_of


@dataclass(frozen=True)
class Unanswered:
    """Session that awaits its parents' answer."""

    view: SessionView
    asked_at: datetime
    waits_on: tuple[Person, ...]
    """Its parents; nobody where none is known."""


@dataclass(frozen=True)
class Requested:
    """Open request to move a session, and those who can answer it."""

    view: SessionView
    request: ExpiringRequest
    waits_on: tuple[Person, ...]


@dataclass(frozen=True)
class Waiting:
    """Everything that waits: answers, the oldest question first; requests, the soonest to expire
    first; problem reports and offers, the oldest first.
    """

    unanswered: list[Unanswered]
    requested: list[Requested]
    problems: list[ReportedProblem]
    offers: list[MatchView]
    """Matches that no parent has answered, the oldest first."""


def waiting(session: Session, now: datetime) -> Waiting:
    """What waits now on parents, tutors and coordinators."""
    questions, requests = open_questions(session, now), requests_expiring(session, now)
    ids = {one.appointment_id for one in questions} | {one.appointment.id for one in requests}
    found = views_of(session, sorted(ids))
    views = {view.id: view for view in found}
    parents = parents_of(session, {view.student.id for view in found})

    def of_family(view: SessionView) -> tuple[Person, ...]:
        family = parents.get(view.student.id, [])
        return tuple(one for one in family if one.id != view.tutor.id)

    def unanswered(one: Question) -> Unanswered:
        view = views[one.appointment_id]
        return Unanswered(view, one.asked_at, of_family(view))

    def requested(one: ExpiringRequest) -> Requested:
        view = views[one.appointment.id]
        owed_by = (view.tutor,) if one.owed_by is Role.TUTOR else of_family(view)
        return Requested(view, one, owed_by)

    return Waiting(
        [unanswered(one) for one in questions],
        [requested(one) for one in requests],
        open_problems(session),
        open_offers(session, now),
    )
