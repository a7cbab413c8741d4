"""What was read of a session becomes the facts by which its actions are decided."""

from datetime import timedelta

import pytest

from models.enums import Action, DisputeStatus, Origin, Role, Status
from services.lifecycle.facts import facts_of_row
from services.queries.card_events import LastMove
from services.queries.facts import facts_of
from services.queries.replacements import AskedFor, Replacement
from services.queries.sessions import SessionView
from services.rules.session_facts import (
    BookedInstead,
    DisputeRecord,
    Done,
    MadeSummary,
    NamedPenalty,
    OpenProposal,
    SessionFacts,
)
from tests import details
from tests.builders import NOW, ZONE
from tests.details import COORDINATOR, END, PARENT, START, STUDENT, TUTOR

LATER = NOW + timedelta(hours=1)


def test_a_row_tells_its_status_its_times_and_where_it_came_from() -> None:
    row = details.row(
        Status.APPROVED, origin=Origin.IMPORTED, checked_in_at=START, checked_out_at=END
    )
    expected = SessionFacts(
        appointment_id=7,
        status=Status.APPROVED,
        starts_at=START,
        ends_at=END,
        zone=ZONE,
        origin=Origin.IMPORTED,
        checked_in_at=START,
        checked_out_at=END,
    )

    assert facts_of_row(row, ZONE) == expected
    found = details.detail(Status.APPROVED, view=SessionView(row, TUTOR, STUDENT))
    assert facts_of(found, ZONE) == expected


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
def test_an_open_request_tells_who_proposed_which_time_and_until_when_answers_count(
    side: Role,
) -> None:
    facts = facts_of(details.detail(Status.SCHEDULED, request=details.request(side)), ZONE)

    proposer = TUTOR if side is Role.TUTOR else PARENT
    assert facts.proposal == OpenProposal(
        id=12,
        side=side,
        new_starts_at=START + timedelta(hours=2),
        new_ends_at=END + timedelta(hours=2),
        proposer_id=proposer.id,
        proposer=proposer.name,
        expires_at=START,
    )


def test_a_dispute_tells_who_claimed_and_who_settled_it() -> None:
    record = details.dispute(
        DisputeStatus.UPHELD,
        claimed_by_id=COORDINATOR.id,
        claimed_at=NOW,
        settled_by_id=9,
        settled_at=LATER,
    )
    found = details.detail(
        Status.DISPUTED, dispute=record, claimed_by="Priya Nair", settled_by="Farah Aziz"
    )

    assert facts_of(found, ZONE).dispute == DisputeRecord(
        DisputeStatus.UPHELD, COORDINATOR.id, "Priya Nair", NOW, 9, "Farah Aziz", LATER
    )


def test_a_penalty_counts_where_one_was_named_and_says_who_waived_it() -> None:
    def penalty(waived_by: str | None = None, **over: object) -> NamedPenalty | None:
        kept = details.cancellation(**over)
        found = details.detail(Status.CANCELLED_BY_PARENT, cancellation=kept, waived_by=waived_by)
        return facts_of(found, ZONE).penalty

    waiver = Done(Action.WAIVE_PENALTY, Role.COORDINATOR, LATER, COORDINATOR.id, COORDINATOR.name)
    assert penalty() is None
    assert penalty(penalty="One lesson") == NamedPenalty()
    assert penalty(penalty="Half the fee", amount=4000) == NamedPenalty()
    assert penalty(penalty="None", amount=0) is None
    assert penalty(
        COORDINATOR.name, penalty="One lesson", waived_at=LATER, waived_by_id=COORDINATOR.id
    ) == NamedPenalty(waiver)


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
def test_a_lost_session_tells_who_asked_for_another_and_what_stands_in_its_place(
    side: Role,
) -> None:
    person = TUTOR if side is Role.TUTOR else PARENT
    new = details.row(Status.SCHEDULED, id=8, starts_at=LATER, ends_at=END)
    told = Replacement(AskedFor(person.name, person.id, NOW), new)

    facts = facts_of(details.detail(Status.NOT_COMPLETED, replacement=told), ZONE)

    asked = Done(Action.ASK_REPLACEMENT, side, NOW, person.id, person.name)
    assert facts.replacement_asked == asked
    assert facts.replaced_by == BookedInstead("", None, NOW, LATER, END)


def test_notes_and_the_tutors_word_on_their_summary_are_known() -> None:
    found = details.detail(
        Status.APPROVED, notes=[details.note()], summary=details.summary(is_right=False)
    )

    facts = facts_of(found, ZONE)

    assert (facts.has_notes, facts.summary) == (True, MadeSummary(is_right=False))


def test_who_moved_the_session_is_known_but_not_who_made_it() -> None:
    def last(action: Action) -> Done | None:
        move = LastMove(action, Role.COORDINATOR, NOW, COORDINATOR.id, COORDINATOR.name, "Why")
        return facts_of(details.detail(Status.SCHEDULED, last_move=move), ZONE).last_move

    assert last(Action.CLEAR_CHECK_IN) == Done(
        Action.CLEAR_CHECK_IN, Role.COORDINATOR, NOW, COORDINATOR.id, COORDINATOR.name
    )
    for made in (
        Action.CREATE,
        Action.REPLACE,
        Action.SCHEDULE,
        Action.LOG_ADHOC,
        Action.IMPORT,
    ):
        assert last(made) is None
