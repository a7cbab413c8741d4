"""Words of messages and lists (SPEC 8, 9). Standard library only."""

from enum import StrEnum


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
    """Kind of a list in a private chat; a newer one of the kind takes its place."""

    SESSIONS = "sessions"
    UPCOMING = "upcoming"
    TODOS = "todos"
    DIGEST = "digest"
    DAY_BEFORE = "day_before"
    STUDENTS = "students"
    """A tutor's students, with the next session of each."""
    PACKAGE = "package"
    """A page of a child's prepaid sessions; its argument is "7:1", or "0:1" for the first child."""
    TO_CHECK_IN = "to_check_in"
    TO_CHECK_OUT = "to_check_out"
    FOR_NOTES = "for_notes"
    TO_CHANGE = "to_change"
    """Sessions to change; its argument is how many come before the page. Of this and the questions
    which session starts or is over, it may be "?" and words that name sessions; of the last two
    "due:7-8", where it came as a reminder of these."""
    AGENCY = "agency"
    """Coordinators' list; its argument is the list's name."""
    FOUND = "found"
    """What a search found; its argument is what was searched for, empty while that is asked."""
    CALLED = "called"
    """Sessions of a name; its argument is what was searched for."""
    UNLINKED = "unlinked"
    """People to invite; its argument is how many come before the page."""
    TO_INVITE = "to_invite"
    """People of a name, to invite; its argument is what was searched for."""
    INVITED = "invited"
    """Somebody who was invited; its argument is their id. A chat has one for each person."""
    SIGN_IN = "sign_in"
    """A link to the pages; its argument is the link's id."""
    PASSED_ON = "passed_on"
    """Somebody else's link, to be passed on; its argument is "invitation:7" or "page:7"."""
    CALENDAR = "calendar"
    """What a person has been told of their calendar's address; its argument is the mark of the
    address that it shows."""
    TO_ANSWER = "to_answer"
    """Requests of which one is to be answered, after a text that does not say which."""
    OFFERED = "offered"
    """What came outside of any dialogue, and what it can be; its argument is the id of the session
    that was chosen for it. Each stands by itself."""
    SUMMARY = "summary"
    """A session's summary; its argument is the session's id. A chat has one for each session."""


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
    PROBLEM_ADDED_TO = "problem_added_to"
    NO_PARENT_LINKED = "no_parent_linked"
    PERSON_UNREACHABLE = "person_unreachable"
    PERSON_REACHABLE = "person_reachable"
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
    SESSION_VERIFIED = "session_verified"
    REPLACEMENT_ASKED = "replacement_asked"
    LATE_CHANGE_TOLD = "late_change_told"
    MISSED_EXPLAINED = "missed_explained"
    TUTOR_DIGEST = "tutor_digest"
    CHECK_IN_OPEN = "check_in_open"
    CHECK_OUT_OPEN = "check_out_open"
    CHECK_OUT_DUE = "check_out_due"
    DAY_BEFORE = "day_before"
    ADHOC_LOGGED = "adhoc_logged"
    ACKNOWLEDGEMENT_DUE = "acknowledgement_due"
    ACKNOWLEDGEMENTS_OVERDUE = "acknowledgements_overdue"
    ANSWER_DUE = "answer_due"
    REQUEST_EXPIRES = "request_expires"
    NOBODY_TO_ANSWER = "nobody_to_answer"
    """To the group: nobody of the side that is asked can be reached."""
    MEDIA_LATE = "media_late"
    MENDING_NEEDED = "mending_needed"
    PACKAGE_LOW = "package_low"
    PACKAGE_EXPIRES = "package_expires"
    PACKAGE_TOLD = "package_told"
    """An edit of what was told of a package, whose balance is another or which has expired."""
    MATCH_OFFERED = "match_offered"
    MATCH_CARD_REFRESH = "match_card_refresh"
    MATCH_ANSWERED = "match_answered"
    MATCH_STARTED = "match_started"
    MATCH_NOT_BOOKED = "match_not_booked"
    OFFERS_OVERDUE = "offers_overdue"
    """Morning list of matches that no parent has answered for two days."""
    MATCH_CHANGED = "match_changed"
    MATCH_ENDED = "match_ended"
    STAYS_CLOSED = "stays_closed"
    """To the group: a session stays on a day without sessions, since another time was declined."""
    DAYS_SETTLED = "days_settled"
    """What became of the sessions on a holiday or during a tutor's leave."""
    LEAVE_TAKEN = "leave_taken"
    MENU_CHANGED = "menu_changed"
    """No message: the commands in the person's client are set anew."""
    LEAVE_WITHDRAWN = "leave_withdrawn"
    CHAT_LEFT = "chat_left"
    """No message: what stands in the chat of an account that somebody has left loses its buttons.
    """
    ZONE_ASKED = "zone_asked"
    """To the group: a place whose time zone a coordinator should set for somebody."""


EDITING_KINDS = frozenset(
    {
        MessageKind.APPOINTMENT_CARD_REFRESH,
        MessageKind.LIST_REFRESH,
        MessageKind.DISPUTE_CARD_REFRESH,
        MessageKind.PROBLEM_CARD_REFRESH,
        MessageKind.MATCH_CARD_REFRESH,
        MessageKind.PACKAGE_TOLD,
        MessageKind.CHAT_LEFT,
    }
)
"""Kinds that edit what stands in a chat, and are no message by themselves."""
