"""What tests of reminders have in common: requests, sweeps at an instant, and who was told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import col, update

from models import Appointment, RescheduleProposal, RescheduleThread
from models.enums import MessageKind, ProposalStatus, Role, ThreadStatus
from services.db import Session
from services.rules.agency import Agency
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, carry_out

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Sweep = Callable[[Session, Agency, datetime], None]


def swept(database: OpenDatabase, sweep: Sweep, *instants: datetime) -> None:
    """The sweep, once at each instant."""
    for now in instants:
        carry_out(database, sweep, AGENCY, now)


def told(database: OpenDatabase, kind: MessageKind) -> list[tuple[int | None, int | None]]:
    """To whom reminders of a kind go, and of which session."""
    return [(row.person_id, row.appointment_id) for row in outbox_rows(database, kind)]


def request(
    database: OpenDatabase,
    there: Scene,
    *,
    side: Role = Role.PARENT,
    proposed_at: datetime = NOW - DAY,
    status: ThreadStatus = ThreadStatus.OPEN,
) -> RescheduleProposal:
    """A request of this side to move the session, two days later."""
    starts_at = there.session.starts_at
    is_open = status is ThreadStatus.OPEN
    with database.unit_of_work() as session:
        thread = RescheduleThread(
            appointment_id=there.id, status=status, opened_at=proposed_at, expires_at=starts_at
        )
        session.add(thread)
        session.flush()
        proposal = RescheduleProposal(
            thread_id=thread.id,
            status=ProposalStatus.OPEN if is_open else ProposalStatus.WITHDRAWN,
            side=side,
            proposed_by_id=there.tutor.id if side is Role.TUTOR else there.grace.id,
            new_starts_at=starts_at + 2 * DAY,
            new_ends_at=starts_at + 2 * DAY + HOUR,
            proposed_at=proposed_at,
        )
        session.add(proposal)
        session.flush()
    return proposal


def change(database: OpenDatabase, appointment_id: int, **values: object) -> None:
    """The session is otherwise now."""
    with database.unit_of_work() as session:
        session.exec(
            update(Appointment).where(col(Appointment.id) == appointment_id).values(**values)
        )
