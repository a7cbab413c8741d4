"""Price and pay of an extra session on a page, where the match's do not apply (SPEC 7, 10)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from models import Appointment
from models.enums import PriceUnit, Side
from services.billing.prices import SessionPrice, price_to_set, set_price
from services.db import Session
from services.queries.sessions import SessionView, session_view
from services.rules.billing import month_of
from services.rules.money import Currency
from services.rules.refusals.sessions import NotFound
from web.admin.billing import PATH
from web.admin.frame import admin_page, coordinator
from web.admin.match_forms import MONEY, amount_if_any, unit_of
from web.forms import Form, attempt, read_form
from web.site import id_in, site_of

SEE_OTHER = 303


@dataclass(frozen=True)
class Case:
    """The coordinator, the session, and the currency of what is typed."""

    user: CurrentUser
    view: SessionView
    currency: Currency


async def show(request: Request) -> Response:
    """The form, with what is agreed now. Refused: NotSignedIn, NotFound, MonthClosed."""
    case = await site_of(request).database.read(_case, request)
    row, currency = case.view.appointment, case.currency
    form = Form()
    for name, amount in (("price", row.price), ("pay", row.pay)):
        form.values[name] = "" if amount is None else currency.plain(amount)
    form.values["unit"] = row.price_unit or PriceUnit.SESSION
    return _page(request, case, form)


async def enter(request: Request) -> Response:
    """Set what was typed, and show the family's statement."""
    site, about = site_of(request), id_in(request)
    await site.database.read(coordinator, request)
    form = await read_form(request)
    case = await site.database.read(_case, request)
    price, pay = (
        attempt(form, case.user, name, amount_if_any, form[name], site.agency) for name in MONEY
    )
    if form.errors:
        return _page(request, case, form)
    wanted = SessionPrice(price, pay, unit_of(form["unit"]))

    def transaction(session: Session) -> Appointment:
        return set_price(session, about, wanted, site.agency, coordinator(session, request).actor)

    row = await site.database.write(transaction)
    site.has_acted()
    month = month_of(row.starts_at, site.agency.zone)
    there = f"{PATH}/{month:%Y-%m}/{Side.FAMILY.value}/{row.student_id}"
    return RedirectResponse(there, SEE_OTHER)


def _case(session: Session, request: Request) -> Case:
    user, agency = coordinator(session, request), site_of(request).agency
    row = price_to_set(session, id_in(request), agency, user.actor)
    view = session_view(session, row.id)
    if view is None or agency.currency is None:
        raise NotFound
    return Case(user, view, agency.currency)


def _page(request: Request, case: Case, form: Form) -> Response:
    reader, row = case.user.reader, case.view.appointment
    return admin_page(
        request,
        "admin/extra_price.html",
        case.user,
        status_code=409 if form.errors else 200,
        form=form,
        about=reader.listed(
            (
                case.view.student.name,
                case.view.appointment.subject,
                case.view.tutor.name,
                reader.dated_slot(row.starts_at, row.ends_at),
            )
        ),
        back=f"/sessions/{row.id}",
        currency=case.currency.code,
        units=[
            (PriceUnit.SESSION.value, reader.label("the session")),
            (PriceUnit.HOUR.value, reader.label("an hour")),
        ],
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(f"{PATH}/extra/{{id}}/price", show),
        Route(f"{PATH}/extra/{{id}}/price", enter, methods=["POST"]),
    ]
