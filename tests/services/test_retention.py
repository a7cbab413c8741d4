"""What is over is deleted after `RETENTION_DAYS`, and what is needed is not (SPEC 11)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy import update as sql_update
from sqlmodel import SQLModel, col, select

from models import Card, InboxUpdate, Invitation, OutboxMessage, SignInLink, WebSession
from models.enums import MessageKind, Status
from services.messaging import standing
from services.notifications.reminders.acknowledgements import tell_overdue
from services.retention import BATCH, next_purge, purge
from services.sessions.attendance import check_out
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.plans import plan
from tests.services.scenes import carry_out, scene

DAY = timedelta(days=1)
OLD = NOW - 32 * DAY
RECENT = NOW - 29 * DAY
AT_MIDNIGHT = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)


def update(number: int, received_at: datetime, **over: object) -> InboxUpdate:
    return InboxUpdate(
        bot_id=1,
        update_id=number,
        payload={},
        received_at=received_at,
        **over,  # type: ignore[arg-type]
    )


def message(key: str, created_at: datetime, **over: object) -> OutboxMessage:
    return OutboxMessage(
        dedupe_key=key,
        kind=MessageKind.APPOINTMENT_CARD,
        payload={},
        created_at=created_at,
        due_at=created_at,
        **over,  # type: ignore[arg-type]
    )


def saved(database: OpenDatabase, rows: Sequence[SQLModel]) -> None:
    with database.unit_of_work() as session:
        session.add_all(rows)


def purged(database: OpenDatabase, now: datetime = NOW) -> bool:
    with database.unit_of_work() as session:
        return purge(session, AGENCY, now)


def next_due(database: OpenDatabase, now: datetime = NOW) -> datetime | None:
    with database.reading() as session:
        return next_purge(session, AGENCY, now)


def test_handled_and_set_aside_updates_go_and_waiting_ones_stay(database: OpenDatabase) -> None:
    saved(
        database,
        [
            update(1, OLD, done_at=OLD),
            update(2, OLD, set_aside_at=OLD),
            update(3, OLD),
            update(4, RECENT, done_at=RECENT),
        ],
    )

    assert not purged(database)

    with database.reading() as session:
        left = session.exec(
            select(InboxUpdate.update_id).order_by(col(InboxUpdate.update_id))
        ).all()
    assert left == [3, 4]


def test_sent_and_given_up_messages_go_and_waiting_ones_stay(database: OpenDatabase) -> None:
    saved(
        database,
        [
            message("sent", OLD, sent_at=OLD),
            message("given up", OLD, failed_at=OLD),
            message("waiting", OLD),
            message("sent late", OLD, sent_at=RECENT),
            message("recent", RECENT, sent_at=RECENT),
        ],
    )

    purged(database)

    assert keys(database) == {"waiting", "sent late", "recent"}


def keys(database: OpenDatabase) -> set[str]:
    with database.reading() as session:
        return set(session.exec(select(OutboxMessage.dedupe_key)).all())


@pytest.mark.parametrize("status", Status)
def test_messages_about_a_session_that_is_not_settled_stay(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)
    saved(database, [message("about it", OLD, sent_at=OLD, appointment_id=there.id)])

    purged(database)

    is_settled = status in {
        *(Status.APPROVED, Status.NOT_COMPLETED),
        *(Status.CANCELLED_BY_TUTOR, Status.CANCELLED_BY_PARENT),
    }
    assert keys(database) == (set() if is_settled else {"about it"})


def test_a_card_stays_however_old_the_message_is_by_which_it_came(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    card = Card(chat_id=5, message_id=6, appointment_id=there.id)
    saved(database, [message("card", OLD, sent_at=OLD, appointment_id=there.id), card])

    purged(database)

    with database.reading() as session:
        assert session.exec(select(Card.message_id)).all() == [6]
    assert keys(database) == set()


def test_the_line_about_a_question_that_is_still_open_is_not_written_again(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    carry_out(database, check_out, there.id, acting(there.tutor))
    morning = datetime(2026, 11, 28, 9, tzinfo=AGENCY.zone).astimezone(UTC)

    lines = []
    for at in (morning, morning + 60 * DAY):
        purged(database, at)
        with database.unit_of_work() as session:
            tell_overdue(session, AGENCY, at)
            session.execute(sql_update(OutboxMessage).values(sent_at=morning))
        lines.append(ids_of(database, MessageKind.ACKNOWLEDGEMENTS_OVERDUE))

    assert lines[0] == lines[1]
    assert len(lines[0]) == 1


def ids_of(database: OpenDatabase, kind: MessageKind) -> list[int]:
    with database.reading() as session:
        return list(session.exec(select(OutboxMessage.id).where(OutboxMessage.kind == kind)).all())


def test_a_message_stays_as_long_as_it_stands_in_its_chat(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    stands = message("stands", OLD, sent_at=OLD)
    saved(database, [stands, message("over", OLD, sent_at=OLD)])
    with database.unit_of_work() as session:
        standing.keep(session, [(stands.id, [there.id])], None, 5, 6)

    purged(database)
    assert keys(database) == {"stands"}

    with database.unit_of_work() as session:
        standing.forget(session, 5, 6)
    purged(database)
    assert keys(database) == set()


def test_spent_tokens_and_links_go_and_those_that_work_stay(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        person_id = builders.tutor(session).id
    given = {"person_id": person_id, "created_at": OLD}
    spent = {"used_at": OLD, "expires_at": NOW + DAY}
    withdrawn = {"revoked_at": OLD, "expires_at": NOW + DAY}
    lapsed = {"expires_at": OLD + DAY}
    works = {"expires_at": NOW + DAY}
    recent = {"expires_at": RECENT}
    for table, ways in (
        (Invitation, (spent, withdrawn, lapsed, works, recent)),
        (SignInLink, (lapsed, works, recent)),
        (WebSession, (lapsed, works, recent)),
    ):
        saved(
            database,
            [table(token_hash=str(n), **given, **way) for n, way in enumerate(ways)],  # type: ignore[arg-type]
        )

    purged(database)

    with database.reading() as session:
        left = {
            table: session.exec(select(table.expires_at).order_by(text("expires_at"))).all()
            for table in (Invitation, SignInLink, WebSession)
        }
    assert list(left.values()) == [[RECENT, NOW + DAY]] * 3


def test_a_unit_of_work_deletes_a_small_batch_and_says_whether_there_is_more(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        session.execute(insert(InboxUpdate), done_updates(BATCH + 1))

    assert [purged(database), purged(database), purged(database)] == [True, False, False]
    assert next_due(database) is None


def done_updates(count: int) -> list[dict[str, object]]:
    values = {"bot_id": 1, "payload": {}, "received_at": OLD, "done_at": OLD, "attempts": 0}
    return [values | {"update_id": number} for number in range(count)]


def test_the_agency_says_how_long_it_keeps_what_is_over(database: OpenDatabase) -> None:
    saved(database, [update(1, RECENT, done_at=RECENT)])

    with database.unit_of_work() as session:
        purge(session, replace(AGENCY, keeps=10 * DAY), NOW)

    with database.reading() as session:
        assert session.exec(select(InboxUpdate)).all() == []


def test_the_next_purge_is_the_midnight_after_the_days_are_over(database: OpenDatabase) -> None:
    saved(
        database,
        [
            update(1, NOW - 3 * DAY, done_at=NOW),
            update(2, NOW - 5 * DAY),
            message("sent", NOW - 4 * DAY, sent_at=NOW - 2 * DAY),
        ],
    )

    midnight = AT_MIDNIGHT + 28 * DAY

    assert next_due(database) == midnight
    purged(database, midnight - timedelta(seconds=1))
    assert next_due(database, midnight - timedelta(seconds=1)) == midnight
    purged(database, midnight)
    assert next_due(database, midnight) == AT_MIDNIGHT + 29 * DAY
    purged(database, AT_MIDNIGHT + 29 * DAY)
    assert next_due(database, AT_MIDNIGHT + 29 * DAY) is None


def test_what_is_over_is_found_by_its_age_and_not_by_going_through_a_table(
    sqlite: SqliteDatabases,
) -> None:
    done: set[str] = set()
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        with database.unit_of_work() as session:
            event.listen(
                session.get_bind(),
                "before_cursor_execute",
                lambda _connection, _cursor, statement, *_: done.add(statement),
            )
            purge(session, AGENCY, NOW)
            next_purge(session, AGENCY, NOW)
        steps = [
            step
            for statement in done
            if statement.startswith(("DELETE", "SELECT"))
            for step in plan(database, statement)
            if "inbox_update" in step or "outbox_message" in step
        ]
    for index in ("ix_inbox_update_received_at", "ix_outbox_message_created_at"):
        assert sum(index in step for step in steps) == 2
    assert [step for step in steps if step.startswith("SCAN") and "INDEX" not in step] == []
