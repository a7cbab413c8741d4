"""What tests of reminders have in common: requests, sweeps at an instant, and who was told."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlmodel import col, update

from models import Appointment, RescheduleProposal, RescheduleThread
from models.enums import MessageKind, ProposalStatus, Role, ThreadStatus
from services.agency import Agency
from services.db import Database, Session
from tests.builders import AGENCY, NOW
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, carry_out

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Sweep = Callable[[Session, Agency, datetime], Awaitable[None]]


async def swept(database: Database, sweep: Sweep, *instants: datetime) -> None:
    """The sweep, once at each instant."""
    for now in instants:
        await carry_out(database, sweep, AGENCY, now)


async def told(database: Database, kind: MessageKind) -> list[tuple[int | None, int | None]]:
    """To whom reminders of a kind go, and of which session."""
    return [(row.person_id, row.appointment_id) for row in await outbox_rows(database, kind)]


async def request(
    database: Database,
    there: Scene,
    *,
    side: Role = Role.PARENT,
    proposed_at: datetime = NOW - DAY,
    status: ThreadStatus = ThreadStatus.OPEN,
) -> RescheduleProposal:
    """A request of this side to move the session, two days later."""
    starts_at = there.session.starts_at
    is_open = status is ThreadStatus.OPEN
    async with database.unit_of_work() as session:
        thread = RescheduleThread(
            appointment_id=there.id, status=status, opened_at=proposed_at, expires_at=starts_at
        )
        session.add(thread)
        await session.flush()
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
        await session.flush()
    return proposal


async def change(database: Database, appointment_id: int, **values: object) -> None:
    """The session is otherwise now."""
    async with database.unit_of_work() as session:
        await session.exec(
            update(Appointment).where(col(Appointment.id) == appointment_id).values(**values)
        )
