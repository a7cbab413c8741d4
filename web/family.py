"""The family's page: a child's sessions in four tabs (SPEC 10)."""

from collections import Counter
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.match_wording import booked_lines
from locales.reader import Reader
from models import Student
from models.enums import MatchStatus, Role
from services.db import Session
from services.matches.missing import missing_days
from services.queries.changes import Mark, newest
from services.queries.family import (
    Child,
    Counts,
    Tab,
    children_awaiting,
    counts,
    next_of,
    sessions_in,
    teaches_own,
)
from services.queries.listed import ListedSession, listed
from services.queries.listed_rows import rows_of
from services.queries.matches import MatchView, match_view, offers_to
from services.queries.requests import answers_owed_for
from services.queries.sessions import SessionView
from services.rules.actions import available_actions
from services.rules.agency import Agency
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotParent
from web.lists import JustDone, family_address, just_done, told_done
from web.match_rows import match_row
from web.session_rows import session_rows
from web.site import current_user, page, page_number, row_id, site_of

PATH = "/family"


@dataclass(frozen=True)
class Family:
    """What the page shows."""

    children: list[Child]
    child: Student | None
    tab: Tab
    counts: Counts
    sessions: list[ListedSession]
    has_more: bool
    mark: Mark
    offers: list[MatchView] = field(default_factory=list)
    """Matches that wait for this parent's answer, of all children."""
    asked: list[ListedSession] = field(default_factory=list)
    """Sessions that a tutor has asked to move, of all children: without an answer they are lost."""
    accepted: list[str] = field(default_factory=list)
    """What became of the match that this parent has just accepted, a line each."""
    done: JustDone | None = None
    """What the reader has just done by a button of this page."""
    teaches_own: bool = False
    """Whether no child is shown since the reader teaches all of their own."""
    next_session: SessionView | None = None
    """The session to which an empty Upcoming leads."""


async def show(request: Request) -> Response:
    """The page, with the child and the tab that the address names.

    Refused: NotSignedIn, NotParent, and NotFound for a child of somebody else.
    """
    site, number = site_of(request), page_number(request)

    def query(session: Session) -> tuple[CurrentUser, Family]:
        user = current_user(session, request)
        if not user.person.is_parent:
            raise NotParent
        found = _family(session, user, request, site.agency, number)
        children_ids = [one.student.id for one in found.children]
        waiting = offers_to(session, user.person, user.reader.now, children_ids)
        moves = answers_owed_for(session, children_ids, user.reader.now)
        asked = listed(session, rows_of(moves), user.person.language or "")
        accepted = _accepted(session, user, found.child, request, site.agency)
        done = just_done(session, user, request.query_params.get("done", ""))
        found = replace(found, offers=waiting, asked=asked, accepted=accepted, done=done)
        return user, found

    user, found = await site.database.read(query)
    if not found.sessions and number > 1:
        return RedirectResponse(_address(found.child, found.tab))
    reader = user.reader
    return page(
        request,
        "family.html",
        reader,
        user.person,
        tab=found.tab.value,
        child=found.child,
        teaches_own=found.teaches_own,
        children=[
            (_address(one.student), one.student.name, count, one.student is found.child)
            for one, count in _waiting(found)
        ],
        tabs=_tabs(reader, found),
        why=_why(reader, found),
        offers=[match_row(reader, one, has_price=True) for one in found.offers],
        asked=session_rows(
            reader, found.asked, Role.PARENT, site.agency, names_child=len(found.children) > 1
        ),
        accepted=found.accepted,
        rows=session_rows(reader, found.sessions, Role.PARENT, site.agency),
        newer=_address(found.child, found.tab, number - 1) if number > 1 else None,
        older=_address(found.child, found.tab, number + 1) if found.has_more else None,
        here=_address(found.child, found.tab, number),
        done=told_done(reader, found.done, Role.PARENT, site.agency),
        number=number,
        mark=found.mark,
    )


