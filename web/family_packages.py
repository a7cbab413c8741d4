"""Prepaid sessions of a child, entry by entry, for its parents (SPEC 7, 10)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.packages import (
    credits_moved,
    entry_line,
    named_lines,
    owed_line,
    package_state,
)
from models import Student
from services.db import Session
from services.queries.family import children
from services.queries.packages import (
    EntryView,
    PackageView,
    entries_of,
    owed_by_child,
    packages_of,
)
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotParent
from web.site import current_user, page, page_number, row_id, site_of

PATH = "/family/package"
SHOWN = 5
"""Most packages above the ledger: newest first."""


@dataclass(frozen=True)
class Prepaid:
    """What the page shows."""

    children: list[Student]
    child: Student
    packages: list[PackageView]
    owed: int
    entries: list[EntryView]
    has_older: bool


async def show(request: Request) -> Response:
    """The page of the child that the address names, or the first.

    Refused: NotSignedIn, NotParent, and NotFound for a child of somebody else.
    """
    number = page_number(request)

    def query(session: Session) -> tuple[CurrentUser, Prepaid]:
        user = current_user(session, request)
        if not user.person.is_parent:
            raise NotParent
        return user, _prepaid(session, user, request.query_params.get("child"), number)

    user, found = await site_of(request).database.read(query)
    reader, record = user.reader, user.reader.dated()
    here = _address(found.child)
    return page(
        request,
        "family_package.html",
        reader,
        user.person,
        child=found.child,
        children=[(_address(one), one.name, one is found.child) for one in found.children],
        packages=[
            (line, package_state(reader, one))
            for one, line in zip(found.packages, named_lines(reader, found.packages), strict=True)
        ][:SHOWN],
        owed=owed_line(reader, found.owed) if found.owed else "",
        entries=[
            (credits_moved(one), entry_line(record, one, found.packages), None)
            for one in found.entries
        ],
        newer=f"{here}&page={number - 1}" if number > 1 else None,
        older=f"{here}&page={number + 1}" if found.has_older else None,
    )


def _prepaid(session: Session, user: CurrentUser, given: str | None, number: int) -> Prepaid:
    every = children(session, user.person)
    wanted = row_id(given) if given is not None else None
    child = next((one for one in every if wanted in (None, one.id)), None)
    if child is None:
        raise NotFound
    entries, has_older = entries_of(session, student_id=child.id, page=number)
    owed = sum(one.sessions for one in owed_by_child(session, [child.id]))
    return Prepaid(every, child, packages_of(session, child.id), owed, entries, has_older)


def _address(child: Student) -> str:
    return f"{PATH}?child={child.id}"


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, show)]
