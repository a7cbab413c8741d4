"""Weekly lessons of the demo agency, and their rows as the application's import reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sandbox.demo.agency import ZONE

Rows = list[dict[str, str]]
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Weekly:
    """Lessons of a tutor and a child at one time of day, on the days that are behind us."""

    ref: str
    tutor: str
    student: str
    subject: str
    days: Sequence[date]
    at: time
    minutes: int

    def start(self, place: int) -> datetime:
        """When the lesson at this place of the days begins."""
        return datetime.combine(self.days[place], self.at, ZONE)

    def session(self, place: int) -> str:
        """Name of that lesson: its match and its day."""
        return f"{self.ref} {self.days[place].isoformat()}"

    def row(
        self, *, price: str, pay: str, ends_on: date | None = None, kind: str = "regular"
    ) -> dict[str, str]:
        """Row of an accepted match."""
        weekdays = sorted({str(day.isoweekday()) for day in self.days})
        about = (self.ref, self.tutor, self.student, self.subject, self.days[0])
        return written(
            *(*about, f"{self.at:%H:%M}", str(self.minutes)),
            weekday=";".join(weekdays),
            ends_on=ends_on.isoformat() if ends_on else "",
            kind=kind,
            price=price,
            pay=pay,
            accepted="yes",
        )


def written(
    ref: str,
    tutor: str,
    student: str,
    subject: str,
    first: date,
    start: str,
    minutes: str,
    **over: str,
) -> dict[str, str]:
    """Row of a weekly match that begins on a day, and that the parents are asked about."""
    values = {
        "ref": ref,
        "tutor_ref": tutor,
        "student_ref": student,
        "subject": subject,
        "weekday": str(first.isoweekday()),
        "start_time": start,
        "duration_minutes": minutes,
        "starts_on": first.isoformat(),
        "ends_on": "",
        "kind": "regular",
        "price": "",
        "pay": "",
        "accepted": "no",
    }
    return values | over
