"""Two simulated months of an agency's matches: offered, taught, changed, ended, by chance (SPEC 7).

What happens to sessions of matches, and between both sides, beside what `simulated` has of money.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from models import Appointment, Match, RescheduleProposal, RescheduleThread
from models.enums import ChangeReason, Kind, MatchStatus, PriceUnit, Role, Status
from services.closures import holidays, leave
from services.closures.booked import Found
from services.closures.holidays import Day
from services.closures.leave import LeaveWanted
from services.matches import ending, slot_changes
from services.matches.answers import accept, decline
from services.matches.horizon import due_matches, extend_match
from services.matches.offers import Terms, offer
from services.matches.slot_changes import SlotChange
from services.reschedules import negotiation
from services.reschedules.expiry import expire, expired_sessions
from services.rules.closures import Choice, Way, digest_of
from services.rules.penalties import read_penalty_sheet
from services.rules.weekly import WeeklyTime
from services.sessions.attendance import check_in, check_out, correct_attendance
from services.sessions.coordinator_actions import move, reassign
from services.sessions.replacements import Instead, replace
from tests.builders import acting
from tests.services.billing.simulated import MONEYED, SGD, WHY, Agency, Chances, NoCaseError

DAY = timedelta(days=1)
ZONE = MONEYED.zone
SHEET = read_penalty_sheet(
    "role,notice_hours_min,notice_hours_max,penalty,guidance,amount\n"
    "tutor,0,96,One strike,Three are many.,20.00\n",
    SGD,
)
LOST = (Status.CANCELLED_BY_PARENT, Status.CANCELLED_BY_TUTOR, Status.NOT_COMPLETED)


@dataclass
class Matches:
    """The matches of an agency, and days on which nothing new may be made."""

    agency: Agency
    closed: dict[tuple[int | None, date], int] = field(default_factory=dict)
    """Newest session when a day was closed, for a tutor or (None) for everybody."""

    def events(self) -> Chances:
        """What can happen, with weights."""
        return (
            (self.offered, 5),
            (self.answered, 5),
            (self.extended, 3),
            (self.taught, 14),
            (self.corrected, 1),
            (self.times_changed, 3),
            (self.ended, 1),
            (self.shut, 1),
            (self.away, 1),
            (self.asked_to_move, 4),
            (self.request_answered, 7),
            (self.expired, 2),
            (self.moved, 2),
            (self.replaced, 2),
            (self.handed_over, 1),
        )

    # ------------------------------------------------------------------------------ of a match

    def offered(self, agency: Agency) -> None:
        chance, today = agency.chance, self._today()
        kind = chance.choice((Kind.REGULAR, Kind.REGULAR, Kind.TRIAL))
        price = chance.choice((None, 8000, 4999, 10001))
        terms = Terms(
            tutor_id=chance.choice(agency.tutors).id,
            student_id=chance.choice(agency.children).id,
            subject="Science",
            times=self._times(1 if kind is Kind.TRIAL else chance.choice((1, 1, 2))),
            starts_on=today + chance.randint(-3, 10) * DAY,
            ends_on=chance.choice((None, None, today + chance.randint(5, 30) * DAY)),
            kind=kind,
            price=price,
            pay=None if price is None else price - 1500,
            price_unit=None if price is None else chance.choice(list(PriceUnit)),
        )
        agreed = chance.random() < 0.3
        offer(agency.session, agency.priya(), terms, MONEYED, is_agreed=agreed)

    def answered(self, agency: Agency) -> None:
        match = self._one(MatchStatus.OFFERED)
        parent = agency.parent_of(match)
        if agency.chance.random() < 0.8:
            accept(agency.session, match.id, parent, MONEYED)
        else:
            decline(agency.session, match.id, parent)

    def extended(self, agency: Agency) -> None:
        due = due_matches(agency.session, MONEYED, agency.now)
        if not due:
            raise NoCaseError
        for match_id in due:
            extend_match(agency.session, match_id, MONEYED, agency.now)

    def times_changed(self, agency: Agency) -> None:
        match = self._one(MatchStatus.ACCEPTED)
        chance = agency.chance
        from_day = self._today() + chance.randint(0, 8) * DAY
        side = chance.choice((Role.TUTOR, Role.PARENT))
        change = SlotChange(self._times(chance.choice((1, 2))), from_day, side, WHY)
        about = (agency.session, match.id, agency.priya(), change, MONEYED)
        slot_changes.apply(*about, digest=slot_changes.preview(*about).digest)

    def ended(self, agency: Agency) -> None:
        match = self._one(MatchStatus.ACCEPTED)
        last = self._today() + agency.chance.randint(0, 12) * DAY
        ending.end(agency.session, match.id, agency.priya(), last, MONEYED)

    # ------------------------------------------------------------------------- of its sessions

    def taught(self, agency: Agency) -> None:
        """Everything that has ended and was not missed; parents are asked."""
        taught = [row for row in self._ended_ones() if agency.now - row.ends_at < 3 * DAY]
        if not taught:
            raise NoCaseError
        for row in taught:
            tutor = agency.tutor_of(row)
            check_in(agency.session, row.id, acting(tutor, row.starts_at), MONEYED)
            check_out(agency.session, row.id, acting(tutor, row.ends_at))

    def corrected(self, agency: Agency) -> None:
        row = agency.any_of(self._ended_ones())
        times = (row.starts_at, row.ends_at)
        correct_attendance(agency.session, row.id, agency.priya(), *times, WHY)

    def asked_to_move(self, agency: Agency) -> None:
        row = self._to_come()
        wished, why = self._near(row), ChangeReason.SCHEDULE_CONFLICT
        asked = agency.parent_of(row)
        negotiation.propose(agency.session, row.id, asked, wished, why, None, zone=ZONE)

    def request_answered(self, agency: Agency) -> None:
        newest = agency.session.exec(
            select(RescheduleProposal.id, Appointment)
            .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
            .join(Appointment, col(Appointment.id) == RescheduleThread.appointment_id)
            .where(RescheduleProposal.status == "open", Appointment.starts_at > agency.now)
            .order_by(col(RescheduleProposal.id).desc())
        ).first()
        if newest is None:
            raise NoCaseError
        proposal_id, row = newest
        tutor = acting(agency.tutor_of(row), agency.now)
        if agency.chance.random() < 0.7:
            negotiation.accept(agency.session, proposal_id, tutor, zone=ZONE)
        else:
            negotiation.reject(agency.session, proposal_id, tutor)

    def expired(self, agency: Agency) -> None:
        due = expired_sessions(agency.session, agency.now)
        if not due:
            raise NoCaseError
        for appointment_id in due:
            expire(agency.session, appointment_id, agency.now)

    def moved(self, agency: Agency) -> None:
        row = self._to_come()
        about, seen = (agency.session, row.id, agency.priya()), row.starts_at
        move(*about, self._near(row), WHY, seen=seen, zone=ZONE)

    def handed_over(self, agency: Agency) -> None:
        row = self._to_come()
        other = next(one for one in agency.tutors if one.id != row.tutor_id)
        about, seen = (agency.session, row.id, agency.priya()), row.tutor_id
        reassign(*about, other.id, WHY, seen=seen, zone=ZONE)

    def replaced(self, agency: Agency) -> None:
        row = agency.one_with(*LOST)
        start = agency.now.replace(minute=0) + agency.chance.randint(5, 90) * DAY / 24
        instead = Instead(start)
        replace(agency.session, row.id, agency.priya(), instead, WHY, zone=ZONE)

    # --------------------------------------------------------------------------- of closed days

    def shut(self, agency: Agency) -> None:
        """A holiday, with what is booked then cancelled, left, or asked to move."""
        day = self._today() + agency.chance.randint(0, 40) * DAY
        days = [Day(day, "Founders' day")]
        found = holidays.sessions_on(agency.session, agency.priya(), days, MONEYED)
        digest = digest_of(one.booked for one in found)
        about = (agency.session, agency.priya(), days, self._choices(found), MONEYED)
        holidays.add(*about, digest=digest)
        self._note_closed(None, day)

    def away(self, agency: Agency) -> None:
        """A tutor's leave of some days."""
        tutor, chance = agency.chance.choice(agency.tutors), agency.chance
        first = self._today() + chance.randint(0, 30) * DAY
        wanted = LeaveWanted(tutor.id, first, first + chance.randint(0, 4) * DAY, WHY)
        actor = chance.choice((acting(tutor, agency.now), agency.priya()))
        about = (agency.session, actor, wanted)
        found = leave.sessions_during(*about, MONEYED, SHEET)
        digest, choices = digest_of(one.booked for one in found), self._choices(found)
        leave.take(*about, choices, MONEYED, SHEET, digest=digest)
        for number in range((wanted.ends_on - first).days + 1):
            self._note_closed(tutor.id, first + number * DAY)

    def _choices(self, found: list[Found]) -> dict[int, Choice]:
        chosen = {}
        for one in found:
            way = self.agency.chance.choice(one.booked.ways)
            if way is Way.ASK and one.booked.suggested is None:
                way = Way.LEAVE
            chosen[one.view.id] = Choice(way, one.booked.suggested if way is Way.ASK else None)
        return chosen

    def _note_closed(self, tutor_id: int | None, day: date) -> None:
        newest = self.agency.session.exec(select(func.max(Appointment.id))).one()
        self.closed.setdefault((tutor_id, day), newest or 0)

    # ------------------------------------------------------------------------- what always holds

    def require_in_order(self, told: str) -> None:
        """One session a slot and day at most, and none that was made on a closed day since."""
        rows = self.agency.session.execute(
            select(
                col(Appointment.id),
                col(Appointment.tutor_id),
                col(Appointment.match_slot_id),
                col(Appointment.match_day),
            ).where(col(Appointment.match_id).is_not(None))
        ).all()
        days = [(slot, day) for _, _, slot, day in rows]
        assert len(set(days)) == len(days), told
        for row_id, tutor_id, _, day in rows:
            for whose in (None, tutor_id):
                assert row_id <= self.closed.get((whose, day), row_id), (told, row_id)

    # -------------------------------------------------------------------------------- choosing

    def _today(self) -> date:
        return self.agency.now.astimezone(ZONE).date()

    def _one(self, status: MatchStatus) -> Match:
        found = self.agency.session.exec(
            select(Match).where(Match.status == status).order_by(col(Match.id))
        ).all()
        return self.agency.any_of(found)

    def _times(self, count: int) -> tuple[WeeklyTime, ...]:
        chance = self.agency.chance
        days = chance.sample(range(1, 8), count)
        return tuple(
            WeeklyTime(day, time(chance.randint(9, 20)), chance.choice((45, 60, 90)))
            for day in days
        )

    def _ended_ones(self) -> list[Appointment]:
        """Sessions of matches that are over, and that nobody has checked into."""
        asked = select(RescheduleThread.appointment_id).where(RescheduleThread.status == "open")
        found = self.agency.session.exec(
            select(Appointment)
            .where(
                Appointment.status == Status.SCHEDULED,
                Appointment.ends_at < self.agency.now,
                col(Appointment.id).not_in(asked),
            )
            .order_by(col(Appointment.starts_at), col(Appointment.id))
        )
        return list(found.all())

    def _to_come(self) -> Appointment:
        found = self.agency.session.exec(
            select(Appointment)
            .where(Appointment.status == Status.SCHEDULED, Appointment.starts_at > self.agency.now)
            .order_by(col(Appointment.starts_at), col(Appointment.id))
            .limit(12)
        ).all()
        return self.agency.any_of(found)

    def _near(self, row: Appointment) -> datetime:
        """A start some days before or after a session's."""
        return row.starts_at + self.agency.chance.choice((-26, -3, 2, 27, 75, 170)) * DAY / 24
