"""A tutor and the parents agree on another time, or do not (SPEC 2, 3, 6)."""

from collections.abc import Callable
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
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.reschedules.negotiation import (
    accept,
    counter,
    propose,
    reject,
    require_proposable,
    withdraw,
)
from services.rules.refusals.attendance import TooEarlyToCheckIn
from services.rules.refusals.requests import (
    NotYourProposal,
    OwnProposal,
    ProposalOutdated,
    RequestExpired,
    RescheduleOpen,
    SameTime,
    SlotPassed,
    SlotTaken,
)
from services.rules.refusals.sessions import ActedFirst, TooLateToChange, WrongStatus
from services.rules.refusals.standing import NotYourChild
from services.rules.refusals.typed import ReasonRequired
from services.sessions.attendance import check_in, correct_attendance
from services.sessions.cancellations import cancel
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, another_session, carry_out, scene, with_cards

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
START = NOW + DAY
END = START + timedelta(minutes=90)
NEW_START = START + DAY
OTHER_START = START + 2 * DAY
FOUR_HOURS_BEFORE = START - timedelta(hours=4)
WHY = ChangeReason.SCHEDULE_CONFLICT

ANSWERS: dict[str, Callable[[Session, int, Actor], Outcome]] = {
    "accept": lambda session, proposal_id, actor: accept(session, proposal_id, actor, zone=ZONE),
    "reject": reject,
    "counter": lambda session, proposal_id, actor: counter(
        session, proposal_id, actor, OTHER_START, zone=ZONE
    ),
    "withdraw": withdraw,
}


def tomorrow(database: OpenDatabase, **over: Any) -> Scene:
    return scene(database, starts_at=START, **over)


def proposed(
    database: OpenDatabase,
    there: Scene,
    who: Person,
    *,
    at: datetime = NEW_START,
    now: datetime = NOW,
    reason: ChangeReason = WHY,
    text: str | None = None,
) -> int:
    """Who asks for which time; the number of that version."""
    carry_out(database, propose, there.id, acting(who, now), at, reason, text, zone=ZONE)
    return versions(database, there)[-1].id


def answered(
    database: OpenDatabase, how: str, proposal_id: int, who: Person, now: datetime = NOW
) -> Outcome:
    return carry_out(database, ANSWERS[how], proposal_id, acting(who, now))


def versions(database: OpenDatabase, there: Scene) -> list[RescheduleProposal]:
    with database.reading() as session:
        found = session.exec(
            select(RescheduleProposal)
            .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
            .where(RescheduleThread.appointment_id == there.id)
            .order_by(col(RescheduleProposal.id))
        )
        return list(found.all())


def thread_of(database: OpenDatabase, there: Scene) -> RescheduleThread:
    with database.reading() as session:
        found = session.exec(
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
def test_the_tutor_and_either_parent_ask_for_another_time(
    database: OpenDatabase, who: str, side: Role, kind: Kind
) -> None:
    there = tomorrow(database, kind=kind)

    proposed(database, there, getattr(there, who), reason=ChangeReason.OTHER, text=" We travel. ")

    thread, (version,) = thread_of(database, there), versions(database, there)
    assert (thread.status, thread.opened_at, thread.expires_at) == (ThreadStatus.OPEN, NOW, START)
    assert (version.status, version.version, version.side) == (ProposalStatus.OPEN, 1, side)
    assert version.proposed_by_id == getattr(there, who).id
    assert (version.new_starts_at, version.new_ends_at) == (NEW_START, NEW_START + (END - START))
    assert (version.reason, version.text) == (ChangeReason.OTHER, "We travel.")
    session = as_it_stands(database, there.id)
    assert (session.status, session.starts_at, session.ends_at) == (Status.SCHEDULED, START, END)
    (event,) = trail(database, there.id)
    assert (event.action, event.role, event.to_status) == (Action.PROPOSE, side, None)


@pytest.mark.parametrize("who", ["tutor", "grace"])
def test_a_request_is_opened_until_a_second_before_the_last_four_hours(
    database: OpenDatabase, who: str
) -> None:
    there = tomorrow(database)
    before = every_row(database)

    for now in (FOUR_HOURS_BEFORE, FOUR_HOURS_BEFORE + SECOND, START, START + SECOND):
        with refused(TooLateToChange, starts_at=START):
            proposed(database, there, getattr(there, who), now=now)
    assert every_row(database) == before

    proposed(database, there, getattr(there, who), now=FOUR_HOURS_BEFORE - SECOND)
    assert thread_of(database, there).status is ThreadStatus.OPEN


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SCHEDULED])
def test_only_a_scheduled_session_is_asked_to_move(database: OpenDatabase, status: Status) -> None:
    there = tomorrow(database, status=status)
    before = every_row(database)

    with refused(WrongStatus, status=status):
        proposed(database, there, there.tutor)
    assert every_row(database) == before


