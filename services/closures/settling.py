"""What was chosen for each session on days without sessions, carried out in one go (SPEC 7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models import Appointment
from models.enums import ChangeReason, Role
from services.closures.booked import Found
from services.db import Session
from services.lifecycle.access import for_update, guardian_ids
from services.lifecycle.actors import Actor
from services.lifecycle.cancelling import cancel_by, cancel_on_behalf
from services.lifecycle.open_requests import open_thread
from services.lifecycle.slots import are_siblings
from services.messaging import outbox
from services.messaging.messages.matches import DaysSettled
from services.notifications.announcements import refresh_cards
from services.notifications.requests_in_vain import tell_if_in_vain
from services.queries.movable import require_movable
from services.rules.closures import Choice, Way
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal
from services.rules.refusals.matches import PreviewOutdated
from services.rules.refusals.requests import SlotTaken
from services.rules.reschedule import new_end


@dataclass(frozen=True)
class Why:
    """Why there are no sessions: a tutor's leave, or holidays by their days in `zone`."""

    zone: ZoneInfo
    leave_id: int | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)


@dataclass
class Settled:
    """What became of the sessions."""

    cancelled: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def settle(
    session: Session,
    found: Sequence[Found],
    choices: Mapping[int, Choice],
    actor: Actor,
    reason: str,
    zone: ZoneInfo,
    *,
    as_tutor: bool,
    is_holiday: bool = False,
) -> Settled:
    """Carry out the choices, all of them or none; a session without one is left as it is.

    The caller has locked sessions and calendars (`lock_booked`). `as_tutor`: the actor is the
    sessions' tutor, not a coordinator. `is_holiday`: the agency is closed, for what `reason` names.
    Refused: PreviewOutdated where a choice is not possible any more; SameTime, SlotPassed,
    ClosedDay, SlotTaken, also where somebody is asked for two sessions at one time. A refused time
    names its session.
    """
    require_apart(session, found, choices)
    settled, holiday = Settled(), reason if is_holiday else None
    for one in sorted(found, key=lambda entry: entry.view.id):
        choice = choices.get(one.view.id, Choice(Way.LEAVE))
        if choice.way not in one.booked.ways:
            raise PreviewOutdated
        row = for_update(session, one.view.id)
        match choice.way:
            case Way.CANCEL:
                shown = one.booked.penalty
                _cancel(session, row, actor, reason, shown, as_tutor=as_tutor, holiday=holiday)
                settled.cancelled.append(row.id)
            case Way.ASK:
                try:
                    _ask(session, row, actor, reason, choice.new_starts_at, zone)
                except Refusal as refusal:
                    raise refusal.of_session(row.id) from None
                settled.asked.append(row.id)
            case Way.LEAVE:
                settled.left.append(row.id)
                continue
        refresh_cards(session, row, actor)
    return settled


def require_apart(session: Session, found: Sequence[Found], choices: Mapping[int, Choice]) -> None:
    """Check that nobody is asked for two sessions at one time: only one could be accepted, unless
    they are of siblings who are taught together (SPEC 6). Refused: SlotTaken.
    """
    by_person: dict[tuple[Role, int], list[_Asked]] = defaultdict(list)
    for one in found:
        row, choice = one.view.appointment, choices.get(one.view.id)
        if choice is None or choice.way is not Way.ASK or choice.new_starts_at is None:
            continue
        ends_at = new_end(row.starts_at, row.ends_at, choice.new_starts_at)
        child = one.view.student
        asked = _Asked(
            choice.new_starts_at, ends_at, row.tutor_id, child.name, row.id, row.student_id
        )
        by_person[Role.TUTOR, row.tutor_id].append(asked)
        by_person[Role.PARENT, row.student_id].append(asked)
    for (whose, _), slots in by_person.items():
        for first, second in pairwise(sorted(slots)):
            if second.starts_at < first.ends_at and not _together(session, first, second):
                raise SlotTaken(
                    whose=whose,
                    tutor_id=second.tutor_id,
                    student=second.student,
                    starts_at=first.starts_at,
                    ends_at=first.ends_at,
                ).of_session(second.id)


class _Asked(NamedTuple):
    """Slot that is asked for."""

    starts_at: datetime
    ends_at: datetime
    tutor_id: int
    student: str
    id: int
    student_id: int


def _together(session: Session, one: _Asked, other: _Asked) -> bool:
    same = (one.tutor_id, *one[:2]) == (other.tutor_id, *other[:2])
    return same and are_siblings(session, one.student_id, other.student_id)


def tell_families(
    session: Session,
    found: Sequence[Found],
    settled: Settled,
    actor: Actor,
    key: str,
    *,
    tutors: bool,
    why: Why,
) -> None:
    """One message to each parent whose sessions were cancelled or are asked to move.

    `tutors`: the tutors of these sessions are told, too.
    """
    touched = {*settled.cancelled, *settled.asked}
    by_person: dict[int, list[int]] = {}
    day_of = {one.view.id: one.booked.starts_at.astimezone(why.zone).date() for one in found}
    for one in found:
        if one.view.id not in touched:
            continue
        people = guardian_ids(session, one.view.student.id)
        if tutors:
            people = [*people, one.view.tutor.id]
        for person_id in people:
            by_person.setdefault(person_id, []).append(one.view.id)
    for person_id, ids in by_person.items():
        if person_id == actor.person_id:
            continue
        days = sorted({day_of[one] for one in ids} & why.holidays.keys())
        outbox.tell_person(
            session,
            person_id,
            DaysSettled(
                cancelled=[one for one in ids if one in settled.cancelled],
                asked=[one for one in ids if one in settled.asked],
                leave_id=why.leave_id,
                holiday=", ".join(dict.fromkeys(why.holidays[day] for day in days)),
                days=tuple(days),
            ),
            key=f"days_settled:{key}:{person_id}",
            now=actor.now,
        )


def _cancel(
    session: Session,
    row: Appointment,
    actor: Actor,
    reason: str,
    shown: Guidance | None,
    *,
    as_tutor: bool,
    holiday: str | None,
) -> None:
    if as_tutor:
        cancel_by(session, row, actor, Role.TUTOR, ChangeReason.OTHER, reason, shown)
    else:
        cancel_on_behalf(session, row, actor, Role.TUTOR, reason, shown, holiday=holiday)


def _ask(
    session: Session,
    row: Appointment,
    actor: Actor,
    reason: str,
    new_starts_at: datetime | None,
    zone: ZoneInfo,
) -> None:
    if new_starts_at is None:
        raise PreviewOutdated
    ends_at = require_movable(session, row, new_starts_at, actor.now, zone, may_stay=False)
    slot = (new_starts_at, ends_at)
    version = open_thread(session, row, actor, Role.TUTOR, slot, ChangeReason.OTHER, reason)
    session.flush()  # the version needs its id
    tell_if_in_vain(session, row, version, actor)
