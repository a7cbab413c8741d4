"""Making a match, and asking the parents (SPEC 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models import Match, MatchSlot, Person, Student
from models.enums import Action, Kind, MatchStatus, PriceUnit, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.matches import parents_of_match
from services.lifecycle.status import record
from services.matches.booking import (
    Booking,
    book,
    days_within,
    first_span,
    hindered_by_others,
)
from services.matches.news import tell_agreed
from services.messaging import outbox
from services.messaging.messages.matches import MatchOffered
from services.messaging.standing import offer_key
from services.rules.agency import Agency
from services.rules.refusals.matches import DatesFault, DatesWanted, PriceWanted, SlotsWanted
from services.rules.refusals.sessions import NotFound
from services.rules.scheduling import require_kind, require_subject
from services.rules.weekly import Occurrence, Slot, WeeklyTime, require_slots


@dataclass(frozen=True)
class Terms:
    """What a match is to be."""

    tutor_id: int
    student_id: int
    subject: str
    times: tuple[WeeklyTime, ...]
    starts_on: date
    ends_on: date | None = None
    """Last day of a session; None where it goes on."""
    kind: Kind = Kind.REGULAR
    price: int | None = None
    """What the family pays for one unit, in minor units of the agency's currency."""
    pay: int | None = None
    """What the tutor gets for one unit, in minor units."""
    price_unit: PriceUnit | None = None
    is_tutor_held_back: bool = False
    ref: str | None = None


@dataclass(frozen=True)
class Made:
    """A match that was made, and its sessions where the family had agreed before."""

    match: Match
    booking: Booking


def foreseen(session: Session, actor: Actor, terms: Terms, agency: Agency) -> list[Occurrence]:
    """Days that acceptance today would book, each with what is in its way; changes nothing.

    Refused: as `offer`.
    """
    require_coordinator(session, actor)
    times = _require_terms(session, terms, agency, actor)
    slots = [Slot(number, one, terms.starts_on) for number, one in enumerate(times)]
    span = first_span(terms, actor.now.astimezone(agency.zone).date())
    days = days_within(session, terms, slots, span, agency, actor.now)
    if terms.kind is Kind.TRIAL:
        days = days[:1]
    return [hindered_by_others(session, terms, one) for one in days]


def offer(
    session: Session, actor: Actor, terms: Terms, agency: Agency, *, is_agreed: bool = False
) -> Made:
    """Make a match as a coordinator; the parents are asked, unless they have agreed before.

    Refused: NotCoordinator, and as `make_match`.
    """
    require_coordinator(session, actor)
    return make_match(session, actor, terms, agency, is_agreed=is_agreed)


def make_match(
    session: Session,
    actor: Actor,
    terms: Terms,
    agency: Agency,
    *,
    is_agreed: bool = False,
    before_booking: Callable[[Match, list[MatchSlot]], None] | None = None,
) -> Made:
    """Make a match without asking who does it: an import has been allowed before.

    `is_agreed`: the family has accepted already, so its sessions are made at once;
    `before_booking` may give it sessions that are there already. Refused:
    NotFound, StaleButton, TextTooLong, SlotsWanted, SlotsOverlap, LengthNotPossible, DatesWanted,
    PriceWanted.
    """
    times = _require_terms(session, terms, agency, actor)
    match = Match(
        ref=terms.ref,
        tutor_id=terms.tutor_id,
        student_id=terms.student_id,
        subject=require_subject(terms.subject),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        kind=terms.kind,
        price=terms.price,
        pay=terms.pay,
        price_unit=terms.price_unit,
        is_tutor_held_back=terms.is_tutor_held_back,
        status=MatchStatus.ACCEPTED if is_agreed else MatchStatus.OFFERED,
        created_by_id=actor.person_id,
        created_at=actor.now,
        answered_at=actor.now if is_agreed else None,
    )
    session.add(match)
    session.flush()
    slots = add_slots(session, match.id, times, terms.starts_on)
    if before_booking is not None:
        before_booking(match, slots)
    _record(session, actor, match)
    if not is_agreed:
        ask_parents(session, match, actor)
        return Made(match, Booking())
    booking = book(session, match, agency, actor.now)
    tell_agreed(session, match, booking, actor)
    return Made(match, booking)


def add_slots(
    session: Session, match_id: int, times: list[WeeklyTime], valid_from: date
) -> list[MatchSlot]:
    """Add weekly slots that count from a day on."""
    rows = [
        MatchSlot(
            match_id=match_id,
            weekday=one.weekday,
            start_time=one.start_time,
            duration_minutes=one.minutes,
            valid_from=valid_from,
        )
        for one in times
    ]
    session.add_all(rows)
    session.flush()
    return rows


def ask_parents(session: Session, match: Match, actor: Actor) -> None:
    """Ask every guardian of the child; a message to one who is not linked yet waits."""
    for person_id in parents_of_match(session, match):
        outbox.tell_person(
            session,
            person_id,
            MatchOffered(match.id),
            key=offer_key(match.id, person_id),
            now=actor.now,
        )


def _require_terms(
    session: Session, terms: Terms, agency: Agency, actor: Actor
) -> list[WeeklyTime]:
    """Weekly times, if the match can be."""
    tutor = session.get(Person, terms.tutor_id)
    if tutor is None or not tutor.is_tutor or session.get(Student, terms.student_id) is None:
        raise NotFound
    require_kind(terms.kind)
    times = require_slots(terms.times)
    if terms.kind is Kind.TRIAL and len(times) > 1:
        raise SlotsWanted(most=1)
    today = actor.now.astimezone(agency.zone).date()
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise DatesWanted(fault=DatesFault.REVERSED)
    if terms.ends_on is not None and terms.ends_on < today:
        raise DatesWanted(fault=DatesFault.PAST)
    amounts = [one for one in (terms.price, terms.pay) if one is not None]
    if any(one < 0 for one in amounts) or (amounts and terms.price_unit is None):
        raise PriceWanted
    return times


def _record(session: Session, actor: Actor, match: Match) -> None:
    role = Role.SYSTEM if actor.person_id is None else Role.COORDINATOR
    record(session, Action.OFFER_MATCH, role, actor, details={"match_id": match.id})
