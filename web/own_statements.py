"""Statements of a family and of a tutor, month by month, for themselves (SPEC 7, 10)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.billing import mark_label, month_title
from locales.current_user import CurrentUser
from locales.reader import Reader
from models import StatementMark, Student
from models.enums import Side
from services.billing.own_statements import of_family, of_tutor, why_held_back
from services.db import Session
from services.queries.family import children
from services.queries.statements import Statement, children_on
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotParent, NotTutor
from web.site import current_user, page, row_id, site_of
from web.statements import month_asked, neighbours, statement_answer, statement_values

FAMILY = "/family/statement"
TUTOR = "/tutor/statement"


@dataclass(frozen=True)
class Shown:
    """What the page shows."""

    user: CurrentUser
    month: date
    statement: Statement | None
    mark: StatementMark | None = None
    child: Student | None = None
    """Child from whose page the family came; None for a tutor."""
    children: list[Student] = field(default_factory=list)
    others: list[Statement] = field(default_factory=list)
    """Every statement that the family has for the month, where these are several."""

    @property
    def side(self) -> Side:
        return Side.TUTOR if self.child is None else Side.FAMILY

    def address(self, month: date, child_id: int | None = None) -> str:
        """Address of another month, or of the statement that names another child."""
        if self.child is None:
            return f"{TUTOR}?month={month:%Y-%m}"
        return f"{FAMILY}?child={child_id or self.child.id}&month={month:%Y-%m}"


async def show(request: Request) -> Response:
    """The statement of the address: the family's, the same for all its children, or the tutor's.

    Refused: NotSignedIn, NotParent, NotTutor, and NotFound for a child of somebody else.
    """
    site = site_of(request)
    query = _familys if request.url.path == FAMILY else _tutors
    shown = await site.database.read(query, request)
    reader = shown.user.reader
    if shown.statement and (answer := statement_answer(request, reader, shown.statement)):
        return answer
    before, after = neighbours(shown.month, site.agency, reader.now)
    values: dict[str, Any] = {"statement": None, "is_closed": False}
    if shown.statement is not None:
        values = statement_values(reader, shown.statement)
    return page(
        request,
        "own_statement.html",
        reader,
        shown.user.person,
        title=month_title(reader, shown.side, shown.month),
        name=shown.statement.name if shown.statement else "",
        back=f"/family?child={shown.child.id}" if shown.child else "/tutor",
        others=[
            (shown.address(shown.month, min(children_on(one))), one.name, one is shown.statement)
            for one in shown.others
        ],
        without=_without(reader, shown),
        here=f"{shown.address(shown.month)}&",
        before=(shown.address(before), reader.month(before)),
        after=(shown.address(after), reader.month(after)) if after else None,
        mark=mark_label(reader, shown.mark.mark) if shown.mark else "",
        held_back=why_held_back(shown.mark),
        **values,
    )


def _without(reader: Reader, shown: Shown) -> str:
    """Which children have nothing on the one statement of their family; empty where all have."""
    if shown.statement is None or shown.others:
        return ""
    named = children_on(shown.statement)
    missing = [one.name for one in shown.children if one.id not in named]
    if not missing:
        return ""
    return reader.label(
        "One statement for all your children. Nothing in this month for {children}.",
        children=reader.listed(missing),
    )


def _familys(session: Session, request: Request) -> Shown:
    user, agency = current_user(session, request), site_of(request).agency
    if not user.person.is_parent:
        raise NotParent
    every, month = children(session, user.person), month_asked(request, agency, user.reader.now)
    given = request.query_params.get("child")
    wanted = row_id(given) if given is not None else None
    child = next((one for one in every if wanted in (None, one.id)), None)
    if child is None:
        raise NotFound
    ids = [one.id for one in every]
    chosen, theirs = of_family(session, agency, month, ids, child.id, user.reader.now)
    return Shown(user, month, chosen, None, child, every, theirs if len(theirs) > 1 else [])


def _tutors(session: Session, request: Request) -> Shown:
    user, agency = current_user(session, request), site_of(request).agency
    if not user.person.is_tutor:
        raise NotTutor
    month = month_asked(request, agency, user.reader.now)
    found, mark = of_tutor(session, agency, month, user.person, user.reader.now)
    return Shown(user, month, found, mark)


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(FAMILY, show), Route(TUTOR, show)]
