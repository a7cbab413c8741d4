"""What messages about a session were, in a few words, for records. Plain text (SPEC 5)."""

from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from models.enums import MessageKind

_WORDS = MappingProxyType(
    {
        MessageKind.APPOINTMENT_CARD: phrase("the session, as it was then"),
        MessageKind.ATTENDANCE_CORRECTED: phrase("the attendance was corrected"),
        MessageKind.CHECK_IN_CLEARED: phrase("the check-in was cleared"),
        MessageKind.NOTES_ADDED: phrase("new notes"),
        MessageKind.NO_PARENT_LINKED: phrase("no parent can answer"),
        MessageKind.SESSION_CANCELLED: phrase("the session was cancelled"),
        MessageKind.SESSION_CHANGED: phrase("the session was changed, or a change was asked for"),
        MessageKind.SESSION_SCHEDULED: phrase("the session was booked"),
        MessageKind.SESSION_REASSIGNED: phrase("another tutor took the session over"),
        MessageKind.SESSION_VERIFIED: phrase("the session was verified"),
        MessageKind.LATE_CHANGE_TOLD: phrase("what was told to the coordinators"),
        MessageKind.CHECK_IN_OPEN: phrase("check-in was open"),
        MessageKind.CHECK_OUT_OPEN: phrase("check-out was open"),
        MessageKind.CHECK_OUT_DUE: phrase("reminder to check out"),
        MessageKind.ADHOC_LOGGED: phrase("extra sessions to answer for"),
        MessageKind.ACKNOWLEDGEMENT_DUE: phrase("reminder to answer"),
        MessageKind.ACKNOWLEDGEMENTS_OVERDUE: phrase("no parent had answered"),
        MessageKind.ANSWER_DUE: phrase("reminder to answer the request"),
        MessageKind.REQUEST_EXPIRES: phrase("the request had no answer"),
        MessageKind.NOBODY_TO_ANSWER: phrase("nobody could answer the request"),
        MessageKind.STAYS_CLOSED: phrase("the session stayed on a closed day"),
        MessageKind.DISPUTE_CARD: phrase("the session was disputed"),
        MessageKind.PROBLEM_REPORTED: phrase("a problem was reported"),
        MessageKind.PROBLEM_ANSWERED: phrase("a reply to a report"),
        MessageKind.PROBLEM_ADDED_TO: phrase("more on a report"),
    }
)


def message_words(reader: Reader, kind: MessageKind) -> str:
    """What a message of this kind told; empty where a record need not say."""
    return reader.label(_WORDS[kind]) if kind in _WORDS else ""
