"""Cards that say "Today" or "at 15:02", and lists of a day: what midnight changes (UX 7, 17).

Each carries the midnight, in its reader's zone, at which it next reads otherwise.
"""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, func, select, update

from models import Card, ShownList
from services.db import Session
from services.messaging import lists, outbox
from services.messaging.messages.approvals import DisputeCardRefresh, ProblemCardRefresh
from services.messaging.messages.sessions import SessionCardRefresh
from services.rules.agency import Agency

AT_ONCE = 500
"""Most cards, and lists, that one run brings up to date: the next run goes on."""

_TURNS = text("card.true_until IS NOT NULL")


def refresh_at_midnight(session: Session, _agency: Agency, now: datetime) -> None:
    """Edit the cards whose midnight has come, each once, however late it is."""
    due = session.exec(
        select(Card)
        .where(_TURNS, col(Card.true_until) <= now)
        .order_by(col(Card.true_until))
        .limit(AT_ONCE)
    ).all()
    live = [one for one in due if one.is_live]
    shown: dict[tuple[int, int], list[int]] = {}
    reported = {(one.report_id, one.person_id): one for one in live if one.report_id}
    for one in live:
        if one.person_id and not one.report_id:
            shown.setdefault((one.appointment_id, one.person_id), []).append(one.id)
    disputed = sorted({(one.appointment_id, one.dispute_id) for one in live if one.dispute_id})
    outbox.write_once(
        session,
        [
            *(
                outbox.message(
                    person_id,
                    SessionCardRefresh(appointment_id, tuple(sorted(ids))),
                    key=f"midnight:{appointment_id}:{now.isoformat()}:{person_id}",
                    now=now,
                )
                for (appointment_id, person_id), ids in sorted(shown.items())
            ),
            *(
                outbox.message(
                    None,
                    DisputeCardRefresh(appointment_id, dispute_id),
                    key=f"midnight:{appointment_id}:{now.isoformat()}:dispute:{dispute_id}",
                    now=now,
                )
                for appointment_id, dispute_id in disputed
            ),
            *(
                outbox.message(
                    person_id,
                    ProblemCardRefresh(one.appointment_id, report_id),
                    key=f"midnight:{now.isoformat()}:report:{report_id}:{person_id}",
                    now=now,
                )
                for (report_id, person_id), one in reported.items()
            ),
        ],
    )
    ids = [one.id for one in due]
    if ids:
        session.exec(update(Card).where(col(Card.id).in_(ids)).values(true_until=None))


def refresh_lists_at_midnight(session: Session, _agency: Agency, now: datetime) -> None:
    """Edit the lists whose midnight has come, each once: they read otherwise, or are over."""
    due = session.exec(
        select(ShownList)
        .where(col(ShownList.true_until) <= now)
        .order_by(col(ShownList.true_until))
        .limit(AT_ONCE)
    ).all()
    if due:
        lists.refresh(session, due, now, because=f"midnight:{now.isoformat()}")
        ids = [one.id for one in due]
        session.exec(update(ShownList).where(col(ShownList.id).in_(ids)).values(true_until=None))


def next_midnight(session: Session, _agency: Agency, _now: datetime) -> datetime | None:
    """When a card or a list next reads otherwise."""
    card = session.exec(select(func.min(Card.true_until)).where(_TURNS)).one()
    shown = session.exec(select(func.min(ShownList.true_until))).one()
    return min((at for at in (card, shown) if at is not None), default=None)