def test_a_reason_of_ones_own_list_is_needed(database: OpenDatabase) -> None:
    there = tomorrow(database)
    before = every_row(database)

    with refused(ReasonRequired):
        proposed(database, there, there.tutor, reason=ChangeReason.SCHOOL_EVENT)
    with refused(ReasonRequired):
        proposed(database, there, there.grace, reason=ChangeReason.OTHER, text=" ")
    assert every_row(database) == before


def test_strangers_and_coordinators_do_not_ask(database: OpenDatabase) -> None:
    there, neighbours = tomorrow(database), tomorrow(database)

    for stranger in (neighbours.grace, neighbours.tutor, there.coordinator):
        with refused(NotYourChild):
            proposed(database, there, stranger)


def test_the_new_time_is_another_and_to_come(database: OpenDatabase) -> None:
    there = tomorrow(database)
    before = every_row(database)

    with refused(SameTime):
        proposed(database, there, there.tutor, at=START)
    for passed in (NOW - SECOND, NOW):
        with refused(SlotPassed):
            proposed(database, there, there.tutor, at=passed)
    assert every_row(database) == before

    proposed(database, there, there.tutor, at=NOW + SECOND)
    assert thread_of(database, there).status is ThreadStatus.OPEN


@pytest.mark.parametrize("whose", ["tutor", "student"])
def test_a_slot_that_tutor_or_student_have_taken_is_refused(
    database: OpenDatabase, whose: str
) -> None:
    there = tomorrow(database)
    with database.unit_of_work() as session:
        other_tutor = builders.tutor(session, name="Nurul Huda")
        other_child = builders.student(session, name="Ben Ong")
    over = {"student": other_child} if whose == "tutor" else {"tutor": other_tutor}
    another_session(database, there, starts_at=NEW_START + HOUR, **over)

    with refused(SlotTaken):
        proposed(database, there, there.tutor)
    proposed(database, there, there.tutor, at=NEW_START - timedelta(minutes=30))
    assert thread_of(database, there).status is ThreadStatus.OPEN


def test_one_request_is_open_at_a_time_whoever_asks(database: OpenDatabase) -> None:
    there = tomorrow(database)
    proposed(database, there, there.grace)
    before = every_row(database)

    for who in (there.tutor, there.daniel, there.grace):
        with refused(
            RescheduleOpen,
            who="Grace Lim",
            new_starts_at=NEW_START,
            appointment_id=there.id,
        ):
            proposed(database, there, who, at=OTHER_START)
    assert every_row(database) == before


def test_asking_twice_for_the_same_time_is_asking_once(database: OpenDatabase) -> None:
    there = tomorrow(database)
    proposed(database, there, there.grace)
    before = every_row(database)

    outcome = carry_out(
        database,
        propose,
        there.id,
        acting(there.grace, NOW + HOUR),
        NEW_START,
        WHY,
        None,
        zone=ZONE,
    )

    assert (outcome.repeated, outcome.at) == (True, NOW)
    assert every_row(database) == before


