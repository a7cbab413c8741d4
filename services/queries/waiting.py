"""What waits on whom in the agency: answers, requests, problem reports (SPEC 5, 6, 9)."""

from dataclasses import dataclass
from datetime import datetime

from models import Person
from models.enums import Role
from services.db import Session
from services.queries.dashboard import (
    Missed,
    OpenDispute,
    missed,
    not_checked_in,
    open_disputes,
)
from services.queries.found_people import parents_of
from services.queries.late_changes import LateChange, late_changes_of, late_changes_waiting
from services.queries.matches import MatchView, open_offers
from services.queries.people import can_answer
from services.queries.problems import ReportedProblem, open_problems
from services.queries.questions import Question, open_questions
from services.queries.replacements import AskedFor, asked_for, replacements_wanted
from services.queries.requests import ExpiringRequest, requests_expiring
from services.queries.sessions import SessionView, views_of
from services.rules.agency import Agency


@dataclass(frozen=True)
class Unanswered:
    """Session that awaits its parents' answer."""

    view: SessionView
    asked_at: datetime
    waits_on: tuple[Person, ...]
    """Its parents who can answer; where nobody can, nobody was asked."""
    unlinked: tuple[Person, ...]
    """Its other parents."""


@dataclass(frozen=True)
class Requested:
    """Open request to move a session, and those who can answer it."""

    view: SessionView
    request: ExpiringRequest
    waits_on: tuple[Person, ...]


@dataclass(frozen=True)
class Changed:
    """Session of which the coordinators were told in the last four hours before it."""

    view: SessionView
    change: LateChange


@dataclass(frozen=True)
class Wanted:
    """Lost session for which another one was asked for."""

    view: SessionView
    asked: AskedFor


@dataclass(frozen=True)
class Waiting:
    """Everything that waits: late changes, the next session first; answers, the oldest question
    first; requests, the soonest to expire first; sessions that have begun without check-in,
    replacements, disputes, problem reports, offers and missing attendance, the oldest first.
    """

    changed: list[Changed]
    begun: list[SessionView]
    """Sessions that have begun, and nobody has checked in yet."""
    unanswered: list[Unanswered]
    requested: list[Requested]
    wanted: list[Wanted]
    disputes: list[OpenDispute]
    problems: list[ReportedProblem]
    offers: list[MatchView]
    """Matches that no parent has answered, the oldest first."""
    missed: list[Missed]
    """Sessions whose attendance a coordinator has to enter."""


def waiting(session: Session, agency: Agency, now: datetime) -> Waiting:
    """What waits now on parents, tutors and coordinators."""
    questions, requests = open_questions(session, now), requests_expiring(session, now)
    told, lost = late_changes_waiting(session, now), replacements_wanted(session)
    changes, asked = late_changes_of(session, told), asked_for(session, lost)
    ids = {one.appointment_id for one in questions} | {one.appointment.id for one in requests}
    ids |= {*told, *lost}
    found = views_of(session, sorted(ids))
    views = {view.id: view for view in found}
    parents = parents_of(session, {view.student.id for view in found})

    def of_family(view: SessionView, *, linked: bool = True) -> tuple[Person, ...]:
        family = (one for one in parents.get(view.student.id, []) if one.id != view.tutor.id)
        return tuple(one for one in family if can_answer(one) is linked)

    def unanswered(one: Question) -> Unanswered:
        view = views[one.appointment_id]
        return Unanswered(view, one.asked_at, of_family(view), of_family(view, linked=False))

    def requested(one: ExpiringRequest) -> Requested:
        view = views[one.appointment.id]
        owed_by = (view.tutor,) if one.owed_by is Role.TUTOR else of_family(view)
        return Requested(view, one, owed_by)

    return Waiting(
        [Changed(views[one], changes[one]) for one in told],
        not_checked_in(session, agency, now),
        [unanswered(one) for one in questions],
        [requested(one) for one in requests],
        [Wanted(views[one], asked[one]) for one in lost],
        open_disputes(session),
        open_problems(session),
        open_offers(session, now),
        missed(session, agency, now),
    )
