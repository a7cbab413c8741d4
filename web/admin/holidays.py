"""Holidays on the coordinators' pages: added after a look at what is booked, removed (SPEC 7)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from operator import itemgetter

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from services.closures.booked import Closure, Found
from services.closures.holidays import (
    Day,
    add,
    holidays_from,
    remove,
    require_name,
    sessions_on,
)
from services.closures.public_holidays import countries, public_holidays
from services.closures.reopening import still_asked
from services.db import Session
from services.rules.refusals import Refusal
from services.rules.refusals.matches import DatesWanted
from services.rules.refusals.packages import DayNotRead
from web.admin.frame import admin_page, coordinator
from web.days import day_of
from web.forms import Form, attempt, beside, read_form
from web.settling import MOST_FIELDS, choices_of, digest, rows, settle
from web.site import id_in, site_of

PATH = "/admin/holidays"
SEE_OTHER = 303
AHEAD = timedelta(days=365)
"""How far ahead the holidays of a country are offered."""
MOST_OFFERED = 60
FIELDS: dict[type[Refusal], str] = {
    DatesWanted: "date",
    DayNotRead: "date",
}
"""Field beside which a refusal stands."""


async def show(request: Request) -> Response:
    """Holidays to come, the form for one more, and those of a country."""
    return await _list_page(request, Form())


async def enter(request: Request) -> Response:
    """Show what is booked on the days; with the digest of that, add and settle them."""
    site = site_of(request)
    user = await site.database.read(coordinator, request)
    form = await read_form(request, max_fields=MOST_FIELDS)
    if not _is_listed(form):
        attempt(form, user, "date", day_of, form["date"])
        attempt(form, user, "name", require_name, form["name"])
    if form.errors:
        return await _list_page(request, form)

    def look(session: Session) -> tuple[CurrentUser, list[Found]]:
        user = coordinator(session, request)
        return user, sessions_on(session, user.actor, _days(form), site.agency)

    def act(session: Session) -> str:
        user = coordinator(session, request)
        choices = choices_of(form, user.reader.zone)
        add(session, user.actor, _days(form), choices, site.agency, digest=form["digest"])
        return PATH

    return await settle(
        request,
        form,
        look=look,
        act=act,
        refused=partial(_refused, request, form),
        shown=partial(_settling_page, request, form),
    )


async def take_off(request: Request) -> Response:
    """Remove a holiday."""
    site, holiday_id = site_of(request), id_in(request)
    await site.database.read(coordinator, request)
    await read_form(request)

    def transaction(session: Session) -> None:
        remove(session, holiday_id, coordinator(session, request).actor, site.agency)

    await site.database.write(transaction)
    site.has_acted()
    return RedirectResponse(PATH, SEE_OTHER)


async def _refused(request: Request, form: Form, refusal: Refusal) -> Response:
    """Put a refusal beside its field; one that has none is raised again."""
    beside(form, await site_of(request).database.read(coordinator, request), refusal, FIELDS)
    return await _list_page(request, form)


async def _list_page(request: Request, form: Form) -> Response:
    country = request.query_params.get("country", "")[:2].upper()

    site, zone = site_of(request), site_of(request).agency.zone

    def query(session: Session) -> tuple[CurrentUser, list[tuple[int, Day]], Counter[date]]:
        user = coordinator(session, request)
        kept = holidays_from(session, user.reader.agency_today)
        closure = Closure(tuple(one.date for one in kept))
        asked = still_asked(session, closure, zone, user.actor.now)
        return (
            user,
            [(one.id, Day(one.date, one.name)) for one in kept],
            Counter(one.starts_at.astimezone(zone).date() for one in asked),
        )

    user, kept, asked = await site.database.read(query)
    reader = user.reader
    today = reader.agency_today
    known = {day.date for _, day in kept}
    offered = [
        one for one in public_holidays(country, today, today + AHEAD) if one.date not in known
    ]
    return admin_page(
        request,
        "admin/holidays.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        kept=[
            (reader.dated_day(day.date), day.name, asked[day.date], f"{PATH}/{number}/remove")
            for number, day in kept
        ],
        country=country or reader.agency_country,
        is_chosen=bool(country),
        countries=sorted(((code, reader.country(code)) for code in countries()), key=itemgetter(1)),
        offered=[
            (number, one.date.isoformat(), one.name, reader.dated_day(one.date))
            for number, one in enumerate(offered[:MOST_OFFERED])
        ],
    )


def _settling_page(
    request: Request, form: Form, user: CurrentUser, found: Sequence[Found]
) -> Response:
    days = _days(form)
    kept = [(f"day{number}", f"{one.date} {one.name}") for number, one in enumerate(days)]
    return admin_page(
        request,
        "admin/holiday_settle.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        about=user.reader.listed(f"{user.reader.dated_day(one.date)} {one.name}" for one in days),
        rows=rows(user.reader, found, form),
        digest=digest(found),
        kept=kept,
        back=PATH,
    )


def _days(form: Form) -> list[Day]:
    """The days that were chosen, or the one that was typed. Refused: DayNotRead."""
    if not _is_listed(form):
        return [Day(day_of(form["date"]), form["name"])]
    return [_day(value) for name, value in form.values.items() if _is_of_list(name)]


def _is_listed(form: Form) -> bool:
    """Whether days of a country were ticked, and none was typed."""
    return any(_is_of_list(name) for name in form.values)


def _is_of_list(name: str) -> bool:
    return name.startswith("day") and name.removeprefix("day").isdecimal()


def _day(value: str) -> Day:
    day, _, name = value.partition(" ")
    return Day(day_of(day), name)


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(PATH, show),
        Route(PATH, enter, methods=["POST"]),
        Route(f"{PATH}/{{id}}/remove", take_off, methods=["POST"]),
    ]
