"""A session's life as SPEC tells it, written plainly and apart from the services.

Each action returns every reason to refuse it, in no order; the services must give one of them. An
action that the same person repeats changes nothing. Nothing here is taken from `services`: the
codes of the refusals are those of the specification.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Singapore")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LOCKOUT = 4 * HOUR
WINDOW = 30 * MINUTE


class Who(StrEnum):
    """Everybody who tries something; the last two have no part in the session."""

    TUTOR = "tutor"
    MOTHER = "mother"
    FATHER = "father"
    COORDINATOR = "coordinator"
    COLLEAGUE = "colleague"
    OTHER_TUTOR = "other tutor"
    OTHER_PARENT = "other parent"


PARENTS = {Who.MOTHER, Who.FATHER}
COORDINATORS = {Who.COORDINATOR, Who.COLLEAGUE}
NO_ARROW = frozenset({"WrongStatus", "ActedFirst"})
"""Refusals where the status does not allow an action: by the status, or by who was first."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of an action."""

    word: str
    """`done`, `repeated` or `refused`."""
    refusals: frozenset[str] = frozenset()
    """The classes of a refusal: every reason that holds."""


DONE, REPEATED = Verdict("done"), Verdict("repeated")


def verdict(*reasons: str | frozenset[str] | None) -> Verdict:
    """Done if no reason holds."""
    refusals: set[str] = set()
    for reason in reasons:
        if reason:
            refusals |= {reason} if isinstance(reason, str) else reason
    return Verdict("refused", frozenset(refusals)) if refusals else DONE


@dataclass
class Version:
    """One proposed time."""

    side: str
    starts_at: datetime
    status: str = "open"
    closed_by: Who | None = None


@dataclass
class Thread:
    """A request to move the session."""

    expires_at: datetime
    status: str = "open"
    versions: list[Version] = field(default_factory=list)


@dataclass
class DisputeRecord:
    """A dispute of a parent's."""

    status: str = "open"
    claimed_by: Who | None = None
    settled_by: Who | None = None

    @property
    def is_live(self) -> bool:
        return self.status in {"open", "claimed"}


