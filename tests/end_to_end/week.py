"""A whole week of an agency, in whichever way it is worked: its times, and how it ends."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Appointment
from models.enums import Status
from tests.end_to_end.stage import Stage

ENDED = {
    "26 16:00": Status.APPROVED,
    "27 16:00": Status.DISPUTED,
    "28 10:00": Status.APPROVED,
    "28 18:00": Status.APPROVED,
    "29 18:00": Status.APPROVED,
    "30 16:00": Status.CANCELLED_BY_TUTOR,
    "03 16:00": Status.NOT_COMPLETED,
}
"""What has become of each session that was first booked for a time of the week."""


@dataclass
class Week:
    """The stage, and the week from Wednesday 25 November, 15:00, on."""

    stage: Stage

    async def until(self, moment: str) -> None:
        """Let time pass until a wall time in the agency's zone: "26 15:40" is in November."""
        day, _, at = moment.partition(" ")
        month = 11 if int(day) > 24 else 12
        zone = self.stage.agency.zone
        wanted = datetime.fromisoformat(f"2026-{month}-{int(day):02}T{at}").replace(tzinfo=zone)
        await self.stage.forward(seconds=(wanted - self.stage.now).total_seconds())

    def session(self, starts: str) -> Appointment:
        """The session that was first booked for a wall time, as `until` has it."""
        return next(one for one in self._sessions() if self._first_booked(one) == starts)

    def ended(self) -> dict[str, Status]:
        """The status of every session whose time has come, by when it was first booked for."""
        now = self.stage.now
        return {
            self._first_booked(one): one.status for one in self._sessions() if one.starts_at < now
        }

    def _sessions(self) -> list[Appointment]:
        with self.stage.database.reading() as session:
            return list(session.exec(select(Appointment).order_by(col(Appointment.id))).all())

    def _first_booked(self, session: Appointment) -> str:
        at = session.first_starts_at or session.starts_at
        return f"{at.astimezone(self.stage.agency.zone):%d %H:%M}"
