"""Changing the weekly slots of a match from a day on (SPEC 7).

First a preview says what would move, come and go; then it is applied as it was read, in one go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import text, update
from sqlmodel import col, select

from models import Appointment, Match, MatchSlot, RescheduleThread
from models.enums import Action, Kind, MatchStatus, Role, Status
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.cancelling import cancel_on_behalf
from services.lifecycle.matches import match_for_update, parents_of_match, slots_of
from services.lifecycle.moves import move_to
from services.lifecycle.slots import lock_calendars
from services.lifecycle.status import record
from services.matches.booking import hindered_by_others, make
from services.messaging import outbox
from services.messaging.messages.matches import MatchChanged
from services.notifications.announcements import refresh_cards
from services.notifications.free_times import offer_no_more
from services.queries.closed_days import closed_days
from services.rules.agency import Agency
from services.rules.refusals.matches import DatesFault, DatesWanted, MatchOver, PreviewOutdated
from services.rules.refusals.sessions import NotFound
from services.rules.slot_changes import Booked, Pair, Plan, Spared, plan
from services.rules.texts import require_reason
from services.rules.weekly import (
    Occurrence,
    Slot,
    WeeklyTime,
    occurrences,
    require_slots,
    stands_where_it_was_made,
)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class SlotChange:
    """What a coordinator wants: other weekly times from a day on."""

    times: tuple[WeeklyTime, ...]
    starts_on: date
    side: Role
    """Side for which sessions are cancelled that the new times have no place for."""
    reason: str


@dataclass
class Preview:
    """What a change of slots would do."""

    match: Match
    plan: Plan
    stuck: list[Pair] = field(default_factory=list)
    """Sessions that stay where they are, since somebody has another session at the new time."""
    taken: list[Occurrence] = field(default_factory=list)
    """Days of the new times that somebody else's session takes."""

    @property
    def digest(self) -> str:
        """Value by which a preview is applied only as it was read."""
        stuck = "-".join(str(one.booked.id) for one in self.stuck)
        taken = "-".join(one.day.isoformat() for one in self.taken)
        return f"{self.plan.digest}:{stuck}:{taken}"


