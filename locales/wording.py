"""Texts for statuses, actions, reasons and attendance, in chats and on pages.

Plain text: escape it for HTML. Refusals: `locales.refusals`.
"""

from datetime import datetime
from types import MappingProxyType

from locales.catalogue import phrase
from locales.people_words import PEOPLE_DONE
from locales.reader import Reader
from models import Appointment
from models.enums import (
    Action,
    ChangeReason,
    DisputeReason,
    DisputeStatus,
    Level,
    MissedKind,
    Role,
    Status,
)

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

_MISSED = MappingProxyType(
    {
        MissedKind.CHECK_IN: phrase("Missed check-in"),
        MissedKind.CHECK_OUT: phrase("Missed check-out"),
    }
)

_DONE = MappingProxyType(
    {
        Action.CREATE: (phrase("This was scheduled {when}"), phrase("You scheduled this {when}")),
        Action.CHECK_IN: (phrase("{who} checked in {when}"), phrase("You checked in {when}")),
        Action.CHECK_OUT: (phrase("{who} checked out {when}"), phrase("You checked out {when}")),
        Action.ACKNOWLEDGE: (
            phrase("{who} acknowledged this {when}"),
            phrase("You acknowledged this {when}"),
        ),
        Action.DISPUTE: (phrase("{who} disputed this {when}"), phrase("You disputed this {when}")),
        Action.VERIFY: (phrase("{who} verified this {when}"), phrase("You verified this {when}")),
        Action.UPHOLD: (
            phrase("{who} upheld the dispute {when}"),
            phrase("You upheld the dispute {when}"),
        ),
        Action.RETURN: (
            phrase("{who} asked for another look {when}"),
            phrase("You asked for another look {when}"),
        ),
        Action.CANCEL: (phrase("{who} cancelled this {when}"), phrase("You cancelled this {when}")),
        Action.EXPIRE: (
            phrase("This expired {when}: the request to move it was never settled"),
            phrase("This expired {when}: the request to move it was never settled"),
        ),
        Action.CANCEL_FOR_TUTOR: (
            phrase("{who} cancelled this for the tutor {when}"),
            phrase("You cancelled this for the tutor {when}"),
        ),
        Action.CANCEL_FOR_PARENT: (
            phrase("{who} cancelled this for the family {when}"),
            phrase("You cancelled this for the family {when}"),
        ),
        Action.CORRECT_ATTENDANCE: (
            phrase("{who} corrected the attendance {when}"),
            phrase("You corrected the attendance {when}"),
        ),
        Action.CLEAR_CHECK_IN: (
            phrase("{who} cleared the check-in {when}"),
            phrase("You cleared the check-in {when}"),
        ),
        Action.REPLACE: (
            phrase("{who} booked this as a replacement {when}"),
            phrase("You booked this as a replacement {when}"),
        ),
        Action.SCHEDULE: (
            phrase("{who} scheduled this {when}"),
            phrase("You scheduled this {when}"),
        ),
        Action.LOG_ADHOC: (
            phrase("{who} logged this extra session {when}"),
            phrase("You logged this extra session {when}"),
        ),
        Action.IMPORT: (phrase("This was imported {when}"), phrase("You imported this {when}")),
        Action.CLAIM: (
            phrase("{who} claimed the dispute {when}"),
            phrase("You claimed the dispute {when}"),
        ),
        Action.REPORT_PROBLEM: (
            phrase("{who} reported a problem {when}"),
            phrase("You reported a problem {when}"),
        ),
        Action.MARK_ABSENT: (
            phrase("{who} noted {when} whether the student was there"),
            phrase("You noted {when} whether the student was there"),
        ),
        Action.ADD_NOTE: (phrase("{who} added notes {when}"), phrase("You added notes {when}")),
        Action.REMOVE_NOTE: (
            phrase("{who} removed a note {when}"),
            phrase("You removed a note {when}"),
        ),
        Action.LINK: (phrase("{who} joined {when}"), phrase("You joined {when}")),
        Action.INVITE: (
            phrase("{who} made an invitation {when}"),
            phrase("You made an invitation {when}"),
        ),
        Action.EDIT_NOTE: (
            phrase("{who} edited a note {when}"),
            phrase("You edited a note {when}"),
        ),
        Action.DECLINE_NOTES: (phrase("{who} has no notes"), phrase("You have no notes")),
        Action.JUDGE_SUMMARY: (
            phrase("{who} judged the summary {when}"),
            phrase("You judged the summary {when}"),
        ),
        Action.CLAIM_PROBLEM: (
            phrase("{who} took up the report {when}"),
            phrase("You took up the report {when}"),
        ),
        Action.ANSWER_PROBLEM: (
            phrase("{who} replied to the report {when}"),
            phrase("You replied to the report {when}"),
        ),
        Action.CLOSE_PROBLEM: (
            phrase("{who} closed the report {when}"),
            phrase("You closed the report {when}"),
        ),
        Action.SIGN_IN: (
            phrase("{who} signed in to the pages {when}"),
            phrase("You signed in to the pages {when}"),
        ),
        Action.MAKE_FEED: (
            phrase("{who} made a calendar address {when}"),
            phrase("You made a calendar address {when}"),
        ),
        Action.REVOKE_FEED: (
            phrase("{who} ended the calendar address {when}"),
            phrase("You ended the calendar address {when}"),
        ),
        Action.BUY_PACKAGE: (
            phrase("{who} recorded a package {when}"),
            phrase("You recorded a package {when}"),
        ),
        Action.ADJUST_PACKAGE: (
            phrase("{who} adjusted a package {when}"),
            phrase("You adjusted a package {when}"),
        ),
        Action.REVERSE_ENTRY: (
            phrase("{who} gave back the package's credit {when}"),
            phrase("You gave back the package's credit {when}"),
        ),
        Action.ERASE: (phrase("{who} was erased {when}"), phrase("You were erased {when}")),
        Action.PROPOSE: (
            phrase("{who} asked to move this {when}"),
            phrase("You asked to move this {when}"),
        ),
        Action.COUNTER: (
            phrase("{who} suggested another time {when}"),
            phrase("You suggested another time {when}"),
        ),
        Action.ACCEPT: (
            phrase("{who} accepted the new time {when}"),
            phrase("You accepted the new time {when}"),
        ),
        Action.REJECT: (
            phrase("{who} declined the new time {when}"),
            phrase("You declined the new time {when}"),
        ),
        Action.WITHDRAW: (
            phrase("{who} withdrew the request {when}"),
            phrase("You withdrew the request {when}"),
        ),
        Action.MOVE: (phrase("{who} moved this {when}"), phrase("You moved this {when}")),
        Action.REASSIGN: (
            phrase("{who} gave this to another tutor {when}"),
            phrase("You gave this to another tutor {when}"),
        ),
        Action.WAIVE_PENALTY: (
            phrase("{who} waived the penalty {when}"),
            phrase("You waived the penalty {when}"),
        ),
        Action.TELL_COORDINATORS: (
            phrase("{who} told the coordinators {when}"),
            phrase("You told the coordinators {when}"),
        ),
        Action.ASK_REPLACEMENT: (
            phrase("{who} asked for a replacement {when}"),
            phrase("You asked for a replacement {when}"),
        ),
        **PEOPLE_DONE,
    }
)
"""Actions that were done by somebody else, and by the reader. `{when}` is like "at 20:14"."""

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
        Level.NOT_OBSERVED: phrase("not told in the notes"),
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


