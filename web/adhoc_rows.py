"""Rows of the table in which a tutor logs extra sessions, as they are read (SPEC 7, 10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from locales.reader import Reader
from locales.typed_words import line_words_of
from services.rules.adhoc import MOST_LINES, AdhocLine, Fault, fault_of_length, fault_of_topic
from services.rules.adhoc_lines import PastFrame, read_line
from services.rules.scheduling import read_length
from web.forms import Form
from web.site import row_id_if_any

ROWS = 3
"""Rows of an empty table, and how many more are added."""
FIELDS_OF_ROW = ("student", "day", "start", "minutes", "topic")


@dataclass(frozen=True)
class Row:
    """One row of the table, as typed and as read."""

    number: int
    line: AdhocLine | None
    faults: tuple[Fault, ...] = ()
    """What cannot be read of it, the first field first."""
    student_id: int = 0

    def name(self, field: str) -> str:
        """Name of a field in the form."""
        return f"{field}-{self.number}"


def numbers_of(form: Form) -> range:
    """Numbers of the rows of a form, from 1."""
    given = form["rows"]
    count = int(given) if given.isascii() and given.isdigit() and len(given) <= 3 else ROWS
    return range(1, min(max(1, count), MOST_LINES) + 1)


def read_row(reader: Reader, form: Form, number: int) -> Row | None:
    """A row as it is read; None where it is empty: child and length are filled in beforehand."""
    typed = {field: form[f"{field}-{number}"] for field in FIELDS_OF_ROW}
    if not any(typed[field] for field in ("day", "start", "topic")):
        return None
    frame = PastFrame(reader.now, reader.zone)
    moment = read_line(f"{typed['day']} {typed['start']}", frame, line_words_of(reader.language))
    minutes, topic = read_length(typed["minutes"]), " ".join(typed["topic"].split())
    faults = tuple(_faults(moment.starts_at, moment.fault, minutes, topic))
    student_id = row_id_if_any(typed["student"]) or 0
    if faults or moment.starts_at is None or minutes is None:
        return Row(number, None, faults, student_id)
    return Row(number, AdhocLine(student_id, moment.starts_at, minutes, topic), (), student_id)


def _faults(
    starts_at: datetime | None, fault: Fault | None, minutes: int | None, topic: str
) -> Iterator[Fault]:
    """What cannot be read; the fault of a moment by itself is only that no length follows it."""
    if starts_at is None or fault not in (None, Fault.LENGTH_MISSING):
        yield fault or Fault.UNREADABLE
    length = Fault.LENGTH_MISSING if minutes is None else fault_of_length(minutes)
    yield from (one for one in (length, fault_of_topic(topic)) if one is not None)
