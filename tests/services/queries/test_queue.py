"""The coordinators' queue: order, filters, counts, what is put off, and its cost (SPEC 10)."""

from datetime import datetime, timedelta

from models import AuditEvent
from models.enums import Action, Status
from models.matters import Matter
from services.db import Session
from services.lifecycle.status import last_done
from services.queries.queue import QueueItem, queue_counts, queue_item, queue_page
from services.queries.queue_filter import QueueFilter
from services.queries.queue_rows import queue_rows
from services.queue.snoozing import snooze
from services.rules.queue import QueueKind
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.matters import DAY, HOUR, Matters, matters, over
from tests.services.plans import plan, reads_too_much, selected
from tests.services.scenes import Scene, another_session, carry_out, open_thread, scene

EVERYTHING = QueueFilter()


def keys(
    database: OpenDatabase, wanted: QueueFilter = EVERYTHING, now: datetime = NOW
) -> list[str]:
    with database.unit_of_work() as session:
        return [item.key for item in queue_page(session, wanted, AGENCY, now)[0]]


def put_off(database: OpenDatabase, there: Scene, key: str, until: datetime) -> None:
    matter, _, number = key.rpartition("-")
    actor = acting(there.coordinator)
    carry_out(database, snooze, Matter(matter), int(number), actor, until, appointment_id=None)


def two_families(database: OpenDatabase) -> tuple[Scene, Matters, str]:
    """One of everything about Emily, and a missed session of another child with another tutor."""
    there = scene(database)
    waiting = matters(database, there)
    with database.unit_of_work() as session:
        tutor = builders.tutor(session, name="Grace Ong")
        parent = builders.parent(session, name="Siti Rahman")
        child = builders.student(session, [parent], name="Aisha Rahman")
        missed = builders.appointment(
            session, tutor=tutor, student=child, starts_at=NOW - 3 * DAY, subject="Malay"
        )
    return there, waiting, f"attendance-{missed.id}"


def test_what_waits_is_sorted_by_what_waiting_costs(database: OpenDatabase) -> None:
    there = scene(database)
    waiting = matters(database, there)
    later = another_session(database, there, starts_at=NOW + 3 * DAY)
    patient = open_thread(database, later)

    assert keys(database) == [*waiting.in_order, f"request-{patient.id}"]


def test_what_does_not_wait_is_not_there(database: OpenDatabase) -> None:
    there = scene(database)
    another_session(database, there, **over(starts_at=NOW - DAY))
    another_session(database, there, **over(status=Status.APPROVED))
    another_session(database, there, starts_at=NOW - HOUR)
    another_session(
        database, there, starts_at=NOW - 3 * HOUR, status=Status.CHECKED_IN
    )  # can still be checked out of

    assert keys(database) == []


