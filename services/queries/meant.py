"""Sessions that a parent's message can be about that answers no question (SPEC 9; UX 19)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, text
from sqlalchemy import select as select_columns
from sqlmodel import col, func, select

from models import Appointment, Cancellation, Card, Dispute, Person, ProblemReply, ProblemReport
from models.enums import ProblemStatus, Status
from services.db import Session
from services.lifecycle.looked_up import is_found
from services.prepared import Prepared
from services.queries.problems import IS_LIVE
from services.queries.session_lists import JUST_OVER
from services.queries.sessions import SessionView, children_of, of_children, views_where
from services.rules.spoken_sessions import Known, Spoken

RECENT = timedelta(days=7)
TODAY = timedelta(hours=12)
"""How long ago a session began that nobody came to, to be thought of first."""
JUST_NOW = timedelta(minutes=10)
LATELY = timedelta(days=1)
"""How long after a cancellation or a dispute what is written may be about it."""
SEARCHED = 50
"""The most of these among which those are looked for of which a text speaks."""

Speaks = Callable[[Sequence[Known]], Spoken]
"""Finds those sessions of which a text speaks."""


@dataclass(frozen=True)
class Meant:
    """Sessions in reach, the likeliest first."""

    reported: tuple[SessionView, ...] = ()
    """With a report of theirs that nobody has closed; first those that wait for their answer, and
    of these the one of which they heard last.
    """
    others: tuple[SessionView, ...] = ()
    answered: frozenset[int] = frozenset()
    """Ids of those reported where a coordinator's reply waits for their answer."""
    is_going_on: bool = False
    """Whether something was written about one of them just now: people write in several lines."""
    is_more: bool = False
    """Whether it is likely more of that, since it speaks of no day."""
    is_overdue: bool = False
    """Whether nobody has checked in to one that should be going on, or was until an hour ago."""

    @property
    def awaits_answer(self) -> bool:
        """Whether a coordinator's reply to the first report waits for their answer."""
        return bool(self.reported) and self.reported[0].id in self.answered

    @property
    def views(self) -> tuple[SessionView, ...]:
        """All of them."""
        return (*self.reported, *self.others)

    def beginning_with(self, first: SessionView) -> "Meant":
        """The same, with one that is said to be meant before all others."""
        if any(one.id == first.id for one in self.reported):
            rest = (one for one in self.reported if one.id != first.id)
            return replace(self, reported=(first, *rest))
        rest = (one for one in self.views if one.id != first.id)
        return replace(self, reported=(), others=(first, *rest))


def meant_by_parent(
    session: Session,
    parent: Person,
    chat_id: int,
    now: datetime,
    most: int,
    speaks: Speaks = lambda _: Spoken(),
) -> Meant:
    """Sessions of which a parent can have something to say: at most `most` besides the reported.

    After these the one whose card came last into the chat, those disputed within a day, those that
    began today to which nobody has checked in, the one that began last, then those that await their
    answer, and others that began within a week; the newest first. Those of which a text `speaks`
    come before others, also before the reported where it names their day or child.
    """
    children = children_of(session, parent)
    if not children:
        return Meant()
    theirs, begun = of_children(children), col(Appointment.starts_at) <= now
    reports = _LIVE_REPORTS.rows(session, author_id=parent.id)
    reported = [one.appointment_id for one in reports]
    shown = _SHOWN.firsts(session, chat_id=chat_id)
    named = views_where(session, theirs, begun, col(Appointment.id).in_({*reported, *shown}))
    by_id = {view.id: view for view in named}
    first = {number: by_id[number] for number in reported if number in by_id}
    enough = most + len(first)
    awaits = views_where(
        session,
        theirs,
        text("appointment.status = 'awaiting_approval_parent'"),
        newest_first=True,
        limit=enough,
    )
    recent = views_where(
        session,
        theirs,
        begun,
        col(Appointment.starts_at) > now - RECENT,
        newest_first=True,
        limit=max(enough, SEARCHED),
    )
    last_shown = [view for view in named if view.id in shown]
    unattended = [view for view in recent if view.status is Status.SCHEDULED]
    today = [one for one in unattended if one.appointment.starts_at > now - TODAY]
    disputed = disputed_lately(session, (*named, *recent), now)
    inferred = (*last_shown, *disputed, *today, *recent[:1], *awaits, *recent, *named)
    likeliest = {view.id: view for view in inferred}
    spoken = speaks([_known(view) for view in likeliest.values()])
    if (spoken.names_day or spoken.names_child) and not first.keys() & set(spoken.ids):
        first = {}
    others = [view for number, view in likeliest.items() if number not in first]
    others.sort(key=lambda view: view.id not in spoken.ids)
    is_overdue = any(one.appointment.ends_at > now - JUST_OVER for one in unattended)
    answered = {one.appointment_id for one in reports if one.status is ProblemStatus.ANSWERED}
    is_going_on = bool(first) and any(one.written_at > now - JUST_NOW for one in reports)
    found = (tuple(first.values()), tuple(others[:most]), frozenset(answered))
    return Meant(*found, is_going_on, is_going_on and not spoken.has_day, is_overdue)


def disputed_lately(
    session: Session, views: Sequence[SessionView], now: datetime
) -> list[SessionView]:
    """Those of which a dispute was opened within a day that is not settled."""
    found = session.exec(
        select(Dispute.appointment_id).where(
            text("dispute.status IN ('open', 'claimed')"), Dispute.opened_at > now - LATELY
        )
    )
    ids = set(found.all())
    return [view for view in views if view.id in ids]


def lost_lately(session: Session, parent: Person, now: datetime) -> list[SessionView]:
    """Sessions to come of the parent's children that somebody else cancelled for the tutor within a
    day, by start.
    """
    children = children_of(session, parent)
    if not children:
        return []
    cancelled = select(Cancellation.id).where(
        Cancellation.appointment_id == Appointment.id,
        Cancellation.at > now - LATELY,
        Cancellation.cancelled_by_id != parent.id,
    )
    return views_where(
        session,
        of_children(children),
        text("appointment.status = 'cancelled_by_tutor'"),
        col(Appointment.starts_at) > now,
        is_found(cancelled),
        limit=SEARCHED,
    )


def _known(view: SessionView) -> Known:
    return Known(view.id, view.student.name, view.appointment.starts_at)


_SHOWN = Prepared(
    select(Card.appointment_id)
    .where(Card.chat_id == bindparam("chat_id"), col(Card.is_live))
    .order_by(col(Card.message_id).desc())
    .limit(1)
)
"""The session whose card came last into a chat."""

_LAST_REPLY = (
    select(func.max(ProblemReply.at))
    .where(ProblemReply.report_id == ProblemReport.id)
    .correlate(ProblemReport)
    .scalar_subquery()
)
_LIVE_REPORTS = Prepared(
    select_columns(
        col(ProblemReport.appointment_id),
        col(ProblemReport.status),
        func.coalesce(_LAST_REPLY, ProblemReport.at).label("written_at"),
    )
    .where(IS_LIVE, col(ProblemReport.person_id) == bindparam("author_id"))
    .order_by(
        (col(ProblemReport.status) == ProblemStatus.ANSWERED).desc(),
        func.coalesce(_LAST_REPLY, ProblemReport.claimed_at, ProblemReport.at).desc(),
        col(ProblemReport.id).desc(),
    )
)
"""Reports of a parent that nobody has closed; first those that wait for their answer, and of these
the one of which they heard last.
"""
