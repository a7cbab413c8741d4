"""A refusal is data: a code and its parameters. Words are put to it in `locales.wording`."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class RefusalCode(StrEnum):
    """Why something was not done. Each has one sentence a language, with a way on."""

    NOT_LINKED = "not_linked"
    NOT_FOUND = "not_found"
    NOT_YOUR_SESSION = "not_your_session"
    NOT_YOUR_CHILD = "not_your_child"
    OWN_SESSION = "own_session"
    NOT_COORDINATOR = "not_coordinator"
    NOT_TUTOR = "not_tutor"
    NOT_PARENT = "not_parent"
    ACTED_FIRST = "acted_first"
    """Params: who (name), actor_id, action, at."""
    WRONG_STATUS = "wrong_status"
    """Params: action, status."""
    TOO_EARLY_TO_CHECK_IN = "too_early_to_check_in"
    """Params: minutes (rounded up, at least 1), opens_at, appointment_id."""
    TOO_LATE_TO_CHECK_IN = "too_late_to_check_in"
    """Params: closed_at."""
    TOO_EARLY_TO_CHECK_OUT = "too_early_to_check_out"
    """Params: minutes (rounded up, at least 1), opens_at."""
    TOO_LATE_TO_CHECK_OUT = "too_late_to_check_out"
    """Params: closed_at."""
    NOT_CHECKED_IN = "not_checked_in"
    RESCHEDULE_OPEN = "reschedule_open"
    """Params: who (name), actor_id, new_starts_at, new_ends_at, appointment_id."""
    REQUEST_EXPIRED = "request_expired"
    """Params: starts_at."""
    PROPOSAL_OUTDATED = "proposal_outdated"
    """Params: who (name), actor_id, new_starts_at, new_ends_at: the version that counts now."""
    OWN_PROPOSAL = "own_proposal"
    NOT_YOUR_PROPOSAL = "not_your_proposal"
    SAME_TIME = "same_time"
    SLOT_PASSED = "slot_passed"
    SLOT_TAKEN = "slot_taken"
    """Params: whose (the side with another session then), starts_at, ends_at (of that one)."""
    SLOT_NOT_READ = "slot_not_read"
    TIME_DOES_NOT_EXIST = "time_does_not_exist"
    TIME_TWICE = "time_twice"
    """Params: first, second (the two instants that can be meant)."""
    NOTHING_TO_CHECK_IN = "nothing_to_check_in"
    NOTHING_TO_CHECK_OUT = "nothing_to_check_out"
    NOTHING_FOR_NOTES = "nothing_for_notes"
    ATTENDANCE_MISSING = "attendance_missing"
    ATTENDANCE_IMPOSSIBLE = "attendance_impossible"
    TIMES_NOT_READ = "times_not_read"
    TIME_NOT_CLEAR = "time_not_clear"
    REASON_REQUIRED = "reason_required"
    TEXT_TOO_LONG = "text_too_long"
    """Params: limit (characters)."""
    DISPUTE_SETTLED = "dispute_settled"
    """Params: who (name), actor_id, status, at."""
    DISPUTE_CLAIMED = "dispute_claimed"
    """Params: who (name), actor_id, at."""
    TOO_LATE_TO_CHANGE = "too_late_to_change"
    """Params: starts_at."""
    NOT_STARTED_YET = "not_started_yet"
    """Params: starts_at."""
    NO_NOTES_TO_REMOVE = "no_notes_to_remove"
    NOTES_CLOSED = "notes_closed"
    NOT_A_NOTE = "not_a_note"
    FILE_TOO_LARGE = "file_too_large"
    """Params: limit_mb, file_name."""
    FILE_REFUSED = "file_refused"
    """Params: why (a code of the file inspection), file_name."""
    INVITATION_UNKNOWN = "invitation_unknown"
    INVITATION_USED = "invitation_used"
    INVITATION_EXPIRED = "invitation_expired"
    INVITATION_FOR_OTHER = "invitation_for_other"
    """This Telegram account is already linked to another person."""
    STALE_BUTTON = "stale_button"


class Refusal(Exception):  # noqa: N818  # a refusal is no error
    """Something was asked that is not allowed now. Nothing was changed."""

    def __init__(self, code: RefusalCode, **params: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.params: Mapping[str, object] = MappingProxyType(params)

    def __repr__(self) -> str:
        return f"Refusal({self.code.value})"
