"""Texts of extra sessions that a tutor logs: what is wrong with a line (SPEC 7).

Plain text, to be escaped for HTML, where it is not `Markup`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from markupsafe import Markup, escape

from locales.catalogue import phrase
from locales.reader import Reader
from models import Appointment
from models.enums import PriceUnit, Status
from services.rules.adhoc import DAYS_BACK, Fault, Trouble
from services.rules.money import session_amount
from services.rules.scheduling import LONGEST, SHORTEST, SUBJECT_LIMIT

_FAULTS = MappingProxyType(
    {
        Fault.UNREADABLE: phrase("I cannot read this. Write it like “{example}”."),
        Fault.NO_SUCH_DAY: phrase("There is no such day in that month. Write another day."),
        Fault.HALF_OPEN: phrase("In the morning or in the evening? Write am or pm."),
        Fault.LENGTH_MISSING: phrase("How long was it? Write the minutes after the start."),
        Fault.LENGTH_NOT_POSSIBLE: phrase("A session lasts between {shortest} and {longest}."),
        Fault.TOPIC_MISSING: phrase("What was it about? Write a few words at the end."),
        Fault.TOPIC_TOO_LONG: phrase("The topic is longer than {limit} characters."),
        Fault.TIME_SKIPPED: phrase("The clocks went forward then and skipped this time."),
        Fault.TIME_TWICE: phrase("The clocks went back then and showed this time twice."),
        Fault.STUDENT_UNKNOWN: phrase("You do not teach this child."),
        Fault.IN_FUTURE: phrase("It is not over yet. Log it when it is."),
        Fault.TOO_OLD: phrase("That is more than {days} days ago. Ask a coordinator."),
        Fault.LOGGED_BEFORE: phrase("You have logged this already."),
        Fault.TUTOR_BUSY: phrase("You had another session then ({slot})."),
        Fault.STUDENT_BUSY: phrase("{student} had another session then ({slot})."),
        Fault.SAME_LINE: phrase("This is the same as line {line}."),
        Fault.OVERLAPS_LINE: phrase("This is at the same time as line {line}."),
    }
)


_IN_TABLE = MappingProxyType(
    {
        Fault.UNREADABLE: phrase("Day and start are both needed."),
        Fault.LENGTH_MISSING: phrase("How many minutes did it last?"),
        Fault.TOPIC_MISSING: phrase("What was it about? Write a few words."),
        Fault.STUDENT_UNKNOWN: phrase("Choose a child whom you teach."),
        Fault.SAME_LINE: phrase("This is the same as session {line}."),
        Fault.OVERLAPS_LINE: phrase("This is at the same time as session {line}."),
    }
)
"""The same of a row of the page, which has a field for each part."""
_BILLED = (Status.AWAITING_APPROVAL_PARENT, Status.APPROVED)


def trouble_text(reader: Reader, trouble: Trouble, student: str, *, in_table: bool = False) -> str:
    """What is wrong with a line of this child, or with a row of the page's table (`in_table`)."""
    of_table = _IN_TABLE.get(trouble.fault) if in_table else None
    return reader.label(
        of_table or _FAULTS[trouble.fault],
        example=example_line(reader),
        shortest=reader.duration(SHORTEST),
        longest=reader.duration(LONGEST),
        limit=SUBJECT_LIMIT,
        days=DAYS_BACK,
        slot=reader.dated_slot(*trouble.slot) if trouble.slot else "",
        line=trouble.line or "",
        student=student.split(maxsplit=1)[0] if student else "",
    )


def example_line(reader: Reader, days_back: int = 2) -> str:
    """A line that can be read today, such as "20/11 15:00 90 exam revision"."""
    day = reader.today - timedelta(days=days_back)
    # Translators: a topic of a session, in an example
    topic = reader.label("exam revision")
    return f"{day.day}/{day.month} 15:00 90 {topic}"


class Priced(Protocol):
    """Session as far as its price is concerned: its row, or that of a list."""

    @property
    def status(self) -> Status: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def billed_as_addon(self) -> int: ...
    @property
    def price(self) -> int | None: ...
    @property
    def price_unit(self) -> PriceUnit | None: ...


def extra_price(reader: Reader, row: Priced) -> str:
    """What an extra session that counts, or awaits its parents, costs them: "SGD 120.00".

    Empty for all others, and where no price is agreed.
    """
    if not row.billed_as_addon or row.status not in _BILLED or reader.currency is None:
        return ""
    minutes = int((row.ends_at - row.starts_at) / timedelta(minutes=1))
    amount = session_amount(row.price, row.price_unit, minutes)
    return "" if amount is None else reader.money(amount, reader.currency)


def logged_text(
    reader: Reader, appointments: Sequence[Appointment], at: datetime
) -> tuple[str, Markup]:
    """What was logged: in a sentence, and with each session."""
    count = len(appointments)
    toast = reader.labels(
        "You logged {count} extra session {when}",
        "You logged {count} extra sessions {when}",
        count,
        when=reader.when(at),
    )
    lines = [
        escape(f"{reader.dated_slot(one.starts_at, one.ends_at)} · {one.subject}")
        for one in appointments
    ]
    after = reader.texts(
        "The parents have been asked to acknowledge it. /notes adds notes to it.",
        "The parents have been asked to acknowledge them. /notes adds notes to them.",
        count,
    )
    return toast, Markup("\n").join([Markup("<b>{}</b>").format(toast), *lines, Markup(), after])
