"""Texts for statuses, actions, reasons and attendance, in chats and on pages.

Plain text: escape it for HTML. Refusals: `locales.refusals`.
"""

from datetime import datetime
from types import MappingProxyType

from locales.actions_done import DONE
from locales.catalogue import phrase
from locales.reader import Reader
from models import Appointment
from models.enums import (
    Action,
    ChangeReason,
    DisputeReason,
    DisputeStatus,
    Kind,
    Level,
    MissedKind,
    Role,
    Status,
)
from services.lifecycle.beyond_status import Beyond
from services.queries.replacements import Replacement
from services.queries.sessions import SessionView
from services.rules.attendance import Attended, is_without_check_in, lacks_check_out, missed

_STATUSES = MappingProxyType(
    {
        Status.SCHEDULED: phrase("Scheduled"),
        Status.CHECKED_IN: phrase("In progress"),
        Status.AWAITING_APPROVAL_PARENT: phrase("Awaiting acknowledgement"),
        Status.APPROVED: phrase("Acknowledged"),
        Status.DISPUTED: phrase("Disputed"),
        Status.CANCELLED_BY_TUTOR: phrase("Cancelled by the tutor"),
        Status.CANCELLED_BY_PARENT: phrase("Cancelled by the family"),
        Status.NOT_COMPLETED: phrase("Not Completed"),
    }
)

_UPHELD = MappingProxyType(
    {
        Role.PARENT: phrase("Upheld: you are not charged"),
        Role.TUTOR: phrase("Upheld: not billed"),
        Role.COORDINATOR: phrase("Upheld: not billed"),
    }
)

_MISSED = MappingProxyType(
    {
        MissedKind.CHECK_IN: phrase("Missed check-in"),
        MissedKind.CHECK_OUT: phrase("Missed check-out"),
    }
)

_SETTLED_BY = MappingProxyType(
    {
        DisputeStatus.OPEN: Action.DISPUTE,
        DisputeStatus.CLAIMED: Action.CLAIM,
        DisputeStatus.VERIFIED: Action.VERIFY,
        DisputeStatus.RETURNED: Action.RETURN,
        DisputeStatus.UPHELD: Action.UPHOLD,
    }
)

_REASONS = MappingProxyType(
    {
        DisputeReason.DID_NOT_TAKE_PLACE: phrase("Did not happen"),
        DisputeReason.SHORTER_THAN_BOOKED: phrase("Shorter than booked"),
        DisputeReason.WRONG_TIME: phrase("Wrong time"),
        DisputeReason.NOTES_DO_NOT_MATCH: phrase("Notes don't match"),
        DisputeReason.CONDUCT: phrase("Conduct"),
        DisputeReason.OTHER: phrase("Other"),
    }
)

_CHANGE_REASONS = MappingProxyType(
    {
        ChangeReason.UNWELL: phrase("Unwell"),
        ChangeReason.EMERGENCY: phrase("Emergency"),
        ChangeReason.STUDENT_UNAVAILABLE: phrase("Student unavailable"),
        ChangeReason.CHILD_UNWELL: phrase("Child unwell"),
        ChangeReason.SCHOOL_EVENT: phrase("School event"),
        ChangeReason.FAMILY_MATTER: phrase("Family matter"),
        ChangeReason.SCHEDULE_CONFLICT: phrase("Schedule conflict"),
        ChangeReason.OTHER: phrase("Other"),
    }
)

_LEVELS = MappingProxyType(
    {
        Level.LOW: phrase("Low"),
        Level.MEDIUM: phrase("Medium"),
        Level.HIGH: phrase("High"),
    }
)

_ROLES = MappingProxyType(
    {
        Role.TUTOR: phrase("Tutor"),
        Role.PARENT: phrase("Parent"),
        Role.COORDINATOR: phrase("Coordinator"),
        Role.SYSTEM: phrase("Tutorline"),
    }
)


def status_label(
    reader: Reader,
    status: Status,
    role: Role,
    missed: MissedKind | None = None,
) -> str:
    """Session's status for a reader in `role` (SPEC 1).

    `missed` attendance is shown to coordinators instead of the status (SPEC 3).
    """
    if missed is not None and role is Role.COORDINATOR:
        return reader.label(_MISSED[missed])
    if status is Status.AWAITING_APPROVAL_PARENT and role is Role.PARENT:
        return reader.label("Awaiting Your Acknowledgement")
    return reader.label(_STATUSES[status])


def state_label(reader: Reader, view: SessionView, role: Role) -> str:
    """As `told_state`, of a session with its names."""
    return told_state(reader, view.appointment, role, beyond=view.beyond)


def told_state(reader: Reader, session: Attended, role: Role, *, beyond: str | None) -> str:
    """As `status_label`, and what else is true now, whatever the status says.

    A dispute that was upheld is settled, a session that is over no longer scheduled, and one whose
    check-out is late not simply in progress.
    """
    if beyond == Beyond.UPHELD:
        return reader.label(_UPHELD[role])
    if beyond == Beyond.CLOSED:
        return reader.label("Cancelled: the agency is closed")
    return _missing_tap(reader, session, role) or status_label(reader, session.status, role)


