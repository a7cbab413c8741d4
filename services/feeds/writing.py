"""The file of a calendar feed, as calendars read it (RFC 5545, RFC 7986; SPEC 10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event


LOOK_AGAIN = timedelta(hours=1)
"""How often calendars are asked to look; most look less often."""
PRODUCT = "-//Tutorline//Sessions//EN"


@dataclass(frozen=True)
class Entry:
    """One event, in the reader's words."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str | None
    url: str | None
    is_cancelled: bool


def written(uid: str, name: str, entries: Iterable[Entry]) -> bytes:
    """The file: the same for the same entries, byte for byte. All times are in UTC."""
    from icalendar import Calendar  # noqa: PLC0415 - 3 MB, needed where feeds are read

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    calendar.add("uid", uid)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", _whole(entry.changed_at))
    event.add("last-modified", _whole(entry.changed_at))
    event.add("dtstart", _whole(entry.starts_at))
    event.add("dtend", _whole(entry.ends_at))
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    return event


def _whole(at: datetime) -> datetime:
    """The second, in UTC: the format knows no fractions."""
    return at.astimezone(UTC).replace(microsecond=0)