def test_after_a_request_is_settled_another_can_be_opened(database: OpenDatabase) -> None:
    there = tomorrow(database)
    answered(database, "reject", proposed(database, there, there.grace), there.tutor)

    proposed(database, there, there.tutor, at=OTHER_START)

    assert thread_of(database, there).status is ThreadStatus.OPEN


# ------------------------------------------------------------------------------------- answering


def test_what_the_other_side_accepts_moves_the_session(database: OpenDatabase) -> None:
    there = tomorrow(database, missed_alerted_at=NOW)
    version = proposed(database, there, there.grace)

    answered(database, "accept", version, there.tutor, NOW + HOUR)

    session = as_it_stands(database, there.id)
    assert (session.status, session.missed_alerted_at) == (Status.SCHEDULED, None)
    assert (session.starts_at, session.ends_at) == (NEW_START, NEW_START + (END - START))
    assert (session.first_starts_at, session.first_ends_at) == (START, END)
    thread, (proposal,) = thread_of(database, there), versions(database, there)
    assert (thread.status, thread.closed_at) == (ThreadStatus.AGREED, NOW + HOUR)
    assert (proposal.status, proposal.closed_by_id) == (ProposalStatus.APPROVED, there.tutor.id)
    event = trail(database, there.id)[-1]
    assert (event.action, event.role, event.to_status) == (Action.ACCEPT, Role.TUTOR, None)


def test_the_first_times_are_kept_however_often_it_moves(database: OpenDatabase) -> None:
    there = tomorrow(database)
    for new_start in (NEW_START, OTHER_START):
        version = proposed(database, there, there.tutor, at=new_start)
        answered(database, "accept", version, there.daniel)

    session = as_it_stands(database, there.id)
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
def test_declined_or_withdrawn_the_session_stays_as_it_was(
    database: OpenDatabase,
    how: str,
    who: str,
    thread_becomes: ThreadStatus,
    version_becomes: ProposalStatus,
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)

    answered(database, how, version, getattr(there, who))

    session = as_it_stands(database, there.id)
    assert (session.status, session.starts_at, session.ends_at) == (Status.SCHEDULED, START, END)
    assert session.first_starts_at is None
    assert thread_of(database, there).status is thread_becomes
    assert versions(database, there)[0].status is version_becomes


def test_a_counter_proposal_closes_the_version_before_it_and_changes_sides(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    first = proposed(database, there, there.grace)

    answered(database, "counter", first, there.tutor, NOW + HOUR)

    before, now = versions(database, there)
    assert (before.status, before.closed_by_id) == (ProposalStatus.COUNTERED, there.tutor.id)
    assert (now.status, now.version, now.side) == (ProposalStatus.OPEN, 2, Role.TUTOR)
    assert (now.new_starts_at, now.new_ends_at) == (OTHER_START, OTHER_START + (END - START))
    assert thread_of(database, there).status is ThreadStatus.OPEN
    with refused(OwnProposal):
        answered(database, "accept", now.id, there.tutor)
    answered(database, "accept", now.id, there.daniel, NOW + HOUR)
    assert as_it_stands(database, there.id).starts_at == OTHER_START


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((None, None), (None, None)),
        ((None, " We travel. "), (ChangeReason.OTHER, "We travel.")),
        ((ChangeReason.OTHER, None), (None, None)),
        ((WHY, None), (WHY, None)),
        ((WHY, "We travel."), (WHY, "We travel.")),
    ],
)
def test_a_counter_proposal_keeps_the_reason_that_is_given(
    database: OpenDatabase,
    given: tuple[ChangeReason | None, str | None],
    kept: tuple[ChangeReason | None, str | None],
) -> None:
    there = tomorrow(database)
    first = proposed(database, there, there.grace)

    carry_out(database, counter, first, acting(there.tutor), OTHER_START, *given, zone=ZONE)

    version, event = versions(database, there)[-1], trail(database, there.id)[-1]
    assert (version.reason, version.text) == kept
    assert (event.reason, (event.details or {}).get("text")) == kept


