"""What depends on attendance, a dispute, a penalty, a replacement or a summary (SPEC 2, 4 to 6)."""

from dataclasses import replace

import pytest

from models.enums import Action, DisputeStatus, Origin, Role, Status
from services.rules.actions import available_judgements
from services.rules.refusals.attendance import AttendanceMissing
from services.rules.refusals.sessions import (
    ActedFirst,
    DisputeClaimed,
    DisputeSettled,
    NoPenalty,
    NotFound,
    Replaced,
    StaleButton,
)
from services.rules.session_actions import CARD, SessionAction
from services.rules.session_facts import (
    BookedInstead,
    DisputeRecord,
    MadeSummary,
    NamedPenalty,
    SessionFacts,
)
from tests.rules.session_cases import END, START, a_session, buttons, done, kind_of, told

DO = SessionAction

BELOW_A_LIVE_DISPUTE = "verify_dispute uphold_dispute return_dispute"
DISPUTES = {
    DisputeStatus.OPEN: f"claim_dispute {BELOW_A_LIVE_DISPUTE}",
    DisputeStatus.CLAIMED: BELOW_A_LIVE_DISPUTE,
    DisputeStatus.UPHELD: "",
    DisputeStatus.VERIFIED: "",
    DisputeStatus.RETURNED: "",
}


@pytest.mark.parametrize(("status", "offered"), DISPUTES.items())
def test_a_dispute_is_settled_once_by_any_coordinator(status: DisputeStatus, offered: str) -> None:
    facts = a_session(Status.DISPUTED, dispute=DisputeRecord(status))

    assert buttons(facts, Role.COORDINATOR) == offered
    assert buttons(facts, Role.TUTOR) == "add_notes"
    assert buttons(facts, Role.PARENT) == "report_problem"


@pytest.mark.parametrize("settled", [DisputeStatus.RETURNED, DisputeStatus.VERIFIED])
def test_a_settled_dispute_leaves_the_buttons_of_the_status(settled: DisputeStatus) -> None:
    facts = a_session(Status.AWAITING_APPROVAL_PARENT, dispute=DisputeRecord(settled))

    assert buttons(facts, Role.COORDINATOR) == "verify"
    assert buttons(facts, Role.PARENT) == "acknowledge dispute report_problem"


def test_approval_is_offered_without_attendance_too_since_its_answer_says_what_to_do() -> None:
    facts = a_session(Status.AWAITING_APPROVAL_PARENT, checked_out_at=None)

    assert buttons(facts, Role.PARENT) == "acknowledge dispute report_problem"
    assert buttons(facts, Role.COORDINATOR) == "verify"
    disputed = a_session(Status.DISPUTED, checked_out_at=None)
    assert buttons(disputed, Role.COORDINATOR) == DISPUTES[DisputeStatus.OPEN]


@pytest.mark.parametrize("status", [Status.CANCELLED_BY_TUTOR, Status.CANCELLED_BY_PARENT])
def test_a_penalty_is_waived_once_by_a_coordinator(status: Status) -> None:
    named = a_session(status, penalty=NamedPenalty())
    waived = a_session(status, penalty=NamedPenalty(done(Action.WAIVE_PENALTY)))

    assert "waive_penalty" in buttons(named, Role.COORDINATOR)
    for facts, role in ((waived, Role.COORDINATOR), (named, Role.TUTOR), (named, Role.PARENT)):
        assert "waive_penalty" not in buttons(facts, role)


def test_a_replacement_is_asked_for_once_and_booked_once() -> None:
    lost = a_session(Status.NOT_COMPLETED)
    asked = replace(lost, replacement_asked=done(Action.ASK_REPLACEMENT, Role.PARENT))
    booked = replace(lost, replaced_by=BookedInstead("Priya Nair", 1, END, START, END))

    for role in (Role.TUTOR, Role.PARENT):
        assert "ask_replacement" in buttons(lost, role)
        assert "ask_replacement" not in buttons(asked, role)
        assert "ask_replacement" not in buttons(booked, role)
    assert buttons(asked, Role.COORDINATOR) == "replace"
    assert buttons(booked, Role.COORDINATOR) == ""


def test_a_summary_that_its_tutor_calls_wrong_is_kept_from_the_parents() -> None:
    wrong = a_session(Status.APPROVED, summary=MadeSummary(is_right=False))

    assert buttons(wrong, Role.PARENT) == "report_problem"
    assert buttons(wrong, Role.TUTOR) == "add_notes view_summary"
    assert buttons(wrong, Role.COORDINATOR) == "view_summary"


def test_only_the_tutor_judges_a_summary_and_may_change_their_mind() -> None:
    def judgements(is_right: bool | None, role: Role = Role.TUTOR) -> tuple[SessionAction, ...]:
        facts = a_session(Status.APPROVED, summary=MadeSummary(is_right))
        return available_judgements(facts, role)

    right, wrong = DO.SUMMARY_IS_RIGHT, DO.SUMMARY_IS_WRONG
    assert judgements(None) == (right, wrong)
    assert judgements(is_right=True) == (wrong,)
    assert judgements(is_right=False) == (right,)
    assert judgements(None, Role.PARENT) == judgements(None, Role.COORDINATOR) == ()
    assert available_judgements(a_session(Status.APPROVED), Role.TUTOR) == ()


# --------------------------------------------------------------------------------- their refusals


