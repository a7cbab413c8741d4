"""Price and pay of an extra session, set before its month is closed (SPEC 7)."""

from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlmodel import col

from models import Appointment
from models.enums import Action, Kind, Origin, PriceUnit, Role
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import read_appointment
from services.lifecycle.status import record
from services.notifications.announcements import refresh_cards
from services.queries.billing_months import first_open
from services.rules.agency import Agency
from services.rules.billing import month_of
from services.rules.refusals.billing import MonthClosed
from services.rules.refusals.packages import AmountNotRead, NoCurrency
from services.rules.refusals.sessions import NotFound


@dataclass(frozen=True)
class SessionPrice:
    """What the family pays and the tutor gets, in minor units; None: nothing is agreed."""

    price: int | None
    pay: int | None
    unit: PriceUnit | None


def can_have_own_price(row: Appointment) -> bool:
    """Whether it is an extra session, which can have a price and pay in place of the match's."""
    return row.kind is Kind.ADHOC and row.origin is Origin.NATIVE


def price_to_set(
    session: Session, appointment_id: int, agency: Agency, actor: Actor
) -> Appointment:
    """Extra session whose price a coordinator could set now.

    Refused: NotCoordinator, NotFound (also for any other session), NoCurrency, MonthClosed.
    """
    require_coordinator(session, actor)
    row = read_appointment(session, appointment_id)
    _require_open(session, row, agency, actor)
    return row


def set_price(
    session: Session, appointment_id: int, wanted: SessionPrice, agency: Agency, actor: Actor
) -> Appointment:
    """Set price and pay of an extra session in place of what the match says.

    The family's cards say the new one. The same price again changes nothing. Refused as
    `price_to_set`, and AmountNotRead (below zero).
    """
    require_coordinator(session, actor)
    row = for_update(session, appointment_id)
    _require_open(session, row, agency, actor)
    amounts = [one for one in (wanted.price, wanted.pay) if one is not None]
    if any(one < 0 for one in amounts):
        raise AmountNotRead
    unit = (wanted.unit or PriceUnit.SESSION) if amounts else None
    before, after = SessionPrice(row.price, row.pay, row.price_unit), replace(wanted, unit=unit)
    if before == after:
        return row
    session.exec(
        update(Appointment)
        .where(col(Appointment.id) == appointment_id)
        .values(price=after.price, pay=after.pay, price_unit=after.unit)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        Action.SET_PRICE,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        details={
            "price": before.price,
            "pay": before.pay,
            "price_unit": before.unit,
            "new_price": after.price,
            "new_pay": after.pay,
            "new_price_unit": after.unit,
        },
    )
    priced = for_update(session, appointment_id)
    refresh_cards(session, priced, actor)
    return priced


def _require_open(session: Session, row: Appointment, agency: Agency, actor: Actor) -> None:
    if not can_have_own_price(row):
        raise NotFound
    if agency.currency is None:
        raise NoCurrency
    month = month_of(row.starts_at, agency.zone)
    if month < first_open(session, agency, actor.now):
        raise MonthClosed(month=month)
