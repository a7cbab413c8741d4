"""Text of every refusal: one friendly sentence or two, with a way to go on (UX 6).

Plain text of at most 200 characters, so that it fits a toast; escape it for HTML.
"""

from datetime import datetime
from functools import singledispatch

from locales.excerpts import short_name
from locales.file_refusals import file_refusal_text
from locales.match_refusals import OF_MATCHES, match_refusal_text
from locales.money_refusals import OF_MONEY, money_refusal_text
from locales.people_refusals import OF_PEOPLE, people_refusal_text
from locales.plain_refusals import PLAIN, STANDS
from locales.reader import Reader
from locales.wording import action_done, settlement_done
from models.enums import Action, Role, Status
from services.media.refusals import FileRefusal
from services.rules.refusals import Refusal
from services.rules.refusals.adhoc import BatchNotClear, BatchTooLong
from services.rules.refusals.attendance import (
    TooEarlyToCheckIn,
    TooEarlyToCheckOut,
    TooLateToCheckIn,
    TooLateToCheckOut,
)
from services.rules.refusals.notes import FileNotKept, FileTooLarge
from services.rules.refusals.queue import NudgedAlready
from services.rules.refusals.requests import ProposalOutdated, RescheduleOpen, SlotTaken
from services.rules.refusals.sessions import (
    ActedFirst,
    DisputeClaimed,
    DisputeSettled,
    LengthNotPossible,
    NotStartedYet,
    Replaced,
    TooLateToChange,
    TutorAway,
    TutorTaken,
    WrongStatus,
)
from services.rules.refusals.typed import TextTooLong


