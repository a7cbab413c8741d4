"""Words of people, sessions and what is done with them (SPEC 1, 2, 5, 6). Standard library only."""

from enum import StrEnum


class Status(StrEnum):
    """Status of an appointment. Stored as it is; labels are derived (SPEC 1)."""

    SCHEDULED = "scheduled"
    CHECKED_IN = "checked_in"
    AWAITING_APPROVAL_PARENT = "awaiting_approval_parent"
    APPROVED = "approved"
    DISPUTED = "disputed"
    CANCELLED_BY_TUTOR = "cancelled_by_tutor"
    CANCELLED_BY_PARENT = "cancelled_by_parent"
    NOT_COMPLETED = "not_completed"


class Action(StrEnum):
    """Action on an appointment: the verbs of the status table and of the audit trail."""

    CREATE = "create"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    ACKNOWLEDGE = "acknowledge"
    DISPUTE = "dispute"
    VERIFY = "verify"
    UPHOLD = "uphold"
    RETURN = "return"
    CANCEL = "cancel"
    EXPIRE = "expire"
    CANCEL_FOR_TUTOR = "cancel_for_tutor"
    CANCEL_FOR_PARENT = "cancel_for_parent"
    CORRECT_ATTENDANCE = "correct_attendance"
    CLEAR_CHECK_IN = "clear_check_in"
    REPLACE = "replace"
    SCHEDULE = "schedule"
    LOG_ADHOC = "log_adhoc"
    IMPORT = "import"
    CLAIM = "claim"
    REPORT_PROBLEM = "report_problem"
    MARK_ABSENT = "mark_absent"
    ADD_NOTE = "add_note"
    REMOVE_NOTE = "remove_note"
    LINK = "link"
    INVITE = "invite"
    PROPOSE = "propose"
    COUNTER = "counter"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    MOVE = "move"
    REASSIGN = "reassign"
    WAIVE_PENALTY = "waive_penalty"
    ASK_REPLACEMENT = "ask_replacement"
    TELL_COORDINATORS = "tell_coordinators"
    EDIT_NOTE = "edit_note"
    DECLINE_NOTES = "decline_notes"
    JUDGE_SUMMARY = "judge_summary"
    SIGN_IN = "sign_in"
    MAKE_FEED = "make_feed"
    REVOKE_FEED = "revoke_feed"
    CLAIM_PROBLEM = "claim_problem"
    ANSWER_PROBLEM = "answer_problem"
    CLOSE_PROBLEM = "close_problem"
    ERASE = "erase"
    BUY_PACKAGE = "buy_package"
    ADJUST_PACKAGE = "adjust_package"
    REVERSE_ENTRY = "reverse_entry"
    CLOSE_MONTH = "close_month"
    ENTER_AMOUNT = "enter_amount"
    MARK_PAY = "mark_pay"
    SET_PRICE = "set_price"
    INVITE_BY_WEB = "invite_by_web"
    REVOKE_INVITATION = "revoke_invitation"
    END_SIGN_IN = "end_sign_in"
    ADD_PERSON = "add_person"
    EDIT_PERSON = "edit_person"
    ADD_STUDENT = "add_student"
    EDIT_STUDENT = "edit_student"
    ADD_GUARDIAN = "add_guardian"
    REMOVE_GUARDIAN = "remove_guardian"
    SEE_AS = "see_as"
    STOP_SEEING = "stop_seeing"
    OFFER_MATCH = "offer_match"
    ACCEPT_MATCH = "accept_match"
    DECLINE_MATCH = "decline_match"
    CHANGE_MATCH = "change_match"
    END_MATCH = "end_match"
    TAKE_LEAVE = "take_leave"
    WITHDRAW_LEAVE = "withdraw_leave"
    ADD_HOLIDAY = "add_holiday"
    REMOVE_HOLIDAY = "remove_holiday"
    NUDGE = "nudge"
    SNOOZE = "snooze"
    WAKE = "wake"
    SEND_AGAIN = "send_again"
    SET_ASIDE = "set_aside"
    DEAL_WITH = "deal_with"
    ADD_TO_REPORT = "add_to_report"


class Role(StrEnum):
    """Role in which somebody acts (SPEC 1)."""

    TUTOR = "tutor"
    PARENT = "parent"
    COORDINATOR = "coordinator"
    SYSTEM = "system"


class Channel(StrEnum):
    """Channel through which an action came (SPEC 2)."""

    TELEGRAM = "telegram"
    WEB = "web"
    SYSTEM = "system"
    IMPORT = "import"


class Kind(StrEnum):
    """Kind of session (SPEC 11)."""

    REGULAR = "regular"
    TRIAL = "trial"
    ADHOC = "adhoc"


class MatchStatus(StrEnum):
    """Status of a match (SPEC 7)."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Ended by a coordinator before any parent answered."""
    ENDED = "ended"


class LeaveStatus(StrEnum):
    """Status of a tutor's leave (SPEC 7)."""

    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Whether an appointment was made here or imported (SPEC 11)."""

    NATIVE = "native"
    IMPORTED = "imported"


class ThreadStatus(StrEnum):
    """Status of a reschedule thread (SPEC 11)."""

    OPEN = "open"
    AGREED = "agreed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


class ProposalStatus(StrEnum):
    """Status of one version of a proposal (SPEC 11)."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    COUNTERED = "countered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


class DisputeStatus(StrEnum):
    """Status of a dispute (SPEC 11)."""

    OPEN = "open"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    RETURNED = "returned"
    UPHELD = "upheld"


class DisputeReason(StrEnum):
    """Reason for which a parent disputes a session (SPEC 5)."""

    DID_NOT_TAKE_PLACE = "did_not_take_place"
    SHORTER_THAN_BOOKED = "shorter_than_booked"
    WRONG_TIME = "wrong_time"
    NOTES_DO_NOT_MATCH = "notes_do_not_match"
    CONDUCT = "conduct"
    OTHER = "other"


class ProblemStatus(StrEnum):
    """Status of a problem report (SPEC 5)."""

    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


class ChangeReason(StrEnum):
    """Reason for cancelling or moving a session; each side has its own list (SPEC 6)."""

    UNWELL = "unwell"
    EMERGENCY = "emergency"
    STUDENT_UNAVAILABLE = "student_unavailable"
    CHILD_UNWELL = "child_unwell"
    SCHOOL_EVENT = "school_event"
    FAMILY_MATTER = "family_matter"
    SCHEDULE_CONFLICT = "schedule_conflict"
    OTHER = "other"
