"""The list of people and the list of children (SPEC 10)."""

from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.reader import Reader
from models.enums import Role
from services.db import Session
from services.queries.found_people import FoundStudent
from services.queries.people_listed import (
    A_PAGE,
    ListedPerson,
    Place,
    children_listed,
    people_listed,
)
from web.admin.frame import admin_page, coordinator
from web.admin.people_rows import CHILDREN, PATH, person_rows, student_rows
from web.site import ROW_ID, site_of

SEARCH_LIMIT = 100
"""Most characters of a search."""
TABS = (None, Role.TUTOR, Role.PARENT, Role.COORDINATOR)


async def show_people(request: Request) -> Response:
    """People by name: all, or those with a role, or those whom a search finds."""
    given = request.query_params
    search, after = _search(given), _place(given)
    role = Role(given["role"]) if given.get("role", "") in set(TABS[1:]) else None

    def query(session: Session) -> tuple[CurrentUser, list[ListedPerson]]:
        user = coordinator(session, request)
        return user, people_listed(session, search, role, after)

    user, found = await site_of(request).database.read(query)
    shown = found[:A_PAGE]
    place = Place(shown[-1].person.name, shown[-1].person.id) if len(found) > A_PAGE else None
    own = {"role": role.value if role else "", "q": search}
    return admin_page(
        request,
        "admin/people.html",
        user,
        rows=person_rows(user.reader, shown),
        tabs=_tabs(user.reader, role, search),
        search=search,
        role=own["role"],
        is_children=False,
        first=_address(PATH, own) if after else None,
        more=_address(PATH, own, place) if place else None,
    )


async def show_children(request: Request) -> Response:
    """Children by name: all, or those whom a search finds."""
    search, after = _search(request.query_params), _place(request.query_params)

    def query(session: Session) -> tuple[CurrentUser, list[FoundStudent]]:
        user = coordinator(session, request)
        return user, children_listed(session, search, after)

    user, found = await site_of(request).database.read(query)
    shown = found[:A_PAGE]
    place = Place(shown[-1].student.name, shown[-1].student.id) if len(found) > A_PAGE else None
    own = {"q": search}
    return admin_page(
        request,
        "admin/people.html",
        user,
        rows=student_rows(user.reader, shown),
        tabs=_tabs(user.reader, "children", search),
        search=search,
        role="",
        is_children=True,
        first=_address(CHILDREN, own) if after else None,
        more=_address(CHILDREN, own, place) if place else None,
    )


def _tabs(reader: Reader, at: Role | str | None, search: str) -> list[tuple[str, str, None, bool]]:
    names = {
        None: reader.label("Everybody"),
        Role.TUTOR: reader.label("Tutors"),
        Role.PARENT: reader.label("Parents"),
        Role.COORDINATOR: reader.label("Coordinators"),
    }
    found: list[tuple[str, str, None, bool]] = [
        (_address(PATH, {"role": role or "", "q": search}), names[role], None, at == role)
        for role in TABS
    ]
    words = reader.label("Children")
    return [*found, (_address(CHILDREN, {"q": search}), words, None, at == "children")]


def _search(given: QueryParams) -> str:
    return given.get("q", "").replace("\0", "").strip()[:SEARCH_LIMIT]


def _place(given: QueryParams) -> Place | None:
    """Place after which the page begins; the list's beginning where the address names none."""
    number = given.get("after", "")
    if not ROW_ID.fullmatch(number):
        return None
    return Place(given.get("name", "").replace("\0", ""), int(number))


def _address(path: str, own: dict[str, str], place: Place | None = None) -> str:
    values = {name: value for name, value in own.items() if value}
    if place is not None:
        values |= {"name": place.name, "after": str(place.id)}
    return f"{path}?{urlencode(values)}" if values else path


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show_people), Route(CHILDREN, show_children)]
