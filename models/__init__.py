"""Database tables. Importing this package registers every one with `SQLModel.metadata`."""

from models.appointment import Appointment
from models.audit_event import AuditEvent
from models.billing import (
    BillingAdjustment,
    BillingLine,
    BillingMonth,
    BillingStatement,
    StatementMark,
)
from models.calendar_feed import CalendarFeed
from models.cancellation import Cancellation
from models.closure import Holiday, TutorLeave
from models.delivery import (
    Card,
    ChatMigration,
    Dialogue,
    InboxUpdate,
    ListedAppointment,
    OutboxMessage,
    ShownList,
    StandingMessage,
)
from models.dispute import Dispute, EvidenceFile
from models.lease import Lease
from models.match import Match, MatchSlot
from models.note import MediaReservation, NoteBatch, NotePart
from models.package import Package, PackageEntry
from models.person import Guardianship, Invitation, Person, Student
from models.problem_report import ProblemReply, ProblemReport
from models.queue_snooze import QueueSnooze
from models.reschedule import RescheduleProposal, RescheduleThread
from models.submitted_form import SubmittedForm
from models.summary import NoteSummary
from models.wanted_replacement import WantedReplacement
from models.web_session import SignInLink, WebSession

__all__ = [
    "Appointment",
    "AuditEvent",
    "BillingAdjustment",
    "BillingLine",
    "BillingMonth",
    "BillingStatement",
    "CalendarFeed",
    "Cancellation",
    "Card",
    "ChatMigration",
    "Dialogue",
    "Dispute",
    "EvidenceFile",
    "Guardianship",
    "Holiday",
    "InboxUpdate",
    "Invitation",
    "Lease",
    "ListedAppointment",
    "Match",
    "MatchSlot",
    "MediaReservation",
    "NoteBatch",
    "NotePart",
    "NoteSummary",
    "OutboxMessage",
    "Package",
    "PackageEntry",
    "Person",
    "ProblemReply",
    "ProblemReport",
    "QueueSnooze",
    "RescheduleProposal",
    "RescheduleThread",
    "ShownList",
    "SignInLink",
    "StandingMessage",
    "StatementMark",
    "Student",
    "SubmittedForm",
    "TutorLeave",
    "WantedReplacement",
    "WebSession",
]
