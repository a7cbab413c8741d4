"""Matches that a coordinator offers, for tests of the chat."""

from datetime import date, time
from typing import Any

from sqlmodel import select

from models import Match, Person, Student
from models.enums import Channel
from services.matches.offers import Terms
from services.matches.offers import offer as offer_match
from services.rules.weekly import WeeklyTime
from tests.builders import acting
from tests.end_to_end.stage import Stage

MONDAY = 1


def offer(stage: Stage, tutor: Person, student: Student, start: str, **over: Any) -> Match:
    """Priya offers Mondays at this time for an hour and a half, from next week on."""
    terms: dict[str, Any] = {
        "subject": "Mathematics",
        "times": (WeeklyTime(MONDAY, time.fromisoformat(start), 90),),
        "starts_on": date(2026, 11, 30),
    }
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.is_coordinator)).first()
        assert priya is not None
        actor = acting(priya, stage.now, Channel.WEB)
        wanted = Terms(tutor_id=tutor.id, student_id=student.id, **(terms | over))
        match = offer_match(session, actor, wanted, stage.agency).match
    stage.running.app.wake_relay()
    return match
