"""Calendar feeds, read with a parser that is not the one that writes them (SPEC 10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import vobject
from sqlmodel import col, select

from locales.feed_wording import entries
from locales.reader import Reader
from models import Appointment, AuditEvent, Person, RescheduleProposal
from models.enums import Action, ChangeReason, Channel, Role, Status
from services.feeds.addresses import FeedAddresses, feed_of
from services.feeds.sessions import MOST, feed_sessions
from services.feeds.writing import written
from services.lifecycle.actors import Actor
from services.people.sign_in import end_access
from services.reschedules.negotiation import accept
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NoSessionsOfOwn
from services.sessions.cancellations import cancel
from tests import builders
from tests.builders import AGENCY, NOW, SIGN_IN, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import refused
from tests.services.scenes import Scene, another_session, carry_out, open_thread, scene

FEEDS = FeedAddresses(SIGN_IN.secret)
DAY = timedelta(days=1)


def file_of(database: OpenDatabase, person: Person, now: datetime = NOW) -> bytes:
    """The feed's file, as the page makes it."""
    with database.reading() as session:
        reader = Reader.for_person(person, AGENCY, now)
        found = feed_sessions(session, person, now)
        shown = entries(reader, found, FEEDS, "https://pages.example")
    return written(FEEDS.uid(f"person {person.id}"), AGENCY.name, shown)


def parsed(content: bytes) -> Any:
    return vobject.readOne(content.decode())


def events(database: OpenDatabase, person: Person, now: datetime = NOW) -> list[Any]:
    return list(parsed(file_of(database, person, now)).contents.get("vevent", []))


def made_by(database: OpenDatabase, there: Scene) -> None:
    """The event with which the session came to be."""
    with database.unit_of_work() as session:
        session.add(
            AuditEvent(
                appointment_id=there.id,
                role=Role.SYSTEM,
                channel=Channel.SYSTEM,
                at=NOW - DAY,
                action=Action.SCHEDULE,
                to_status=Status.SCHEDULED,
            )
        )


def test_a_tutor_sees_the_first_name_and_the_address_a_parent_the_tutor(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=NOW + 2 * DAY)

    [taught], [attended] = events(database, there.tutor), events(database, there.grace)

    assert taught.summary.value == "Mathematics with Emily"
    assert taught.location.value == "12 Orchard Road"
    assert attended.summary.value == "Emily: Mathematics with Tan Wei Ming"
    assert "location" not in attended.contents
    assert attended.url.value == f"https://pages.example/sessions/{there.id}"
    assert taught.uid.value == attended.uid.value
    assert b"Lim" not in file_of(database, there.tutor)


def test_times_are_in_utc_without_a_zone_of_the_files_own(database: OpenDatabase) -> None:
    there = scene(database, starts_at=datetime(2026, 11, 27, 7, 0, tzinfo=UTC))

    content = file_of(database, there.tutor)
    [event] = parsed(content).contents["vevent"]

    assert b"DTSTART:20261127T070000Z\r\n" in content
    assert b"DTEND:20261127T083000Z\r\n" in content
    assert b"VTIMEZONE" not in content
    assert event.dtstart.value == datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


def test_calendars_are_told_when_to_look_again_and_know_it_by_its_uid(
    database: OpenDatabase,
) -> None:
    there = scene(database)

    content = file_of(database, there.grace)
    calendar = parsed(content)

    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in content
    assert calendar.contents["uid"][0].value == FEEDS.uid(f"person {there.grace.id}")
    assert calendar.contents["uid"][0].value != FEEDS.uid(f"person {there.daniel.id}")
    assert calendar.contents["x-wr-calname"][0].value == "Bright Minds"


def test_the_file_is_the_same_until_something_changes(database: OpenDatabase) -> None:
    there = scene(database, starts_at=NOW + 2 * DAY)

    assert file_of(database, there.grace) == file_of(database, there.grace, NOW + DAY)


def test_a_session_that_is_moved_keeps_its_uid_and_its_sequence_rises(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=NOW + 3 * DAY)
    made_by(database, there)
    [before] = events(database, there.tutor)
    thread = open_thread(database, there)
    with database.reading() as session:
        asked = session.exec(
            select(RescheduleProposal.id).where(RescheduleProposal.thread_id == thread.id)
        ).one()
    carry_out(database, accept, asked, acting(there.tutor), zone=ZONE)
    [after] = events(database, there.tutor)

    assert (before.sequence.value, after.sequence.value) == ("0", "1")
    assert before.uid.value == after.uid.value
    assert after.dtstart.value == NOW + 2 * DAY
    assert after.contents["last-modified"][0].value == NOW


