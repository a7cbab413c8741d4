"""Holidays: no session is made then, and what is booked is settled in one go (SPEC 7)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import Holiday, TutorLeave
from models.enums import Action, ChangeReason, MessageKind, Status
from services.closures.booked import Closure, Found
from services.closures.holidays import Day, add, holidays_from, make_known, remove, sessions_on
from services.closures.public_holidays import countries, public_holidays
from services.closures.reopening import still_asked
from services.lifecycle.open_requests import open_request
from services.matches.missing import missing_days
from services.reschedules.negotiation import propose
from services.rules.closures import Choice, Way, digest_of
from services.rules.refusals import Refusal
from services.rules.refusals.matches import DatesWanted, PreviewOutdated
from services.rules.refusals.sessions import ActedFirst
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.sessions.cancellations import cancel
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import Stage, accepted, sessions_of, stage
from tests.services.proofs import as_it_stands, every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import carry_out

DAY = timedelta(days=1)
MONDAY = Day(date(2026, 12, 7), "Founders' day")


def look(database: OpenDatabase, there: Stage, *days: Day) -> list[Found]:
    with database.reading() as session:
        return sessions_on(session, acting(there.coordinator), days or (MONDAY,), AGENCY)


def keep(
    database: OpenDatabase, there: Stage, found: list[Found], choices: dict[int, Choice]
) -> None:
    digest = digest_of(one.booked for one in found)
    actor = acting(there.coordinator)
    carry_out(database, add, actor, (MONDAY,), choices, AGENCY, digest=digest)


def kept(database: OpenDatabase) -> list[tuple[date, str]]:
    with database.reading() as session:
        return [(one.date, one.name) for one in holidays_from(session, date(2026, 1, 1))]


def test_what_is_booked_then_is_settled_and_everybody_gets_one_message(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    match = accepted(database, there)
    (one,) = look(database, there)
    assert (one.view.id, one.booked.penalty) == (sessions_of(database, match.id)[1].id, None)
    new = one.booked.starts_at + timedelta(days=1)

    keep(database, there, [one], {one.view.id: Choice(Way.ASK, new)})

    assert kept(database) == [(MONDAY.date, MONDAY.name)]
    assert recipients(database, MessageKind.DAYS_SETTLED) == [
        there.grace.id,
        there.daniel.id,
        there.tutor.id,
    ]
    (row, *_) = outbox_rows(database, MessageKind.DAYS_SETTLED)
    told = {"cancelled": [], "asked": [one.view.id], "holiday": MONDAY.name, "days": ["2026-12-07"]}
    assert row.payload == told


def test_a_cancelled_session_counts_for_the_tutors_side(database: OpenDatabase) -> None:
    there = stage(database)
    accepted(database, there)
    (one,) = look(database, there)

    keep(database, there, [one], {one.view.id: Choice(Way.CANCEL)})

    assert as_it_stands(database, one.view.id).status is Status.CANCELLED_BY_TUTOR


def test_whoever_comes_after_that_reads_that_it_was_cancelled_and_not_for_the_tutor(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    accepted(database, there)
    (one,) = look(database, there)
    keep(database, there, [one], {one.view.id: Choice(Way.CANCEL)})

    with refused(ActedFirst, who="Priya Nair", action=Action.CANCEL):
        actor, why = acting(there.tutor), ChangeReason.EMERGENCY
        carry_out(database, cancel, one.view.id, actor, why, None, None)


def test_the_same_again_changes_nothing_but_the_trail(database: OpenDatabase) -> None:
    there = stage(database)
    keep(database, there, [], {})
    keep(database, there, [], {})

    assert kept(database) == [(MONDAY.date, MONDAY.name)]


def test_an_import_adds_days_once(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        make_known(session, [MONDAY, Day(date(2026, 12, 25), "Christmas Day")])
    with database.unit_of_work() as session:
        make_known(session, [MONDAY])

    assert len(kept(database)) == 2


def test_once_it_is_removed_its_sessions_can_be_booked(database: OpenDatabase) -> None:
    there = stage(database)
    keep(database, there, [], {})
    match = accepted(database, there)
    assert len(sessions_of(database, match.id)) == 7
    with database.reading() as session:
        number = session.exec(select(Holiday)).one().id

    carry_out(database, remove, number, acting(there.coordinator), AGENCY)
    before = every_row(database)
    carry_out(database, remove, number, acting(there.coordinator), AGENCY)

    assert every_row(database) == before
    with database.reading() as session:
        (missing,) = missing_days(session, match, AGENCY, NOW)
    assert (missing.day, missing.hindrance) == (MONDAY.date, None)


def test_who_was_asked_to_move_because_of_it_hears_that_the_session_stays(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    match = accepted(database, there)
    (one,) = look(database, there)
    keep(database, there, [one], {one.view.id: Choice(Way.ASK, one.booked.starts_at + DAY)})
    other = sessions_of(database, match.id)[2]
    carry_out(
        database, propose, other.id, acting(there.tutor), other.starts_at + DAY,
        ChangeReason.OTHER, "An exam", zone=ZONE,
    )  # fmt: skip
    with database.reading() as session:
        number = session.exec(select(Holiday)).one().id
        asked = still_asked(session, Closure((MONDAY.date,)), ZONE, NOW)
        assert [row.id for row in asked] == [one.view.id]

    carry_out(database, remove, number, acting(there.coordinator), AGENCY)

    with database.reading() as session:
        assert open_request(session, one.view.id) is None
        assert open_request(session, other.id) is not None, "it has nothing to do with the day"
    assert as_it_stands(database, one.view.id).starts_at == one.booked.starts_at
    assert trail(database, one.view.id)[-1].action is Action.WITHDRAW
    told = [
        row.person_id
        for row in outbox_rows(database, MessageKind.SESSION_CHANGED)
        if row.appointment_id == one.view.id
    ]
    assert told == [there.tutor.id, there.grace.id, there.daniel.id]


def test_a_request_stays_where_the_day_is_closed_for_another_reason(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    accepted(database, there)
    (one,) = look(database, there)
    keep(database, there, [one], {one.view.id: Choice(Way.ASK, one.booked.starts_at + DAY)})
    with database.unit_of_work() as session:
        session.add(
            TutorLeave(
                tutor_id=there.tutor.id,
                starts_on=MONDAY.date,
                ends_on=MONDAY.date,
                reason="A wedding",
                asked_by_id=there.tutor.id,
                asked_at=NOW,
            )
        )
        number = session.exec(select(Holiday)).one().id

    carry_out(database, remove, number, acting(there.coordinator), AGENCY)

    with database.reading() as session:
        assert open_request(session, one.view.id) is not None


def test_a_preview_that_is_out_of_date_is_refused(database: OpenDatabase) -> None:
    there = stage(database)
    found = look(database, there)
    accepted(database, there)

    with refused(PreviewOutdated):
        keep(database, there, found, {})
    assert kept(database) == []


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ([], DatesWanted),
        ([Day(MONDAY.date, " ")], ReasonRequired),
        ([Day(MONDAY.date, "x" * 81)], TextTooLong),
    ],
)
def test_what_no_holiday_can_be(
    database: OpenDatabase, days: list[Day], refusal: type[Refusal]
) -> None:
    there = stage(database)
    with refused(refusal), database.reading() as session:
        sessions_on(session, acting(there.coordinator), days, AGENCY)


def test_only_coordinators_keep_holidays(database: OpenDatabase) -> None:
    there = stage(database)
    for person in (there.tutor, there.grace):
        with refused(NotCoordinator), database.reading() as session:
            sessions_on(session, acting(person), [MONDAY], AGENCY)
        with refused(NotCoordinator):
            carry_out(database, remove, 1, acting(person), AGENCY)


def test_the_holidays_of_a_country_are_offered() -> None:
    found = public_holidays("SG", date(2026, 12, 1), date(2027, 1, 31))

    assert Day(date(2026, 12, 25), "Christmas Day") in found
    assert [one.date for one in found] == sorted(one.date for one in found)
    assert {"SG", "GB", "MY", "IN"} <= set(countries())
    assert public_holidays("XX", date(2026, 1, 1), date(2026, 12, 31)) == []
