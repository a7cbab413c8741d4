"""The tab to which a session's page leads back is one in which the session is (SPEC 10)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count

from models.enums import Status
from services.queries import family, teaching
from services.queries.listed_rows import ListedRow
from services.queries.sessions import views_of
from services.rules.windows import CHECK_IN_LEAD
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, scene

STARTS = [timedelta(hours=hours) for hours in (-400, -48, -15, -3, -1, 1, 9, 10, 47, 167, 169)]
"""From now, which is three in the afternoon: other days, midnight and a week among them."""


def every_kind(database: OpenDatabase) -> tuple[Scene, int]:
    """A session in every status at each of these times, where it can be; and how many there are."""
    there, made = scene(database, Status.APPROVED), 1
    for status in Status:
        for start in STARTS:
            if status is not Status.CHECKED_IN or start <= CHECK_IN_LEAD:
                another_session(database, there, status=status, starts_at=NOW + start)
                made += 1
    return there, made


def ids_of(page_of: Callable[[int], tuple[list[ListedRow], bool]]) -> set[int]:
    """The sessions of all pages of a tab."""
    found: set[int] = set()
    for number in count(1):
        rows, has_more = page_of(number)
        found |= {row.id for row in rows}
        if not has_more:
            break
    return found


def test_a_familys_tab_has_the_session_that_leads_to_it(database: OpenDatabase) -> None:
    there, made = every_kind(database)
    with database.reading() as session:
        held = {
            tab: ids_of(partial(family.sessions_in, session, there.student.id, tab, NOW))
            for tab in family.Tab
        }
        views = views_of(session, sorted(set().union(*held.values())))
        wrong = [
            (view.status, view.appointment.starts_at - NOW)
            for view in views
            if view.id not in held[family.tab_of(view, NOW)]
        ]

    assert len(views) == made
    assert wrong == []


def test_a_tutors_tab_has_the_session_that_leads_to_it(database: OpenDatabase) -> None:
    there, _ = every_kind(database)
    about = (there.tutor, AGENCY, NOW)
    with database.reading() as session:
        held = {
            teaching.TeachingTab.TODAY: {one.id for one in teaching.taught_today(session, *about)},
            teaching.TeachingTab.UPCOMING: ids_of(partial(teaching.taught_later, session, *about)),
            teaching.TeachingTab.PAST: ids_of(partial(teaching.taught_before, session, *about)),
        }
        views = views_of(session, sorted(set().union(*held.values())))
        wrong = [
            (view.status, view.appointment.starts_at - NOW)
            for view in views
            if view.id not in held[teaching.tab_of(view, AGENCY, NOW)]
        ]

    assert len(views) > len(Status) * 5
    assert wrong == []
