"""Which reason is given where there are two; some of these cannot come together by themselves."""

from collections.abc import Mapping
from datetime import datetime

from models.enums import Action, DisputeStatus, Role, Status
from services.rules.refusals import RefusalCode
from services.rules.session_actions import SessionAction
from services.rules.session_facts import BookedInstead, DisputeRecord
from tests.rules.session_cases import (
    END,
    LONG_BEFORE,
    NEW_START,
    START,
    a_request,
    a_session,
    code_of,
    done,
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

Two = tuple[SessionAction, Role, Status, Mapping[str, object], datetime, RefusalCode]
OF_TWO_REASONS: tuple[Two, ...] = (
    (DO.ACCEPT, TUTOR, SCHEDULED, OWN, NEW_START, RefusalCode.OWN_PROPOSAL),
    (DO.CHECK_IN, TUTOR, RUNNING, ASKED, LONG_BEFORE, RefusalCode.WRONG_STATUS),
    (DO.REMIND_OF_CHECK_IN, TUTOR, RUNNING, ASKED, LONG_BEFORE, RefusalCode.WRONG_STATUS),
    (DO.CHECK_OUT, TUTOR, AWAITING, {}, LONG_BEFORE, RefusalCode.WRONG_STATUS),
    (DO.CHECK_OUT, TUTOR, SCHEDULED, {}, LONG_BEFORE, RefusalCode.NOT_CHECKED_IN),
    (DO.CANCEL, TUTOR, RUNNING, {}, START, RefusalCode.WRONG_STATUS),
    (DO.PROPOSE, TUTOR, RUNNING, ASKED, LONG_BEFORE, RefusalCode.RESCHEDULE_OPEN),
    (DO.PROPOSE, TUTOR, RUNNING, {}, START, RefusalCode.WRONG_STATUS),
    (DO.ASK_REPLACEMENT, PARENT, SCHEDULED, ASKED_TO_REPLACE, END, RefusalCode.ACTED_FIRST),
    (DO.ASK_REPLACEMENT, PARENT, SCHEDULED, REPLACED, END, RefusalCode.WRONG_STATUS),
    (DO.REPLACE, COORDINATOR, SCHEDULED, REPLACED, END, RefusalCode.WRONG_STATUS),
    (DO.CORRECT_ATTENDANCE, COORDINATOR, AWAITING, ASKED, END, RefusalCode.WRONG_STATUS),
    (DO.CANCEL_FOR_TUTOR, COORDINATOR, RUNNING, ASKED, END, RefusalCode.WRONG_STATUS),
    (DO.CANCEL_FOR_PARENT, COORDINATOR, RUNNING, ASKED, END, RefusalCode.WRONG_STATUS),
    (DO.MOVE, COORDINATOR, RUNNING, ASKED, END, RefusalCode.WRONG_STATUS),
    (DO.REASSIGN, COORDINATOR, RUNNING, ASKED, END, RefusalCode.WRONG_STATUS),
    (DO.VERIFY, COORDINATOR, APPROVED, UPHELD, END, RefusalCode.WRONG_STATUS),
    (DO.VERIFY_DISPUTE, COORDINATOR, APPROVED, VERIFIED, END, RefusalCode.WRONG_STATUS),
    (DO.RETURN_DISPUTE, COORDINATOR, AWAITING, LIVE, END, RefusalCode.WRONG_STATUS),
)


def test_of_two_reasons_the_first_is_given() -> None:
    for action, role, status, over, now, code in OF_TWO_REASONS:
        assert code_of(a_session(status, **over), action, role, now) is code, (action, status)