@pytest.mark.parametrize("lacking", ["checked_in_at", "checked_out_at"])
def test_nobody_approves_a_native_session_without_both_times(lacking: str) -> None:
    awaiting = a_session(Status.AWAITING_APPROVAL_PARENT, **{lacking: None})
    disputed = a_session(Status.DISPUTED, **{lacking: None})
    missing = AttendanceMissing

    assert kind_of(awaiting, DO.ACKNOWLEDGE, Role.PARENT) is missing
    assert kind_of(awaiting, DO.VERIFY, Role.COORDINATOR) is missing
    assert kind_of(disputed, DO.VERIFY_DISPUTE, Role.COORDINATOR) is missing
    imported = replace(awaiting, origin=Origin.IMPORTED)
    assert kind_of(imported, DO.ACKNOWLEDGE, Role.PARENT) is None
    assert kind_of(imported, DO.VERIFY, Role.COORDINATOR) is None


def test_a_settled_dispute_says_who_settled_it() -> None:
    def settled(status: DisputeStatus) -> SessionFacts:
        record = DisputeRecord(status, settled_by_id=4, settled_by="Farah Aziz", settled_at=END)
        return a_session(Status.DISPUTED, dispute=record, checked_in_at=None)

    for status in (DisputeStatus.UPHELD, DisputeStatus.VERIFIED, DisputeStatus.RETURNED):
        params = {"who": "Farah Aziz", "actor_id": 4, "status": status, "at": END}
        for action in (
            DO.CLAIM_DISPUTE,
            DO.VERIFY_DISPUTE,
            DO.UPHOLD_DISPUTE,
            DO.RETURN_DISPUTE,
        ):
            found = told(settled(status), action, Role.COORDINATOR)
            assert found == (DisputeSettled, params)
    assert kind_of(settled(DisputeStatus.UPHELD), DO.VERIFY, Role.COORDINATOR) is (DisputeSettled)


def test_a_claimed_dispute_can_be_settled_by_anybody_but_not_claimed_again() -> None:
    record = DisputeRecord(
        DisputeStatus.CLAIMED, claimed_by_id=4, claimed_by="Farah Aziz", claimed_at=END
    )
    facts = a_session(Status.DISPUTED, dispute=record)

    assert told(facts, DO.CLAIM_DISPUTE, Role.COORDINATOR) == (
        DisputeClaimed,
        {"who": "Farah Aziz", "actor_id": 4, "at": END},
    )
    for action in (
        DO.VERIFY_DISPUTE,
        DO.UPHOLD_DISPUTE,
        DO.RETURN_DISPUTE,
        DO.VERIFY,
    ):
        assert kind_of(facts, action, Role.COORDINATOR) is None


def test_without_a_dispute_there_is_none_to_settle() -> None:
    for action in (
        DO.CLAIM_DISPUTE,
        DO.UPHOLD_DISPUTE,
        DO.RETURN_DISPUTE,
    ):
        assert (
            kind_of(a_session(Status.AWAITING_APPROVAL_PARENT), action, Role.COORDINATOR)
            is NotFound
        )


def test_a_penalty_has_to_be_there_and_is_waived_once() -> None:
    cancelled = a_session(Status.CANCELLED_BY_PARENT)
    waived = replace(cancelled, penalty=NamedPenalty(done(Action.WAIVE_PENALTY)))

    assert kind_of(cancelled, DO.WAIVE_PENALTY, Role.COORDINATOR) is NoPenalty
    assert kind_of(waived, DO.WAIVE_PENALTY, Role.COORDINATOR) is ActedFirst
    named = replace(cancelled, penalty=NamedPenalty())
    assert kind_of(named, DO.WAIVE_PENALTY, Role.COORDINATOR) is None


def test_who_asked_for_a_replacement_is_named_before_who_booked_it() -> None:
    new = BookedInstead("Priya Nair", 1, END, START, END)
    booked = a_session(Status.NOT_COMPLETED, replaced_by=new)
    asked = replace(booked, replacement_asked=done(Action.ASK_REPLACEMENT, Role.PARENT))
    params = {"who": "Priya Nair", "actor_id": 1, "at": END, "starts_at": START, "ends_at": END}

    assert told(booked, DO.ASK_REPLACEMENT, Role.TUTOR) == (Replaced, params)
    assert told(asked, DO.REPLACE, Role.COORDINATOR) == (Replaced, params)
    assert kind_of(asked, DO.ASK_REPLACEMENT, Role.TUTOR) is ActedFirst


def test_a_summary_is_shown_where_there_is_one_and_judged_while_it_is_the_newest() -> None:
    none, newest = a_session(Status.APPROVED), a_session(Status.APPROVED, summary=MadeSummary())
    wrong = replace(none, summary=MadeSummary(is_right=False))
    older = replace(none, summary=MadeSummary(is_newest=False))

    for role in CARD:
        assert kind_of(none, DO.VIEW_SUMMARY, role) is NotFound
        assert kind_of(newest, DO.VIEW_SUMMARY, role) is None
    assert kind_of(wrong, DO.VIEW_SUMMARY, Role.PARENT) is StaleButton
    assert kind_of(wrong, DO.VIEW_SUMMARY, Role.TUTOR) is None
    for judgement in (DO.SUMMARY_IS_RIGHT, DO.SUMMARY_IS_WRONG):
        assert kind_of(newest, judgement, Role.TUTOR) is None
        assert kind_of(older, judgement, Role.TUTOR) is StaleButton
        assert kind_of(none, judgement, Role.TUTOR) is StaleButton