def test_a_counter_proposal_has_no_reason_of_the_other_side(database: OpenDatabase) -> None:
    there = tomorrow(database)
    first = proposed(database, there, there.grace)

    with refused(ReasonRequired):
        wrong = (OTHER_START, ChangeReason.FAMILY_MATTER)
        carry_out(database, counter, first, acting(there.tutor), *wrong, zone=ZONE)


def test_three_versions_lead_to_an_agreement(database: OpenDatabase) -> None:
    there = tomorrow(database)
    first = proposed(database, there, there.grace)
    carry_out(database, counter, first, acting(there.tutor), OTHER_START, zone=ZONE)
    second = versions(database, there)[-1].id
    carry_out(database, counter, second, acting(there.daniel), OTHER_START + HOUR, zone=ZONE)
    third = versions(database, there)[-1].id

    answered(database, "accept", third, there.tutor)

    statuses = [version.status for version in versions(database, there)]
    assert statuses == [ProposalStatus.COUNTERED, ProposalStatus.COUNTERED, ProposalStatus.APPROVED]
    assert as_it_stands(database, there.id).starts_at == OTHER_START + HOUR


@pytest.mark.parametrize("how", ["accept", "reject", "counter"])
@pytest.mark.parametrize("who", ["grace", "daniel"])
def test_the_authors_own_side_does_not_answer(database: OpenDatabase, how: str, who: str) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    before = every_row(database)

    with refused(OwnProposal):
        answered(database, how, version, getattr(there, who))
    assert every_row(database) == before


def test_the_other_side_does_not_withdraw(database: OpenDatabase) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)

    with refused(NotYourProposal):
        answered(database, "withdraw", version, there.tutor)


@pytest.mark.parametrize("how", ANSWERS)
def test_nobody_else_answers(database: OpenDatabase, how: str) -> None:
    there, neighbours = tomorrow(database), tomorrow(database)
    version = proposed(database, there, there.grace)
    before = every_row(database)

    for stranger in (neighbours.grace, neighbours.tutor, there.coordinator):
        with refused(NotYourChild):
            answered(database, how, version, stranger)
    assert every_row(database) == before


@pytest.mark.parametrize("how", ANSWERS)
def test_an_answer_to_an_older_version_shows_the_one_that_counts(
    database: OpenDatabase, how: str
) -> None:
    there = tomorrow(database)
    first = proposed(database, there, there.grace)
    answered(database, "counter", first, there.tutor)
    before = every_row(database)

    with refused(
        ProposalOutdated,
        who=there.tutor.name,
        new_starts_at=OTHER_START,
        new_ends_at=OTHER_START + (END - START),
    ):
        answered(database, how, first, there.daniel)
    assert every_row(database) == before


