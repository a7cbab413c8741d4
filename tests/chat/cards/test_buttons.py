"""How the actions of a session look on its card: names, colours, rows, and what they carry."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chat import callbacks
from chat.callbacks import Button, CoordinatorChange, Settlement
from chat.cards.buttons import card_buttons, settlement_buttons
from chat.keyboards import InlineButton, Rows
from locales.reader import Reader
from models.enums import DisputeStatus, Role, Status
from services.queries.sessions import SessionDetail
from tests import details
from tests.builders import AGENCY, NOW
from tests.details import END

ABOUT = 7


def card(detail: SessionDetail, role: Role, now: datetime = NOW) -> Rows:
    return card_buttons(Reader.for_agency(AGENCY, now), detail, role, AGENCY)


def each(rows: Rows) -> Iterator[InlineButton]:
    return (button for row in rows for button in row)


def labels(rows: Rows) -> list[list[str]]:
    return [[button.text for button in row] for row in rows]


def carried(rows: Rows) -> list[Button | None]:
    return [callbacks.decode(str(button.callback_data)) for button in each(rows)]


def styles(rows: Rows) -> list[str | None]:
    return [button.style for button in each(rows)]


def test_a_request_stands_above_all_else() -> None:
    asked = details.detail(Status.SCHEDULED, request=details.request(Role.PARENT))

    rows = card(asked, Role.TUTOR)

    assert labels(rows) == [["Accept", "Suggest another"], ["Decline"], ["Cancel session"]]
    assert carried(rows) == [
        callbacks.AcceptSlot(12),
        callbacks.SuggestSlot(12),
        callbacks.DeclineSlot(12),
        callbacks.StartCancel(ABOUT),
    ]
    assert styles(rows) == ["success", None, None, "danger"]
    assert labels(card(asked, Role.PARENT)) == [["Withdraw"], ["Cancel session"]]


def test_a_session_to_come_can_be_moved_or_cancelled() -> None:
    rows = card(details.detail(Status.SCHEDULED), Role.PARENT)

    assert labels(rows) == [["Change time", "Cancel"]]
    assert carried(rows) == [callbacks.StartMove(ABOUT), callbacks.StartCancel(ABOUT)]


def test_a_parent_is_asked_in_green_and_red() -> None:
    told = details.detail(
        Status.AWAITING_APPROVAL_PARENT, notes=[details.note()], summary=details.summary()
    )

    rows = card(told, Role.PARENT, END)

    assert labels(rows) == [
        ["Acknowledge", "Dispute"],
        ["View notes", "Summary"],
        ["Report a problem"],
    ]
    assert carried(rows) == [
        callbacks.Acknowledge(ABOUT),
        callbacks.StartDispute(ABOUT),
        callbacks.ViewNotes(ABOUT),
        callbacks.ShowSummary(ABOUT),
        callbacks.ReportProblem(ABOUT),
    ]
    assert styles(rows) == ["success", "danger", None, None, None]


@pytest.mark.parametrize(
    ("absent", "label", "carries"),
    [(False, "Student absent", 1), (True, "Student present", 0)],
)
def test_a_tutor_says_that_the_student_was_absent_or_was_there_after_all(
    absent: bool, label: str, carries: int
) -> None:
    view = details.detail(Status.AWAITING_APPROVAL_PARENT).view
    there = replace(view, appointment=details.row(view.status, student_absent=absent))
    told = details.detail(Status.AWAITING_APPROVAL_PARENT, view=there)

    rows = card(told, Role.TUTOR, END)

    assert labels(rows) == [["Add notes", label]]
    assert carried(rows)[-1] == callbacks.MarkAbsent(ABOUT, carries)


def test_a_tutor_checks_in_and_out_in_green() -> None:
    start = END - timedelta(minutes=90)
    coming, leaving = details.detail(Status.SCHEDULED), details.detail(Status.CHECKED_IN)

    assert carried(card(coming, Role.TUTOR, start)) == [callbacks.CheckIn(ABOUT)]
    rows = card(leaving, Role.TUTOR, END)
    assert labels(rows) == [["Check out", "Add notes"]]
    assert carried(rows) == [callbacks.CheckOut(ABOUT), callbacks.WriteNotes(ABOUT)]
    assert styles(rows) == ["success", None]


def test_a_coordinator_settles_a_dispute_above_all_else() -> None:
    disputed = details.detail(
        Status.DISPUTED, dispute=details.dispute(DisputeStatus.OPEN), notes=[details.note()]
    )

    rows = card(disputed, Role.COORDINATOR, END)

    assert labels(rows) == [["Claim", "Verify"], ["Uphold", "Return"], ["View notes"]]
    assert carried(rows)[:4] == [
        callbacks.Claim(13),
        callbacks.Settle(13, Settlement.VERIFY),
        callbacks.Settle(13, Settlement.UPHOLD),
        callbacks.Settle(13, Settlement.RETURN),
    ]


def test_the_groups_card_has_the_buttons_of_the_dispute_alone() -> None:
    reader = Reader.for_agency(AGENCY, END)
    claimed = details.dispute(DisputeStatus.CLAIMED, claimed_by_id=4, claimed_at=NOW)
    disputed = details.detail(Status.DISPUTED, dispute=claimed, notes=[details.note()])
    settled = replace(disputed, dispute=details.dispute(DisputeStatus.UPHELD))

    buttons = settlement_buttons(reader, disputed, AGENCY)

    assert [button.text for button in buttons] == ["Verify", "Uphold", "Return"]
    assert settlement_buttons(reader, settled, AGENCY) == ()


def test_a_coordinator_has_one_button_to_cancel_for_either_side() -> None:
    rows = card(
        details.detail(Status.SCHEDULED, roles=frozenset({Role.COORDINATOR})), Role.COORDINATOR
    )

    assert labels(rows) == [["Cancel", "Move"], ["Other tutor"]]
    assert carried(rows) == [
        callbacks.Coordinate(ABOUT, CoordinatorChange.CANCEL),
        callbacks.Coordinate(ABOUT, CoordinatorChange.MOVE),
        callbacks.Coordinate(ABOUT, CoordinatorChange.GIVE),
    ]


def test_a_coordinator_deals_with_attendance_penalties_and_lost_sessions() -> None:
    cases = (
        (
            details.detail(Status.CHECKED_IN),
            [callbacks.CorrectAttendance(ABOUT), callbacks.ClearCheckIn(ABOUT)],
        ),
        (
            details.detail(Status.AWAITING_APPROVAL_PARENT),
            [callbacks.VerifySession(ABOUT)],
        ),
        (
            details.detail(
                Status.CANCELLED_BY_PARENT, cancellation=details.cancellation(penalty="x")
            ),
            [callbacks.WaivePenalty(ABOUT)],
        ),
        (
            details.detail(Status.NOT_COMPLETED),
            [callbacks.Coordinate(ABOUT, CoordinatorChange.REPLACE)],
        ),
    )
    for told, expected in cases:
        assert carried(card(told, Role.COORDINATOR, END)) == expected


def test_who_has_two_roles_in_a_session_has_each_button_once() -> None:
    told = details.detail(
        Status.SCHEDULED,
        roles=frozenset({Role.PARENT, Role.COORDINATOR}),
        notes=[details.note()],
    )

    assert labels(card(told, Role.PARENT)) == [
        ["View notes", "Change time"],
        ["Cancel"],
        ["Cancel for…"],
        ["Move", "Other tutor"],
    ]