def _missing_tap(reader: Reader, session: Attended, role: Role) -> str | None:
    """That nobody has checked in or out; of a late check-out the tutor is reminded otherwise.

    Coordinators, who can still do something then, read it from the start on.
    """
    status, starts_at, ends_at = session.status, session.starts_at, session.ends_at
    missing = missed(status, starts_at, ends_at, reader.agency_zone, reader.now)
    if missing is not None and role is Role.COORDINATOR:
        return reader.label(_MISSED[missing])
    if missing is MissedKind.CHECK_OUT:
        return reader.label("No check-out")
    if is_without_check_in(status, ends_at, reader.now):
        return reader.label("No check-in")
    if role is Role.COORDINATOR and status is Status.SCHEDULED and starts_at <= reader.now:
        return reader.label("Not checked in yet")
    if lacks_check_out(status, ends_at, reader.now) and role is not Role.TUTOR:
        day = reader.date_of(starts_at)
        return reader.label(
            "In progress, should have ended {time}", time=reader.dated_clock_time(ends_at, day)
        )
    return None


def action_done(reader: Reader, action: Action, who: str, at: datetime, is_reader: bool) -> str:
    """Who did what, and when: "Grace acknowledged this at 20:14", "You checked in at 15:02"."""
    of_others, of_reader = DONE[action]
    if is_reader:
        return reader.label(of_reader, when=reader.lasting_when(at))
    return reader.label(
        of_others, who=who or reader.label("The agency"), when=reader.lasting_when(at)
    )


def presence_noted(reader: Reader, who: str, at: datetime, is_reader: bool) -> str:
    """Who took it back, and when, that the student was absent (SPEC 3)."""
    when = reader.lasting_when(at)
    if is_reader:
        return reader.label("You marked the student present after all {when}", when=when)
    return reader.label("{who} marked the student present after all {when}", who=who, when=when)


def settlement_done(
    reader: Reader,
    status: DisputeStatus,
    who: str,
    at: datetime,
    is_reader: bool = False,
) -> str:
    """Settlement of a dispute: "Priya upheld the dispute at 20:14"."""
    return action_done(reader, _SETTLED_BY[status], who, at, is_reader)


def change_reason(reader: Reader, reason: ChangeReason) -> str:
    """Reason for cancelling or moving a session (SPEC 6)."""
    return reader.label(_CHANGE_REASONS[reason])


def dispute_reason(reader: Reader, reason: DisputeReason) -> str:
    """Reason of a dispute; short enough for a button."""
    return reader.label(_REASONS[reason])


def reason_told(
    reader: Reader, reason: ChangeReason | DisputeReason | None, text: str | None
) -> str:
    """Reason from a list; empty without one, and for *Other* with a text, whose words say it."""
    match reason:
        case None:
            return ""
        case ChangeReason.OTHER | DisputeReason.OTHER if text:
            return ""
        case DisputeReason():
            return dispute_reason(reader, reason)
    return change_reason(reader, reason)


def reason_and_text(
    reader: Reader, reason: ChangeReason | DisputeReason | None, text: str | None
) -> str:
    """Reason from a list and the words that go with it: "Other", "Unwell: a fever", "A fever"."""
    return ": ".join(filter(None, (reason_told(reader, reason, text), text)))


def request_closed(reader: Reader, at: datetime) -> str:
    """That a request for a replacement was closed without one."""
    return reader.label(
        "The coordinators closed the request without booking another session, {moment}",
        moment=reader.dated_moment(at),
    )


def answered(reader: Reader, who: str, at: datetime) -> str:
    """That a coordinator has dealt with what they were told, and changed nothing."""
    return reader.label(
        "{who} dealt with your message {when}. The session stays as it is.",
        who=who or reader.label("The agency"),
        when=reader.lasting_when(at),
    )


def replacement_slot(
    reader: Reader, found: Replacement, appointment: Appointment, role: Role
) -> str:
    """Slot of a replacement or of what it replaces, with its tutor where that is another one."""
    slot = reader.dated_slot(appointment.starts_at, appointment.ends_at)
    tutor = found.tutors.get(appointment.tutor_id)
    if tutor is None:
        return slot
    if role is Role.TUTOR:
        return reader.label("{slot}, with another tutor", slot=slot)
    return reader.label("{slot} with {tutor}", slot=slot, tutor=tutor)


def level_label(reader: Reader, level: Level) -> str:
    """Level of an observation in a summary; `NOT_OBSERVED` has none."""
    return reader.label(_LEVELS[level])


def role_label(reader: Reader, role: Role) -> str:
    """Name of a role."""
    return reader.label(_ROLES[role])


def attendance_line(reader: Reader, session: Attended) -> str:
    """Attendance: "Checked in 15:02, checked out 16:31, student absent".

    Times on another day than the session's start show their day; empty without attendance. Nobody
    checked in to an extra session that was logged at its own times.
    """
    came, went = session.checked_in_at, session.checked_out_at
    if came is None:
        return ""
    as_logged = (came, went) == (session.starts_at, session.ends_at)
    if session.kind is Kind.ADHOC and as_logged:
        return reader.label("Logged afterwards, without check-in")
    start = reader.date_of(session.starts_at)
    checked_in = reader.dated_clock_time(came, start)
    if went is None:
        return reader.label("Checked in {checked_in}", checked_in=checked_in)
    told = reader.label(
        "Checked in {checked_in}, checked out {checked_out}",
        checked_in=checked_in,
        checked_out=reader.dated_clock_time(went, start),
    )
    if session.student_absent:
        return reader.label("{attendance}, student absent", attendance=told)
    return told
