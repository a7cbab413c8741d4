"""Each query about what a term is made of: matches, closed days, extra sessions, packages."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from models import Package
from models.enums import MatchStatus
from services.db import Session
from services.queries import (
    adhoc,
    booked_students,
    closed_days,
    found_people,
    matches,
    movable,
    offered_slots,
    packages,
    people,
    possible_times,
)
from services.rules.adhoc import AdhocLine
from services.rules.refusals.sessions import NotFound
from services.rules.typed_slots import TypedSlot
from tests.builders import AGENCY, NOW, ZONE
from tests.services.queries import money_queries
from tests.services.scenes import Scene

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def a_line(there: Scene) -> AdhocLine:
    """An extra session of yesterday."""
    return AdhocLine(there.session.student_id, NOW - timedelta(days=1), 60, "Fractions")


def a_package(there: Scene) -> Package:
    """A package of the child that is not in the database."""
    return Package(id=1, student_id=there.student.id, sessions_total=10, starts_on=TODAY)


def free_starts(session: Session, there: Scene) -> object:
    day = adhoc.LocalDay(TODAY, AGENCY.zone)
    return adhoc.free_starts(session, there.tutor.id, there.student.id, day, AGENCY, NOW)


def no_leave(session: Session, _: Scene) -> None:
    with suppress(NotFound):
        closed_days.leave_with(session, 4711)


def no_match(session: Session, _: Scene) -> None:
    with suppress(NotFound):
        matches.match_of(session, 4711, NOW)


QUERIES: dict[str, Callable[[Session, Scene], object]] = {
    "agreed_with": lambda s, there: matches.agreed_with(s, there.tutor.id, there.student.id),
    "circumstances_of": lambda s, there: adhoc.circumstances_of(
        s, there.tutor.id, [a_line(there)], AGENCY, NOW
    ),
    "free_starts": free_starts,
    "logged_as": lambda s, there: adhoc.logged_as(s, there.tutor.id, a_line(there)),
    "logged_together": lambda s, there: adhoc.logged_together(
        s, there.tutor.id, there.student.id, NOW
    ),
    "taught_child": lambda s, there: adhoc.taught_child(s, there.tutor.id, there.student.id),
    "taught_children": lambda s, there: adhoc.taught_children(s, there.tutor.id),
    "closed_days": lambda s, there: closed_days.closed_days(s, there.tutor.id, TODAY, TOMORROW),
    "closed_on": lambda s, there: closed_days.closed_on(s, there.tutor.id, TODAY),
    "closed_all_day": lambda s, there: offered_slots.closed_all_day(
        s, there.session, TODAY, ZONE, ZONE
    ),
    "called_alike": lambda s, _: found_people.called_alike(s, "grcae"),
    "holidays_between": lambda s, _: closed_days.holidays_between(s, TODAY, TOMORROW),
    "require_open_day": lambda s, there: closed_days.require_open_day(
        s, there.tutor.id, there.session.starts_at, ZONE
    ),
    "require_movable": lambda s, there: movable.require_movable(
        s, there.session, there.session.starts_at + timedelta(days=1), NOW, ZONE
    ),
    "require_startable": lambda s, there: movable.require_startable(
        s, there.session, there.session.starts_at + timedelta(days=1), NOW, ZONE
    ),
    "possible_times": lambda s, there: possible_times.possible_times(
        s, there.session, TypedSlot((there.session.starts_at + timedelta(days=1),)), NOW, ZONE, ZONE
    ),
    "on_open_days": lambda s, there: closed_days.on_open_days(
        s, there.session, [there.session.starts_at], ZONE
    ),
    "next_open_days": lambda s, there: closed_days.next_open_days(s, there.tutor.id, TODAY, 2),
    "leave_between": lambda s, there: closed_days.leave_between(s, there.tutor.id, TODAY, TOMORROW),
    "everybodys_leave": lambda s, _: closed_days.everybodys_leave(s, TODAY),
    "leave_to_come": lambda s, there: closed_days.leave_to_come(s, there.tutor.id, TODAY),
    "leave_with": no_leave,
    "counts_by_status": lambda s, _: matches.counts_by_status(s),
    "match_view": lambda s, _: matches.match_view(s, 1, NOW),
    "match_of": no_match,
    "matches_listed": lambda s, _: matches.matches_listed(s, NOW, MatchStatus, "e", 1),
    "has_taught": lambda s, there: matches.has_taught(
        s, there.tutor.id, there.student.id, besides=1
    ),
    "matches_of_tutor": lambda s, there: matches.matches_of_tutor(s, there.tutor, NOW),
    "students_of_tutor": lambda s, there: booked_students.students_of_tutor(s, there.tutor, NOW),
    "offers_to": lambda s, there: matches.offers_to(s, there.grace, NOW),
    "open_offers": lambda s, _: matches.open_offers(s, NOW),
    "entries_of": lambda s, there: packages.entries_of(s, student_id=there.student.id),
    "entry_view": lambda s, _: packages.entry_view(s, 1),
    "left_uncovered": lambda s, there: [
        packages.left_uncovered(s, view.entry)
        for view in packages.entries_of(s, student_id=there.student.id)[0]
    ],
    "low_packages": lambda s, _: packages.low_packages(s, NOW),
    "open_packages": lambda s, _: packages.open_packages(s, NOW),
    "covering": lambda s, there: packages.covering(s, [there.student.id], NOW),
    "owed_by_child": lambda s, _: packages.owed_by_child(s),
    "soon_in_ledger": lambda s, there: packages.soon_in_ledger(s, there.student.id, NOW),
    "has_another": lambda s, there: packages.has_another(
        s, packages.PackageView(a_package(there), there.student, 0), NOW
    ),
    "package_view": lambda s, _: packages.package_view(s, 1),
    "is_bought": lambda s, _: packages.is_bought(s, 1),
    "packages_of": lambda s, there: packages.packages_of(s, there.student.id),
    "past_packages": lambda s, _: packages.past_packages(s, NOW),
    "sessions_of_match": lambda s, _: matches.sessions_of_match(s, 1, NOW),
    "students_by_name": lambda s, _: people.students_by_name(s),
    "tutors_by_name": lambda s, _: people.tutors_by_name(s),
    **money_queries.QUERIES,
}