def action_done(reader: Reader, action: Action, who: str, at: datetime, is_reader: bool) -> str:
    """Who did what, and when: "Grace acknowledged this at 20:14", "You checked in at 15:02"."""
    of_others, of_reader = _DONE[action]
    if is_reader:
        return reader.label(of_reader, when=reader.when(at))
    return reader.label(of_others, who=who or reader.label("The agency"), when=reader.when(at))


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


def level_label(reader: Reader, level: Level) -> str:
    """Level of an observation in a summary."""
    return reader.label(_LEVELS[level])


def role_label(reader: Reader, role: Role) -> str:
    """Name of a role."""
    return reader.label(_ROLES[role])


def attendance_line(reader: Reader, appointment: Appointment) -> str:
    """Attendance: "Checked in 15:02, checked out 16:31, student absent".

    Times on another day than the session's start show their day; empty without attendance.
    """
    start = reader.date_of(appointment.starts_at)
    came, went = appointment.checked_in_at, appointment.checked_out_at
    if came is None:
        return ""
    checked_in = reader.clock_time(came, start)
    if went is None:
        return reader.label("Checked in {checked_in}", checked_in=checked_in)
    told = reader.label(
        "Checked in {checked_in}, checked out {checked_out}",
        checked_in=checked_in,
        checked_out=reader.clock_time(went, start),
    )
    if appointment.student_absent:
        return reader.label("{attendance}, student absent", attendance=told)
    return told
