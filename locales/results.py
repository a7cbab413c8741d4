"""Result of what happened to a session, and what it means for the reader (SPEC 5, 6; UX 18).

Plain text: escape it for HTML.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from locales.catalogue import phrase
from locales.reader import Reader
from models.enums import Action, MissedKind, Role, Status
from services.queries.sessions import SessionDetail
from services.rules.action_checks import NOT_HELD
from services.rules.attendance import missed

_UPHELD = MappingProxyType(
    {
        Role.PARENT: phrase("Upheld: you are not charged for this session."),
        Role.TUTOR: phrase("Upheld: this session is not billed, and you are not paid for it."),
        Role.COORDINATOR: phrase("Upheld: this session is not billed."),
    }
)
_VERIFIED = MappingProxyType(
    dict.fromkeys(
        (Role.PARENT, Role.TUTOR, Role.COORDINATOR),
        phrase("Verified: the session counts as held."),
    )
)
_RETURNED = MappingProxyType(
    {
        Role.PARENT: phrase("Please look again: the coordinators need your answer."),
        Role.TUTOR: phrase("Returned: the parents are asked again."),
        Role.COORDINATOR: phrase("Returned: the parents are asked again."),
    }
)
_OFF: Mapping[Status, Mapping[Role, str]] = MappingProxyType(
    {
        Status.CANCELLED_BY_TUTOR: {
            Role.PARENT: phrase("Cancelled by the tutor: you can ask for another time."),
            Role.TUTOR: phrase("Cancelled: the family has been told."),
        },
        Status.CANCELLED_BY_PARENT: {
            Role.PARENT: phrase("Cancelled: the tutor will not come."),
            Role.TUTOR: phrase("Cancelled by the family: you need not go."),
        },
        Status.NOT_COMPLETED: {
            Role.PARENT: phrase("Not Completed: the tutor will not come, and you are not charged."),
            Role.TUTOR: phrase("Not Completed: you need not go, and nothing is billed."),
        },
    }
)
_CLOSED = MappingProxyType(
    {
        Role.PARENT: phrase("Cancelled, as we are closed that day: you can ask for another time."),
        Role.TUTOR: phrase("Cancelled, as we are closed that day: the family has been told."),
    }
)
_NOT_HELD = MappingProxyType(
    {
        Role.PARENT: phrase("No check-in: nothing is charged so far."),
        Role.TUTOR: phrase("No check-in: nothing is billed so far."),
    }
)
_MISSED = MappingProxyType(
    {
        **_NOT_HELD,
        Role.TUTOR: phrase(
            "No check-in, so nothing is billed so far. If you were there, ask a coordinator to "
            "enter your times."
        ),
    }
)
_NO_CHECK_OUT = MappingProxyType(
    {
        Role.PARENT: phrase("No check-out: nothing is charged so far."),
        Role.TUTOR: phrase(
            "No check-out, so nothing is billed so far. Ask a coordinator to enter when you left."
        ),
    }
)


def result_of(reader: Reader, detail: SessionDetail, role: Role) -> str | None:
    """Settlement, cancellation or missing tap in one sentence; None without one."""
    said = (
        _settled(detail)
        or _waived(detail, role)
        or _replaced(detail)
        or _not_held(reader, detail)
        or (_CLOSED if detail.view.is_closed else None)
        or _OFF.get(detail.view.status, {})
    )
    return reader.label(said[role]) if role in said else None


class _Instead(NamedTuple):
    """What has become of a session that its tutor, or the agency, cancelled."""

    asked: str
    booked: str
    lost: str
    closed: str


_BY_TUTOR = _Instead(
    phrase("Cancelled by the tutor: the coordinators are looking for another time."),
    phrase("Cancelled by the tutor: there is another session in its place."),
    phrase("Cancelled by the tutor: its replacement does not take place, either."),
    phrase("Cancelled by the tutor: no other session is booked in its place."),
)
_BY_AGENCY = _Instead(
    phrase("Cancelled, as we are closed that day: the coordinators are looking for another time."),
    phrase("Cancelled, as we are closed that day: there is another session in its place."),
    phrase("Cancelled, as we are closed that day: its replacement does not take place, either."),
    phrase("Cancelled, as we are closed that day: no other session is booked in its place."),
)


def _replaced(detail: SessionDetail) -> Mapping[Role, str] | None:
    """What has become of a session that the tutor cancelled, for its parents."""
    if detail.view.status is not Status.CANCELLED_BY_TUTOR or Role.PARENT not in detail.roles:
        return None
    said = _BY_AGENCY if detail.view.is_closed else _BY_TUTOR
    by = detail.replacement.by
    if by is not None:
        return {Role.PARENT: said.lost if by.status in NOT_HELD else said.booked}
    if detail.replacement.closed_at is not None:
        return {Role.PARENT: said.closed}
    return {Role.PARENT: said.asked} if detail.replacement.asked is not None else None


def _not_held(reader: Reader, detail: SessionDetail) -> Mapping[Role, str] | None:
    """What it means for both sides that nobody has checked in to a session that is over, or that
    the check-out can no longer come.
    """
    view, row = detail.view, detail.view.appointment
    missing = missed(row.status, row.starts_at, row.ends_at, reader.agency_zone, reader.now)
    if missing is MissedKind.CHECK_OUT:
        return _NO_CHECK_OUT
    if not view.is_without_check_in(reader.now):
        return None
    return _NOT_HELD if missing is None else _MISSED


def _waived(detail: SessionDetail, role: Role) -> Mapping[Role, str] | None:
    """That the penalty of a cancellation is waived, for the side that cancelled."""
    found = detail.cancellation
    if found is None or found.waived_at is None or found.side is not role:
        return None
    return {role: phrase("Waived: there is no penalty for this cancellation.")}


def _settled(detail: SessionDetail) -> Mapping[Role, str] | None:
    move = detail.last_move
    match detail.view.status, move.action if move else None:
        case Status.DISPUTED, _ if detail.view.is_upheld:
            return _UPHELD
        case Status.APPROVED, Action.VERIFY:
            return _VERIFIED
        case Status.AWAITING_APPROVAL_PARENT, Action.RETURN:
            return _RETURNED
    return None
