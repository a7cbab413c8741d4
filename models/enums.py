"""Closed sets of words that the database stores (SPEC 1, 2, 11). Standard library only."""

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
    SEND_AGAIN = "send_again"
    SET_ASIDE = "set_aside"


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


class PriceUnit(StrEnum):
    """What a price and a pay are for (SPEC 7)."""

    HOUR = "hour"
    SESSION = "session"


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


class PartKind(StrEnum):
    """Kind of a note part (SPEC 11)."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"


class Level(StrEnum):
    """Level of engagement or confidence in a summary (SPEC 4)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_OBSERVED = "not_observed"


class QuoteOrigin(StrEnum):
    """Author of a quote: the tutor, or a model that transcribed or read."""

    TEXT = "text"
    TRANSCRIPT = "transcript"
    READING = "reading"


class SummarySource(StrEnum):
    """Author of a summary: a model, or the offline extractor if none is configured (SPEC 4)."""

    MODEL = "model"
    OFFLINE = "offline"


class SummaryStatus(StrEnum):
    """Status of a summary."""

    PENDING = "pending"
    MADE = "made"
    TOO_SHORT = "too_short"
    FAILED = "failed"


class MissedKind(StrEnum):
    """Missing part of a session's attendance; derived, never stored as a status (SPEC 3)."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"


class Trouble(StrEnum):
    """Trouble that only a person can mend (SPEC 11)."""

    PENALTY_SHEET = "penalty_sheet"
    MODEL_SETTINGS = "model_settings"
    OTHER_PROGRAM = "other_program"
    """Another program fetches the updates of the same token."""


class ListKind(StrEnum):
    """Kind of a list of sessions in a private chat; a newer one of the kind takes its place."""

    SESSIONS = "sessions"
    UPCOMING = "upcoming"
    TODOS = "todos"
    DIGEST = "digest"
    DAY_BEFORE = "day_before"
    TO_CHECK_IN = "to_check_in"
    TO_CHECK_OUT = "to_check_out"
    FOR_NOTES = "for_notes"
    TO_CHANGE = "to_change"
    AGENCY = "agency"
    """Coordinators' list; its argument is the list's name."""
    FOUND = "found"
    """What a search found; its argument is what was searched for."""
    CALLED = "called"
    """Sessions of a name; its argument is what was searched for."""


class MessageKind(StrEnum):
    """Kind of an outbox message; its text is made when it is sent (DESIGN 2, idea 6)."""

    APPOINTMENT_CARD = "appointment_card"
    APPOINTMENT_CARD_REFRESH = "appointment_card_refresh"
    LIST_REFRESH = "list_refresh"
    DISPUTE_CARD = "dispute_card"
    DISPUTE_CARD_REFRESH = "dispute_card_refresh"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    CHECK_IN_CLEARED = "check_in_cleared"
    NOTES_ADDED = "notes_added"
    NOTES_CLOSED = "notes_closed"
    PROBLEM_REPORTED = "problem_reported"
    PROBLEM_CARD_REFRESH = "problem_card_refresh"
    PROBLEM_CLAIMED = "problem_claimed"
    PROBLEM_ANSWERED = "problem_answered"
    PROBLEM_CLOSED = "problem_closed"
    NO_PARENT_LINKED = "no_parent_linked"
    PERSON_UNREACHABLE = "person_unreachable"
    ATTENDANCE_MISSED = "attendance_missed"
    UPDATE_SET_ASIDE = "update_set_aside"
    MESSAGE_GIVEN_UP = "message_given_up"
    GROUP_REFUSES = "group_refuses"
    MEDIA_REFUSED = "media_refused"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_CHANGED = "session_changed"
    SESSION_EXPIRED = "session_expired"
    SESSION_SCHEDULED = "session_scheduled"
    SESSION_REASSIGNED = "session_reassigned"
    REPLACEMENT_ASKED = "replacement_asked"
    LATE_CHANGE_TOLD = "late_change_told"
    TUTOR_DIGEST = "tutor_digest"
    CHECK_IN_OPEN = "check_in_open"
    CHECK_OUT_OPEN = "check_out_open"
    CHECK_OUT_DUE = "check_out_due"
    DAY_BEFORE = "day_before"
    ACKNOWLEDGEMENT_DUE = "acknowledgement_due"
    ACKNOWLEDGEMENTS_OVERDUE = "acknowledgements_overdue"
    ANSWER_DUE = "answer_due"
    REQUEST_EXPIRES = "request_expires"
    MEDIA_LATE = "media_late"
    MENDING_NEEDED = "mending_needed"
    PACKAGE_LOW = "package_low"
    PACKAGE_EXPIRES = "package_expires"
    MATCH_OFFERED = "match_offered"
    MATCH_CARD_REFRESH = "match_card_refresh"
    MATCH_ANSWERED = "match_answered"
    MATCH_STARTED = "match_started"
    MATCH_NOT_BOOKED = "match_not_booked"
    OFFERS_OVERDUE = "offers_overdue"
    """Morning list of matches that no parent has answered for two days."""
    MATCH_CHANGED = "match_changed"
    MATCH_ENDED = "match_ended"
    DAYS_SETTLED = "days_settled"
    """What became of the sessions on a holiday or during a tutor's leave."""
    LEAVE_TAKEN = "leave_taken"
    LEAVE_WITHDRAWN = "leave_withdrawn"


class EntryKind(StrEnum):
    """Kind of an entry in the ledger of packages (SPEC 7)."""

    PURCHASE = "purchase"
    DEDUCTION = "deduction"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"
    OWED = "owed"
    """An approved session that no package covered; it moves no credits."""


class Side(StrEnum):
    """Whose statement it is (SPEC 7)."""

    FAMILY = "family"
    TUTOR = "tutor"


class LineKind(StrEnum):
    """Kind of a line on a statement (SPEC 7)."""

    REGULAR = "regular"
    COVERED = "covered"
    ADDON = "addon"
    TRIAL = "trial"
    PENALTY = "penalty"
    PACKAGE = "package"
    ADJUSTMENT = "adjustment"
    AWAITING = "awaiting"
    DISPUTED = "disputed"


class Why(StrEnum):
    """Why a closed month is adjusted in a later one (SPEC 7)."""

    LATE = "late"
    COVERED = "covered"
    UNCOVERED = "uncovered"
    WAIVED = "waived"
    REVERSED = "reversed"
    CORRECTED = "corrected"
    AGREED = "agreed"
    """An amount that a coordinator entered, with a reason."""


class PayMark(StrEnum):
    """Mark on a tutor's closed statement (SPEC 7)."""

    HELD_BACK = "held_back"
    RELEASED = "released"
    PAID = "paid"
