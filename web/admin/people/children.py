"""A child's page, adding a child, and changing its entry (SPEC 1, 10)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from models import Person, Student
from services.db import Session
from services.people.entries import free_ref, locked, named, short
from services.people.families import (
    ADDRESS_LIMIT,
    StudentEntry,
    add_student,
    edit_student,
)
from services.queries.people import person_with
from services.queries.people_listed import ListedPerson
from services.queries.person_page import StudentPage, student_page
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.admin.people.forms import SEE_OTHER, carry_out
from web.admin.people_rows import CHILDREN, PATH, person_rows
from web.forms import Form, attempt
from web.site import ROW_ID, id_in, site_of


async def show(request: Request) -> Response:
    """A child's page. Refused: NotFound."""
    user, found = await site_of(request).database.read(_child, request)
    guardians = [ListedPerson(one, ()) for one in found.guardians]
    return admin_page(
        request,
        "admin/child.html",
        user,
        student=found.student,
        guardians=list(zip(person_rows(user.reader, guardians), found.guardians, strict=True)),
        path=CHILDREN,
    )


async def ask_new(request: Request) -> Response:
    """The form for a new child, of a parent whom the address may name."""
    given = {"guardian": request.query_params.get("guardian", "")}
    return await _new_page(request, Form(given))


async def add(request: Request) -> Response:
    """Add a child, and show its page."""

    def use_case(session: Session, user: CurrentUser, form: Form) -> int:
        guardians = [int(form["guardian"])] if ROW_ID.fullmatch(form["guardian"]) else []
        return add_student(session, user.actor, _entry(form), guardians).id

    def check(session: Session, form: Form, user: CurrentUser) -> None:
        _check(session, form, user, None)

    form, student_id = await carry_out(request, use_case, check)
    if form.errors:
        return await _new_page(request, form)
    return RedirectResponse(f"{CHILDREN}/{student_id}" if student_id else CHILDREN, SEE_OTHER)


async def ask_change(request: Request) -> Response:
    """The form with a child's entry. Refused: NotFound."""
    user, found = await site_of(request).database.read(_child, request)
    student = found.student
    given = {
        "name": student.name,
        "address": student.address or "",
        "ref": student.ref or "",
    }
    return _form_page(request, user, Form(given), found, None)


async def change(request: Request) -> Response:
    """Change a child's entry. Refused: NotFound."""
    student_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        edit_student(session, user.actor, student_id, _entry(form))

    def check(session: Session, form: Form, user: CurrentUser) -> None:
        _check(session, form, user, locked(session, Student, student_id))

    form, _ = await carry_out(request, use_case, check)
    if form.errors:
        user, found = await site_of(request).database.read(_child, request)
        return _form_page(request, user, form, found, None)
    return RedirectResponse(f"{CHILDREN}/{student_id}", SEE_OTHER)


def _child(session: Session, request: Request) -> tuple[CurrentUser, StudentPage]:
    user = coordinator(session, request)
    found = student_page(session, id_in(request))
    if found is None:
        raise NotFound
    return user, found


async def _new_page(request: Request, form: Form) -> Response:
    def query(session: Session) -> tuple[CurrentUser, Person | None]:
        user = coordinator(session, request)
        is_named = ROW_ID.fullmatch(form["guardian"])
        return user, person_with(session, int(form["guardian"]) if is_named else None)

    user, guardian = await site_of(request).database.read(query)
    return _form_page(request, user, form, None, guardian)


def _form_page(
    request: Request,
    user: CurrentUser,
    form: Form,
    found: StudentPage | None,
    guardian: Person | None,
) -> Response:
    back = f"{CHILDREN}/{found.student.id}" if found else CHILDREN
    return admin_page(
        request,
        "admin/child_form.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        entered=found.student if found else None,
        guardian=guardian,
        back=f"{PATH}/{guardian.id}" if guardian else back,
    )


def _check(session: Session, form: Form, user: CurrentUser, own: Student | None) -> None:
    """Put beside each field what is wrong with it."""
    attempt(form, user, "name", named, form["name"])
    attempt(form, user, "address", short, form["address"], ADDRESS_LIMIT)
    attempt(form, user, "ref", free_ref, session, Student, form["ref"], own)


def _entry(form: Form) -> StudentEntry:
    return StudentEntry(form["name"], form["address"], form["ref"])


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(f"{CHILDREN}/new", ask_new),
        Route(f"{CHILDREN}/new", add, methods=["POST"]),
        Route(f"{CHILDREN}/{{id}}", show),
        Route(f"{CHILDREN}/{{id}}/edit", ask_change),
        Route(f"{CHILDREN}/{{id}}/edit", change, methods=["POST"]),
    ]
