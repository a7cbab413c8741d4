"""Sessions to come that a tutor or a child would have at one time (SPEC 2, 6).

A row is compared with the rows before it, and with the sessions in the database. Only what is under
way or to come takes anybody's time: history is imported as it was.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import NamedTuple

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Appointment
from models.enums import Status
from services.db import Session
from services.imports.directory import Directory
from services.imports.problems import Place
from services.imports.student_rows import StudentChange
from services.rules.windows import NOT_OVER

LIVE = frozenset({Status.SCHEDULED, Status.CHECKED_IN})
"""Statuses of sessions that take their tutor's and their child's time."""


class Slot(NamedTuple):
    """Time of a session, in seconds, and whose it is."""

    begins: float
    ends: float
    tutor_ref: str
    student_ref: str
    place: Place | None = None
    """The row that it is in; None in the database."""

    @property
    def starts_at(self) -> datetime:
        return datetime.fromtimestamp(self.begins, UTC)


@dataclass(frozen=True)
class Clash:
    """Another session at the time of a row's."""

    other: Slot
    is_childs: bool
    """Whether the child has it, and perhaps the tutor, too; else the tutor alone."""


class Families:
    """Which children have a common guardian, once the rows are saved."""

    def __init__(self, directory: Directory, students: Iterable[StudentChange]) -> None:
        people = directory.refs.people
        self._guardians = {
            ref: frozenset(people[one] for one in directory.guardians.get(student.id, ()))
            for ref, student in directory.students.items()
        }
        self._guardians |= {
            change.row.ref: frozenset(change.row.guardian_refs)
            for change in students
            if change.row.guardian_refs
        }

    def are_siblings(self, one: str, other: str) -> bool:
        """Whether two children have a common guardian; a child is not its own sibling."""
        nobody: frozenset[str] = frozenset()
        common = self._guardians.get(one, nobody) & self._guardians.get(other, nobody)
        return one != other and bool(common)


class _Taken:
    """Slots of each tutor and each child by their start, some 60 bytes each.

    Those of one person are apart, but for siblings who are taught together.
    """

    def __init__(self) -> None:
        self._begins, self._ends = array("d"), array("d")
        self._tutors: list[str] = []
        self._children: list[str] = []
        self._files: list[str] = []
        self._rows = array("L")
        self._of_tutors: dict[str, array[int]] = {}
        self._of_children: dict[str, array[int]] = {}

    def add(self, slot: Slot) -> None:
        number, place = len(self._begins), slot.place or _NOWHERE
        tutor_ref, student_ref = intern(slot.tutor_ref), intern(slot.student_ref)
        self._begins.append(slot.begins)
        self._ends.append(slot.ends)
        self._tutors.append(tutor_ref)
        self._children.append(student_ref)
        self._files.append(intern(place.file))
        self._rows.append(place.row or 0)
        for of, ref in ((self._of_tutors, tutor_ref), (self._of_children, student_ref)):
            insort(of.setdefault(ref, array("L")), number, key=self._begins.__getitem__)

    def at(self, slot: Slot) -> Iterator[Clash]:
        """What its child and its tutor have at this time."""
        for number in self._overlapping(self._of_children.get(slot.student_ref), slot):
            yield Clash(self._slot(number), is_childs=True)
        for number in self._overlapping(self._of_tutors.get(slot.tutor_ref), slot):
            yield Clash(self._slot(number), is_childs=False)

    def _overlapping(self, numbers: "array[int] | None", slot: Slot) -> Iterator[int]:
        if not numbers:
            return
        first = bisect_left(numbers, slot.begins, key=self._begins.__getitem__)
        if first and self._ends[numbers[first - 1]] > slot.begins:
            yield numbers[first - 1]
        for at in range(first, len(numbers)):
            if self._begins[numbers[at]] >= slot.ends:
                return
            yield numbers[at]

    def _slot(self, number: int) -> Slot:
        place = Place(self._files[number], self._rows[number])
        return Slot(
            self._begins[number],
            self._ends[number],
            self._tutors[number],
            self._children[number],
            None if place == _NOWHERE else place,
        )


_NOWHERE = Place("", 0)
"""Place of a slot in the database."""


class Calendars:
    """Time that tutors and children have no more."""

    def __init__(self, session: Session, directory: Directory, families: Families) -> None:
        self._session = session
        self._directory = directory
        self._families = families
        self._rows = _Taken()

    def take(self, slots: Sequence[Slot]) -> list[Clash | None]:
        """What each of these clashes with; None for one that is free, and takes its time now."""
        booked = self._booked(slots)
        return [self._take(slot, booked) for slot in slots]

    def _take(self, slot: Slot, booked: _Taken) -> Clash | None:
        for clash in (*self._rows.at(slot), *booked.at(slot)):
            if not self._are_together(slot, clash.other):
                return clash
        self._rows.add(slot)
        return None

    def _are_together(self, one: Slot, other: Slot) -> bool:
        """Whether siblings are taught together: one tutor, and exactly these times."""
        is_same = one[:3] == other[:3]
        return is_same and self._families.are_siblings(one.student_ref, other.student_ref)

    def _booked(self, slots: Sequence[Slot]) -> _Taken:
        """What these tutors and children have in the database from the first to the last slot."""
        taken, directory, refs = _Taken(), self._directory, self._directory.refs
        tutors = {one.tutor_ref for one in slots} & directory.people.keys()
        children = {one.student_ref for one in slots} & directory.students.keys()
        if not (tutors or children):
            return taken
        first = min(one.starts_at for one in slots)
        last = datetime.fromtimestamp(max(one.ends for one in slots), UTC)
        found = self._session.exec(
            select(Appointment)
            .where(
                or_(
                    col(Appointment.tutor_id).in_(directory.people[ref].id for ref in tutors),
                    col(Appointment.student_id).in_(directory.students[ref].id for ref in children),
                ),
                text("appointment.status IN ('scheduled', 'checked_in')"),
                col(Appointment.starts_at) > first - NOT_OVER,
                col(Appointment.starts_at) < last,
                col(Appointment.ends_at) > first,
            )
            .order_by(col(Appointment.starts_at), col(Appointment.id))
        )
        for row in found.all():
            tutor_ref, student_ref = refs.people[row.tutor_id], refs.students[row.student_id]
            times = row.starts_at.timestamp(), row.ends_at.timestamp()
            taken.add(Slot(*times, tutor_ref, student_ref))
        return taken