def preview(
    session: Session, match_id: int, actor: Actor, change: SlotChange, agency: Agency
) -> Preview:
    """What the change would move, add, drop and leave alone; changes nothing.

    Refused: NotCoordinator, NotFound, MatchOver, DatesWanted, SlotsWanted, SlotsOverlap,
    LengthNotPossible, ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    match = session.get(Match, match_id, populate_existing=True)
    if match is None:
        raise NotFound
    return _preview(session, match, actor, change, agency)


def apply(
    session: Session,
    match_id: int,
    actor: Actor,
    change: SlotChange,
    agency: Agency,
    *,
    digest: str,
) -> Preview:
    """Apply a change as its preview said, and tell both sides in one message each.

    Refused as `preview`, and PreviewOutdated where something has changed since.
    """
    require_coordinator(session, actor)
    match = match_for_update(session, match_id)
    lock_sessions(session, match_id, change.starts_on)
    lock_calendars(session, match.tutor_id, match.student_id)
    found = _preview(session, match, actor, change, agency)
    if found.digest != digest:
        raise PreviewOutdated
    numbers = _replace_slots(session, match, change)
    event_id = record(
        session,
        Action.CHANGE_MATCH,
        Role.COORDINATOR,
        actor,
        reason=require_reason(change.reason),
        details={"match_id": match_id, "starts_on": change.starts_on.isoformat()},
    )
    _carry_out(session, match, actor, change, found, numbers)
    _tell(session, match, found, actor, event_id)
    return found


def lock_sessions(session: Session, match_id: int, first: date) -> None:
    """Lock the scheduled sessions of a match from a day on, in order."""
    session.exec(
        select(Appointment.id)
        .where(
            Appointment.match_id == match_id,
            col(Appointment.match_day) >= first,
            text("appointment.status = 'scheduled'"),
        )
        .order_by(col(Appointment.id))
        .with_for_update(key_share=True)
    ).all()


def _preview(
    session: Session, match: Match, actor: Actor, change: SlotChange, agency: Agency
) -> Preview:
    today = actor.now.astimezone(agency.zone).date()
    if match.status is not MatchStatus.ACCEPTED or match.kind is Kind.TRIAL:
        raise MatchOver
    if change.starts_on < today:
        raise DatesWanted(fault=DatesFault.PAST)
    if match.ends_on and change.starts_on > match.ends_on:
        raise DatesWanted(fault=DatesFault.AFTER_END)
    require_reason(change.reason)
    slots = _slots_wanted(slots_of(session, match.id), change)
    last = match.booked_until or today
    if match.ends_on is not None:
        last = min(last, match.ends_on)
    closed = closed_days(session, match.tutor_id, change.starts_on, last)
    days = occurrences(slots, max(change.starts_on, match.starts_on), last, agency.zone, closed)
    wanted = [one for one in days if one.starts_at is None or one.starts_at > actor.now]
    found = plan(_booked(session, match, change.starts_on, agency, actor), wanted)
    return _without_clashes(session, match, found)


def _slots_wanted(slots: Sequence[Slot], change: SlotChange) -> list[Slot]:
    """Slots after the change: those that stay as they are keep their numbers, new ones have none
    of their own yet, but numbers below zero.
    """
    day = change.starts_on
    there = {one.at: one for one in slots if one.valid_from <= day and _counts(one, day)}
    return [
        there.get(at) or Slot(-number, at, day)
        for number, at in enumerate(require_slots(change.times), start=1)
    ]


def _counts(slot: Slot, day: date) -> bool:
    """Whether the slot counts on a day, or would but for a later beginning."""
    return slot.valid_until is None or slot.valid_until >= day


def _booked(
    session: Session, match: Match, first: date, agency: Agency, actor: Actor
) -> list[Booked]:
    """Sessions of the match from a day on, with the reason why one is left alone."""
    rows = session.exec(
        select(Appointment)
        .where(Appointment.match_id == match.id, col(Appointment.match_day) >= first)
        .order_by(col(Appointment.starts_at), col(Appointment.id))
        .execution_options(populate_existing=True)
    ).all()
    asked = session.exec(
        select(RescheduleThread.appointment_id).where(
            text("reschedule_thread.status = 'open'"),
            col(RescheduleThread.appointment_id).in_([one.id for one in rows]),
        )
    )
    requested = set(asked.all())
    slots = {one.id: one for one in slots_of(session, match.id)}

    def spared(row: Appointment) -> Spared | None:
        if row.status is not Status.SCHEDULED or row.starts_at <= actor.now:
            return Spared.NOT_SCHEDULED
        if row.id in requested:
            return Spared.REQUEST_OPEN
        slot, day = slots[row.match_slot_id or 0], row.match_day or first
        is_there = stands_where_it_was_made(slot, day, agency.zone, row.starts_at, row.ends_at)
        if not is_there or row.tutor_id != match.tutor_id:
            return Spared.MOVED_BY_HAND
        return None

    return [
        Booked(
            one.id,
            one.match_slot_id or 0,
            one.match_day or first,
            one.starts_at,
            one.ends_at,
            spared(one),
        )
        for one in rows
    ]


def _without_clashes(session: Session, match: Match, found: Plan) -> Preview:
    """The plan without what cannot be, because tutor or child has another session then.

    A session that cannot move keeps its time, which then is taken for the others.
    """
    stuck: list[Pair] = []
    while True:
        leaving = [one.booked.id for one in found.moved] + [one.id for one in found.dropped]
        held = []
        for one in found.moved:
            checked = hindered_by_others(session, match, one.to, leaving)
            if checked.hindrance is not None:
                held.append(Pair(one.booked, checked))
        if not held:
            break
        stuck += held
        numbers = {one.booked.id for one in held}
        found.moved = [one for one in found.moved if one.booked.id not in numbers]
    checked_days = [hindered_by_others(session, match, one, leaving) for one in found.added]
    found.added = [one for one in checked_days if one.hindrance is None]
    taken = [one for one in checked_days if one.hindrance is not None]
    return Preview(match, found, stuck, taken)


def _replace_slots(session: Session, match: Match, change: SlotChange) -> dict[int, int]:
    """End the slots that go, and add those that come; the new numbers by the preview's."""
    slots = slots_of(session, match.id)
    wanted = _slots_wanted(slots, change)
    stay = {one.id for one in wanted}
    for one in slots:
        if one.id not in stay and _counts(one, change.starts_on):
            session.exec(
                update(MatchSlot)
                .where(col(MatchSlot.id) == one.id)
                .values(valid_until=change.starts_on - DAY)
            )
    numbers = {one.id: one.id for one in wanted}
    for one in wanted:
        if one.id < 0:
            row = MatchSlot(
                match_id=match.id,
                weekday=one.at.weekday,
                start_time=one.at.start_time,
                duration_minutes=one.at.minutes,
                valid_from=one.valid_from,
            )
            session.add(row)
            session.flush()
            numbers[one.id] = row.id
    return numbers