def refusal_text(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    """Text of a refusal; `viewer_id` is the reader's id, if they are known."""
    return _told(refusal, reader, viewer_id)


@singledispatch
def _told(refusal: Refusal, reader: Reader, _: int | None) -> str:
    """Text by the refusal's class; those that say the same in every case are in `PLAIN`."""
    return reader.label(PLAIN[type(refusal)])


@_told.register
def _acted_first(refusal: ActedFirst, reader: Reader, viewer_id: int | None) -> str:
    return action_done(
        reader,
        refusal.action,
        short_name(refusal.who),
        refusal.at,
        _is_own(refusal.actor_id, viewer_id),
    )


@_told.register
def _wrong_status(refusal: WrongStatus, reader: Reader, _: int | None) -> str:
    if (refusal.action, refusal.status) == (Action.CHECK_IN, Status.CHECKED_IN):
        return reader.label("You are checked in to this session. Check out when you leave.")
    return reader.label(STANDS[refusal.status])


MANY_MINUTES = 120
"""From how many minutes on day, time and hours come first; the exact minutes stay (SPEC 3)."""


@_told.register
def _too_early_to_check_in(refusal: TooEarlyToCheckIn, reader: Reader, _: int | None) -> str:
    if refusal.minutes >= MANY_MINUTES:
        return reader.label(
            "Check-in opens {when}, in {time} ({count} minutes)",
            when=reader.when(refusal.opens_at),
            time=reader.duration(refusal.minutes),
            count=reader.number(refusal.minutes),
        )
    return reader.labels(
        "Check-in opens in {count} minute ({time})",
        "Check-in opens in {count} minutes ({time})",
        refusal.minutes,
        time=reader.clock_time(refusal.opens_at),
    )


@_told.register
def _too_early_to_check_out(refusal: TooEarlyToCheckOut, reader: Reader, _: int | None) -> str:
    if refusal.minutes >= MANY_MINUTES:
        return reader.label(
            "Check-out opens {when}, in {time} ({count} minutes)",
            when=reader.when(refusal.opens_at),
            time=reader.duration(refusal.minutes),
            count=reader.number(refusal.minutes),
        )
    return reader.labels(
        "Check-out opens in {count} minute ({time})",
        "Check-out opens in {count} minutes ({time})",
        refusal.minutes,
        time=reader.clock_time(refusal.opens_at),
    )


@_told.register
def _too_late_to_check_in(refusal: TooLateToCheckIn, reader: Reader, _: int | None) -> str:
    return reader.label(
        "Check-in closed {when}. A coordinator can still enter your times: please ask one.",
        when=reader.when(refusal.closed_at),
    )


@_told.register
def _too_late_to_check_out(refusal: TooLateToCheckOut, reader: Reader, _: int | None) -> str:
    return reader.label(
        "Check-out closed {when}, 24 hours after the end. A coordinator can still enter your "
        "times: please ask one.",
        when=reader.when(refusal.closed_at),
    )


@_told.register
def _nudged_already(refusal: NudgedAlready, reader: Reader, viewer_id: int | None) -> str:
    done = action_done(
        reader,
        Action.NUDGE,
        short_name(refusal.who),
        refusal.at,
        _is_own(refusal.actor_id, viewer_id),
    )
    return reader.label(
        "{done}. You can do it again {when}.", done=done, when=reader.when(refusal.again_at)
    )


@_told.register
def _reschedule_open(refusal: RescheduleOpen, reader: Reader, viewer_id: int | None) -> str:
    slot = reader.slot(refusal.new_starts_at, refusal.new_ends_at)
    if _is_own(refusal.actor_id, viewer_id):
        return reader.label(
            "You have asked to move this session ({slot}). Withdraw that request first.",
            slot=slot,
        )
    who = short_name(refusal.who) or reader.label("The agency")
    if refusal.role is refusal.side:
        return reader.label(
            "{who} has asked to move this session ({slot}). Withdraw the request first.",
            who=who,
            slot=slot,
        )
    if refusal.role is Role.COORDINATOR:
        return reader.label(
            "{who} has asked to move this session ({slot}). That has to be answered or withdrawn "
            "first.",
            who=who,
            slot=slot,
        )
    return reader.label(
        "{who} has asked to move this session ({slot}). Answer the request first.",
        who=who,
        slot=slot,
    )


@_told.register
def _proposal_outdated(refusal: ProposalOutdated, reader: Reader, viewer_id: int | None) -> str:
    slot = reader.slot(refusal.new_starts_at, refusal.new_ends_at)
    if _is_own(refusal.actor_id, viewer_id):
        return reader.label("You have suggested another time since: {slot}.", slot=slot)
    if refusal.is_own_side:
        return reader.label(
            "{who} has suggested another time for you both since: {slot}.",
            who=short_name(refusal.who),
            slot=slot,
        )
    return reader.label(
        "{who} has suggested another time since: {slot}. Please answer that one.",
        who=short_name(refusal.who),
        slot=slot,
    )


@_told.register
def _slot_taken(refusal: SlotTaken, reader: Reader, viewer_id: int | None) -> str:
    slot = reader.slot(refusal.starts_at, refusal.ends_at)
    if refusal.whose is Role.TUTOR and _is_own(refusal.tutor_id, viewer_id):
        return reader.label(
            "You have another session then ({slot}). Please choose another time.", slot=slot
        )
    if refusal.whose is Role.TUTOR:
        return reader.label(
            "The tutor has another session then ({slot}). Please choose another time.", slot=slot
        )
    return reader.label(
        "{student} has another session then ({slot}). Please choose another time.",
        student=short_name(refusal.student.split()[0]),
        slot=slot,
    )


@_told.register
def _length_not_possible(refusal: LengthNotPossible, reader: Reader, _: int | None) -> str:
    return reader.label(
        "A session lasts between {shortest} and {longest}. Please choose another length.",
        shortest=reader.duration(refusal.shortest),
        longest=reader.duration(refusal.longest),
    )


@_told.register
def _tutor_away(refusal: TutorAway, reader: Reader, _: int | None) -> str:
    day = reader.dated_day(refusal.day)
    return reader.label("{tutor} is away on {day}.", tutor=refusal.tutor, day=day)


@_told.register
def _tutor_taken(refusal: TutorTaken, reader: Reader, _: int | None) -> str:
    slot = reader.slot(refusal.starts_at, refusal.ends_at)
    return reader.label(
        "{tutor} has another session then ({slot}).", tutor=refusal.tutor, slot=slot
    )


@_told.register
def _replaced(refusal: Replaced, reader: Reader, viewer_id: int | None) -> str:
    slot = reader.slot(refusal.starts_at, refusal.ends_at)
    when = reader.when(refusal.at)
    if _is_own(refusal.actor_id, viewer_id):
        return action_done(reader, Action.REPLACE, refusal.who, refusal.at, is_reader=True)
    return reader.label(
        "{who} booked a replacement {when}: {slot}.",
        who=short_name(refusal.who),
        when=when,
        slot=slot,
    )


@_told.register
def _text_too_long(refusal: TextTooLong, reader: Reader, _: int | None) -> str:
    return reader.label(
        "That is longer than {limit} characters. Please shorten it and send it again.",
        limit=refusal.limit,
    )


@_told.register
def _batch_not_clear(refusal: BatchNotClear, reader: Reader, _: int | None) -> str:
    return reader.labels(
        "Nothing is logged yet: line {lines} needs correcting first.",
        "Nothing is logged yet: lines {lines} need correcting first.",
        len(refusal.lines),
        lines=reader.listed(str(number) for number in refusal.lines),
    )


@_told.register
def _batch_too_long(refusal: BatchTooLong, reader: Reader, _: int | None) -> str:
    return reader.label(
        "That is more than {limit} sessions. Please log them in several batches.",
        limit=refusal.limit,
    )


@_told.register
def _dispute_settled(refusal: DisputeSettled, reader: Reader, viewer_id: int | None) -> str:
    is_own = _is_own(refusal.actor_id, viewer_id)
    return settlement_done(
        reader, refusal.status, short_name(refusal.who), _known(refusal.at), is_own
    )


@_told.register
def _dispute_claimed(refusal: DisputeClaimed, reader: Reader, viewer_id: int | None) -> str:
    at, is_own = _known(refusal.at), _is_own(refusal.actor_id, viewer_id)
    claimed = action_done(reader, Action.CLAIM, short_name(refusal.who), at, is_own)
    return reader.label("{claimed}. You can still settle it.", claimed=claimed)


@_told.register
def _not_started_yet(refusal: NotStartedYet, reader: Reader, _: int | None) -> str:
    return reader.label(
        "This session starts {when}. From then on you can report a problem with it.",
        when=reader.when(refusal.starts_at),
    )


@_told.register
def _too_late_to_change(refusal: TooLateToChange, reader: Reader, _: int | None) -> str:
    starts_at = refusal.starts_at
    if starts_at <= reader.now:
        return reader.label(
            "This session started {when}. A coordinator can still help: please ask one.",
            when=reader.when(starts_at),
        )
    return reader.label(
        "This session starts {when}. In the last four hours only a coordinator can change it: "
        "tell them what has happened.",
        when=reader.when(starts_at),
    )


@_told.register
def _file_too_large(refusal: FileTooLarge, reader: Reader, _: int | None) -> str:
    params = {"limit_mb": refusal.limit_mb}
    return file_refusal_text(reader, FileRefusal.TOO_LARGE, refusal.file_name, params)


@_told.register
def _file_not_kept(refusal: FileNotKept, reader: Reader, _: int | None) -> str:
    return file_refusal_text(reader, FileRefusal(refusal.why), refusal.file_name, refusal.params)


def _is_own(actor_id: int | None, viewer_id: int | None) -> bool:
    return viewer_id is not None and actor_id == viewer_id


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("the facts behind this refusal do not tell when")
    return at


for _kind in OF_PEOPLE:
    _told.register(_kind, people_refusal_text)
for _kind in OF_MONEY:
    _told.register(_kind, money_refusal_text)
for _kind in OF_MATCHES:
    _told.register(_kind, match_refusal_text)
