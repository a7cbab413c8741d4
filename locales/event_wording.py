"""What comes next, for the sandbox's clock (SPEC 11): in English, like the rest of its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.due import Event, What

_WORDS: Mapping[What, str] = {
    What.CHECK_IN_OPENS: "Check-in opens for {children}",
    What.CHECK_OUT_REMINDER: "Check-out reminder for {children}",
    What.ATTENDANCE_MISSED: "Missing attendance of {children} is reported",
    What.NOTES_CLOSE: "Notes close after ten quiet minutes",
    What.FILE_LATE: "A late file is reported",
    What.REQUEST_EXPIRES: "The request for {children} expires",
    What.EXPIRY_WARNING: "Expiry warning for {children}",
    What.ANSWER_REMINDER: "Reminder to answer a request",
    What.DIGEST: "The tutor’s morning list",
    What.TOMORROW: "The parents’ list for tomorrow",
    What.OVERDUE: "Overdue answers are reported",
    What.PACKAGE_EXPIRES: "A package that is about to expire is reported",
    What.ACKNOWLEDGEMENT_REMINDER: "Parents are reminded about {children}",
    What.OFFERS: "Unanswered matches are reported",
}


@dataclass(frozen=True)
class WordedEvent:
    """An event that comes next, in words."""

    at: datetime
    words: str


def worded(event: Event) -> WordedEvent:
    """The event in a few words, such as “Check-in opens for Emily”."""
    children = " and ".join(event.children) or "a session"
    return WordedEvent(event.at, _WORDS[event.what].format(children=children))