def test_a_cancelled_session_stays_cancelled_for_thirty_days(database: OpenDatabase) -> None:
    there = scene(database, starts_at=NOW + 40 * DAY)
    made_by(database, there)
    carry_out(
        database,
        cancel,
        there.id,
        acting(there.grace),
        ChangeReason.SCHOOL_EVENT,
        None,
        None,
    )

    [event] = events(database, there.tutor)
    assert (event.status.value, event.sequence.value) == ("CANCELLED", "1")
    assert event.transp.value == "TRANSPARENT"
    assert events(database, there.tutor, NOW + 30 * DAY - timedelta(seconds=1))
    assert events(database, there.tutor, NOW + 30 * DAY) == []


def test_ninety_days_past_are_kept_and_the_oldest_left_out(database: OpenDatabase) -> None:
    there = scene(database, starts_at=NOW - 91 * DAY, status=Status.APPROVED)
    kept = another_session(
        database, there, starts_at=NOW - 89 * DAY, status=Status.AWAITING_APPROVAL_PARENT
    )

    assert [one.uid.value for one in events(database, there.grace)] == [
        FEEDS.uid(f"session {kept.id}")
    ]


def test_a_feed_has_no_more_than_its_most(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        template = there.session.model_dump(exclude={"id", "starts_at", "ends_at"})
        session.add_all(
            Appointment(**template, starts_at=start, ends_at=start + timedelta(minutes=5))
            for start in (NOW + number * timedelta(minutes=10) for number in range(MOST))
        )
    with database.reading() as session:
        found = feed_sessions(session, there.tutor, NOW)

    assert len(found) == MOST
    assert found[-1].starts_at == NOW + (MOST - 1) * timedelta(minutes=10)


def test_nobody_elses_sessions_are_in_it(database: OpenDatabase) -> None:
    scene(database)
    other = scene(database)
    with database.unit_of_work() as session:
        stranger = builders.parent(session)

    assert events(database, stranger) == []
    assert len(events(database, other.grace)) == 1


def test_who_teaches_the_child_sees_the_session_once_as_its_tutor(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        both = builders.tutor(session, is_parent=True)
        child = builders.student(session, [both])
        builders.appointment(session, tutor=both, student=child)

    [event] = events(database, both)
    assert event.summary.value == "Mathematics with Emily"


def test_a_new_address_ends_the_one_before(database: OpenDatabase) -> None:
    grace = scene(database).grace
    first = carry_out(database, FEEDS.make, grace, acting(grace))
    second = carry_out(database, FEEDS.make, grace, acting(grace))

    with database.reading() as session:
        assert FEEDS.reader_of(session, second).id == grace.id
        with refused(NotFound):
            FEEDS.reader_of(session, first)
        assert first not in str(feed_of(session, grace))


def test_an_address_that_is_ended_leads_nowhere(database: OpenDatabase) -> None:
    grace = scene(database).grace
    secret = carry_out(database, FEEDS.make, grace, acting(grace))
    carry_out(database, FEEDS.revoke, grace, acting(grace))
    carry_out(database, FEEDS.revoke, grace, acting(grace))

    with database.reading() as session:
        with refused(NotFound):
            FEEDS.reader_of(session, secret)
        assert feed_of(session, grace) is None
        done = list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))))
    assert done == [Action.MAKE_FEED, Action.REVOKE_FEED]


def test_who_moves_to_another_account_loses_the_address(database: OpenDatabase) -> None:
    grace = scene(database).grace
    secret = carry_out(database, FEEDS.make, grace, acting(grace))
    carry_out(database, end_access, grace.id)

    with database.reading() as session, refused(NotFound):
        FEEDS.reader_of(session, secret)


def test_another_key_knows_no_address(database: OpenDatabase) -> None:
    grace = scene(database).grace
    secret = carry_out(database, FEEDS.make, grace, acting(grace))

    with database.reading() as session, refused(NotFound):
        FeedAddresses("another secret key of 32 characters").reader_of(session, secret)


def test_who_has_no_sessions_of_their_own_gets_no_address(database: OpenDatabase) -> None:
    priya = scene(database).coordinator
    with refused(NoSessionsOfOwn):
        carry_out(database, FEEDS.make, priya, Actor(priya.id, Channel.WEB, NOW))