def _carry_out(
    session: Session,
    match: Match,
    actor: Actor,
    change: SlotChange,
    found: Preview,
    numbers: dict[int, int],
) -> None:
    reason = require_reason(change.reason)
    for gone in found.plan.dropped:
        row = for_update(session, gone.id)
        cancel_on_behalf(session, row, actor, change.side, reason, None)
        refresh_cards(session, row, actor)
    stand: list[tuple[Booked, Occurrence]] = [
        *((one.booked, one.to) for one in (*found.plan.kept, *found.plan.moved, *found.stuck)),
        *((one, day) for one, day in found.plan.spared if day is not None),
    ]
    for booked, day in stand:
        _stand_for(session, booked, numbers[day.slot_id], day.day)
    taken = [_move(session, one, actor, reason) for one in found.plan.moved]
    for day in found.plan.added:
        made = Occurrence(numbers[day.slot_id], day.day, day.at, day.starts_at, day.ends_at)
        taken.append(make(session, match, made, actor.now))
    offer_no_more(session, taken, actor.now)


def _stand_for(session: Session, booked: Booked, slot_id: int, day: date) -> None:
    """Let a session stand for a day of a slot, so that the horizon makes no other for it."""
    if (booked.slot_id, booked.day) != (slot_id, day):
        session.exec(
            update(Appointment)
            .where(col(Appointment.id) == booked.id)
            .values(match_slot_id=slot_id, match_day=day)
            .execution_options(synchronize_session=False)
        )


def _move(session: Session, pair: Pair, actor: Actor, reason: str) -> Appointment:
    starts_at, ends_at = pair.to.starts_at, pair.to.ends_at
    if starts_at is None or ends_at is None:
        raise ValueError("a session cannot move to a day without a time")
    row = for_update(session, pair.booked.id)
    before = row.starts_at
    moved = move_to(session, row, starts_at, ends_at)
    record(
        session,
        Action.MOVE,
        Role.COORDINATOR,
        actor,
        appointment_id=moved.id,
        reason=reason,
        details={"starts_at": before.isoformat(), "new_starts_at": starts_at.isoformat()},
    )
    refresh_cards(session, moved, actor)
    return moved


def _tell(session: Session, match: Match, found: Preview, actor: Actor, event_id: int) -> None:
    """One message to each person of both sides, however many sessions have changed."""
    plan = found.plan
    told = MatchChanged(match.id, len(plan.moved), len(plan.added), len(plan.dropped))
    for person_id in (match.tutor_id, *parents_of_match(session, match)):
        outbox.tell_person(
            session,
            person_id,
            told,
            key=f"match_changed:{match.id}:{event_id}:{person_id}",
            now=actor.now,
        )
