"""Linking parents and children, from either one's page (SPEC 1, 10)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from models import Person, Student
from services.db import Session
from services.people.families import add_guardian, remove_guardian
from services.queries.found_people import FoundStudent
from services.queries.people import person_with
from services.queries.people_listed import (
    ListedPerson,
    children_listed,
    people_listed,
)
from services.queries.person_page import student_page
from services.queries.scheduling import student_with
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.admin.people.forms import SEE_OTHER, carry_out
from web.admin.people_rows import CHILDREN, PATH, person_rows, student_rows
from web.forms import Form
from web.site import id_in, row_id, site_of

SEARCH_LIMIT = 100
FOUND = 20
"""Most people or children to choose from."""


async def choose_guardian(request: Request) -> Response:
    """People to choose a child's guardian from, by name. Refused: NotFound."""
    search, student_id = _search(request), id_in(request)

    def query(session: Session) -> tuple[CurrentUser, str, list[ListedPerson]]:
        user = coordinator(session, request)
        student = student_with(session, student_id)
        if student is None:
            raise NotFound
        found = people_listed(session, search, None, None, FOUND) if search else []
        return user, student.name, found[:FOUND]

    user, name, found = await site_of(request).database.read(query)
    rows = zip(person_rows(user.reader, found), (one.person.id for one in found), strict=True)
    return admin_page(
        request,
        "admin/guardian.html",
        user,
        name=name,
        title=user.reader.label("Link a parent to {child}", child=name),
        search=search,
        form=Form(),
        rows=list(rows),
        field="guardian",
        act=f"{CHILDREN}/{student_id}/guardians",
        back=f"{CHILDREN}/{student_id}",
    )


async def choose_child(request: Request) -> Response:
    """Children to choose a parent's from, by name. Refused: NotFound."""
    search, person_id = _search(request), id_in(request)

    def query(session: Session) -> tuple[CurrentUser, str, list[FoundStudent]]:
        user = coordinator(session, request)
        person = person_with(session, person_id)
        if person is None:
            raise NotFound
        found = children_listed(session, search, None, FOUND) if search else []
        return user, person.name, found[:FOUND]

    user, name, found = await site_of(request).database.read(query)
    rows = zip(student_rows(user.reader, found), (one.student.id for one in found), strict=True)
    return admin_page(
        request,
        "admin/guardian.html",
        user,
        name=name,
        title=user.reader.label("Link a child to {parent}", parent=name),
        search=search,
        form=Form(),
        rows=list(rows),
        field="child",
        act=f"{PATH}/{person_id}/children",
        back=f"{PATH}/{person_id}",
    )


async def link_guardian(request: Request) -> Response:
    """Link the chosen person to the child of the address. Refused: NotFound."""
    student_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        add_guardian(session, user.actor, student_id, row_id(form["guardian"]))

    await carry_out(request, use_case)
    return RedirectResponse(f"{CHILDREN}/{student_id}", SEE_OTHER)


async def link_child(request: Request) -> Response:
    """Link the chosen child to the person of the address. Refused: NotFound."""
    person_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        add_guardian(session, user.actor, row_id(form["child"]), person_id)

    await carry_out(request, use_case)
    return RedirectResponse(f"{PATH}/{person_id}", SEE_OTHER)


async def ask_unlink(request: Request) -> Response:
    """The question whether to unlink a guardian from the child of the address. Refused: NotFound,
    also where they are not linked.
    """
    return await _unlink_page(request, Form(dict(request.query_params)))


async def unlink(request: Request) -> Response:
    """Unlink a guardian from the child of the address. Refused: NotFound."""
    student_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        remove_guardian(session, user.actor, student_id, row_id(form["guardian"]))

    form, _ = await carry_out(request, use_case)
    if form.errors:
        return await _unlink_page(request, form)
    return RedirectResponse(f"{CHILDREN}/{student_id}", SEE_OTHER)


async def _unlink_page(request: Request, form: Form) -> Response:
    student_id = id_in(request)

    def query(session: Session) -> tuple[CurrentUser, Student, Person, list[str]]:
        user, person_id = coordinator(session, request), row_id(form["guardian"])
        found = student_page(session, student_id)
        linked = {one.id: one for one in found.guardians} if found else {}
        if found is None or person_id not in linked:
            raise NotFound
        parent = linked.pop(person_id)
        return user, found.student, parent, [one.name for one in linked.values()]

    user, student, parent, others = await site_of(request).database.read(query)
    return admin_page(
        request,
        "admin/unlink.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        parent=parent,
        student=student,
        others=user.reader.listed(others),
        back=f"{CHILDREN}/{student_id}",
    )


def _search(request: Request) -> str:
    return request.query_params.get("q", "").replace("\0", "").strip()[:SEARCH_LIMIT]


def routes() -> list[Route]:
    """Routes of this module."""
    of_child, of_person = f"{CHILDREN}/{{id}}", f"{PATH}/{{id}}/children"
    return [
        Route(f"{of_child}/guardians", choose_guardian),
        Route(f"{of_child}/guardians", link_guardian, methods=["POST"]),
        Route(f"{of_child}/unlink", ask_unlink),
        Route(f"{of_child}/unlink", unlink, methods=["POST"]),
        Route(of_person, choose_child),
        Route(of_person, link_child, methods=["POST"]),
    ]
