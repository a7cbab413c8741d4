"""What can wait for a coordinator; the database stores it. Standard library only (SPEC 10)."""

from enum import StrEnum


class Matter(StrEnum):
    """What waits for a coordinator: the kind of an entry in their queue (SPEC 10)."""

    REQUEST = "request"
    LATE_CHANGE = "late_change"
    """What a side told in the last four hours before a session."""
    DISPUTE = "dispute"
    PROBLEM = "problem"
    ATTENDANCE = "attendance"
    REPLACEMENT = "replacement"
    """A lost session for which another one was asked for."""
    UNANSWERED = "unanswered"
    MESSAGE = "message"
    """A message that was given up, or that was tried again and again."""
    UNREACHABLE = "unreachable"
    """A person who has blocked the bot."""
    NOTE_FILE = "note_file"
    EVIDENCE_FILE = "evidence_file"
