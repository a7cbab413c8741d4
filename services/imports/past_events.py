"""Playing what people did in the past, in the order of time, through the same use cases.

The sandbox's agency gets two months behind it that way. What was written to people then has been
read: nothing of it is sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from sqlalchemy import delete
from sqlmodel import select

from models import (
    Appointment,
    BillingMonth,
    BillingStatement,
    Match,
    OutboxMessage,
    Person,
    Student,
)
from models.enums import ChangeReason, Channel, DisputeReason, PayMark, Role, Side
from services.adhoc.batches import log_batch
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import dispute, latest_dispute, return_to_parent, uphold
from services.billing.closing import close_month
from services.billing.entries import enter_amount, mark_pay
from services.closures.leave import LeaveWanted, sessions_during, take
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.open_requests import open_request
from services.matches.answers import decline
from services.matches.horizon import due_matches, extend_match
from services.notes import batches
from services.notes.page_notes import NO_CHAT
from services.packages.purchases import Purchase, buy
from services.reschedules.expiry import expire
from services.reschedules.negotiation import accept, propose
from services.rules.adhoc import AdhocLine
from services.rules.agency import Agency
from services.rules.closures import Choice, Way, digest_of
from services.rules.money import read_amount
from services.rules.penalties import PenaltySheet
from services.rules.refusals.sessions import NotFound
from services.sessions.attendance import check_in, check_out, correct_attendance
from services.sessions.cancellations import cancel
from services.sessions.waivers import waive_penalty

EXTENDED = timedelta(weeks=3)
"""How often matches are extended: well within the horizon."""


class PastEvent(Protocol):
    """What somebody did; `who` is their ref, empty for what time alone does.

    `about` is a session, by its match and day or its child and start, or somebody's ref.
    """

    @property
    def at(self) -> datetime: ...
    @property
    def who(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def text(self) -> str: ...


def play(
    session: Session,
    events: Iterable[PastEvent],
    agency: Agency,
    sheet: PenaltySheet,
    now: datetime,
) -> None:
    """Do what the events tell, oldest first, then bring the matches up to `now`."""
    player = _Player(session, agency, sheet)
    extended_at = None
    for event in events:
        if extended_at is None or event.at - extended_at >= EXTENDED:
            player.extend(event.at)
            extended_at = event.at
        _ACTIONS[event.action](player, event)
    player.extend(now)
    session.execute(delete(OutboxMessage))


@dataclass(frozen=True)
class _Player:
    session: Session
    agency: Agency
    sheet: PenaltySheet

    def extend(self, now: datetime) -> None:
        for match_id in due_matches(self.session, self.agency, now):
            extend_match(self.session, match_id, self.agency, now)

    def actor(self, event: PastEvent) -> Actor:
        return Actor(self.people[event.who], Channel.TELEGRAM, event.at)

    @cached_property
    def people(self) -> dict[str | None, int]:
        return _by_ref(self.session.exec(select(Person.ref, Person.id)).all())

    @cached_property
    def children(self) -> dict[str | None, int]:
        return _by_ref(self.session.exec(select(Student.ref, Student.id)).all())

    @cached_property
    def matches(self) -> dict[str | None, int]:
        return _by_ref(self.session.exec(select(Match.ref, Match.id)).all())

    def row(self, event: PastEvent) -> Appointment:
        """Session that an event is about."""
        whose, when = event.about.split()
        if "T" in when:
            child, starts_at = self.children[whose], datetime.fromisoformat(when)
            which = (Appointment.student_id == child, Appointment.starts_at == starts_at)
        else:
            match_id, day = self.matches[whose], date.fromisoformat(when)
            which = (Appointment.match_id == match_id, Appointment.match_day == day)
        return self.session.exec(select(Appointment).where(*which)).one()

    def session_id(self, event: PastEvent) -> int:
        return self.row(event).id


def _by_ref(rows: Iterable[tuple[str | None, int]]) -> dict[str | None, int]:
    return dict(rows)


def _check_in(at: _Player, event: PastEvent) -> None:
    check_in(at.session, at.session_id(event), at.actor(event), at.agency)


def _check_out(at: _Player, event: PastEvent) -> None:
    check_out(at.session, at.session_id(event), at.actor(event))


def _note(at: _Player, event: PastEvent) -> None:
    actor = at.actor(event)
    batch = batches.open_batch(at.session, at.session_id(event), actor, NO_CHAT)
    batches.add_text(at.session, batch.id, actor, event.text, None)
    batches.close_batch(at.session, batch.id, actor)


def _acknowledge(at: _Player, event: PastEvent) -> None:
    acknowledge(at.session, at.session_id(event), at.actor(event))


def _dispute(at: _Player, event: PastEvent) -> None:
    why = DisputeReason(event.value)
    dispute(at.session, at.session_id(event), at.actor(event), why, event.text or None)


def _verify(at: _Player, event: PastEvent) -> None:
    verify(at.session, at.session_id(event), at.actor(event), event.text)


def _uphold(at: _Player, event: PastEvent) -> None:
    if opened := latest_dispute(at.session, at.session_id(event)):
        uphold(at.session, opened.id, at.actor(event), event.text)


def _return(at: _Player, event: PastEvent) -> None:
    if opened := latest_dispute(at.session, at.session_id(event)):
        return_to_parent(at.session, opened.id, at.actor(event), event.text)


def _cancel(at: _Player, event: PastEvent) -> None:
    row, actor = at.row(event), at.actor(event)
    side = Role.TUTOR if actor.person_id == row.tutor_id else Role.PARENT
    shown = at.sheet.guidance_for(side, row.starts_at - event.at)
    cancel(at.session, row.id, actor, ChangeReason(event.value), event.text or None, shown)


def _waive(at: _Player, event: PastEvent) -> None:
    waive_penalty(at.session, at.session_id(event), at.actor(event), event.text)


def _correct(at: _Player, event: PastEvent) -> None:
    checked_in_at, checked_out_at = map(datetime.fromisoformat, event.value.split())
    row_id, actor = at.session_id(event), at.actor(event)
    correct_attendance(at.session, row_id, actor, checked_in_at, checked_out_at, event.text)


def _propose(at: _Player, event: PastEvent) -> None:
    wished, why = datetime.fromisoformat(event.value), ChangeReason(event.text)
    about, actor = at.session_id(event), at.actor(event)
    propose(at.session, about, actor, wished, why, None, zone=at.agency.zone)


def _accept(at: _Player, event: PastEvent) -> None:
    request = open_request(at.session, at.session_id(event))
    if request is None:
        raise NotFound
    accept(at.session, request.proposal.id, at.actor(event), zone=at.agency.zone)


def _expire(at: _Player, event: PastEvent) -> None:
    expire(at.session, at.session_id(event), event.at)


def _decline_match(at: _Player, event: PastEvent) -> None:
    decline(at.session, at.matches[event.about], at.actor(event))


def _log_adhoc(at: _Player, event: PastEvent) -> None:
    child, start = event.about.split()
    starts_at = datetime.fromisoformat(start)
    line = AdhocLine(at.children[child], starts_at, int(event.value), event.text)
    log_batch(at.session, at.actor(event), at.agency, [line])


def _buy(at: _Player, event: PastEvent) -> None:
    sessions, price = event.value.split()
    amount = read_amount(price, at.agency.currency) if at.agency.currency else None
    day = event.at.astimezone(at.agency.zone).date()
    purchase = Purchase(at.children[event.about], int(sessions), day, None, amount)
    buy(at.session, purchase, at.agency, at.actor(event))


def _take_leave(at: _Player, event: PastEvent) -> None:
    """What is booked then is cancelled."""
    actor = at.actor(event)
    first, last = map(date.fromisoformat, event.value.split())
    wanted = LeaveWanted(actor.identified, first, last, event.text)
    found = sessions_during(at.session, actor, wanted, at.agency, at.sheet)
    digest = digest_of(one.booked for one in found)
    choices = {one.view.id: Choice(Way.CANCEL) for one in found}
    take(at.session, actor, wanted, choices, at.agency, at.sheet, digest=digest)


def _close_month(at: _Player, event: PastEvent) -> None:
    close_month(at.session, date.fromisoformat(event.value), at.agency, at.actor(event))


def _mark(at: _Player, event: PastEvent) -> None:
    statement_id = at.session.exec(
        select(BillingStatement.id)
        .join(BillingMonth)
        .where(
            BillingMonth.month == date.fromisoformat(event.value),
            BillingStatement.side == Side.TUTOR,
            BillingStatement.party_id == at.people[event.about],
        )
    ).one()
    mark_pay(at.session, statement_id, PayMark(event.action), event.text, at.actor(event))


def _enter_amount(at: _Player, event: PastEvent) -> None:
    child, actor = at.children[event.about], at.actor(event)
    amount = int(event.value)
    enter_amount(at.session, Side.FAMILY, child, amount, event.text, at.agency, actor)


_ACTIONS: dict[str, Callable[[_Player, PastEvent], None]] = {
    "check_in": _check_in,
    "check_out": _check_out,
    "note": _note,
    "acknowledge": _acknowledge,
    "dispute": _dispute,
    "verify": _verify,
    "uphold": _uphold,
    "return": _return,
    "cancel": _cancel,
    "waive": _waive,
    "correct": _correct,
    "propose": _propose,
    "accept": _accept,
    "expire": _expire,
    "decline_match": _decline_match,
    "log_adhoc": _log_adhoc,
    "buy": _buy,
    "take_leave": _take_leave,
    "close_month": _close_month,
    "paid": _mark,
    "held_back": _mark,
    "enter_amount": _enter_amount,
}