def _family(
    session: Session, user: CurrentUser, request: Request, agency: Agency, number: int
) -> Family:
    mark, person, now = newest(session), user.person, user.actor.now
    every = children_awaiting(session, person)
    child = _chosen(every, request.query_params.get("child"))
    if child is None:
        nothing = Family([], None, Tab.UPCOMING, Counts(0, 0, 0), [], False, mark)
        return replace(nothing, teaches_own=teaches_own(session, person))
    numbers = counts(session, child.id, now)
    given = request.query_params.get("tab")
    tab = Tab(given) if given in set(Tab) else _first_tab(numbers)
    views, has_more = sessions_in(session, child.id, tab, now, number)
    found = Family(
        every, child, tab, numbers, listed(session, views, person.language or ""), has_more, mark
    )
    if tab is Tab.UPCOMING and not views and numbers.future:
        return _led_to_future(session, found, user, agency)
    return found


def _accepted(
    session: Session, user: CurrentUser, child: Student | None, request: Request, agency: Agency
) -> list[str]:
    """What is booked of the match that the address names; nothing where that is not the child's."""
    given = request.query_params.get("accepted")
    view = match_view(session, row_id(given), user.reader.now) if given else None
    if view is None or child is None or view.match.student_id != child.id:
        return []
    if view.match.status is not MatchStatus.ACCEPTED:
        return []
    missing = missing_days(session, view.match, agency, user.reader.now)
    return booked_lines(user.reader, view, missing)


def _led_to_future(session: Session, found: Family, user: CurrentUser, agency: Agency) -> Family:
    """The tab Future in the place of an empty Upcoming, where something can be done there."""
    if found.child is None:
        return found
    now = user.actor.now
    views, has_more = sessions_in(session, found.child.id, Tab.FUTURE, now, 1)
    later = listed(session, views, user.person.language or "")
    if not any(available_actions(one.facts(agency), Role.PARENT, now) for one in later):
        return found
    return replace(
        found,
        tab=Tab.FUTURE,
        sessions=later,
        has_more=has_more,
        next_session=next_of(session, found.child.id, now),
    )


def _chosen(every: list[Child], given: str | None) -> Student | None:
    """The child of the address; without one, the first. Refused: NotFound, if not theirs."""
    if given is None:
        return every[0].student if every else None
    wanted = row_id(given)
    for child in every:
        if child.student.id == wanted:
            return child.student
    raise NotFound


def _first_tab(numbers: Counts) -> Tab:
    """The tab that opens by itself: what awaits an answer comes first."""
    return Tab.AWAITING if numbers.awaiting else Tab.UPCOMING


def _tabs(reader: Reader, found: Family) -> list[tuple[str, str, int | None, bool]]:
    numbers = found.counts
    names = {
        Tab.AWAITING: (reader.label("Awaiting"), numbers.awaiting),
        Tab.UPCOMING: (reader.label("Upcoming"), numbers.upcoming),
        Tab.FUTURE: (reader.label("Future"), numbers.future),
        Tab.PAST: (reader.label("Past"), None),
    }
    return [
        (_address(found.child, tab), name, count, tab is found.tab)
        for tab, (name, count) in names.items()
    ]


def _waiting(found: Family) -> list[tuple[Child, int]]:
    """The children, with the number of their sessions that wait for this parent's answer."""
    asked = Counter(one.row.student_id for one in found.asked)
    return [(one, one.awaiting + asked[one.student.id]) for one in found.children]


def _why(reader: Reader, found: Family) -> str:
    """Why Future is open where Upcoming was asked for; empty where it was not."""
    if found.next_session is None or found.child is None:
        return ""
    row = found.next_session.appointment
    return reader.label(
        "Nothing for {child} in the next 7 days. The next session is {slot}.",
        child=found.child.name,
        slot=reader.slot(row.starts_at, row.ends_at),
    )


def _address(child: Student | None, tab: Tab | None = None, number: int = 1) -> str:
    return family_address(child.id if child else None, tab, number)


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]
