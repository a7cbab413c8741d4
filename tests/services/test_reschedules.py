"""A tutor and the parents agree on another time, or do not (SPEC 2, 3, 6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models import Person, RescheduleProposal, RescheduleThread
from models.enums import (
    Action,
    ChangeReason,
    Kind,
    MessageKind,
    ProposalStatus,
    Role,
    Status,
    ThreadStatus,
)
from services.actors import Actor
from services.attendance import check_in, correct_attendance
from services.cancellations import cancel
from services.db import Database, Session
from services.reschedules import accept, counter, propose, reject, require_proposable, withdraw
from services.rules.refusals import RefusalCode
from services.transitions import Outcome
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.services.proofs import as_it_stands, every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, another_session, carry_out, scene

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
START = NOW + DAY
END = START + timedelta(minutes=90)
NEW_START = START + DAY
OTHER_START = START + 2 * DAY
FOUR_HOURS_BEFORE = START - timedelta(hours=4)
WHY = ChangeReason.SCHEDULE_CONFLICT

ANSWERS: dict[str, Callable[[Session, int, Actor], Awaitable[Outcome]]] = {
    "accept": accept,
    "reject": reject,
    "counter": lambda session, proposal_id, actor: counter(
        session, proposal_id, actor, OTHER_START
    ),
    "withdraw": withdraw,
}


async def tomorrow(database: Database, **over: Any) -> Scene:
    return await scene(database, starts_at=START, **over)


async def proposed(
    database: Database,
    there: Scene,
    who: Person,
    *,
    at: datetime = NEW_START,
    now: datetime = NOW,
    reason: ChangeReason = WHY,
    text: str | None = None,
) -> int:
    """Who asks for which time; the number of that version."""
    await carry_out(database, propose, there.id, acting(who, now), at, reason, text)
    return (await versions(database, there))[-1].id


async def answered(
    database: Database, how: str, proposal_id: int, who: Person, now: datetime = NOW
) -> Outcome:
    return await carry_out(database, ANSWERS[how], proposal_id, acting(who, now))


async def versions(database: Database, there: Scene) -> list[RescheduleProposal]:
    async with database.reading() as session:
        found = await session.exec(
            select(RescheduleProposal)
            .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
            .where(RescheduleThread.appointment_id == there.id)
            .order_by(col(RescheduleProposal.id))
        )
        return list(found.all())


async def thread_of(database: Database, there: Scene) -> RescheduleThread:
    async with database.reading() as session:
        found = await session.exec(
            select(RescheduleThread)
            .where(RescheduleThread.appointment_id == there.id)
            .order_by(col(RescheduleThread.id).desc())
        )
        thread = found.first()
    assert thread is not None
    return thread


# ------------------------------------------------------------------------------------ proposing


@pytest.mark.parametrize(
    ("who", "side"), [("tutor", Role.TUTOR), ("grace", Role.PARENT), ("daniel", Role.PARENT)]
)
@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.TRIAL])
async def test_the_tutor_and_either_parent_ask_for_another_time(
    database: Database, who: str, side: Role, kind: Kind
) -> None:
    there = await tomorrow(database, kind=kind)

    await proposed(
        database, there, getattr(there, who), reason=ChangeReason.OTHER, text=" We travel. "
    )

    thread, (version,) = await thread_of(database, there), await versions(database, there)
    assert (thread.status, thread.opened_at, thread.expires_at) == (ThreadStatus.OPEN, NOW, START)
    assert (version.status, version.version, version.side) == (ProposalStatus.OPEN, 1, side)
    assert version.proposed_by_id == getattr(there, who).id
    assert (version.new_starts_at, version.new_ends_at) == (NEW_START, NEW_START + (END - START))
    assert (version.reason, version.text) == (ChangeReason.OTHER, "We travel.")
    session = await as_it_stands(database, there.id)
    assert (session.status, session.starts_at, session.ends_at) == (Status.SCHEDULED, START, END)
    (event,) = await trail(database, there.id)
    assert (event.action, event.role, event.to_status) == (Action.PROPOSE, side, None)


@pytest.mark.parametrize("who", ["tutor", "grace"])
async def test_a_request_is_opened_until_a_second_before_the_last_four_hours(
    database: Database, who: str
) -> None:
    there = await tomorrow(database)
    before = await every_row(database)

    for now in (FOUR_HOURS_BEFORE, FOUR_HOURS_BEFORE + SECOND, START, START + SECOND):
        with refused(RefusalCode.TOO_LATE_TO_CHANGE, starts_at=START):
            await proposed(database, there, getattr(there, who), now=now)
    assert await every_row(database) == before

    await proposed(database, there, getattr(there, who), now=FOUR_HOURS_BEFORE - SECOND)
    assert (await thread_of(database, there)).status is ThreadStatus.OPEN


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SCHEDULED])
async def test_only_a_scheduled_session_is_asked_to_move(
    database: Database, status: Status
) -> None:
    there = await tomorrow(database, status=status)
    before = await every_row(database)

    with refused(RefusalCode.WRONG_STATUS, status=status):
        await proposed(database, there, there.tutor)
    assert await every_row(database) == before


async def test_a_reason_of_ones_own_list_is_needed(database: Database) -> None:
    there = await tomorrow(database)
    before = await every_row(database)

    with refused(RefusalCode.REASON_REQUIRED):
        await proposed(database, there, there.tutor, reason=ChangeReason.SCHOOL_EVENT)
    with refused(RefusalCode.REASON_REQUIRED):
        await proposed(database, there, there.grace, reason=ChangeReason.OTHER, text=" ")
    assert await every_row(database) == before


async def test_strangers_and_coordinators_do_not_ask(database: Database) -> None:
    there, neighbours = await tomorrow(database), await tomorrow(database)

    for stranger in (neighbours.grace, neighbours.tutor, there.coordinator):
        with refused(RefusalCode.NOT_YOUR_CHILD):
            await proposed(database, there, stranger)


async def test_the_new_time_is_another_and_to_come(database: Database) -> None:
    there = await tomorrow(database)
    before = await every_row(database)

    with refused(RefusalCode.SAME_TIME):
        await proposed(database, there, there.tutor, at=START)
    for passed in (NOW - SECOND, NOW):
        with refused(RefusalCode.SLOT_PASSED):
            await proposed(database, there, there.tutor, at=passed)
    assert await every_row(database) == before

    await proposed(database, there, there.tutor, at=NOW + SECOND)
    assert (await thread_of(database, there)).status is ThreadStatus.OPEN


@pytest.mark.parametrize("whose", ["tutor", "student"])
async def test_a_slot_that_tutor_or_student_have_taken_is_refused(
    database: Database, whose: str
) -> None:
    there = await tomorrow(database)
    async with database.unit_of_work() as session:
        other_tutor = await builders.tutor(session, name="Nurul Huda")
        other_child = await builders.student(session, name="Ben Ong")
    over = {"student": other_child} if whose == "tutor" else {"tutor": other_tutor}
    await another_session(database, there, starts_at=NEW_START + HOUR, **over)

    with refused(RefusalCode.SLOT_TAKEN):
        await proposed(database, there, there.tutor)
    await proposed(database, there, there.tutor, at=NEW_START - timedelta(minutes=30))
    assert (await thread_of(database, there)).status is ThreadStatus.OPEN


async def test_one_request_is_open_at_a_time_whoever_asks(database: Database) -> None:
    there = await tomorrow(database)
    await proposed(database, there, there.grace)
    before = await every_row(database)

    for who in (there.tutor, there.daniel, there.grace):
        with refused(
            RefusalCode.RESCHEDULE_OPEN,
            who="Grace Lim",
            new_starts_at=NEW_START,
            appointment_id=there.id,
        ):
            await proposed(database, there, who, at=OTHER_START)
    assert await every_row(database) == before


async def test_asking_twice_for_the_same_time_is_asking_once(database: Database) -> None:
    there = await tomorrow(database)
    await proposed(database, there, there.grace)
    before = await every_row(database)

    outcome = await carry_out(
        database, propose, there.id, acting(there.grace, NOW + HOUR), NEW_START, WHY, None
    )

    assert (outcome.repeated, outcome.at) == (True, NOW)
    assert await every_row(database) == before


async def test_after_a_request_is_settled_another_can_be_opened(database: Database) -> None:
    there = await tomorrow(database)
    await answered(database, "reject", await proposed(database, there, there.grace), there.tutor)

    await proposed(database, there, there.tutor, at=OTHER_START)

    assert (await thread_of(database, there)).status is ThreadStatus.OPEN


# ------------------------------------------------------------------------------------- answering


async def test_what_the_other_side_accepts_moves_the_session(database: Database) -> None:
    there = await tomorrow(database, missed_alerted_at=NOW)
    version = await proposed(database, there, there.grace)

    await answered(database, "accept", version, there.tutor, NOW + HOUR)

    session = await as_it_stands(database, there.id)
    assert (session.status, session.missed_alerted_at) == (Status.SCHEDULED, None)
    assert (session.starts_at, session.ends_at) == (NEW_START, NEW_START + (END - START))
    assert (session.first_starts_at, session.first_ends_at) == (START, END)
    thread, (proposal,) = await thread_of(database, there), await versions(database, there)
    assert (thread.status, thread.closed_at) == (ThreadStatus.AGREED, NOW + HOUR)
    assert (proposal.status, proposal.closed_by_id) == (ProposalStatus.APPROVED, there.tutor.id)
    event = (await trail(database, there.id))[-1]
    assert (event.action, event.role, event.to_status) == (Action.ACCEPT, Role.TUTOR, None)


async def test_the_first_times_are_kept_however_often_it_moves(database: Database) -> None:
    there = await tomorrow(database)
    for new_start in (NEW_START, OTHER_START):
        version = await proposed(database, there, there.tutor, at=new_start)
        await answered(database, "accept", version, there.daniel)

    session = await as_it_stands(database, there.id)
    assert (session.starts_at, session.first_starts_at) == (OTHER_START, START)
    assert session.first_ends_at == END


@pytest.mark.parametrize(
    ("how", "who", "thread_becomes", "version_becomes"),
    [
        ("reject", "tutor", ThreadStatus.REJECTED, ProposalStatus.REJECTED),
        ("withdraw", "grace", ThreadStatus.WITHDRAWN, ProposalStatus.WITHDRAWN),
        ("withdraw", "daniel", ThreadStatus.WITHDRAWN, ProposalStatus.WITHDRAWN),
    ],
)
async def test_declined_or_withdrawn_the_session_stays_as_it_was(
    database: Database,
    how: str,
    who: str,
    thread_becomes: ThreadStatus,
    version_becomes: ProposalStatus,
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)

    await answered(database, how, version, getattr(there, who))

    session = await as_it_stands(database, there.id)
    assert (session.status, session.starts_at, session.ends_at) == (Status.SCHEDULED, START, END)
    assert session.first_starts_at is None
    assert (await thread_of(database, there)).status is thread_becomes
    assert (await versions(database, there))[0].status is version_becomes


async def test_a_counter_proposal_closes_the_version_before_it_and_changes_sides(
    database: Database,
) -> None:
    there = await tomorrow(database)
    first = await proposed(database, there, there.grace)

    await answered(database, "counter", first, there.tutor, NOW + HOUR)

    before, now = await versions(database, there)
    assert (before.status, before.closed_by_id) == (ProposalStatus.COUNTERED, there.tutor.id)
    assert (now.status, now.version, now.side) == (ProposalStatus.OPEN, 2, Role.TUTOR)
    assert (now.new_starts_at, now.new_ends_at) == (OTHER_START, OTHER_START + (END - START))
    assert (await thread_of(database, there)).status is ThreadStatus.OPEN
    with refused(RefusalCode.OWN_PROPOSAL):
        await answered(database, "accept", now.id, there.tutor)
    await answered(database, "accept", now.id, there.daniel, NOW + HOUR)
    assert (await as_it_stands(database, there.id)).starts_at == OTHER_START


async def test_three_versions_lead_to_an_agreement(database: Database) -> None:
    there = await tomorrow(database)
    first = await proposed(database, there, there.grace)
    await carry_out(database, counter, first, acting(there.tutor), OTHER_START)
    second = (await versions(database, there))[-1].id
    await carry_out(database, counter, second, acting(there.daniel), OTHER_START + HOUR)
    third = (await versions(database, there))[-1].id

    await answered(database, "accept", third, there.tutor)

    statuses = [version.status for version in await versions(database, there)]
    assert statuses == [ProposalStatus.COUNTERED, ProposalStatus.COUNTERED, ProposalStatus.APPROVED]
    assert (await as_it_stands(database, there.id)).starts_at == OTHER_START + HOUR


@pytest.mark.parametrize("how", ["accept", "reject", "counter"])
@pytest.mark.parametrize("who", ["grace", "daniel"])
async def test_the_authors_own_side_does_not_answer(database: Database, how: str, who: str) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    before = await every_row(database)

    with refused(RefusalCode.OWN_PROPOSAL):
        await answered(database, how, version, getattr(there, who))
    assert await every_row(database) == before


async def test_the_other_side_does_not_withdraw(database: Database) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)

    with refused(RefusalCode.NOT_YOUR_PROPOSAL):
        await answered(database, "withdraw", version, there.tutor)


@pytest.mark.parametrize("how", ANSWERS)
async def test_nobody_else_answers(database: Database, how: str) -> None:
    there, neighbours = await tomorrow(database), await tomorrow(database)
    version = await proposed(database, there, there.grace)
    before = await every_row(database)

    for stranger in (neighbours.grace, neighbours.tutor, there.coordinator):
        with refused(RefusalCode.NOT_YOUR_CHILD):
            await answered(database, how, version, stranger)
    assert await every_row(database) == before


@pytest.mark.parametrize("how", ANSWERS)
async def test_an_answer_to_an_older_version_shows_the_one_that_counts(
    database: Database, how: str
) -> None:
    there = await tomorrow(database)
    first = await proposed(database, there, there.grace)
    await answered(database, "counter", first, there.tutor)
    before = await every_row(database)

    with refused(
        RefusalCode.PROPOSAL_OUTDATED,
        who=there.tutor.name,
        new_starts_at=OTHER_START,
        new_ends_at=OTHER_START + (END - START),
    ):
        await answered(database, how, first, there.daniel)
    assert await every_row(database) == before


@pytest.mark.parametrize("how", ANSWERS)
async def test_answers_count_until_a_second_before_the_original_start(
    database: Database, how: str
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    who = there.grace if how == "withdraw" else there.tutor
    before = await every_row(database)

    for now in (START, START + SECOND, START + DAY):
        with refused(RefusalCode.REQUEST_EXPIRED, starts_at=START):
            await answered(database, how, version, who, now)
    assert await every_row(database) == before

    assert not (await answered(database, how, version, who, START - SECOND)).repeated


async def test_a_proposal_whose_time_has_passed_is_not_accepted_but_countered_or_declined(
    database: Database,
) -> None:
    soon = NOW + 2 * HOUR
    for how, refuses in (("accept", True), ("counter", False), ("reject", False)):
        there = await tomorrow(database)
        version = await proposed(database, there, there.grace, at=soon)
        if refuses:
            before = await every_row(database)
            for now in (soon, soon + SECOND):
                with refused(RefusalCode.SLOT_PASSED):
                    await answered(database, how, version, there.tutor, now)
            assert await every_row(database) == before
            await answered(database, how, version, there.tutor, soon - SECOND)
        else:
            await answered(database, how, version, there.tutor, soon)


async def test_a_slot_that_was_taken_meanwhile_is_not_accepted(database: Database) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    await another_session(database, there, starts_at=NEW_START + HOUR)
    before = await every_row(database)

    with refused(RefusalCode.SLOT_TAKEN):
        await answered(database, "accept", version, there.tutor)
    assert await every_row(database) == before
    await answered(database, "counter", version, there.tutor)


async def test_a_counter_proposal_is_another_time_that_is_free_and_to_come(
    database: Database,
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    await another_session(database, there, starts_at=OTHER_START)
    before = await every_row(database)

    for at, code in (
        (NEW_START, RefusalCode.SAME_TIME),
        (START, RefusalCode.SAME_TIME),
        (NOW, RefusalCode.SLOT_PASSED),
        (OTHER_START, RefusalCode.SLOT_TAKEN),
    ):
        with refused(code):
            await carry_out(database, counter, version, acting(there.tutor), at)
        with refused(code):
            await carry_out(
                database,
                require_proposable,
                there.id,
                acting(there.tutor),
                answers=version,
                new_starts_at=at,
            )
    assert await every_row(database) == before


@pytest.mark.parametrize("how", ANSWERS)
async def test_an_answer_given_twice_is_given_once(database: Database, how: str) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    who = there.grace if how == "withdraw" else there.tutor
    await answered(database, how, version, who)
    before = await every_row(database)

    outcome = await answered(database, how, version, who, NOW + HOUR)

    assert (outcome.repeated, outcome.at) == (True, NOW)
    assert await every_row(database) == before


async def test_another_time_to_a_version_that_one_has_countered_is_no_repetition(
    database: Database,
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    await answered(database, "counter", version, there.tutor)
    before = await every_row(database)

    with refused(RefusalCode.PROPOSAL_OUTDATED, actor_id=there.tutor.id, new_starts_at=OTHER_START):
        await carry_out(database, counter, version, acting(there.tutor), OTHER_START + HOUR)
    assert await every_row(database) == before


@pytest.mark.parametrize(
    ("settles", "who", "action"),
    [
        ("accept", "tutor", Action.ACCEPT),
        ("reject", "tutor", Action.REJECT),
        ("withdraw", "grace", Action.WITHDRAW),
    ],
)
@pytest.mark.parametrize("late", ANSWERS)
async def test_who_comes_second_is_told_who_settled_it(
    database: Database, settles: str, who: str, action: Action, late: str
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    await answered(database, settles, version, getattr(there, who))
    before = await every_row(database)

    with refused(RefusalCode.ACTED_FIRST, actor_id=getattr(there, who).id, action=action, at=NOW):
        await answered(database, late, version, there.daniel)
    assert await every_row(database) == before


@pytest.mark.parametrize("first", ["reject", "withdraw"])
async def test_of_two_requests_settled_at_one_instant_each_names_who_settled_it(
    database: Database, first: str
) -> None:
    there = await tomorrow(database)
    who, then = (there.tutor, there.grace) if first == "reject" else (there.grace, there.tutor)
    version = await proposed(database, there, there.grace)
    await answered(database, first, version, who)
    await answered(database, "withdraw", await proposed(database, there, then), then)

    with refused(RefusalCode.ACTED_FIRST, actor_id=who.id, action=Action(first)):
        await answered(database, "reject", version, there.daniel)


# ------------------------------------------------------------------ with what else can be done


async def test_an_open_request_blocks_check_in_until_it_is_settled(database: Database) -> None:
    for how, who in (("reject", "tutor"), ("withdraw", "grace")):
        there = await tomorrow(database)
        version = await proposed(database, there, there.grace)
        actor = acting(there.tutor, START - timedelta(minutes=10))
        before = await every_row(database)
        with refused(RefusalCode.RESCHEDULE_OPEN, who="Grace Lim", appointment_id=there.id):
            await carry_out(database, check_in, there.id, actor, AGENCY)
        assert await every_row(database) == before

        await answered(database, how, version, getattr(there, who))
        await carry_out(database, check_in, there.id, actor, AGENCY)
        assert (await as_it_stands(database, there.id)).status is Status.CHECKED_IN


async def test_an_accepted_session_is_checked_into_at_its_new_time(database: Database) -> None:
    there = await tomorrow(database)
    await answered(database, "accept", await proposed(database, there, there.grace), there.tutor)

    with refused(RefusalCode.TOO_EARLY_TO_CHECK_IN):
        await carry_out(database, check_in, there.id, acting(there.tutor, START), AGENCY)
    await carry_out(database, check_in, there.id, acting(there.tutor, NEW_START), AGENCY)


async def test_between_the_start_and_the_sweep_nothing_but_the_expiry_may_happen(
    database: Database,
) -> None:
    there = await tomorrow(database)
    await proposed(database, there, there.grace)
    before = await every_row(database)
    late = START + SECOND

    with refused(RefusalCode.REQUEST_EXPIRED, starts_at=START):
        await carry_out(database, check_in, there.id, acting(there.tutor, late), AGENCY)
    with refused(RefusalCode.REQUEST_EXPIRED, starts_at=START):
        await carry_out(
            database,
            correct_attendance,
            there.id,
            acting(there.coordinator, END),
            START,
            END,
            "Both were there.",
        )
    with refused(RefusalCode.TOO_LATE_TO_CHANGE):
        await carry_out(database, cancel, there.id, acting(there.tutor, late), WHY, None, None)
    with refused(RefusalCode.REQUEST_EXPIRED, starts_at=START):
        await proposed(database, there, there.tutor, at=OTHER_START, now=late)
    assert await every_row(database) == before


@pytest.mark.parametrize("late", ANSWERS)
async def test_a_cancellation_settles_the_request_and_the_late_are_told_whose_it_was(
    database: Database, late: str
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    await carry_out(database, cancel, there.id, acting(there.tutor), WHY, None, None)

    thread, (proposal,) = await thread_of(database, there), await versions(database, there)
    assert (thread.status, proposal.status) == (ThreadStatus.CLOSED, ProposalStatus.CLOSED)
    with refused(RefusalCode.ACTED_FIRST, actor_id=there.tutor.id, action=Action.CANCEL):
        await answered(database, late, version, there.daniel)


# -------------------------------------------------------------------------------- who is told


async def test_a_request_is_a_new_card_for_the_other_side_and_an_edit_for_the_rest(
    database: Database,
) -> None:
    by_parent, by_tutor = await tomorrow(database), await tomorrow(database)

    await proposed(database, by_parent, by_parent.grace)
    await proposed(database, by_tutor, by_tutor.tutor)

    assert await told(database, by_parent) == [by_parent.tutor.id]
    assert await told(database, by_tutor) == [by_tutor.grace.id, by_tutor.daniel.id]
    assert by_parent.daniel.id in await recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH)


@pytest.mark.parametrize(
    ("how", "who", "hear"),
    [
        ("accept", "tutor", ["grace", "daniel"]),
        ("reject", "tutor", ["grace", "daniel"]),
        ("counter", "tutor", ["grace", "daniel"]),
        ("withdraw", "daniel", ["tutor"]),
    ],
)
async def test_an_answer_is_a_new_card_for_the_side_that_waits_for_it(
    database: Database, how: str, who: str, hear: list[str]
) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.grace)
    already = await told(database, there)

    await answered(database, how, version, getattr(there, who))

    expected = [getattr(there, name).id for name in hear]
    assert (await told(database, there))[len(already) :] == expected


async def test_an_agreement_is_a_new_card_for_the_other_parent_too(database: Database) -> None:
    there = await tomorrow(database)
    version = await proposed(database, there, there.tutor)

    await answered(database, "accept", version, there.grace)

    assert (await told(database, there))[2:] == [there.tutor.id, there.daniel.id]
    (row, _) = (await outbox_rows(database, MessageKind.SESSION_CHANGED))[2:]
    assert row.payload == {"appointment_id": there.id, "near": START.isoformat()}


async def told(database: Database, there: Scene) -> list[int | None]:
    rows = await outbox_rows(database, MessageKind.SESSION_CHANGED)
    return [row.person_id for row in rows if row.appointment_id == there.id]
