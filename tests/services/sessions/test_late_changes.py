"""Coordinators are told of what comes up in the last four hours (SPEC 6)."""

from datetime import timedelta
from typing import Any

import pytest

from models.enums import Action, ChangeReason, MessageKind, Role, Status
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton, WrongStatus
from services.rules.refusals.standing import NotYourChild, NotYourSession
from services.rules.refusals.typed import ReasonRequired
from services.sessions.late_changes import explain_missed, require_late, tell_coordinators
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, outbox_rows, refused, trail
from tests.services.scenes import Scene, carry_out, scene

SOON: dict[str, Any] = {"starts_at": NOW + timedelta(hours=4)}
ILL = ChangeReason.CHILD_UNWELL


def tell(database: OpenDatabase, there: Scene, reason: ChangeReason = ILL, text: str = "") -> None:
    """Grace, the parent, tells the coordinators."""
    carry_out(database, tell_coordinators, there.id, acting(there.grace), reason, text)


def test_the_group_is_told_and_the_session_stays_as_it_is(database: OpenDatabase) -> None:
    there = scene(database, **SOON)
    before = as_it_stands(database, there.id)

    tell(database, there, ChangeReason.OTHER, "She fell off her bicycle.")

    assert as_it_stands(database, there.id) == before
    (event,) = [one for one in trail(database, there.id) if one.action is Action.TELL_COORDINATORS]
    assert (event.role, event.reason, event.to_status) == (Role.PARENT, "other", None)
    assert event.details is not None
    assert event.details["text"] == "She fell off her bicycle."
    (row,) = outbox_rows(database, MessageKind.LATE_CHANGE_TOLD)
    assert (row.person_id, row.payload["event_id"]) == (None, event.id)


def test_the_same_again_is_told_once_and_something_else_again(database: OpenDatabase) -> None:
    there = scene(database, **SOON)

    for reason in (ILL, ILL, ChangeReason.FAMILY_MATTER):
        tell(database, there, reason)

    assert len(outbox_rows(database, MessageKind.LATE_CHANGE_TOLD)) == 2


@pytest.mark.parametrize(
    ("starts_in", "status", "refusal"),
    [
        (timedelta(hours=4, seconds=1), Status.SCHEDULED, StaleButton),
        (timedelta(0), Status.SCHEDULED, StaleButton),
        (timedelta(0), Status.CHECKED_IN, StaleButton),
        (timedelta(hours=1), Status.CANCELLED_BY_TUTOR, WrongStatus),
    ],
)
def test_only_in_the_last_four_hours_of_a_scheduled_session(
    database: OpenDatabase, starts_in: timedelta, status: Status, refusal: type[Refusal]
) -> None:
    there = scene(database, status, starts_at=NOW + starts_in)

    with refused(refusal):
        tell(database, there)
    with refused(refusal):
        carry_out(database, require_late, there.id, acting(there.grace))


def test_a_reason_is_of_the_sides_own_list_and_other_needs_words(database: OpenDatabase) -> None:
    there = scene(database, **SOON)

    for reason in (ChangeReason.UNWELL, ChangeReason.OTHER):
        with refused(ReasonRequired):
            tell(database, there, reason)


def test_a_stranger_to_the_session_tells_nobody(database: OpenDatabase) -> None:
    there = scene(database, **SOON)
    with database.unit_of_work() as session:
        other = builders.parent(session, name="Sam Ng")

    with refused(NotYourChild):
        carry_out(database, tell_coordinators, there.id, acting(other), ILL, None)


DAYS_AGO: dict[str, Any] = {"starts_at": NOW - timedelta(days=2)}


def test_a_missed_check_in_is_explained_once_and_stays_missed(database: OpenDatabase) -> None:
    there = scene(database, **DAYS_AGO)
    before = as_it_stands(database, there.id)

    for _ in range(2):
        carry_out(database, explain_missed, there.id, acting(there.tutor), " I came. ", AGENCY)

    assert as_it_stands(database, there.id) == before
    (event,) = [one for one in trail(database, there.id) if one.action is Action.TELL_COORDINATORS]
    assert (event.role, event.to_status) == (Role.TUTOR, None)
    assert (event.details or {})["text"] == "I came."
    (row,) = outbox_rows(database, MessageKind.MISSED_EXPLAINED)
    assert (row.person_id, row.payload["event_id"]) == (None, event.id)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"starts_at": NOW + timedelta(seconds=1)}, StaleButton),
        (DAYS_AGO | {"status": Status.APPROVED}, WrongStatus),
        (DAYS_AGO | {"status": Status.CANCELLED_BY_TUTOR}, WrongStatus),
    ],
)
def test_what_is_not_under_way_is_not_explained(
    database: OpenDatabase, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    there = scene(database, **over)

    with refused(refusal):
        carry_out(database, explain_missed, there.id, acting(there.tutor), "I came.", AGENCY)


@pytest.mark.parametrize("starts_in", [timedelta(minutes=20), -timedelta(hours=1)])
def test_a_tutor_who_has_checked_in_tells_of_it(
    database: OpenDatabase, starts_in: timedelta
) -> None:
    there = scene(database, Status.CHECKED_IN, starts_at=NOW + starts_in)

    carry_out(database, explain_missed, there.id, acting(there.tutor), "Nobody opens.", AGENCY)

    assert len(outbox_rows(database, MessageKind.MISSED_EXPLAINED)) == 1
    with refused(WrongStatus):
        carry_out(
            database, tell_coordinators, there.id, acting(there.tutor), ChangeReason.UNWELL, None
        )


def test_before_the_start_parents_tell_of_a_session_checked_in_to(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN, starts_at=NOW + timedelta(minutes=20))

    tell(database, there, ChangeReason.OTHER, "She is still in the shower.")

    assert len(outbox_rows(database, MessageKind.LATE_CHANGE_TOLD)) == 1


def test_only_its_tutor_explains_it_and_in_words(database: OpenDatabase) -> None:
    there = scene(database, **DAYS_AGO)

    for person in (there.grace, there.coordinator):
        with refused(NotYourSession):
            carry_out(database, explain_missed, there.id, acting(person), "I came.", AGENCY)
    with refused(ReasonRequired):
        carry_out(database, explain_missed, there.id, acting(there.tutor), " ", AGENCY)
    assert outbox_rows(database, MessageKind.MISSED_EXPLAINED) == []
