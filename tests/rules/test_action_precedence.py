"""Which reason is given where there are two; some of these cannot come together by themselves."""

from collections.abc import Mapping
from datetime import datetime

from models.enums import Action, DisputeStatus, Role, Status
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import NotCheckedIn
from services.rules.refusals.requests import OwnProposal, RescheduleOpen
from services.rules.refusals.sessions import ActedFirst, WrongStatus
from services.rules.session_actions import SessionAction
from services.rules.session_facts import BookedInstead, DisputeRecord
from tests.rules.session_cases import (
    END,
    LONG_BEFORE,
    NEW_START,
    START,
    a_request,
    a_session,
    done,
    kind_of,
)

DO = SessionAction
TUTOR, PARENT, COORDINATOR = Role.TUTOR, Role.PARENT, Role.COORDINATOR
SCHEDULED, AWAITING = Status.SCHEDULED, Status.AWAITING_APPROVAL_PARENT

ASKED, OWN = {"proposal": a_request(PARENT)}, {"proposal": a_request(TUTOR)}
REPLACED = {"replaced_by": BookedInstead("Priya Nair", 1, END, START, END)}
ASKED_TO_REPLACE = {"replacement_asked": done(Action.ASK_REPLACEMENT, PARENT)}
VERIFIED = {"dispute": DisputeRecord(DisputeStatus.VERIFIED)}
UPHELD = {"dispute": DisputeRecord(DisputeStatus.UPHELD)}
LIVE = {"dispute": DisputeRecord(DisputeStatus.OPEN)}
RUNNING, APPROVED = Status.CHECKED_IN, Status.APPROVED

Two = tuple[SessionAction, Role, Status, Mapping[str, object], datetime, type[Refusal]]
OF_TWO_REASONS: tuple[Two, ...] = (
    (DO.ACCEPT, TUTOR, SCHEDULED, OWN, NEW_START, OwnProposal),
    (DO.CHECK_IN, TUTOR, RUNNING, ASKED, LONG_BEFORE, WrongStatus),
    (DO.REMIND_OF_CHECK_IN, TUTOR, RUNNING, ASKED, LONG_BEFORE, WrongStatus),
    (DO.CHECK_OUT, TUTOR, AWAITING, {}, LONG_BEFORE, WrongStatus),
    (DO.CHECK_OUT, TUTOR, SCHEDULED, {}, LONG_BEFORE, NotCheckedIn),
    (DO.CANCEL, TUTOR, RUNNING, {}, START, WrongStatus),
    (DO.PROPOSE, TUTOR, RUNNING, ASKED, LONG_BEFORE, RescheduleOpen),
    (DO.PROPOSE, TUTOR, RUNNING, {}, START, WrongStatus),
    (DO.ASK_REPLACEMENT, PARENT, SCHEDULED, ASKED_TO_REPLACE, END, ActedFirst),
    (DO.ASK_REPLACEMENT, PARENT, SCHEDULED, REPLACED, END, WrongStatus),
    (DO.REPLACE, COORDINATOR, SCHEDULED, REPLACED, END, WrongStatus),
    (DO.CORRECT_ATTENDANCE, COORDINATOR, AWAITING, ASKED, END, WrongStatus),
    (DO.CANCEL_FOR_TUTOR, COORDINATOR, RUNNING, ASKED, END, WrongStatus),
    (DO.CANCEL_FOR_PARENT, COORDINATOR, RUNNING, ASKED, END, WrongStatus),
    (DO.MOVE, COORDINATOR, RUNNING, ASKED, END, WrongStatus),
    (DO.REASSIGN, COORDINATOR, RUNNING, ASKED, END, WrongStatus),
    (DO.VERIFY, COORDINATOR, APPROVED, UPHELD, END, WrongStatus),
    (DO.VERIFY_DISPUTE, COORDINATOR, APPROVED, VERIFIED, END, WrongStatus),
    (DO.RETURN_DISPUTE, COORDINATOR, AWAITING, LIVE, END, WrongStatus),
)


def test_of_two_reasons_the_first_is_given() -> None:
    for action, role, status, over, now, kind in OF_TWO_REASONS:
        assert kind_of(a_session(status, **over), action, role, now) is kind, (action, status)
