"""When time alone next changes something: for the sandbox's clock (SPEC 11).

Every sweep tells when it is next due.
"""

from collections.abc import Callable
from datetime import datetime

from services.approvals.evidence_files import next_evidence
from services.db import Session
from services.messaging.deliveries import next_message
from services.notes.files import next_file
from services.notes.quiet_batches import next_quiet
from services.notifications.card_turns import next_turn
from services.notifications.late_media import next_late_media
from services.notifications.missed import next_missed
from services.notifications.reminders.acknowledgements import next_overdue
from services.notifications.reminders.attendance import next_check_in_open, next_check_out_due
from services.notifications.reminders.days import next_announcement, next_digest
from services.notifications.reminders.requests import next_answer_due, next_expiry_told
from services.queries.eligible import next_window
from services.reschedules.expiry import next_expired
from services.retention import next_purge
from services.rules.agency import Agency
from services.summaries.making import next_summary

NextDue = Callable[[Session, Agency, datetime], datetime | None]

NEXT: tuple[NextDue, ...] = (
    next_window,
    next_turn,
    next_check_in_open,
    next_check_out_due,
    next_missed,
    next_quiet,
    next_file,
    next_evidence,
    next_late_media,
    next_summary,
    next_expired,
    next_expiry_told,
    next_answer_due,
    next_digest,
    next_announcement,
    next_overdue,
    next_message,
    next_purge,
)


def next_due(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """Next instant at which time alone opens, ends, closes or sends something."""
    instants = (ask(session, agency, now) for ask in NEXT)
    return min((at for at in instants if at is not None), default=None)
