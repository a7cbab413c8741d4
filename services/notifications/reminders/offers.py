"""Morning list of matches that no parent has answered, for the coordinators (SPEC 7, 8)."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from models import Match
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.matches import OffersOverdue
from services.rules.agency import Agency
from services.rules.reminders import OVERDUE, local_day, next_due_at, overdue_digest

_OFFERED = text("match.status = 'offered'")


def tell_unanswered(session: Session, agency: Agency, now: datetime) -> None:
    """Tell the coordinators at 09:00 of offers that are unanswered for over 48 hours by then.

    Once each; those of a morning form one message. It never expires.
    """
    span = overdue_digest(local_day(now, agency.zone), agency.zone)
    if not span.is_open(now):
        return
    found = session.exec(
        select(Match.id)
        .where(_OFFERED, Match.created_at < span.due_at - OVERDUE)
        .order_by(col(Match.id))
    )
    keys = {f"offers_overdue:{match_id}": match_id for match_id in found.all()}
    new = outbox.unwritten(session, keys) if keys else set()
    for key in (key for key in keys if key in new):
        outbox.tell_coordinators(session, OffersOverdue(keys[key]), key=key, now=now)


def next_unanswered(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """Morning on which the coordinators are next told of an offer."""
    found = session.exec(
        select(Match.created_at).where(_OFFERED, Match.created_at > now - OVERDUE - timedelta(2))
    )
    mornings = (next_due_at(overdue_digest, at + OVERDUE, agency.zone) for at in found.all())
    return min((at for at in mornings if at > now), default=None)