@pytest.mark.parametrize("how", ANSWERS)
def test_answers_count_until_a_second_before_the_original_start(
    database: OpenDatabase, how: str
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    who = there.grace if how == "withdraw" else there.tutor
    before = every_row(database)

    for now in (START, START + SECOND, START + DAY):
        with refused(RequestExpired, starts_at=START):
            answered(database, how, version, who, now)
    assert every_row(database) == before

    assert not answered(database, how, version, who, START - SECOND).repeated


def test_a_proposal_whose_time_has_passed_is_not_accepted_but_countered_or_declined(
    database: OpenDatabase,
) -> None:
    soon = NOW + 2 * HOUR
    for how, refuses in (("accept", True), ("counter", False), ("reject", False)):
        there = tomorrow(database)
        version = proposed(database, there, there.grace, at=soon)
        if refuses:
            before = every_row(database)
            for now in (soon, soon + SECOND):
                with refused(SlotPassed):
                    answered(database, how, version, there.tutor, now)
            assert every_row(database) == before
            answered(database, how, version, there.tutor, soon - SECOND)
        else:
            answered(database, how, version, there.tutor, soon)


def test_a_slot_that_was_taken_meanwhile_is_not_accepted(database: OpenDatabase) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    another_session(database, there, starts_at=NEW_START + HOUR)
    before = every_row(database)

    with refused(SlotTaken):
        answered(database, "accept", version, there.tutor)
    assert every_row(database) == before
    answered(database, "counter", version, there.tutor)


def test_a_counter_proposal_is_another_time_that_is_free_and_to_come(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    another_session(database, there, starts_at=OTHER_START)
    before = every_row(database)

    for at, kind in (
        (NEW_START, SameTime),
        (START, SameTime),
        (NOW, SlotPassed),
        (OTHER_START, SlotTaken),
    ):
        with refused(kind):
            carry_out(database, counter, version, acting(there.tutor), at, zone=ZONE)
        with refused(kind):
            carry_out(
                database,
                require_proposable,
                there.id,
                acting(there.tutor),
                answers=version,
                new_starts_at=at,
                zone=ZONE,
            )
    assert every_row(database) == before


@pytest.mark.parametrize("how", ANSWERS)
def test_an_answer_given_twice_is_given_once(database: OpenDatabase, how: str) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    who = there.grace if how == "withdraw" else there.tutor
    answered(database, how, version, who)
    before = every_row(database)

    outcome = answered(database, how, version, who, NOW + HOUR)

    assert (outcome.repeated, outcome.at) == (True, NOW)
    assert every_row(database) == before


def test_another_time_to_a_version_that_one_has_countered_is_no_repetition(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    answered(database, "counter", version, there.tutor)
    before = every_row(database)

    with refused(ProposalOutdated, actor_id=there.tutor.id, new_starts_at=OTHER_START):
        carry_out(database, counter, version, acting(there.tutor), OTHER_START + HOUR, zone=ZONE)
    assert every_row(database) == before


@pytest.mark.parametrize(
    ("settles", "who", "action"),
    [
        ("accept", "tutor", Action.ACCEPT),
        ("reject", "tutor", Action.REJECT),
        ("withdraw", "grace", Action.WITHDRAW),
    ],
)
@pytest.mark.parametrize("late", ANSWERS)
def test_who_comes_second_is_told_who_settled_it(
    database: OpenDatabase, settles: str, who: str, action: Action, late: str
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    answered(database, settles, version, getattr(there, who))
    before = every_row(database)

    with refused(ActedFirst, actor_id=getattr(there, who).id, action=action, at=NOW):
        answered(database, late, version, there.daniel)
    assert every_row(database) == before


@pytest.mark.parametrize("first", ["reject", "withdraw"])
def test_of_two_requests_settled_at_one_instant_each_names_who_settled_it(
    database: OpenDatabase, first: str
) -> None:
    there = tomorrow(database)
    who, then = (there.tutor, there.grace) if first == "reject" else (there.grace, there.tutor)
    version = proposed(database, there, there.grace)
    answered(database, first, version, who)
    answered(database, "withdraw", proposed(database, there, then), then)

    with refused(ActedFirst, actor_id=who.id, action=Action(first)):
        answered(database, "reject", version, there.daniel)


# ------------------------------------------------------------------ with what else can be done


def test_an_open_request_blocks_check_in_until_it_is_settled(database: OpenDatabase) -> None:
    for how, who in (("reject", "tutor"), ("withdraw", "grace")):
        there = tomorrow(database)
        version = proposed(database, there, there.grace)
        actor = acting(there.tutor, START - timedelta(minutes=10))
        before = every_row(database)
        with refused(RescheduleOpen, who="Grace Lim", appointment_id=there.id):
            carry_out(database, check_in, there.id, actor, AGENCY)
        assert every_row(database) == before

        answered(database, how, version, getattr(there, who))
        carry_out(database, check_in, there.id, actor, AGENCY)
        assert as_it_stands(database, there.id).status is Status.CHECKED_IN


def test_an_accepted_session_is_checked_into_at_its_new_time(database: OpenDatabase) -> None:
    there = tomorrow(database)
    answered(database, "accept", proposed(database, there, there.grace), there.tutor)

    with refused(TooEarlyToCheckIn):
        carry_out(database, check_in, there.id, acting(there.tutor, START), AGENCY)
    carry_out(database, check_in, there.id, acting(there.tutor, NEW_START), AGENCY)


def test_between_the_start_and_the_sweep_nothing_but_the_expiry_may_happen(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    proposed(database, there, there.grace)
    before = every_row(database)
    late = START + SECOND

    with refused(RequestExpired, starts_at=START):
        carry_out(database, check_in, there.id, acting(there.tutor, late), AGENCY)
    with refused(RequestExpired, starts_at=START):
        carry_out(
            database,
            correct_attendance,
            there.id,
            acting(there.coordinator, END),
            START,
            END,
            "Both were there.",
        )
    with refused(TooLateToChange):
        carry_out(database, cancel, there.id, acting(there.tutor, late), WHY, None, None)
    with refused(RequestExpired, starts_at=START):
        proposed(database, there, there.tutor, at=OTHER_START, now=late)
    assert every_row(database) == before


@pytest.mark.parametrize("late", ANSWERS)
def test_a_cancellation_settles_the_request_and_the_late_are_told_whose_it_was(
    database: OpenDatabase, late: str
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    carry_out(database, cancel, there.id, acting(there.tutor), WHY, None, None)

    thread, (proposal,) = thread_of(database, there), versions(database, there)
    assert (thread.status, proposal.status) == (ThreadStatus.CLOSED, ProposalStatus.CLOSED)
    with refused(ActedFirst, actor_id=there.tutor.id, action=Action.CANCEL):
        answered(database, late, version, there.daniel)


# -------------------------------------------------------------------------------- who is told


def test_a_request_is_a_new_card_for_the_other_side_and_an_edit_for_the_rest(
    database: OpenDatabase,
) -> None:
    by_parent, by_tutor = with_cards(database, tomorrow(database)), tomorrow(database)

    proposed(database, by_parent, by_parent.grace)
    proposed(database, by_tutor, by_tutor.tutor)

    assert told(database, by_parent) == [by_parent.tutor.id]
    assert told(database, by_tutor) == [by_tutor.grace.id, by_tutor.daniel.id]
    assert by_parent.daniel.id in recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH)


@pytest.mark.parametrize(
    ("how", "who", "hear"),
    [
        ("accept", "tutor", ["grace", "daniel"]),
        ("reject", "tutor", ["grace", "daniel"]),
        ("counter", "tutor", ["grace", "daniel"]),
        ("withdraw", "daniel", ["tutor"]),
    ],
)
def test_an_answer_is_a_new_card_for_the_side_that_waits_for_it(
    database: OpenDatabase, how: str, who: str, hear: list[str]
) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.grace)
    already = told(database, there)

    answered(database, how, version, getattr(there, who))

    expected = [getattr(there, name).id for name in hear]
    assert told(database, there)[len(already) :] == expected


def test_an_agreement_is_a_new_card_for_the_other_parent_too(database: OpenDatabase) -> None:
    there = tomorrow(database)
    version = proposed(database, there, there.tutor)

    answered(database, "accept", version, there.grace)

    assert told(database, there)[2:] == [there.tutor.id, there.daniel.id]
    (row, _) = outbox_rows(database, MessageKind.SESSION_CHANGED)[2:]
    assert row.payload == {"appointment_id": there.id, "near": START.isoformat()}


def told(database: OpenDatabase, there: Scene) -> list[int | None]:
    rows = outbox_rows(database, MessageKind.SESSION_CHANGED)
    return [row.person_id for row in rows if row.appointment_id == there.id]
