"""The coordinators' queue: what waits for them, and what waiting costs (SPEC 10).

Pure. Instants are aware; days are the agency's.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from models.matters import Matter
from services.rules.refusals import Refusal
from services.rules.refusals.queue import NobodyToNudge, NudgedAlready


class QueueKind(StrEnum):
    """Kinds by which the queue is filtered, as they stand in addresses."""

    REQUEST = "request"
    LATE_CHANGE = "late-change"
    DISPUTE = "dispute"
    PROBLEM = "problem"
    ATTENDANCE = "attendance"
    REPLACEMENT = "replacement"
    UNANSWERED = "unanswered"
    DELIVERY = "delivery"
    FILE = "file"


MATTERS: Mapping[QueueKind, tuple[Matter, ...]] = MappingProxyType(
    {
        QueueKind.REQUEST: (Matter.REQUEST,),
        QueueKind.LATE_CHANGE: (Matter.LATE_CHANGE,),
        QueueKind.DISPUTE: (Matter.DISPUTE,),
        QueueKind.PROBLEM: (Matter.PROBLEM,),
        QueueKind.ATTENDANCE: (Matter.ATTENDANCE,),
        QueueKind.REPLACEMENT: (Matter.REPLACEMENT,),
        QueueKind.UNANSWERED: (Matter.UNANSWERED,),
        QueueKind.DELIVERY: (Matter.MESSAGE, Matter.UNREACHABLE),
        QueueKind.FILE: (Matter.NOTE_FILE, Matter.EVIDENCE_FILE),
    }
)
"""What each kind is made of, in the order of what waiting costs."""

KIND_OF: Mapping[Matter, QueueKind] = MappingProxyType(
    {matter: kind for kind, matters in MATTERS.items() for matter in matters}
)

URGENT = timedelta(hours=12)
"""A request that expires so soon comes before everything but late changes."""

LATER = len(QueueKind)
"""Rank of requests for which there is time: after everything else."""

UNSTORED = timedelta(minutes=15)
"""How long a file may be on its way before it is told of."""

PARKED_AFTER = 3
"""Tries after which a message that still waits is told of."""

NUDGE_PAUSE = timedelta(hours=12)
"""How long after a nudge nobody is nudged about the same again."""


def rank_of(matter: Matter) -> int:
    """Place of a matter in the queue; requests with time left have `LATER`.

    Late changes stand among the requests about to expire: both cost a session at its start.
    """
    kind = QueueKind.REQUEST if matter is Matter.LATE_CHANGE else KIND_OF[matter]
    return list(QueueKind).index(kind)


class BulkAct(StrEnum):
    """What can be done about every matter of a filter at once."""

    NUDGE = "nudge"
    VERIFY = "verify"
    CLOSE = "close"
    SEND_AGAIN = "send-again"
    SET_ASIDE = "set-aside"
    DONE = "done"


BULK: Mapping[QueueKind, tuple[BulkAct, ...]] = MappingProxyType(
    {
        QueueKind.REQUEST: (BulkAct.NUDGE,),
        QueueKind.LATE_CHANGE: (BulkAct.DONE,),
        QueueKind.DISPUTE: (BulkAct.VERIFY,),
        QueueKind.PROBLEM: (BulkAct.CLOSE,),
        QueueKind.REPLACEMENT: (BulkAct.DONE,),
        QueueKind.UNANSWERED: (BulkAct.NUDGE, BulkAct.VERIFY),
        QueueKind.DELIVERY: (BulkAct.SEND_AGAIN, BulkAct.SET_ASIDE),
        QueueKind.FILE: (BulkAct.SEND_AGAIN,),
    }
)
"""What can be done at once about matters of each kind."""


class Doubt(StrEnum):
    """What speaks against verifying a session without a look at it."""

    PROBLEM = "problem"
    """A problem report about it is not closed."""
    RETURNED = "returned"
    """It was disputed, and returned to the parents."""


AT_ONCE = 500
"""Most matters about which something is done at once."""


def nudge_refusal(
    last: tuple[str, int | None, datetime] | None, readers: int, now: datetime
) -> Refusal | None:
    """Why nobody can be nudged now; `last`: who nudged last, and when; `readers`: who would be."""
    if last is not None and now - last[2] < NUDGE_PAUSE:
        who, actor_id, at = last
        return NudgedAlready(who=who, actor_id=actor_id, at=at, again_at=at + NUDGE_PAUSE)
    return None if readers else NobodyToNudge()


class Snooze(StrEnum):
    """For how long a matter is put off."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"


MORNING = time(9)
"""When a matter comes back that was put off for days."""


RUNS_OUT = (Matter.REQUEST, Matter.LATE_CHANGE)
"""Matters that are over at the time by which they are sorted, and cost a session then."""


def snoozes(matter: Matter, at: datetime, now: datetime, agency: ZoneInfo) -> list[Snooze]:
    """For how long a matter can be put off; of one that runs out at `at`, only until before it."""
    is_bound = matter in RUNS_OUT
    return [one for one in Snooze if not is_bound or snoozed_until(one, now, agency) < at]


def snoozed_until(choice: Snooze, now: datetime, agency: ZoneInfo) -> datetime:
    """When a matter comes back that is put off now."""
    if choice is Snooze.HOUR:
        return now + timedelta(hours=1)
    today = now.astimezone(agency).date()
    days = {
        Snooze.TOMORROW: 1,
        Snooze.MONDAY: 7 - today.weekday(),
        Snooze.WEEK: 7,
    }[choice]
    return datetime.combine(today + timedelta(days=days), MORNING, tzinfo=agency).astimezone(
        now.tzinfo
    )
