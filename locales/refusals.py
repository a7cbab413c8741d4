"""Text of every refusal: one friendly sentence or two, with a way to go on (UX 6).

Plain text of at most 200 characters, so that it fits a toast; escape it for HTML.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from locales.catalogue import phrase
from locales.file_refusals import file_refusal_text
from locales.plain_refusals import PLAIN
from locales.reader import Reader
from locales.wording import action_done, settlement_done
from models.enums import Action, DisputeStatus, Role, Status
from services.media.refusals import FileRefusal
from services.rules.refusals import Refusal, RefusalCode

Value = TypeVar("Value")

NAME_LIMIT = 32
"""Most characters of a name in a refusal."""

_STANDS = MappingProxyType(
    {
        Status.SCHEDULED: phrase(
            "This session is still ahead: its tutor hasn't checked in yet. Try again once that "
            "is done."
        ),
        Status.CHECKED_IN: phrase(
            "This session is in progress: its tutor hasn't checked out yet. Try again once that "
            "is done."
        ),
        Status.AWAITING_APPROVAL_PARENT: phrase(
            "This session is over and awaits the parents' acknowledgement. For anything else, "
            "ask a coordinator."
        ),
        Status.APPROVED: phrase(
            "This session has been acknowledged already. If something is wrong with it, tell a "
            "coordinator."
        ),
        Status.DISPUTED: phrase(
            "This session is disputed. A coordinator is looking into it and will be in touch."
        ),
        Status.CANCELLED_BY_TUTOR: phrase(
            "This session was cancelled by the tutor. If that is wrong, tell a coordinator."
        ),
        Status.CANCELLED_BY_PARENT: phrase(
            "This session was cancelled by the family. If that is wrong, tell a coordinator."
        ),
        Status.NOT_COMPLETED: phrase(
            "This session didn't take place: the request to move it wasn't settled in time. A "
            "coordinator can replace it."
        ),
    }
)


def refusal_text(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    """Text of a refusal; `viewer_id` is the reader's id, if they are known.

    Raises KeyError or TypeError for a refusal without a parameter that its code promises.
    """
    told = _TOLD.get(refusal.code)
    if told is not None:
        return told(reader, refusal, viewer_id)
    return reader.label(PLAIN[refusal.code])


def _acted_first(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    return action_done(
        reader,
        _param(refusal, "action", Action),
        _who(refusal),
        _param(refusal, "at", datetime),
        _is_own(refusal, viewer_id),
    )


def _wrong_status(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.label(_STANDS[_param(refusal, "status", Status)])


def _too_early_to_check_in(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.labels(
        "Check-in opens in {count} minute ({time})",
        "Check-in opens in {count} minutes ({time})",
        _param(refusal, "minutes", int),
        time=reader.clock_time(_param(refusal, "opens_at", datetime)),
    )


def _too_early_to_check_out(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.labels(
        "Check-out opens in {count} minute ({time})",
        "Check-out opens in {count} minutes ({time})",
        _param(refusal, "minutes", int),
        time=reader.clock_time(_param(refusal, "opens_at", datetime)),
    )


def _too_late_to_check_in(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.label(
        "Check-in closed {when}. A coordinator can still enter your times: please ask one.",
        when=reader.when(_param(refusal, "closed_at", datetime)),
    )


def _too_late_to_check_out(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.label(
        "Check-out closed {when}, 24 hours after the end. A coordinator can still enter your "
        "times: please ask one.",
        when=reader.when(_param(refusal, "closed_at", datetime)),
    )


def _reschedule_open(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    slot = reader.slot(
        _param(refusal, "new_starts_at", datetime), _param(refusal, "new_ends_at", datetime)
    )
    if _is_own(refusal, viewer_id):
        return reader.label(
            "You have asked to move this session ({slot}). Withdraw the request to check in.",
            slot=slot,
        )
    return reader.label(
        "{who} has asked to move this session ({slot}). Answer the request first.",
        who=_who(refusal) or reader.label("The agency"),
        slot=slot,
    )


def _proposal_outdated(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    slot = reader.slot(
        _param(refusal, "new_starts_at", datetime), _param(refusal, "new_ends_at", datetime)
    )
    if _is_own(refusal, viewer_id):
        return reader.label("You have suggested another time since: {slot}.", slot=slot)
    return reader.label(
        "{who} has suggested another time since: {slot}. Please answer that one.",
        who=_who(refusal),
        slot=slot,
    )


def _slot_taken(reader: Reader, refusal: Refusal, _: int | None) -> str:
    slot = reader.slot(_param(refusal, "starts_at", datetime), _param(refusal, "ends_at", datetime))
    if _param(refusal, "whose", Role) is Role.TUTOR:
        return reader.label(
            "The tutor has another session then ({slot}). Please choose another time.", slot=slot
        )
    return reader.label(
        "The student has another session then ({slot}). Please choose another time.", slot=slot
    )


def _tutor_taken(reader: Reader, refusal: Refusal, _: int | None) -> str:
    slot = reader.slot(_param(refusal, "starts_at", datetime), _param(refusal, "ends_at", datetime))
    return reader.label(
        "That tutor has another session then ({slot}). Please choose another tutor.", slot=slot
    )


def _replaced(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    slot = reader.slot(_param(refusal, "starts_at", datetime), _param(refusal, "ends_at", datetime))
    when = reader.when(_param(refusal, "at", datetime))
    if _is_own(refusal, viewer_id):
        return reader.label("You booked a replacement {when}: {slot}.", when=when, slot=slot)
    return reader.label(
        "{who} booked a replacement {when}: {slot}.", who=_who(refusal), when=when, slot=slot
    )


def _text_too_long(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.label(
        "That is longer than {limit} characters. Please shorten it and send it again.",
        limit=_param(refusal, "limit", int),
    )


def _dispute_settled(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    return settlement_done(
        reader,
        _param(refusal, "status", DisputeStatus),
        _who(refusal),
        _param(refusal, "at", datetime),
        _is_own(refusal, viewer_id),
    )


def _dispute_claimed(reader: Reader, refusal: Refusal, viewer_id: int | None) -> str:
    at = _param(refusal, "at", datetime)
    claimed = action_done(reader, Action.CLAIM, _who(refusal), at, _is_own(refusal, viewer_id))
    return reader.label("{claimed}. You can still settle it.", claimed=claimed)


def _not_started_yet(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return reader.label(
        "This session starts {when}. From then on you can report a problem with it.",
        when=reader.when(_param(refusal, "starts_at", datetime)),
    )


def _too_late_to_change(reader: Reader, refusal: Refusal, _: int | None) -> str:
    starts_at = _param(refusal, "starts_at", datetime)
    if starts_at <= reader.now:
        return reader.label(
            "This session started {when}. A coordinator can still help: please ask one.",
            when=reader.when(starts_at),
        )
    return reader.label(
        "This session starts {when}. In the last four hours only a coordinator can change it: "
        "please call your agency.",
        when=reader.when(starts_at),
    )


def _file_too_large(reader: Reader, refusal: Refusal, _: int | None) -> str:
    return file_refusal_text(reader, FileRefusal.TOO_LARGE, _file_name(refusal), refusal.params)


def _file_refused(reader: Reader, refusal: Refusal, _: int | None) -> str:
    why = FileRefusal(_param(refusal, "why", str))
    return file_refusal_text(reader, why, _file_name(refusal), refusal.params)


_TOLD: Mapping[RefusalCode, Callable[[Reader, Refusal, int | None], str]] = MappingProxyType(
    {
        RefusalCode.ACTED_FIRST: _acted_first,
        RefusalCode.WRONG_STATUS: _wrong_status,
        RefusalCode.TOO_EARLY_TO_CHECK_IN: _too_early_to_check_in,
        RefusalCode.TOO_LATE_TO_CHECK_IN: _too_late_to_check_in,
        RefusalCode.TOO_EARLY_TO_CHECK_OUT: _too_early_to_check_out,
        RefusalCode.TOO_LATE_TO_CHECK_OUT: _too_late_to_check_out,
        RefusalCode.RESCHEDULE_OPEN: _reschedule_open,
        RefusalCode.PROPOSAL_OUTDATED: _proposal_outdated,
        RefusalCode.SLOT_TAKEN: _slot_taken,
        RefusalCode.TUTOR_TAKEN: _tutor_taken,
        RefusalCode.REPLACED: _replaced,
        RefusalCode.TEXT_TOO_LONG: _text_too_long,
        RefusalCode.DISPUTE_SETTLED: _dispute_settled,
        RefusalCode.DISPUTE_CLAIMED: _dispute_claimed,
        RefusalCode.NOT_STARTED_YET: _not_started_yet,
        RefusalCode.TOO_LATE_TO_CHANGE: _too_late_to_change,
        RefusalCode.FILE_TOO_LARGE: _file_too_large,
        RefusalCode.FILE_REFUSED: _file_refused,
    }
)
"""The refusals that have something to say about the case; the others are in `_PLAIN`."""


def _param(refusal: Refusal, name: str, kind: type[Value]) -> Value:
    value = refusal.params[name]
    if not isinstance(value, kind):
        raise TypeError(f"{refusal!r}: {name} is no {kind.__name__}")
    return value


def _who(refusal: Refusal) -> str:
    return _short(_param(refusal, "who", str))


def _is_own(refusal: Refusal, viewer_id: int | None) -> bool:
    return viewer_id is not None and refusal.params.get("actor_id") == viewer_id


def _file_name(refusal: Refusal) -> str | None:
    name = refusal.params.get("file_name")
    return name if isinstance(name, str) else None


def _short(name: str) -> str:
    return name if len(name) <= NAME_LIMIT else name[: NAME_LIMIT - 1].rstrip() + "…"
