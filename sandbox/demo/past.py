"""What the demo agency has behind it: two months and more of matches, packages and sessions.

Tables are rows as the application's import reads them; events are what people did, in the order
of time, as the program that is hosted plays them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sandbox.demo.agency import ZONE
from sandbox.demo.weekly import DAY, WEEK, Rows, Weekly, written

TAKEN_UP = 10
"""Sessions of Emily's first package; what is held after them is owed until she has a second."""


@dataclass(frozen=True)
class Event:
    """What somebody did; `who` is their ref, empty for what time alone does.

    `about` is a session, by its match and day or its child and start, or somebody's ref.
    """

    at: datetime
    who: str
    action: str
    about: str = ""
    value: str = ""
    text: str = ""


@dataclass(frozen=True)
class Past:
    """The demo agency's past, as it lies behind `now`."""

    now: datetime

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    @cached_property
    def closed(self) -> date:
        """First day of the month that is closed: that before the last."""
        return _month_before(_month_before(self.today))

    @property
    def began_at(self) -> datetime:
        """When the agency was set up."""
        return at(self.closed, 9)

    @cached_property
    def science(self) -> Weekly:
        """Ryan's with Grace, which go on; five days ahead, clear of the demo's other sessions."""
        days = self._days(self.today + 5 * DAY)
        return Weekly("m-ryan", "t-grace", "s-ryan", "Science", days, time(10), 60)

    @cached_property
    def chemistry(self) -> Weekly:
        """Aisha's with Arjun, which go on."""
        days = self._days(self.today + 6 * DAY)
        return Weekly("m-aisha", "t-arjun", "s-aisha", "Chemistry", days, time(19, 30), 75)

    @cached_property
    def mathematics(self) -> Weekly:
        """Emily's with Grace, twice a week until ten days ago."""
        last = self.today - 10 * DAY
        found = {*self._days(self.today + DAY), *self._days(self.today + 3 * DAY)}
        days = [day for day in sorted(found) if day <= last]
        return Weekly("m-maths", "t-grace", "s-emily", "Mathematics", days, time(16), 90)

    @cached_property
    def founders_day(self) -> date:
        """A day of chemistry on which the agency was closed."""
        return self.chemistry.days[2]

    @cached_property
    def staff_day(self) -> date:
        """A day of chemistry to come on which the agency will be closed."""
        return self.today + 20 * DAY

    def _days(self, one: date) -> list[date]:
        """Days until today of the weekday of one day."""
        first = self.closed + (one - self.closed) % WEEK
        return [first + number * WEEK for number in range((self.today - first) // WEEK + 1)]

    # ------------------------------------------------------------------------------------- tables

    def going_on(self) -> Rows:
        """Rows of the matches that go on."""
        return [
            self.science.row(price="70/session", pay="50/session"),
            self.chemistry.row(price="64.50/hour", pay="48/hour"),
        ]

    def tables(self) -> dict[str, Rows]:
        """The import files that set the agency up: `matches`, `packages` and `holidays`."""
        trial = self.trial
        others = [
            self.mathematics.row(
                price="80/hour", pay="55/hour", ends_on=max(self.mathematics.days)
            ),
            trial.row(price="30/session", pay="30/session", kind="trial"),
            written(
                *("m-chinese", trial.tutor, "s-ryan", "Chinese"),
                *(trial.days[0] + 2 * DAY, "18:00", "60"),
                price="60/hour",
                pay="45/hour",
            ),
        ]
        return {
            "matches": [*self.going_on(), *others],
            "packages": self._packages(),
            "holidays": [
                {"date": self.founders_day.isoformat(), "name": "Founders' day"},
                {"date": self.staff_day.isoformat(), "name": "Staff day"},
            ],
        }

    @cached_property
    def trial(self) -> Weekly:
        """One trial of Emily's, after which her parents declined lessons for Ryan."""
        days = [self.closed + 8 * DAY]
        return Weekly("m-trial", "t-arjun", "s-emily", "Physics", days, time(13), 60)

    def _packages(self) -> Rows:
        """Emily's first is used up; one session of Ryan's is left."""
        ryans = len(self.science.days) - len(_CANCELLED)
        expires = (self.today + 45 * DAY).isoformat()
        return [
            _package("k-ryan", "s-ryan", ryans + 1, self.closed, expires, "700.00"),
            _package("k-emily", "s-emily", TAKEN_UP, self.closed, "", "1100.00"),
        ]

    # ------------------------------------------------------------------------------------- events

    def events(self) -> list[Event]:
        """What people did until now, in the order of time."""
        found = [
            *self._of_science(),
            *self._of_mathematics(),
            *self._of_chemistry(),
            *_held(self.trial, 0, "p-mei"),
            Event(at(self.trial.days[0], 20), "p-daniel", "decline_match", "m-chinese"),
            *self._of_extras(),
            *self._of_the_office(),
        ]
        return sorted((one for one in found if one.at < self.now), key=lambda one: one.at)

    def _of_science(self) -> Iterator[Event]:
        """Once Grace was late, once a parent doubted; the last was cancelled, as another was."""
        lessons = self.science
        cancelled = {place % len(lessons.days): notice for place, notice in _CANCELLED.items()}
        for place in range(len(lessons.days)):
            if place in cancelled:
                yield _cancel(lessons, place, "p-mei", cancelled[place], "school_event")
            elif place == 5:
                yield from _held(lessons, place, "p-mei", disputed="shorter_than_booked")
                yield _settle(lessons, place, "verify", "Grace stayed on: the log shows it.")
            else:
                yield from _held(
                    lessons,
                    place,
                    "p-daniel" if place % 3 == 2 else "p-mei",
                    late=timedelta(minutes=12 if place == 2 else -2),
                    note=_NOTES[1] if place % 3 == 1 else "",
                )

    def _of_mathematics(self) -> Iterator[Event]:
        """Everything that can become of a lesson has become of one of these."""
        lessons, days = self.mathematics, self.mathematics.days
        for place in range(len(days)):
            name, start = lessons.session(place), lessons.start(place)
            match place:
                case 1:
                    yield _cancel(lessons, place, "t-grace", timedelta(hours=20), "unwell")
                case 4:  # nobody answers, and it expires
                    wished = (start + DAY).isoformat()
                    yield Event(start - 2 * DAY, "p-mei", "propose", name, wished, "family_matter")
                    yield Event(start, "", "expire", name)
                case 6:
                    moved = timedelta(hours=2)
                    wished, why = (start + moved).isoformat(), "schedule_conflict"
                    yield Event(start - 3 * DAY, "t-grace", "propose", name, wished, why)
                    yield Event(start - 2 * DAY, "p-mei", "accept", name)
                    yield from _held(lessons, place, "p-mei", moved=moved)
                case 7:  # cancelled by her leave
                    continue
                case 8:
                    yield from _held(lessons, place, "p-daniel", disputed="did_not_take_place")
                    yield _settle(lessons, place, "uphold", "Nobody opened the door that day.")
                case 10:
                    yield _cancel(lessons, place, "p-daniel", timedelta(hours=10), "child_unwell")
                    yield _settle(lessons, place, "waive", "Emily had a fever.")
                case 11:
                    yield from _held(lessons, place, "p-mei", disputed="wrong_time")
                    yield _settle(lessons, place, "return", "Please look at the times again.")
                    yield Event(start + 3 * DAY, "p-mei", "acknowledge", name)
                case _:
                    note = _NOTES[0] if place % 3 == 0 else ""
                    yield from _held(lessons, place, "p-mei", note=note)

    def _of_chemistry(self) -> Iterator[Event]:
        """Aisha's mother is slow to answer: the office does it for her, and one comes late."""
        lessons = self.chemistry
        last_of_closed = max(
            place for place, day in enumerate(lessons.days) if day < _month_after(self.closed)
        )
        for place, day in enumerate(lessons.days):
            name, start = lessons.session(place), lessons.start(place)
            if day == self.founders_day:
                continue
            if place == last_of_closed:  # after its month was closed
                yield from _held(lessons, place, "")
                yield Event(
                    at(_month_after(self.closed) + 5 * DAY, 9), "p-nurul", "acknowledge", name
                )
            elif place == 1:
                yield from _held(lessons, place, "")
                yield _settle(lessons, place, "verify", "Nurul said so on the phone.")
            elif place == 4:
                times = f"{start.isoformat()} {(start + timedelta(minutes=75)).isoformat()}"
                why = "Arjun forgot to check in."
                yield Event(start + DAY / 2, "c-marcus", "correct", name, times, why)
                yield Event(start + DAY, "p-nurul", "acknowledge", name)
            else:
                yield from _held(
                    lessons, place, "p-nurul", note=_NOTES[2] if place % 4 == 2 else ""
                )

    def _of_extras(self) -> Iterator[Event]:
        """Two extra sessions of Emily's, both acknowledged."""
        day = _month_after(self.closed) + 12 * DAY
        for hour, topic in ((12, "Exam revision"), (14, "Past papers")):
            start = at(day, hour)
            name = f"s-emily {start.isoformat()}"
            yield Event(at(day, 20), "t-grace", "log_adhoc", name, "60", topic)
            yield Event(at(day, 21), "p-mei", "acknowledge", name)

    def _of_the_office(self) -> Iterator[Event]:
        """Packages, leave, and the books of the month that is closed."""
        after = _month_after(self.closed)
        yield Event(at(after + 20 * DAY, 11), "c-priya", "buy", "s-emily", "20 2000.00")
        away = self.today + 27 * DAY
        why = "A conference"
        days = f"{away.isoformat()} {(away + 2 * DAY).isoformat()}"
        yield Event(self.now - 14 * DAY, "t-arjun", "take_leave", value=days, text=why)
        was_away = self.mathematics.days[7]
        days = f"{was_away.isoformat()} {was_away.isoformat()}"
        yield Event(
            at(was_away - 10 * DAY, 9), "t-grace", "take_leave", value=days, text="A wedding"
        )
        month = self.closed.isoformat()
        yield Event(at(after + 3 * DAY, 10), "c-priya", "close_month", value=month)
        yield Event(at(after + 3 * DAY, 11), "c-priya", "paid", "t-grace", month)
        bank = "Waits for the new bank details"
        yield Event(at(after + 3 * DAY, 12), "c-priya", "held_back", "t-arjun", month, bank)
        thanks = "Thank you for bringing a friend"
        yield Event(at(after + 6 * DAY, 10), "c-priya", "enter_amount", "s-emily", "-2500", thanks)


_CANCELLED = {3: timedelta(hours=30), -1: timedelta(hours=60)}
"""Places of Ryan's lessons that were cancelled, and how long before they began."""
_NOTES = (
    "Long division, and the first word problems. Emily explained two of them herself.",
    "We built a circuit with two lamps. Ryan mixed up series and parallel, then found it himself.",
    "Moles and masses: she needs more practice with units. Homework: page 42.",
)


def at(day: date, hour: int) -> datetime:
    """Instant at which clocks of the agency show this."""
    return datetime.combine(day, time(hour), ZONE)


def _held(
    lessons: Weekly,
    place: int,
    parent: str,
    *,
    late: timedelta = timedelta(minutes=-2),
    moved: timedelta = timedelta(),
    note: str = "",
    disputed: str = "",
) -> Iterator[Event]:
    """A lesson that was held; a parent acknowledges it in the evening, or disputes it, or waits."""
    name, start = lessons.session(place), lessons.start(place) + moved
    end = start + timedelta(minutes=lessons.minutes)
    yield Event(start + late, lessons.tutor, "check_in", name)
    yield Event(end + timedelta(minutes=1), lessons.tutor, "check_out", name)
    if note:
        yield Event(end + timedelta(minutes=4), lessons.tutor, "note", name, text=note)
    if disputed:
        yield Event(end + timedelta(hours=1), parent, "dispute", name, disputed)
    elif parent:
        yield Event(end + timedelta(minutes=45 + place % 5 * 37), parent, "acknowledge", name)


def _cancel(lessons: Weekly, place: int, who: str, notice: timedelta, reason: str) -> Event:
    return Event(lessons.start(place) - notice, who, "cancel", lessons.session(place), reason)


def _settle(lessons: Weekly, place: int, action: str, reason: str) -> Event:
    """What a coordinator does two days later."""
    name, when = lessons.session(place), lessons.start(place) + 2 * DAY
    return Event(when, "c-marcus" if place % 2 else "c-priya", action, name, text=reason)


def _package(
    ref: str, child: str, sessions: int, first: date, expires: str, price: str
) -> dict[str, str]:
    return {
        "ref": ref,
        "student_ref": child,
        "sessions_total": str(sessions),
        "starts_on": first.isoformat(),
        "expires_on": expires,
        "price": price,
    }


def _month_before(day: date) -> date:
    """First day of the month before."""
    return (day.replace(day=1) - DAY).replace(day=1)


def _month_after(day: date) -> date:
    """First day of the month after."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def began_at(now: datetime) -> datetime:
    """When the demo agency was set up."""
    return Past(now).began_at


def past_events(now: datetime) -> list[Event]:
    """What people did until now, in the order of time."""
    return Past(now).events()
