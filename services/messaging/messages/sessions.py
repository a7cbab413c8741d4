"""Messages about a session: its cards, what was done to it, and reminders of it."""

from dataclasses import dataclass

from models.enums import MessageKind
from services.messaging.messages.base import AboutSession, Moment


class SessionCard(AboutSession):
    """A new card, for somebody who should look at the session."""

    kind = MessageKind.APPOINTMENT_CARD


@dataclass(frozen=True)
class SessionCardRefresh(AboutSession):
    """Edits of the session's cards in a chat, and of what stands or is asked there about it."""

    kind = MessageKind.APPOINTMENT_CARD_REFRESH
    cards: tuple[int, ...] = ()
    """Ids of the cards whose moment has come, where only they read otherwise; else it is empty."""
    asks: bool = False
    """Whether a question about the session stands there, which may be over now."""


class AttendanceCorrected(AboutSession):
    """To the tutor: a coordinator has corrected the attendance."""

    kind = MessageKind.ATTENDANCE_CORRECTED


class CheckInCleared(AboutSession):
    """To the tutor: a coordinator has taken the check-in back."""

    kind = MessageKind.CHECK_IN_CLEARED


class SessionCancelled(AboutSession):
    """To the other side, the other parents and the group."""

    kind = MessageKind.SESSION_CANCELLED


@dataclass(frozen=True)
class SessionChanged(AboutSession):
    """To those who did not do it: the session is moved, or is asked to be moved."""

    kind = MessageKind.SESSION_CHANGED
    near: Moment
    """The earlier of its starts, before and now: where that is near, the message rings."""


class SessionScheduled(AboutSession):
    """A coordinator has scheduled this session."""

    kind = MessageKind.SESSION_SCHEDULED


class SessionExpired(AboutSession):
    """To the group: a request to move the session was open at its start."""

    kind = MessageKind.SESSION_EXPIRED


class SessionVerified(AboutSession):
    """To both sides: a coordinator has approved the session in the parents' place."""

    kind = MessageKind.SESSION_VERIFIED


class SessionReassigned(AboutSession):
    """To the former tutor: the session is another's now."""

    kind = MessageKind.SESSION_REASSIGNED


class ReplacementAsked(AboutSession):
    """To the group: somebody asks for another session in place of a lost one."""

    kind = MessageKind.REPLACEMENT_ASKED


@dataclass(frozen=True)
class StaysClosed(AboutSession):
    """To the group: the session stays on a holiday, or on a day when its tutor is away."""

    kind = MessageKind.STAYS_CLOSED
    starts_at: Moment
    """When it is; of no use once it has moved."""


class NoParentLinked(AboutSession):
    """To the group: nobody can acknowledge the session."""

    kind = MessageKind.NO_PARENT_LINKED


@dataclass(frozen=True)
class AtItsTime(AboutSession):
    """Told of a session at this time; of no use once it has moved."""

    starts_at: Moment


@dataclass(frozen=True)
class LateChangeTold(AtItsTime):
    """To the group: what somebody says within the last four hours before a session."""

    kind = MessageKind.LATE_CHANGE_TOLD
    event_id: int
    """Audit event with the reason."""


@dataclass(frozen=True)
class MissedExplained(AboutSession):
    """To the group: what the tutor writes about a check-in or check-out that was missed."""

    kind = MessageKind.MISSED_EXPLAINED
    event_id: int
    """Audit event with the words."""


class CheckInOpen(AtItsTime):
    """To the tutor: check-in is open."""

    kind = MessageKind.CHECK_IN_OPEN


class CheckOutOpen(AtItsTime):
    """To the tutor who asked for it: check-out is open."""

    kind = MessageKind.CHECK_OUT_OPEN


class CheckOutDue(AtItsTime):
    """To the tutor: the session is over, and check-out is missing."""

    kind = MessageKind.CHECK_OUT_DUE


class RequestExpires(AtItsTime):
    """To the tutor: the session is lost unless the open request is settled by its start."""

    kind = MessageKind.REQUEST_EXPIRES


@dataclass(frozen=True)
class AnswerDue(AtItsTime):
    """To somebody who owes an answer to a request to move the session."""

    kind = MessageKind.ANSWER_DUE
    proposal_id: int


@dataclass(frozen=True)
class NobodyToAnswer(AboutSession):
    """To the group: nobody of the side that is asked to move the session can be reached."""

    kind = MessageKind.NOBODY_TO_ANSWER
    proposal_id: int


@dataclass(frozen=True)
class Unanswered(AboutSession):
    """Told of a session that waits for its acknowledgement."""

    move: int
    """Audit event after which it waits, 0 if there is none; after another it is out of date."""


class AdhocLogged(Unanswered):
    """To a parent, one for each extra session that was logged; those of a batch are one message."""

    kind = MessageKind.ADHOC_LOGGED


class AcknowledgementDue(Unanswered):
    """To a parent."""

    kind = MessageKind.ACKNOWLEDGEMENT_DUE


class AcknowledgementsOverdue(Unanswered):
    """To the group, one for each session that has waited for 48 hours."""

    kind = MessageKind.ACKNOWLEDGEMENTS_OVERDUE
