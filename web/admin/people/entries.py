"""Adding a person, and changing their entry (SPEC 1, 10)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.catalogue import languages
from locales.current_user import CurrentUser
from models import Person
from models.enums import Role
from services.db import Session
from services.people.entries import (
    PersonEntry,
    add_person,
    edit_person,
    free_ref,
    locked,
    named,
    require_roles,
    zone_or_none,
)
from services.queries.people import person_with
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.admin.people.forms import SEE_OTHER, carry_out
from web.admin.people_rows import PATH
from web.forms import Form, attempt
from web.site import id_in, site_of

ROLES = (Role.TUTOR, Role.PARENT, Role.COORDINATOR)


async def ask_new(request: Request) -> Response:
    """The form for a new person."""
    user = await site_of(request).database.read(coordinator, request)
    return _form_page(request, user, Form(), None)


async def add(request: Request) -> Response:
    """Add a person, and show their page."""

    def use_case(session: Session, user: CurrentUser, form: Form) -> int:
        return add_person(session, user.actor, _entry(form)).id

    def check(session: Session, form: Form, user: CurrentUser) -> None:
        _check(session, form, user, None)

    form, person_id = await carry_out(request, use_case, check)
    if form.errors:
        user = await site_of(request).database.read(coordinator, request)
        return _form_page(request, user, form, None)
    return RedirectResponse(f"{PATH}/{person_id}" if person_id else PATH, SEE_OTHER)


async def ask_change(request: Request) -> Response:
    """The form with a person's entry. Refused: NotFound."""
    user, person = await site_of(request).database.read(_person, request)
    given = {
        "name": person.name,
        "language": person.language or "",
        "time_zone": person.time_zone or "",
        "ref": person.ref or "",
        **{role.value: "yes" for role in person.roles},
    }
    return _form_page(request, user, Form(given), person)


async def change(request: Request) -> Response:
    """Change a person's entry. Refused: NotFound."""
    person_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        edit_person(session, user.actor, person_id, _entry(form))

    def check(session: Session, form: Form, user: CurrentUser) -> None:
        _check(session, form, user, locked(session, Person, person_id))

    form, _ = await carry_out(request, use_case, check)
    if form.errors:
        user, person = await site_of(request).database.read(_person, request)
        return _form_page(request, user, form, person)
    return RedirectResponse(f"{PATH}/{person_id}", SEE_OTHER)


def _person(session: Session, request: Request) -> tuple[CurrentUser, Person]:
    user = coordinator(session, request)
    person = person_with(session, id_in(request))
    if person is None or not person.roles:
        raise NotFound
    return user, person


def _check(session: Session, form: Form, user: CurrentUser, own: Person | None) -> None:
    """Put beside each field what is wrong with it."""
    entry = _entry(form)
    attempt(form, user, "name", named, entry.name)
    attempt(form, user, "roles", require_roles, session, user.actor, entry.roles, own)
    attempt(form, user, "time_zone", zone_or_none, entry.time_zone)
    attempt(form, user, "ref", free_ref, session, Person, entry.ref, own)


def _entry(form: Form) -> PersonEntry:
    language = form["language"]
    return PersonEntry(
        name=form["name"],
        roles=frozenset(role for role in ROLES if form[role.value]),
        language=language if language in dict(languages()) else None,
        time_zone=form["time_zone"],
        ref=form["ref"],
    )


def _form_page(request: Request, user: CurrentUser, form: Form, person: Person | None) -> Response:
    reader = user.reader
    return admin_page(
        request,
        "admin/person_form.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        entered=person,
        back=f"{PATH}/{person.id}" if person else PATH,
        roles=[
            (Role.TUTOR.value, reader.label("Tutor")),
            (Role.PARENT.value, reader.label("Parent")),
            (Role.COORDINATOR.value, reader.label("Coordinator")),
        ],
        languages=[("", reader.label("As their Telegram is set")), *languages()],
        agency_zone=site_of(request).agency.zone.key,
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(f"{PATH}/new", ask_new),
        Route(f"{PATH}/new", add, methods=["POST"]),
        Route(f"{PATH}/{{id}}/edit", ask_change),
        Route(f"{PATH}/{{id}}/edit", change, methods=["POST"]),
    ]
