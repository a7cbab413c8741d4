"""The tutor's page: today, upcoming, past (SPEC 10)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.reader import Reader
from models.enums import Role, Status
from services.db import Session
from services.queries.changes import Mark, newest
from services.queries.listed import ListedSession, listed
from services.queries.listed_rows import ListedRow, rows_of
from services.queries.requests import answers_owed
from services.queries.sessions import views_of
from services.queries.teaching import (
    TeachingTab,
    count_later,
    taught_before,
    taught_later,
    taught_today,
)
from services.queries.todos import missed_taps, without_notes
from services.queries.together import MOST_TOGETHER, taught_together
from services.rules.agency import Agency
from services.rules.refusals.standing import NotTutor
from web.lists import JustDone, just_done, told_done, tutor_address
from web.session_rows import session_rows, with_one_tap
from web.site import current_user, page, page_number, site_of

PATH = "/tutor"


@dataclass(frozen=True)
class Teaching:
    """What the page shows."""

    sessions: list[ListedSession]
    has_more: bool
    later: int
    """Number of sessions after today."""
    open_tasks: list[ListedSession]
    """Requests to answer, then missed attendance, then notes to write, besides what is listed for
    today.
    """
    answers: int
    """How many of these are requests."""
    missed: int
    """How many of these lack a check-in or a check-out."""
    mark: Mark
    done: list[JustDone]
    """What the reader has just done by a button of this page."""
    together: list[list[int]]
    """Sessions of siblings taught together, of those to be checked in or out."""


async def show(request: Request) -> Response:
    """The page, with the tab that the address names. Refused: NotSignedIn, NotTutor."""
    site, number = site_of(request), page_number(request)
    tab = _tab(request.query_params.get("tab"))

    def query(session: Session) -> tuple[CurrentUser, Teaching]:
        user = current_user(session, request)
        if not user.person.is_tutor:
            raise NotTutor
        return user, _teaching(session, user, request, site.agency, tab)

    user, found = await site.database.read(query)
    if not found.sessions and number > 1:
        return RedirectResponse(tutor_address(tab))
    reader = user.reader
    return page(
        request,
        "tutor.html",
        reader,
        user.person,
        tab=tab.value,
        tabs=_tabs(reader, tab, found.later),
        rows=with_one_tap(
            reader,
            session_rows(reader, found.sessions, Role.TUTOR, site.agency),
            found.together,
        ),
        waiting=_waiting(reader, found),
        tasks=session_rows(reader, found.open_tasks, Role.TUTOR, site.agency),
        newer=tutor_address(tab, number - 1) if number > 1 else None,
        older=tutor_address(tab, number + 1) if found.has_more else None,
        here=tutor_address(tab, number),
        done=[told_done(reader, one, Role.TUTOR, site.agency) for one in found.done],
        number=number,
        mark=found.mark,
    )


def _teaching(
    session: Session, user: CurrentUser, request: Request, agency: Agency, tab: TeachingTab
) -> Teaching:
    mark, tutor, now = newest(session), user.person, user.actor.now
    number, done = page_number(request), request.query_params.get("done", "")
    events = done.split("-")[:MOST_TOGETHER]
    has_more, answers, missed = False, 0, 0
    tasks: list[ListedRow] = []
    match tab:
        case TeachingTab.TODAY:
            rows = taught_today(session, tutor, agency, now)
            shown = {row.id for row in rows}
            asked, untapped, unwritten = (
                [view for view in found if view.id not in shown]
                for found in (
                    answers_owed(session, tutor, now),
                    missed_taps(session, tutor, agency, now),
                    without_notes(session, tutor, now),
                )
            )
            tasks = rows_of([*asked, *untapped, *unwritten])
            answers, missed = len(asked), len(untapped)
        case TeachingTab.UPCOMING:
            rows, has_more = taught_later(session, tutor, agency, now, number)
        case TeachingTab.PAST:
            rows, has_more = taught_before(session, tutor, agency, now, number)
    both = listed(session, [*tasks, *rows], tutor.language or "")
    later = count_later(session, tutor, agency, now)
    return Teaching(
        both[len(tasks) :],
        has_more,
        later,
        both[: len(tasks)],
        answers,
        missed,
        mark,
        [one for one in (just_done(session, user, event) for event in events) if one],
        _together(session, rows),
    )


def _together(session: Session, rows: Sequence[ListedRow]) -> list[list[int]]:
    """Sessions of siblings taught together, of those that can be checked in or out of."""
    open_rows = [row for row in rows if row.status in (Status.SCHEDULED, Status.CHECKED_IN)]
    starts = Counter((row.starts_at, row.status) for row in open_rows)
    ids = [row.id for row in open_rows if starts[row.starts_at, row.status] > 1]
    groups = taught_together(session, views_of(session, ids)) if ids else []
    return [[view.id for view in group] for group in groups if len(group) <= MOST_TOGETHER]


def _waiting(reader: Reader, found: Teaching) -> str:
    """What is still to do, counted; empty where nothing is."""
    answers, missed = found.answers, found.missed
    notes = len(found.open_tasks) - answers - missed
    counted = [
        reader.labels("{count} request to answer", "{count} requests to answer", answers)
        if answers
        else "",
        reader.labels("attendance of {count} session", "attendance of {count} sessions", missed)
        if missed
        else "",
        reader.labels("notes of {count} session", "notes of {count} sessions", notes)
        if notes
        else "",
    ]
    return reader.listed(filter(None, counted))


def _tabs(
    reader: Reader, open_tab: TeachingTab, later: int
) -> list[tuple[str, str, int | None, bool]]:
    names = {
        TeachingTab.TODAY: (reader.label("Today"), None),
        TeachingTab.UPCOMING: (reader.label("Upcoming"), later),
        TeachingTab.PAST: (reader.label("Past"), None),
    }
    return [
        (tutor_address(tab), name, count, tab is open_tab) for tab, (name, count) in names.items()
    ]


def _tab(given: str | None) -> TeachingTab:
    return TeachingTab(given) if given in set(TeachingTab) else TeachingTab.TODAY


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]