def test_a_session_across_midnight_is_missed_when_it_ends(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    midnight = datetime(2026, 11, 25, 16, tzinfo=NOW.tzinfo)  # in Singapore
    across = another_session(database, there, starts_at=midnight - timedelta(minutes=30))

    assert keys(database, now=midnight + timedelta(minutes=59)) == []
    assert keys(database, now=midnight + HOUR) == [f"attendance-{across.id}"]


def test_a_filter_names_kind_person_child_words_and_days(database: OpenDatabase) -> None:
    there, waiting, other = two_families(database)
    of_emily = [one for one in waiting.in_order if not one.startswith(("message", "unreach"))]
    to_daniel = [waiting["message"], waiting["unreachable"]]
    day = (NOW - 3 * DAY).date()
    for wanted, found in (
        (QueueFilter(QueueKind.ATTENDANCE), [other, waiting["attendance"]]),
        (QueueFilter(QueueKind.DELIVERY), to_daniel),
        (QueueFilter(person_id=there.tutor.id), of_emily),
        (QueueFilter(person_id=there.daniel.id), waiting.in_order),
        (QueueFilter(student_id=there.student.id), of_emily),
        (QueueFilter(words="siti"), [other]),
        (QueueFilter(words="malay"), [other]),
        (QueueFilter(words="grace ong"), [other]),
        (QueueFilter(words="%"), []),
        (QueueFilter(words="daniel"), waiting.in_order),
        (QueueFilter(since=day, until=day), [waiting["problem"], other, waiting["reported"],
                                             waiting["file"]]),
        (QueueFilter(QueueKind.FILE, since=day + DAY), []),
    ):  # fmt: skip
        assert sorted(keys(database, wanted)) == sorted(found), wanted


def test_the_counts_are_those_of_the_lists(database: OpenDatabase) -> None:
    there, waiting, _ = two_families(database)
    put_off(database, there, waiting["silent"], NOW + HOUR)
    for wanted in (EVERYTHING, QueueFilter(QueueKind.DISPUTE), QueueFilter(words="emily")):
        with database.unit_of_work() as session:
            counts = queue_counts(session, wanted, AGENCY, NOW)
        for kind in QueueKind:
            listed = keys(database, QueueFilter(kind, words=wanted.words))
            assert counts.of[kind] == len(listed), kind
        assert counts.all == len(keys(database, QueueFilter(words=wanted.words)))
        assert counts.snoozed == 1


def test_what_is_put_off_is_listed_apart_until_it_comes_back(database: OpenDatabase) -> None:
    there = scene(database)
    waiting = matters(database, there)
    key = waiting["dispute"]
    put_off(database, there, key, NOW + HOUR)
    put_off(database, there, key, NOW + 2 * HOUR)

    for at, is_off in ((NOW, True), (NOW + HOUR, True), (NOW + 2 * HOUR, False)):
        assert (key not in keys(database, now=at)) is is_off
        assert (keys(database, QueueFilter(is_snoozed=True), at) == [key]) is is_off
    with database.unit_of_work() as session:
        [row] = queue_rows(session, [_item(session, key)], NOW)
    assert row.snoozed is not None
    assert (row.snoozed.who, row.snoozed.until) == ("Priya Nair", NOW + 2 * HOUR)


def test_pages_follow_each_other_without_gap_or_repetition(database: OpenDatabase) -> None:
    there = scene(database)
    waiting = matters(database, there)
    found, more = [], True
    with database.unit_of_work() as session:
        for number in range(1, 7):
            items, more = queue_page(session, EVERYTHING, AGENCY, NOW, number=number, length=2)
            found += [item.key for item in items]

    assert found == waiting.in_order
    assert not more


def test_a_row_tells_what_it_is_about(database: OpenDatabase) -> None:
    there = scene(database)
    waiting = matters(database, there)
    with database.unit_of_work() as session:
        items, _ = queue_page(session, EVERYTHING, AGENCY, NOW)
        rows = {row.item.key: row for row in queue_rows(session, items, NOW)}

    dispute, request = rows[waiting["dispute"]], rows[waiting["request"]]
    assert (dispute.by, dispute.text) == ("Grace Lim", "It was forty minutes, not ninety.")
    assert request.request is not None
    assert request.request.new_starts_at == NOW + 2 * DAY
    undelivered, blocked = rows[waiting["message"]].message, rows[waiting["unreachable"]].message
    assert undelivered is not None and undelivered.is_given_up  # noqa: PT018
    assert blocked is not None and blocked.waiting == 1  # noqa: PT018
    file = rows[waiting["file"]].file
    assert file is not None and (file.name, file.tries) == ("board.jpg", 4)  # noqa: PT018


def test_a_page_of_rows_is_read_without_the_whole_rows_of_its_tables(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    matters(database, there)
    with database.reading() as session:
        items, _ = queue_page(session, EVERYTHING, AGENCY, NOW)
        rows = queue_rows(session, items, NOW)
        loaded = {type(one) for one in session.identity_map.values()}

    assert {row.item.matter for row in rows} >= {Matter.REQUEST, Matter.DISPUTE, Matter.MESSAGE}
    assert loaded <= {AuditEvent}  # what was told of a change, or asked for: a few at most


async def test_nothing_is_read_through_a_table_that_grows(sqlite: SqliteDatabases) -> None:
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        matters(database, scene(database))
        with selected() as statements, database.unit_of_work() as session:
            items, _ = queue_page(session, EVERYTHING, AGENCY, NOW)
            queue_rows(session, items, NOW)
            queue_counts(session, EVERYTHING, AGENCY, NOW)
        steps = [step for statement in statements for step in plan(database, statement)]
        await database.close()

    assert steps
    assert list(filter(reads_too_much, steps)) == []


async def test_words_are_looked_for_once_for_all_that_waits(sqlite: SqliteDatabases) -> None:
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        matters(database, scene(database))
        with selected() as statements, database.unit_of_work() as session:
            queue_counts(session, QueueFilter(words="emily"), AGENCY, NOW)
        [statement] = statements
        steps = plan(database, statement)
        await database.close()

    read = [step.split()[1] for step in steps if step.startswith("SCAN")]
    assert sum(name.startswith("person") for name in read) == 1  # for all tutors
    assert read.count("student") == read.count("guardianship") == 1


def test_putting_off_is_in_the_audit_trail(database: OpenDatabase) -> None:
    there = scene(database)
    actor = acting(there.coordinator)
    carry_out(
        database, snooze, Matter.ATTENDANCE, there.id, actor, NOW + HOUR, appointment_id=there.id
    )
    with database.unit_of_work() as session:
        event = last_done(session, there.id, Action.SNOOZE)

    assert event is not None
    assert event.details == {
        "matter": "attendance",
        "subject_id": there.id,
        "until": (NOW + HOUR).isoformat(),
    }


def _item(session: Session, key: str) -> QueueItem:
    matter, _, number = key.rpartition("-")
    found = queue_item(session, Matter(matter), int(number), AGENCY, NOW)
    assert found is not None
    return found
