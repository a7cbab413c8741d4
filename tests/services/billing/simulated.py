"""Two simulated months of an agency: whatever happens, by chance, in the order of time (SPEC 7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from sqlmodel import col, select

from models import (
    Appointment,
    Cancellation,
    Dispute,
    Match,
    Package,
    PackageEntry,
    Person,
    Student,
)
from models.enums import (
    Action,
    Channel,
    DisputeReason,
    Kind,
    Origin,
    PriceUnit,
    Role,
    Side,
    Status,
)
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import dispute, return_to_parent, uphold
from services.billing.closing import close_month
from services.billing.entries import enter_amount
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.packages.corrections import REVERSIBLE, adjust, reverse
from services.packages.purchases import Purchase, buy
from services.queries.billing_months import first_open
from services.rules.billing import month_of
from services.rules.money import Currency
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal
from services.sessions.cancellations import cancel_for
from services.sessions.waivers import waive_penalty
from tests import builders
from tests.builders import AGENCY, acting

BEGIN = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
END = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
WHY = "By chance"
SGD = Currency("SGD", 2)
T = TypeVar("T")


MONEYED = replace(AGENCY, currency=SGD)
"""The agency, with a currency."""


class NoCaseError(Exception):
    """Nothing is there to which an event could happen."""


Event = Callable[["Agency"], None]
"""Something that happens, or raises NoCaseError."""
Chances = Sequence[tuple[Event, int]]
"""Events, each with its weight."""


@dataclass
class Agency:
    """A small agency in a transaction of its own, and what happens in it."""

    session: Session
    chance: Random
    now: datetime = BEGIN
    tutors: list[Person] = field(default_factory=list)
    parents: list[Person] = field(default_factory=list)
    children: list[Student] = field(default_factory=list)
    coordinator: Person = field(init=False)

    def __post_init__(self) -> None:
        session = self.session
        self.coordinator = builders.coordinator(session)
        self.tutors = [builders.tutor(session, name=name) for name in ("Tan Wei Ming", "Arjun Rao")]
        for family, children in (("Lim", ("Emily", "Ryan")), ("Rahman", ("Aisha",))):
            parent = builders.parent(session, name=f"Parent {family}")
            self.parents.append(parent)
            for child in children:
                student = builders.student(session, [parent], name=f"{child} {family}")
                self.children.append(student)

    def step(self, more: Chances = ()) -> str:
        """Time goes on a little, and something happens, of `more` or of money alone; its name."""
        self.now += timedelta(hours=self.chance.randint(1, 36))
        chances = (*_CHANCES, *more)
        weights = [weight for _, weight in chances]
        happens = self.chance.choices([one for one, _ in chances], weights)[0]
        name = happens.__name__.strip("_")
        try:
            with self.session.begin_nested():
                happens(self)
        except Refusal:  # as people are refused, too: it changes nothing
            return f"{name} (refused)"
        except NoCaseError:
            return f"{name} (no case)"
        return name

    def priya(self) -> Actor:
        return acting(self.coordinator, self.now)

    def parent_of(self, row: Appointment | Match) -> Actor:
        place = [child.id for child in self.children].index(row.student_id)
        return acting(self.parents[0 if place < 2 else 1], self.now)

    def tutor_of(self, row: Appointment) -> Person:
        return next(one for one in self.tutors if one.id == row.tutor_id)

    def any_of(self, found: Sequence[T]) -> T:
        """One of them, by chance; no case where there is none."""
        if not found:
            raise NoCaseError
        return self.chance.choice(found)

    def one_with(self, *statuses: Status) -> Appointment:
        """A session in one of these statuses."""
        found = self.session.exec(
            select(Appointment)
            .where(col(Appointment.status).in_(statuses))
            .order_by(col(Appointment.id))
        ).all()
        return self.any_of(found)

    def new_session(self, status: Status, **over: object) -> Appointment:
        """A session, in the past unless it is scheduled; with a price or none."""
        ago = timedelta(days=-2) if status is Status.SCHEDULED else timedelta(hours=2)
        days = 0 if status is Status.SCHEDULED else self.chance.choice((0, 0, 1, 2, 12))
        price = self.chance.choice((None, 8000, 4999, 10001))
        values = {
            "tutor": self.chance.choice(self.tutors),
            "student": self.chance.choice(self.children),
            "starts_at": self.now - ago - timedelta(days=days),
            "minutes": self.chance.choice((45, 60, 50, 90)),
            "status": status,
            "price": price,
            "pay": None if price is None else price // 2,
            "price_unit": None if price is None else self.chance.choice(list(PriceUnit)),
        }
        return builders.appointment(self.session, **(values | over))  # type: ignore[arg-type]


def held(agency: Agency) -> None:
    kind, addon = agency.chance.choice([(Kind.REGULAR, 0)] * 6 + [(Kind.TRIAL, 0), (Kind.ADHOC, 1)])
    agency.new_session(Status.AWAITING_APPROVAL_PARENT, kind=kind, billed_as_addon=addon)


def acknowledged(agency: Agency) -> None:
    row = agency.one_with(Status.AWAITING_APPROVAL_PARENT)
    acknowledge(agency.session, row.id, agency.parent_of(row))


def disputed(agency: Agency) -> None:
    row = agency.one_with(Status.AWAITING_APPROVAL_PARENT)
    dispute(agency.session, row.id, agency.parent_of(row), DisputeReason.CONDUCT, None)


def settled(agency: Agency) -> None:
    opened = agency.session.exec(select(Dispute).order_by(col(Dispute.id).desc())).first()
    if opened is None:
        raise NoCaseError
    match agency.chance.randrange(3):
        case 0:
            verify(agency.session, opened.appointment_id, agency.priya(), WHY)
        case 1:
            uphold(agency.session, opened.id, agency.priya(), WHY)
        case _:
            return_to_parent(agency.session, opened.id, agency.priya(), WHY)


def imported(agency: Agency) -> None:
    row = agency.new_session(
        agency.chance.choice((Status.APPROVED, Status.AWAITING_APPROVAL_PARENT)),
        origin=Origin.IMPORTED,
    )
    who = Actor(agency.coordinator.id, Channel.IMPORT, agency.now)
    move = (None, row.status)
    record(agency.session, Action.IMPORT, Role.COORDINATOR, who, appointment_id=row.id, move=move)


def bought(agency: Agency) -> None:
    day = agency.now.date()
    expires_on = agency.chance.choice((None, day + timedelta(days=agency.chance.randint(0, 40))))
    child = agency.chance.choice(agency.children)
    purchase = Purchase(child.id, agency.chance.randint(1, 6), day, expires_on, 32000)
    buy(agency.session, purchase, MONEYED, agency.priya())


def adjusted(agency: Agency) -> None:
    packages = agency.session.exec(select(Package.id).order_by(col(Package.id))).all()
    if not packages:
        raise NoCaseError
    moved = agency.chance.choice((-2, -1, 1, 2))
    adjust(agency.session, agency.any_of(packages), moved, WHY, agency.priya())


def reversed_entry(agency: Agency) -> None:
    entries = agency.session.exec(
        select(PackageEntry.id)
        .where(col(PackageEntry.kind).in_(REVERSIBLE))
        .order_by(col(PackageEntry.id))
    ).all()
    reverse(agency.session, agency.any_of(entries), WHY, agency.priya())


def cancelled(agency: Agency) -> None:
    row = agency.new_session(Status.SCHEDULED)
    side = agency.chance.choice((Role.TUTOR, Role.PARENT))
    shown = agency.chance.choice((None, Guidance("Half", "", 4000), Guidance("A strike", "")))
    cancel_for(agency.session, row.id, agency.priya(), side, WHY, shown)


def waived(agency: Agency) -> None:
    found = agency.session.exec(
        select(Cancellation.appointment_id).order_by(col(Cancellation.id))
    ).all()
    waive_penalty(agency.session, agency.any_of(found), agency.priya(), WHY)


def entered(agency: Agency) -> None:
    side = agency.chance.choice(list(Side))
    people = agency.children if side is Side.FAMILY else agency.tutors
    who_id = agency.chance.choice([one.id for one in people])
    amount = agency.chance.choice((-500, 1250))
    enter_amount(agency.session, side, who_id, amount, WHY, MONEYED, agency.priya())


def closed(agency: Agency) -> None:
    month = first_open(agency.session, MONEYED, agency.now)
    close_month(agency.session, month, MONEYED, agency.priya())


_CHANCES: Chances = (
    (held, 12),
    (acknowledged, 12),
    (disputed, 4),
    (settled, 4),
    (imported, 2),
    (bought, 3),
    (adjusted, 2),
    (reversed_entry, 3),
    (cancelled, 3),
    (waived, 2),
    (entered, 2),
    (closed, 3),
)


def months_so_far(session: Session, now: datetime) -> tuple[date, date]:
    """The first open month, and the running one."""
    return first_open(session, MONEYED, now), month_of(now, MONEYED.zone)
