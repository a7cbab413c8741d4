"""Matches and leave in the pseudo-language: no English may bypass the catalogues (DESIGN 2)."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from locales import reader as reader_module
from locales.pseudo import PSEUDO
from models import Match, Person, Student
from models.enums import Kind, Role
from services.matches.ending import end
from services.matches.slot_changes import SlotChange, apply, preview
from services.rules.weekly import WeeklyTime
from tests import builders
from tests.builders import AGENCY, acting
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import WHY, write
from tests.end_to_end.stage import Stage
from tests.end_to_end.test_pseudo_language import cast, leaks, tap


@pytest.fixture(autouse=True)
def pseudo_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The group, whose language nobody stored, reads it too."""
    monkeypatch.setattr(reader_module, "language_for", lambda _code: PSEUDO)


async def test_what_is_read_of_matches(stage: Stage) -> None:
    await cast(stage)
    with stage.database.reading() as session:
        grace = session.exec(select(Person).where(Person.name == "Grace Tan")).one()
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
    with stage.database.unit_of_work() as session:
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        emily = builders.student(session, [mei], name="Emily", address="18 Bishan Street")
        other = builders.student(session, name="Emily Lim", address="18 Bishan Street")
    await stage.session(grace, other, starts_in=timedelta(days=12))
    offer(stage, grace, emily, "18:00", is_tutor_held_back=True)
    offer(stage, grace, emily, "20:00", kind=Kind.TRIAL)
    match = offer(stage, grace, emily, "15:00")
    for phone in (stage.mei, stage.priya, stage.grace):
        await write(stage, phone, "/pending")
    await write(stage, stage.grace, "/mystudents")
    await tap(stage, stage.mei, "md.")
    await tap(stage, stage.mei, "ms.")
    await tap(stage, stage.mei, "ma.")
    await tap(stage, stage.mei, "ma.")
    await write(stage, stage.grace, "/mystudents")
    await stage.forward(days=5)
    await tap(stage, stage.mei, "md.")
    await tap(stage, stage.mei, "mc.")
    _change_and_end(stage, priya, match)
    await stage.settled()

    assert leaks(stage) == {}


def _change_and_end(stage: Stage, priya: Person, match: Match) -> None:
    actor = acting(priya, stage.now)
    times = (WeeklyTime(2, time(12), 90),)
    change = SlotChange(times, date(2026, 12, 14), Role.PARENT, WHY)
    with stage.database.unit_of_work() as session:
        found = preview(session, match.id, actor, change, AGENCY)
        apply(session, match.id, actor, change, AGENCY, digest=found.digest)
        end(session, match.id, actor, date(2026, 12, 21), AGENCY)
    stage.running.app.wake_relay()


async def test_what_is_read_of_leave(stage: Stage) -> None:
    await cast(stage)
    with stage.database.reading() as session:
        grace = session.exec(select(Person).where(Person.name == "Grace Tan")).one()
        emily = session.exec(select(Student)).one()
    for days in (7, 8, 9):
        await stage.session(grace, emily, starts_in=timedelta(days=days))
    await stage.session(grace, emily, starts_in=timedelta(hours=3))
    for typed in ("/leave", "zz", "2026-11-01", "2026-11-25 to 2026-12-04", WHY):
        await write(stage, stage.grace, typed)
    for code in ("zi.1:2", "zc.1:2:cancel", "zd.1:leave", "zi.1:3"):
        await tap(stage, stage.grace, code)
    await write(stage, stage.grace, "zz")
    await tap(stage, stage.grace, "rt.1:3")
    await tap(stage, stage.grace, "ze.")
    await write(stage, stage.grace, "/leave")
    await tap(stage, stage.grace, "zg.")
    await tap(stage, stage.grace, "zf.")

    assert leaks(stage) == {}