@dataclass
class Model:
    """One session of 90 minutes, and one other of the same tutor that is in its way."""

    now: datetime
    starts_at: datetime
    taken: tuple[datetime, datetime]
    status: str = "scheduled"
    first_starts_at: datetime | None = None
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    is_absent: bool = False
    threads: list[Thread] = field(default_factory=list)
    disputes: list[DisputeRecord] = field(default_factory=list)
    last: tuple[str, Who | None] | None = None
    """The last change of status: what, by whom."""
    moved: tuple[str, Who] | None = None
    """How it came to its time, and by whom."""
    events: int = 1
    """How many lines the audit trail has; the first one is that it was scheduled."""
    length = 90 * MINUTE

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.length

    @property
    def thread(self) -> Thread | None:
        """The open request."""
        return next((one for one in self.threads if one.status == "open"), None)

    @property
    def dispute(self) -> DisputeRecord | None:
        """The newest dispute."""
        return self.disputes[-1] if self.disputes else None

    # ---------------------------------------------------------------------------- attendance

    def check_in(self, who: Who) -> Verdict:
        """The tutor, in the window, where no request is open."""
        if who is not Who.TUTOR:
            return verdict("NotYourSession")
        if repeated := self._arrow("check_in", who, "scheduled"):
            return repeated
        local = self.starts_at.astimezone(ZONE)
        midnight = datetime.combine(local.date() + DAY, time.min, tzinfo=ZONE)
        found = verdict(
            self._blocked(),
            "TooEarlyToCheckIn" if self.now < self.starts_at - WINDOW else None,
            "TooLateToCheckIn" if self.now >= max(midnight, self.ends_at) else None,
        )
        if found is DONE:
            self.checked_in_at = self.now
            self._move("check_in", who, "checked_in")
        return found

    def check_out(self, who: Who) -> Verdict:
        """The tutor, from half an hour before the end until a day after it."""
        if who is not Who.TUTOR:
            return verdict("NotYourSession")
        if self.status == "scheduled":
            return verdict("NotCheckedIn")
        if repeated := self._arrow("check_out", who, "checked_in"):
            return repeated
        found = verdict(
            "TooEarlyToCheckOut" if self.now < self.ends_at - WINDOW else None,
            "TooLateToCheckOut" if self.now > self.ends_at + DAY else None,
        )
        if found is DONE:
            self.checked_out_at, self.is_absent = self.now, False
            self._move("check_out", who, "awaiting_approval_parent")
        return found

    def mark_absent(self, who: Who, absent: bool) -> Verdict:
        """The tutor, as long as no parent has answered."""
        if who is not Who.TUTOR:
            return verdict("NotYourSession")
        if self.is_absent == absent:
            return DONE
        if self.status != "awaiting_approval_parent":
            return verdict(NO_ARROW)
        self.is_absent = absent
        self.events += 1
        return DONE

    def correct(self, who: Who, came: datetime, went: datetime) -> Verdict:
        """A coordinator sets both times, in order and not in the future."""
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        if repeated := self._arrow("correct_attendance", who, "scheduled", "checked_in"):
            return repeated
        possible = came < went <= self.now and went - came <= 12 * HOUR
        found = verdict(self._blocked(), None if possible else "AttendanceImpossible")
        if found is DONE:
            self.checked_in_at, self.checked_out_at = came, went
            self._move("correct_attendance", who, "awaiting_approval_parent")
        return found

    def clear(self, who: Who) -> Verdict:
        """A coordinator takes back a check-in."""
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        if repeated := self._arrow("clear_check_in", who, "checked_in"):
            return repeated
        self.checked_in_at = None
        self._move("clear_check_in", who, "scheduled")
        return DONE

    # ------------------------------------------------------------------- answers and disputes

    def acknowledge(self, who: Who) -> Verdict:
        """A parent, once, for good."""
        if who not in PARENTS:
            return verdict(frozenset({"NotYourChild", "OwnSession"}))
        if repeated := self._arrow("acknowledge", who, "awaiting_approval_parent"):
            return repeated
        self._move("acknowledge", who, "approved")
        return DONE

    def object(self, who: Who) -> Verdict:
        """A parent disputes."""
        if who not in PARENTS:
            return verdict(frozenset({"NotYourChild", "OwnSession"}))
        if repeated := self._arrow("dispute", who, "awaiting_approval_parent"):
            return repeated
        self.disputes.append(DisputeRecord())
        self._move("dispute", who, "disputed")
        return DONE

    def verify(self, who: Who) -> Verdict:
        """A coordinator approves in the parents' place; not what was upheld."""
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        if repeated := self._arrow("verify", who, "awaiting_approval_parent", "disputed"):
            return repeated
        if self.dispute and self.dispute.status == "upheld":
            return verdict("DisputeSettled")
        if self.dispute and self.dispute.is_live:
            self.dispute.status, self.dispute.settled_by = "verified", who
        self._move("verify", who, "approved")
        return DONE

    def claim(self, who: Who, number: int) -> Verdict:
        """A coordinator takes a dispute on; whoever claimed it, others may settle it."""
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        found = self.disputes[number]
        if found.status == "claimed":
            return REPEATED if found.claimed_by is who else verdict("DisputeClaimed")
        if not found.is_live:
            return verdict("DisputeSettled")
        found.status, found.claimed_by = "claimed", who
        self.events += 1
        return DONE

    def uphold(self, who: Who, number: int) -> Verdict:
        """The dispute is closed for good; the session stays disputed."""
        if settled := self._settling(who, number, "upheld"):
            return settled
        self.disputes[number].status, self.disputes[number].settled_by = "upheld", who
        self.last = ("uphold", who)
        self.events += 1
        return DONE

    def hand_back(self, who: Who, number: int) -> Verdict:
        """The parents are asked again."""
        if settled := self._settling(who, number, "returned"):
            return settled
        self.disputes[number].status, self.disputes[number].settled_by = "returned", who
        self._move("return", who, "awaiting_approval_parent")
        return DONE

    # ------------------------------------------------------------------------ changes of time

    def cancel(self, who: Who) -> Verdict:
        """Either side, more than four hours before; an open request ends with it."""
        side = self._side(who)
        if side is None:
            return verdict("NotYourChild")
        if repeated := self._arrow("cancel", who, "scheduled"):
            return repeated
        found = verdict(self._locked_out())
        if found is DONE:
            self._end_thread("closed", "closed", who)
            self._move("cancel", who, f"cancelled_by_{side}")
        return found

    def cancel_for(self, who: Who, side: str) -> Verdict:
        """A coordinator on a side's behalf, at any time, but not while an expiry is due."""
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        if repeated := self._arrow(f"cancel_for_{side}", who, "scheduled"):
            return repeated
        found = verdict(self._expiring())
        if found is DONE:
            self._end_thread("closed", "closed", who)
            self._move(f"cancel_for_{side}", who, f"cancelled_by_{side}")
        return found

    def move(self, who: Who, starts_at: datetime) -> Verdict:
        """A coordinator moves it; an open request ends with it."""
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        if self.status != "scheduled":
            return verdict(NO_ARROW)
        if self._expiring():
            return verdict(self._expiring())
        if self.moved == ("move", who) and starts_at == self.starts_at:
            return REPEATED
        found = verdict(*self._slot(starts_at))
        if found is DONE:
            self._end_thread("closed", "closed", who)
            self._to(starts_at, "move", who)
            self.events += 1
        return found

    def propose(self, who: Who, starts_at: datetime) -> Verdict:
        """Either side asks, more than four hours before, where nobody has asked yet."""
        side = self._side(who)
        if side is None:
            return verdict("NotYourChild")
        if self.thread and len(self.thread.versions) == 1:
            asked = self.thread.versions[0]
            if asked.closed_by is None and (self._asked_by, asked.starts_at) == (who, starts_at):
                return REPEATED
        found = verdict(
            self._blocked(),
            NO_ARROW if self.status != "scheduled" else None,
            self._locked_out(),
            *self._slot(starts_at),
        )
        if found is DONE:
            self.threads.append(Thread(self.starts_at, "open", [Version(side, starts_at)]))
            self._asked_by = who
            self.events += 1
        return found

    _asked_by: Who | None = None

    def answer(self, how: str, who: Who, number: int, version: int, starts_at: datetime) -> Verdict:
        """Accept, reject, counter (with `starts_at`) or withdraw a version of a request."""
        side = self._side(who)
        if side is None:
            return verdict("NotYourChild")
        thread = self.threads[number]
        meant, becomes = thread.versions[version], BECOMES[how]
        if meant.closed_by is who and meant.status == becomes:
            said = thread.versions[version + 1].starts_at if how == "counter" else starts_at
            if said == starts_at:
                return REPEATED
        if thread.status != "open":
            return verdict("RequestExpired" if thread.status == "expired" else "ActedFirst")
        is_own = meant.side == side
        found = verdict(
            "RequestExpired" if self.now >= thread.expires_at else None,
            "ProposalOutdated" if meant.status != "open" else None,
            "NotYourProposal" if how == "withdraw" and not is_own else None,
            "OwnProposal" if how != "withdraw" and is_own else None,
            *(self._slot(meant.starts_at) if how == "accept" else ()),
            *(self._slot(starts_at, meant.starts_at) if how == "counter" else ()),
        )
        if found is DONE:
            self._answered(how, who, thread, meant, starts_at)
        return found

    def expire(self) -> Verdict:
        """The sweep: at the original start an open request expires, and the session with it."""
        thread = self.thread
        if thread is None or self.now < thread.expires_at:
            return Verdict("nothing")
        thread.status = thread.versions[-1].status = "expired"
        self._move("expire", None, "not_completed")
        return DONE

    # ------------------------------------------------------------------------------- in common

    def _answered(
        self, how: str, who: Who, thread: Thread, meant: Version, starts_at: datetime
    ) -> None:
        meant.status, meant.closed_by = BECOMES[how], who
        self.events += 1
        if how == "counter":
            thread.versions.append(Version(self._side(who) or "", starts_at))
            return
        thread.status = {"accept": "agreed", "reject": "rejected", "withdraw": "withdrawn"}[how]
        if how == "accept":
            self._to(meant.starts_at, how, who)

    def _settling(self, who: Who, number: int, becomes: str) -> Verdict | None:
        if who not in COORDINATORS:
            return verdict("NotCoordinator")
        found = self.disputes[number]
        if found.status == becomes and found.settled_by is who:
            return REPEATED
        return None if found.is_live else verdict("DisputeSettled")

    def _arrow(self, action: str, who: Who, *statuses: str) -> Verdict | None:
        """None where the status allows it; else whether it is a repetition."""
        if self.status in statuses:
            return None
        return REPEATED if self.last == (action, who) else verdict(NO_ARROW)

    def _side(self, who: Who) -> str | None:
        return "tutor" if who is Who.TUTOR else "parent" if who in PARENTS else None

    def _blocked(self) -> str | None:
        if self.thread is None:
            return None
        return self._expiring() or "RescheduleOpen"

    def _expiring(self) -> str | None:
        is_due = self.thread is not None and self.now >= self.thread.expires_at
        return "RequestExpired" if is_due else None

    def _locked_out(self) -> str | None:
        return "TooLateToChange" if self.starts_at - self.now <= LOCKOUT else None

    def _slot(self, starts_at: datetime, *tabled: datetime) -> list[str]:
        start, end = self.taken
        return [
            *(["SameTime"] if starts_at in (self.starts_at, *tabled) else []),
            *(["SlotPassed"] if starts_at <= self.now else []),
            *(["SlotTaken"] if starts_at < end and start < starts_at + self.length else []),
        ]

    def _to(self, starts_at: datetime, how: str, who: Who) -> None:
        self.moved = (how, who)
        self.first_starts_at = self.first_starts_at or self.starts_at
        self.starts_at = starts_at

    def _end_thread(self, thread_status: str, version_status: str, who: Who) -> None:
        if self.thread:
            last = self.thread.versions[-1]
            last.status, last.closed_by = version_status, who
            self.thread.status = thread_status

    def _move(self, action: str, who: Who | None, status: str) -> None:
        self.status, self.last = status, (action, who)
        self.events += 1


BECOMES = {
    "accept": "approved",
    "reject": "rejected",
    "counter": "countered",
    "withdraw": "withdrawn",
}
"""What a version is after each answer."""
