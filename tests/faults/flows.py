"""The flows of the fault matrix and of the soak: commands, taps, notes, messages to others."""

from collections.abc import Callable
from datetime import timedelta

from models.enums import Status
from tests import files
from tests.faults.casts import Cast, Flow

SOON = timedelta(minutes=20)
TOMORROW = timedelta(hours=26)
AN_HOUR_AGO = timedelta(minutes=-80)
OVER = timedelta(hours=-2)


def tutor_says(text: str) -> Callable[[Cast], object]:
    return lambda cast: cast.tutor.send_text(text)


def tutor_taps(label: str) -> Callable[[Cast], object]:
    return lambda cast: cast.tutor.press(label)


def parent_says(text: str) -> Callable[[Cast], object]:
    return lambda cast: cast.parent.send_text(text)


def parent_taps(label: str) -> Callable[[Cast], object]:
    return lambda cast: cast.parent.press(label)


def parent_opens_first(cast: Cast) -> object:
    """Open the first session of a list."""
    return cast.parent.press(cast.parent.buttons()[0])


def tutor_sends_photo(cast: Cast) -> object:
    return cast.tutor.send_photo(files.jpeg_photo())


CHECK_OUT = tutor_says("/checkout")
PENDING = parent_says("/pending")
DISPUTE = (
    PENDING,
    parent_taps("Dispute"),
    parent_taps("Shorter than booked"),
    parent_says("They left after half an hour."),
)
UNDER_WAY, AWAITING = Status.CHECKED_IN, Status.AWAITING_APPROVAL_PARENT

FLOWS = (
    Flow("a list", Status.SCHEDULED, TOMORROW, (), tutor_says("/upcoming")),
    Flow("check in by command", Status.SCHEDULED, SOON, (), tutor_says("/checkin")),
    Flow(
        "check in by tap",
        *(Status.SCHEDULED, SOON, (tutor_says("/sessions"),)),
        act=tutor_taps("Check in · Emily Lim"),
    ),
    Flow("check out", UNDER_WAY, AN_HOUR_AGO, (), CHECK_OUT),
    Flow("a text for notes", UNDER_WAY, AN_HOUR_AGO, (CHECK_OUT,), tutor_says("Fractions.")),
    Flow("a photo for notes", UNDER_WAY, AN_HOUR_AGO, (CHECK_OUT,), tutor_sends_photo),
    Flow(
        "notes done",
        *(UNDER_WAY, AN_HOUR_AGO, (CHECK_OUT, tutor_says("Fractions."))),
        act=tutor_taps("Done"),
    ),
    Flow("acknowledge", AWAITING, OVER, (PENDING,), parent_taps("Acknowledge")),
    Flow("a question of a dialogue", AWAITING, OVER, (PENDING,), parent_taps("Dispute")),
    Flow("dispute", AWAITING, OVER, DISPUTE, parent_taps("Dispute")),
    Flow("view notes", AWAITING, OVER, (PENDING,), parent_taps("View notes"), has_notes=True),
    Flow(
        "cancel",
        Status.SCHEDULED,
        TOMORROW,
        (
            parent_says("/upcoming"),
            parent_opens_first,
            parent_taps("Cancel"),
            parent_taps("School event"),
        ),
        act=parent_taps("Cancel session"),
    ),
)
