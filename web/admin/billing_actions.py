"""What coordinators do with billing months: close one, enter an amount, mark pay (SPEC 7)."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.enums import PayMark, Side
from services.billing.closing import close_month
from services.billing.entries import enter_amount, mark_pay
from services.db import Session
from services.messaging.submitted_forms import counts_now
from services.queries.statements import statement_of
from services.rules.billing import month_of
from services.rules.money import Currency, read_amount
from services.rules.refusals import Refusal
from services.rules.refusals.billing import AlreadyMarked, MonthClosed
from services.rules.refusals.packages import AmountNotRead, NoCurrency
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from web.admin import extra_prices
from web.admin.billing import (
    PATH,
    address_in,
    month,
    month_values,
    read_month,
    show,
    statement,
    statement_page,
)
from web.admin.frame import admin_page, coordinator
from web.forms import Form, attempt, beside, check_text, read_form
from web.navigation import Section
from web.site import site_of
from web.statements import month_in

SEE_OTHER = 303
FIELDS: dict[type[Refusal], str] = {
    NoCurrency: "amount",
    ReasonRequired: "reason",
    TextTooLong: "reason",
    AlreadyMarked: "mark",
}
"""Field beside which a refusal stands."""


async def ask_to_close(request: Request) -> Response:
    """What closing a month would freeze, and the question."""
    found = await site_of(request).database.read(read_month, request)
    if not found.closes:
        raise NotFound
    return admin_page(
        request, "admin/billing_month.html", found.user, **month_values(found), closing=True
    )


async def close(request: Request) -> Response:
    """Close the month, and earlier ones that are open; a second time it changes nothing."""
    await _form(request)
    site, wanted = site_of(request), month_in(str(request.path_params["month"]))

    def transaction(session: Session) -> None:
        user = coordinator(session, request)
        close_month(session, wanted, site.agency, user.actor)

    try:
        await site.database.write(transaction)
    except MonthClosed:
        pass
    else:
        site.has_acted()
    return RedirectResponse(f"{PATH}/{wanted:%Y-%m}", SEE_OTHER)


async def enter(request: Request) -> Response:
    """Enter an amount on a statement of the running month, once for each form."""
    form, site = await _form(request), site_of(request)
    asked, side, party_id = address_in(request)

    def transaction(session: Session) -> None:
        user, agency = coordinator(session, request), site.agency
        if asked != month_of(user.actor.now, agency.zone):
            raise NotFound
        if agency.currency is None:
            raise NoCurrency
        minor = attempt(form, user, "amount", _amount, form["amount"], agency.currency)
        check_text(form, user, "reason", is_needed=True)
        if minor is None or form.errors:
            return
        if counts_now(session, form.id, user.person.id, user.actor.now):
            enter_amount(session, side, party_id, minor, form["reason"], agency, user.actor)

    return await _done(request, form, transaction)


def _amount(typed: str, currency: Currency) -> int:
    """Minor units that were typed, with a sign. Refused: AmountNotRead, also for nothing."""
    plain = typed.replace("−", "-")
    minor = read_amount(plain.removeprefix("-").removeprefix("+"), currency)
    if not minor:
        raise AmountNotRead
    return -minor if plain.startswith("-") else minor


async def mark(request: Request) -> Response:
    """Mark a tutor's closed statement as held back, paid, or neither."""
    form, site = await _form(request), site_of(request)
    asked, side, party_id = address_in(request)

    def transaction(session: Session) -> None:
        user = coordinator(session, request)
        found = statement_of(session, site.agency, asked, side, party_id, user.actor.now)
        given = form["mark"]
        if side is not Side.TUTOR or found is None or found.id is None or given not in set(PayMark):
            raise NotFound
        mark_pay(session, found.id, PayMark(given), form["reason"], user.actor)

    return await _done(request, form, transaction)


async def _done(request: Request, form: Form, act: Callable[[Session], None]) -> Response:
    """Do it and show the statement; a refusal stands beside its field."""
    site = site_of(request)
    try:
        await site.database.write(act)
    except Refusal as refusal:
        beside(form, await site.database.read(coordinator, request), refusal, FIELDS)
    if form.errors:
        return await statement_page(request, form)
    site.has_acted()
    asked, side, party_id = address_in(request)
    return RedirectResponse(f"{PATH}/{asked:%Y-%m}/{side.value}/{party_id}", SEE_OTHER)


async def _form(request: Request) -> Form:
    """The form, of a coordinator: to anybody else the page does not exist."""
    await site_of(request).database.read(coordinator, request)
    return await read_form(request)


def routes() -> list[Route]:
    """Routes of the whole section."""
    one = f"{PATH}/{{month}}/{{side}}/{{id}}"
    return [
        *extra_prices.routes(),
        Route(PATH, show),
        Route(f"{PATH}/{{month}}", month),
        Route(f"{PATH}/{{month}}/close", ask_to_close),
        Route(f"{PATH}/{{month}}/close", close, methods=["POST"]),
        Route(one, statement),
        Route(f"{one}/amount", enter, methods=["POST"]),
        Route(f"{one}/mark", mark, methods=["POST"]),
    ]


SECTION = Section(PATH, lambda reader: reader.label("Billing"), routes)
