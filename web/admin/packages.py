"""Packages: what each child has left, buying, and correcting the ledger (SPEC 7, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.packages import credits_moved, entry_line, package_line
from locales.reader import Reader
from services.db import Session
from services.messaging.submitted_forms import counts_now
from services.packages.corrections import REVERSIBLE, adjust, reverse
from services.packages.purchases import buy
from services.queries.packages import (
    EntryView,
    PackageView,
    entries_of,
    entry_view,
    left_uncovered,
    low_packages,
    open_packages,
    owed_by_child,
    package_view,
    packages_of,
    past_packages,
)
from services.queries.people import students_by_name
from services.rules.agency import Agency
from services.rules.packages import require_adjustment
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.admin.package_forms import FIELDS, purchase_of, whole
from web.forms import Form, attempt, beside, check_text, read_form
from web.navigation import Section
from web.site import id_in, page_number, row_id, site_of

PATH = "/admin/packages"
SEE_OTHER = 303
LISTS = {"open": open_packages, "low": low_packages, "past": past_packages}


@dataclass(frozen=True)
class Row:
    """A package in a list."""

    address: str
    child: str
    left: str
    price: str
    is_low: bool


async def show(request: Request) -> Response:
    """Packages that are open, low, over, or one child's, as the address says, and who owes."""
    site = site_of(request)
    shown = request.query_params.get("show", "")
    name, child = shown if shown in LISTS else "open", request.query_params.get("child")

    def query(session: Session) -> tuple[CurrentUser, list[Row], list[tuple[str, str]]]:
        user = coordinator(session, request)
        found = (
            packages_of(session, row_id(child)) if child else LISTS[name](session, user.reader.now)
        )
        owed = [
            (f"{PATH}/new?child={one.student.id}", f"{one.student.name}: {one.sessions}")
            for one in owed_by_child(session)
        ]
        return user, [_row(user.reader, one, site.agency) for one in found], owed

    user, rows, owed = await site.database.read(query)
    reader = user.reader
    names = {"open": reader.label("Open"), "low": reader.label("Low"), "past": reader.label("Over")}
    tabs = [
        (f"{PATH}?show={one}", words, None, one == name and not child)
        for one, words in names.items()
    ]
    return admin_page(request, "admin/packages.html", user, tabs=tabs, rows=rows, owed=owed)


async def one(request: Request) -> Response:
    """One package, with its ledger and the form that adjusts it."""
    return await _package_page(request, Form())


async def ask_to_buy(request: Request) -> Response:
    """The form for a package that a family has bought."""
    today = site_of(request).clock.now().astimezone(site_of(request).agency.zone).date()
    given = {"child": request.query_params.get("child", ""), "starts_on": today.isoformat()}
    return await _buying_page(request, Form(given))


async def record_purchase(request: Request) -> Response:
    """Record a package, once for each form."""
    form, site = await _form(request), site_of(request)

    def transaction(session: Session) -> int | None:
        user = coordinator(session, request)
        purchase = purchase_of(form, user, site.agency)
        if not (purchase and counts_now(session, form.id, user.person.id, user.actor.now)):
            return None
        return buy(session, purchase, site.agency, user.actor).id

    try:
        package_id = await site.database.write(transaction)
    except Refusal as refusal:
        await _beside(request, form, refusal)
    if form.errors:
        return await _buying_page(request, form)
    site.has_acted()
    return RedirectResponse(f"{PATH}/{package_id}" if package_id else PATH, SEE_OTHER)


async def make_adjustment(request: Request) -> Response:
    """Add credits to a package or take some, with a reason, once for each form."""
    form, site, package_id = await _form(request), site_of(request), id_in(request)

    def transaction(session: Session) -> None:
        user = coordinator(session, request)
        sessions = whole(form["sessions"])
        attempt(form, user, "sessions", require_adjustment, sessions)
        check_text(form, user, "reason", is_needed=True)
        if not form.errors and counts_now(session, form.id, user.person.id, user.actor.now):
            adjust(session, package_id, sessions, form["reason"], user.actor)

    await site.database.write(transaction)
    if form.errors:
        return await _package_page(request, form)
    site.has_acted()
    return RedirectResponse(f"{PATH}/{package_id}", SEE_OTHER)


async def ask_to_reverse(request: Request) -> Response:
    """The entry that is to be reversed, and the question for the reason."""
    return await _reversing_page(request, Form({"with_sessions": "1"}))


async def make_reversal(request: Request) -> Response:
    """Reverse an entry; again by the same coordinator it changes nothing."""
    form, site, entry_id = await _form(request), site_of(request), id_in(request)

    def transaction(session: Session) -> int | None:
        user = coordinator(session, request)
        with_sessions = bool(form["with_sessions"])
        return reverse(
            session, entry_id, form["reason"], user.actor, with_sessions=with_sessions
        ).package_id

    try:
        package_id = await site.database.write(transaction)
    except Refusal as refusal:
        await _beside(request, form, refusal)
        return await _reversing_page(request, form)
    site.has_acted()
    return RedirectResponse(f"{PATH}/{package_id}", SEE_OTHER)


