"""When tutor and parents can cancel or move a session, and their reasons (SPEC 6)."""

from datetime import datetime, timedelta
from types import MappingProxyType

from models.enums import ChangeReason, Role
from services.rules.refusals.sessions import TooLateToChange
from services.rules.refusals.typed import ReasonRequired
from services.rules.texts import require_reason

LOCKOUT = timedelta(hours=4)
"""How close to the start (this instant included) only coordinators change a session."""

REASONS = MappingProxyType(
    {
        Role.TUTOR: (
            ChangeReason.UNWELL,
            ChangeReason.EMERGENCY,
            ChangeReason.SCHEDULE_CONFLICT,
            ChangeReason.STUDENT_UNAVAILABLE,
            ChangeReason.OTHER,
        ),
        Role.PARENT: (
            ChangeReason.CHILD_UNWELL,
            ChangeReason.SCHOOL_EVENT,
            ChangeReason.FAMILY_MATTER,
            ChangeReason.SCHEDULE_CONFLICT,
            ChangeReason.OTHER,
        ),
    }
)
"""Reasons that each side chooses from."""


def other_side(side: Role) -> Role:
    """The parents' side for the tutor's, and the tutor's for the parents'."""
    return Role.TUTOR if side is Role.PARENT else Role.PARENT


def can_change(starts_at: datetime, now: datetime) -> bool:
    """Whether a session that is still scheduled is more than four hours away."""
    return starts_at - now > LOCKOUT


def is_late_change(starts_at: datetime, now: datetime) -> bool:
    """Whether only coordinators can change a session that is still to start."""
    return now < starts_at <= now + LOCKOUT


def require_changeable(starts_at: datetime, now: datetime, *, appointment_id: int) -> None:
    """Check that tutor and parents may still change the session. Refused: TooLateToChange."""
    if not can_change(starts_at, now):
        raise TooLateToChange(starts_at=starts_at, appointment_id=appointment_id)


def require_change_reason(side: Role, reason: ChangeReason, text: str | None) -> str | None:
    """Text that goes with a reason from this side's list; None where nothing was written.

    Refused: ReasonRequired where *Other* has no text or the reason is the other side's,
    TextTooLong.
    """
    if reason not in REASONS[side]:
        raise ReasonRequired
    is_written = bool(text and text.strip())
    return require_reason(text) if is_written or reason is ChangeReason.OTHER else None


def reason_if_given(
    side: Role, reason: ChangeReason | None, text: str | None
) -> tuple[ChangeReason | None, str | None]:
    """A reason and its text where none is needed; words alone are *Other*.

    Refused: ReasonRequired where the reason is the other side's, TextTooLong.
    """
    words = (text or "").strip() or None
    if words is None and reason in (None, ChangeReason.OTHER):
        return None, None
    given = reason or ChangeReason.OTHER
    return given, require_change_reason(side, given, words)
