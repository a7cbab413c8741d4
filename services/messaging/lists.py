"""Lists that stand in private chats, most of them of sessions (UX 2, 17).

A list is edited as its sessions change, until a newer one of its kind takes its place or its day is
over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import and_, col, delete, func, or_, select, update

from models import Guardianship, ListedAppointment, ShownList
from models.enums import ListKind
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.agency import ListRefresh
from services.prepared import Prepared

REMINDS = "due:"
"""What stands before ids in the argument of a question that comes as a reminder of sessions."""
AHEAD = "ahead:"
"""What stands between the two in a reminder before their end, which that at the end replaces."""


@dataclass(frozen=True)
class NewList:
    """List that was just sent, or took the place of another in its message."""

    chat_id: int
    message_id: int
    person_id: int
    kind: ListKind
    argument: str | None
    day: date
    true_until: datetime | None
    """When it reads otherwise, or is over; None where time alone changes nothing."""
    content_hash: str
    sessions: frozenset[int]


def keep(session: Session, new: NewList, now: datetime) -> None:
    """Record a list; older ones of its kind in the chat are edited: they are over."""
    forget(session, new.chat_id, new.message_id)
    older = session.exec(select(ShownList).where(_of_the_kind(new)))
    shown = f"{new.content_hash}:{now.isoformat()}"  # one message may show several lists in turn
    because = f"after:{new.chat_id}:{new.message_id}:{shown}"
    refresh(session, older.all(), now, because=because)
    row = ShownList(
        chat_id=new.chat_id,
        message_id=new.message_id,
        person_id=new.person_id,
        kind=new.kind,
        argument=new.argument,
        day=new.day,
        true_until=new.true_until,
        content_hash=new.content_hash,
    )
    session.add(row)
    session.flush()
    _list(session, row.id, new.sessions)


def refresh(session: Session, lists: Collection[ShownList], now: datetime, *, because: str) -> None:
    """Write the messages that bring these lists up to date."""
    rows = [
        outbox.message(
            one.person_id,
            ListRefresh(one.id),
            key=f"list:{one.id}:{because}",
            now=now,
        )
        for one in lists
    ]
    outbox.write_once(session, rows)


def refresh_people(session: Session, now: datetime, *, because: str) -> None:
    """Write the messages that bring lists of people up to date: somebody comes in otherwise now."""
    found = session.exec(select(ShownList).where(col(ShownList.kind).in_(_OF_PEOPLE)))
    refresh(session, found.all(), now, because=because)


def refresh_packages(session: Session, student_id: int, now: datetime, *, because: str) -> None:
    """Write the messages that bring the pages of a child's ledger up to date.

    A ledger without a child's id is that of its reader's first child, which may be this one.
    """
    parents = select(Guardianship.person_id).where(Guardianship.student_id == student_id)
    found = session.exec(
        select(ShownList).where(
            ShownList.kind == ListKind.PACKAGE,
            or_(
                col(ShownList.argument).startswith(f"{student_id}:"),
                and_(
                    col(ShownList.argument).startswith("0:"),
                    col(ShownList.person_id).in_(parents),
                ),
            ),
        )
    )
    refresh(session, found.all(), now, because=because)


def refresh_link(session: Session, link_id: int, now: datetime) -> None:
    """Write the message that turns a link to the pages into one line, once it has been used."""
    found = session.exec(
        select(ShownList).where(
            ShownList.kind == ListKind.SIGN_IN, ShownList.argument == str(link_id)
        )
    )
    refresh(session, found.all(), now, because=f"signed_in:{link_id}:{now.isoformat()}")


def refresh_feed(session: Session, person_id: int, now: datetime, *, because: str) -> None:
    """Write the messages that bring what a person was shown of their calendar up to date."""
    found = session.exec(
        select(ShownList).where(
            ShownList.kind == ListKind.CALENDAR, ShownList.person_id == person_id
        )
    )
    refresh(session, found.all(), now, because=because)


_OF_PEOPLE = (ListKind.UNLINKED, ListKind.TO_INVITE, ListKind.INVITED, ListKind.PASSED_ON)


def _of_the_kind(one: NewList | ShownList) -> ColumnElement[bool]:
    """Condition for lists of which a chat has only the newest: this one and others of its kind."""
    same = and_(col(ShownList.chat_id) == one.chat_id, col(ShownList.kind) == one.kind)
    if one.kind is ListKind.OFFERED:
        return and_(same, col(ShownList.message_id) == one.message_id)
    if one.kind is ListKind.DAY_BEFORE:  # that of today stands until midnight
        return and_(same, col(ShownList.day) == one.day)
    if one.kind in (ListKind.INVITED, ListKind.PASSED_ON, ListKind.SUMMARY):
        return and_(same, col(ShownList.argument) == one.argument)
    return same


def list_at(session: Session, chat_id: int, message_id: int) -> ShownList | None:
    """List that this message is; None where it is none."""
    found: ShownList | None = _AT.one(session, chat_id=chat_id, message_id=message_id)
    return found


_AT = Prepared(
    select(ShownList).where(
        ShownList.chat_id == bindparam("chat_id"), ShownList.message_id == bindparam("message_id")
    )
)


def newest_list(session: Session, chat_id: int) -> ShownList | None:
    """Newest list in a chat for which somebody has asked; None where there is none."""
    newest = select(ShownList).where(
        ShownList.chat_id == chat_id,
        col(ShownList.kind).not_in((ListKind.TO_ANSWER, ListKind.OFFERED)),
    )
    return session.exec(newest.order_by(col(ShownList.id).desc()).limit(1)).first()


def questions_in(session: Session, chat_id: int) -> list[int]:
    """Message ids of the lists in a chat that ask for a choice, the oldest first.

    A reminder stays, as any other does.
    """
    asks = or_(
        and_(col(ShownList.kind).in_(_QUESTIONS), ~_IS_REMINDER),
        and_(col(ShownList.kind) == ListKind.FOUND, ShownList.argument == ""),
    )
    found = session.exec(
        select(ShownList.message_id)
        .where(ShownList.chat_id == chat_id, asks)
        .order_by(col(ShownList.message_id))
    )
    return list(found.all())


_REMINDED = (ListKind.TO_CHECK_IN, ListKind.TO_CHECK_OUT)
_IS_REMINDER = and_(
    col(ShownList.kind).in_(_REMINDED),
    func.coalesce(ShownList.argument, "").startswith(REMINDS),
)
_QUESTIONS = (
    ListKind.TO_CHECK_IN,
    ListKind.TO_CHECK_OUT,
    ListKind.FOR_NOTES,
    ListKind.TO_CHANGE,
    ListKind.UNLINKED,
    ListKind.TO_INVITE,
)
"""Lists that are left by a button of theirs."""


def list_with(session: Session, list_id: int) -> ShownList | None:
    """List with this id; None where it is over."""
    return session.get(ShownList, list_id)


def sessions_of(session: Session, list_id: int) -> list[int]:
    """Ids of the sessions in a list that stands."""
    found = session.exec(
        select(ListedAppointment.appointment_id)
        .where(ListedAppointment.list_id == list_id)
        .order_by(col(ListedAppointment.appointment_id))
    )
    return list(found.all())


def lists_of(session: Session, appointment_id: int, person_id: int) -> list[ShownList]:
    """Lists in which a person sees this session."""
    found = session.exec(
        select(ShownList)
        .join(ListedAppointment, col(ListedAppointment.list_id) == ShownList.id)
        .where(ListedAppointment.appointment_id == appointment_id, ShownList.person_id == person_id)
        .order_by(col(ShownList.id))
    )
    return list(found.all())


def is_replaced(session: Session, shown: ShownList) -> bool:
    """Whether its chat has a newer list of its kind.

    A reminder of some sessions takes the place of no list that has others; one at their end takes
    that of one before it.
    """
    newer = select(ShownList.id).where(_of_the_kind(shown), ShownList.id > shown.id).limit(1)
    if shown.kind in _REMINDED:
        same = {shown.argument, (shown.argument or "").replace(AHEAD, "", 1)}
        newer = newer.where(or_(~_IS_REMINDER, col(ShownList.argument).in_(same)))
    return session.exec(newer).first() is not None


def now_shows(session: Session, list_id: int, new: NewList) -> None:
    """Record the content into which a list was edited."""
    changed = session.exec(
        update(ShownList)
        .where(col(ShownList.id) == list_id)
        .values(content_hash=new.content_hash, true_until=new.true_until)
    )
    if not changed.rowcount:
        return
    session.exec(delete(ListedAppointment).where(col(ListedAppointment.list_id) == list_id))
    _list(session, list_id, new.sessions)


def forget(session: Session, chat_id: int, message_id: int) -> None:
    """Leave a message as it is from now on: it is no list any more."""
    found = list_at(session, chat_id, message_id)
    if found is not None:
        _delete(session, found.id)


def forget_list(session: Session, list_id: int) -> None:
    """Leave a list as it is from now on: it is over, deleted or out of reach."""
    _delete(session, list_id)


def _delete(session: Session, list_id: int) -> None:
    session.exec(delete(ListedAppointment).where(col(ListedAppointment.list_id) == list_id))
    session.exec(delete(ShownList).where(col(ShownList.id) == list_id))


def _list(session: Session, list_id: int, sessions: frozenset[int]) -> None:
    session.add_all(
        ListedAppointment(list_id=list_id, appointment_id=one) for one in sorted(sessions)
    )