async def _form(request: Request) -> Form:
    """The form, of a coordinator: to anybody else the page does not exist."""
    await site_of(request).database.read(coordinator, request)
    return await read_form(request)


async def _beside(request: Request, form: Form, refusal: Refusal) -> None:
    """Put a refusal beside its field; one that has none is raised again."""
    beside(form, await site_of(request).database.read(coordinator, request), refusal, FIELDS)


async def _buying_page(request: Request, form: Form) -> Response:
    site = site_of(request)

    def query(session: Session) -> tuple[CurrentUser, list[tuple[str, str]]]:
        user = coordinator(session, request)
        return user, [(str(one.id), one.name) for one in students_by_name(session)]

    user, children = await site.database.read(query)
    return admin_page(
        request,
        "admin/package_new.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        children=children,
        currency=site.agency.currency.code if site.agency.currency else "",
    )


async def _package_page(request: Request, form: Form) -> Response:
    site, package_id, number = site_of(request), id_in(request), page_number(request)

    def query(session: Session) -> tuple[CurrentUser, PackageView, tuple[list[EntryView], bool]]:
        user, view = coordinator(session, request), package_view(session, package_id)
        if view is None:
            raise NotFound
        return user, view, entries_of(session, package_id=package_id, page=number)

    user, view, (entries, has_older) = await site.database.read(query)
    here = f"{PATH}/{package_id}"
    return admin_page(
        request,
        "admin/package.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        view=view,
        left=package_line(user.reader, view),
        facts=_facts(user.reader, view, site.agency),
        entries=_entries(user.reader.dated(), entries),
        newer=f"{here}?page={number - 1}" if number > 1 else None,
        older=f"{here}?page={number + 1}" if has_older else None,
    )


async def _reversing_page(request: Request, form: Form) -> Response:
    site, entry_id = site_of(request), id_in(request)

    def query(session: Session) -> tuple[CurrentUser, EntryView, list[EntryView]]:
        user, view = coordinator(session, request), entry_view(session, entry_id)
        if view is None or view.entry.kind not in REVERSIBLE:
            raise NotFound
        return user, view, [] if view.is_settled else left_uncovered(session, view.entry)

    user, view, uncovered = await site.database.read(query)
    return admin_page(
        request,
        "admin/package_reverse.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        entry=entry_line(user.reader, view),
        moved=credits_moved(view),
        uncovered=[entry_line(user.reader.dated(), one) for one in uncovered],
        is_settled=view.is_settled,
        back=f"{PATH}/{view.entry.package_id}",
    )


def _row(reader: Reader, view: PackageView, agency: Agency) -> Row:
    return Row(
        f"{PATH}/{view.id}",
        view.student.name,
        package_line(reader, view),
        _price(reader, view, agency),
        view.is_low,
    )


def _facts(reader: Reader, view: PackageView, agency: Agency) -> list[tuple[str, str]]:
    package = view.package
    facts = [
        (reader.label("Sessions"), str(package.sessions_total)),
        (reader.label("First day"), reader.dated_day(package.starts_on)),
        (
            reader.label("Last day"),
            reader.dated_day(package.expires_on) if package.expires_on else reader.label("none"),
        ),
        (reader.label("Recorded"), reader.dated_moment(package.bought_at)),
    ]
    if price := _price(reader, view, agency):
        facts.append((reader.label("Price"), price))
    return facts


def _price(reader: Reader, view: PackageView, agency: Agency) -> str:
    if view.package.price is None or agency.currency is None:
        return ""
    return reader.money(view.package.price, agency.currency)


def _entries(reader: Reader, found: Sequence[EntryView]) -> list[tuple[str, str, str | None]]:
    return [
        (
            credits_moved(one),
            entry_line(reader, one),
            f"{PATH}/entries/{one.entry.id}/reverse"
            if one.entry.kind in REVERSIBLE and not one.is_settled
            else None,
        )
        for one in found
    ]


def routes() -> list[Route]:
    """Routes of this module."""
    reversing = f"{PATH}/entries/{{id}}/reverse"
    return [
        Route(PATH, show),
        Route(f"{PATH}/new", ask_to_buy),
        Route(f"{PATH}/new", record_purchase, methods=["POST"]),
        Route(f"{PATH}/{{id}}", one),
        Route(f"{PATH}/{{id}}", make_adjustment, methods=["POST"]),
        Route(reversing, ask_to_reverse),
        Route(reversing, make_reversal, methods=["POST"]),
    ]


SECTION = Section(PATH, lambda reader: reader.label("Packages"), routes)
