"""The tutor's page: today, upcoming, past (SPEC 10)."""

from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.reader import Reader
from models.enums import Role
from services.db import Session
from services.queries.changes import Mark, newest
from services.queries.listed import ListedSession, listed
from services.queries.requests import answers_owed
from services.queries.teaching import count_later, taught_before, taught_later, taught_today
from services.queries.todos import without_notes
from services.rules.agency import Agency
from services.rules.refusals.standing import NotTutor
from web.session_rows import session_rows
from web.site import current_user, page, page_number, site_of

PATH = "/tutor"


class Tab(StrEnum):
    """Tabs of the page, as they are named in addresses."""

    TODAY = "today"
    UPCOMING = "upcoming"
    PAST = "past"


@dataclass(frozen=True)
class Teaching:
    """What the page shows."""

    sessions: list[ListedSession]
    has_more: bool
    later: int
    """Number of sessions after today."""
    open_tasks: list[ListedSession]
    """Requests to answer, then notes to write, besides what is listed for today."""
    answers: int
    """How many of these are requests."""
    mark: Mark


async def show(request: Request) -> Response:
    """The page, with the tab that the address names. Refused: NotSignedIn, NotTutor."""
    site, number = site_of(request), page_number(request)
    tab = _tab(request.query_params.get("tab"))

    def query(session: Session) -> tuple[CurrentUser, Teaching]:
        user = current_user(session, request)
        if not user.person.is_tutor:
            raise NotTutor
        return user, _teaching(session, user, site.agency, tab, number)

    user, found = await site.database.read(query)
    if not found.sessions and number > 1:
        return RedirectResponse(_address(tab))
    reader = user.reader
    return page(
        request,
        "tutor.html",
        reader,
        user.person,
        tab=tab.value,
        tabs=_tabs(reader, tab, found.later),
        rows=session_rows(reader, found.sessions, Role.TUTOR, site.agency),
        waiting=_waiting(reader, found),
        tasks=session_rows(reader, found.open_tasks, Role.TUTOR, site.agency),
        newer=_address(tab, number - 1) if number > 1 else None,
        older=_address(tab, number + 1) if found.has_more else None,
        here=_address(tab, number),
        mark=found.mark,
    )


def _teaching(
    session: Session, user: CurrentUser, agency: Agency, tab: Tab, number: int
) -> Teaching:
    mark, tutor, now = newest(session), user.person, user.actor.now
    has_more, tasks, answers = False, [], 0
    match tab:
        case Tab.TODAY:
            views = taught_today(session, tutor, agency, now)
            shown = {view.id for view in views}
            asked = [view for view in answers_owed(session, tutor, now) if view.id not in shown]
            unwritten = without_notes(session, tutor, now)
            tasks = [*asked, *(view for view in unwritten if view.id not in shown)]
            answers = len(asked)
        case Tab.UPCOMING:
            views, has_more = taught_later(session, tutor, agency, now, number)
        case Tab.PAST:
            views, has_more = taught_before(session, tutor, agency, now, number)
    both = listed(session, [*tasks, *views], tutor.language or "")
    later = count_later(session, tutor, agency, now)
    return Teaching(both[len(tasks) :], has_more, later, both[: len(tasks)], answers, mark)


def _waiting(reader: Reader, found: Teaching) -> str:
    """What is still to do, counted; empty where nothing is."""
    answers, notes = found.answers, len(found.open_tasks) - found.answers
    counted = [
        reader.labels("{count} request to answer", "{count} requests to answer", answers)
        if answers
        else "",
        reader.labels("notes of {count} session", "notes of {count} sessions", notes)
        if notes
        else "",
    ]
    return reader.listed(filter(None, counted))


def _tabs(reader: Reader, open_tab: Tab, later: int) -> list[tuple[str, str, int | None, bool]]:
    names = {
        Tab.TODAY: (reader.label("Today"), None),
        Tab.UPCOMING: (reader.label("Upcoming"), later),
        Tab.PAST: (reader.label("Past"), None),
    }
    return [(_address(tab), name, count, tab is open_tab) for tab, (name, count) in names.items()]


def _tab(given: str | None) -> Tab:
    return Tab(given) if given in set(Tab) else Tab.TODAY


def _address(tab: Tab, number: int = 1) -> str:
    address = PATH if tab is Tab.TODAY else f"{PATH}?tab={tab.value}"
    return address if number == 1 else f"{address}&page={number}"


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]
