"""Who is told of a match: outbox rows in the caller's transaction (SPEC 7)."""

from collections.abc import Iterable

from sqlmodel import select

from models import Match, StandingMessage
from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor
from services.matches.booking import Booking
from services.messaging import outbox
from services.messaging.messages.matches import (
    MatchAnswered,
    MatchCardRefresh,
    MatchNotBooked,
    MatchStarted,
    Unbooked,
    unbooked,
)
from services.rules.weekly import Hindrance, Occurrence

REPORTED = frozenset(
    {
        Hindrance.SKIPPED_TIME,
        Hindrance.DOUBLED_TIME,
        Hindrance.TUTOR_TAKEN,
        Hindrance.STUDENT_TAKEN,
    }
)
"""Hindrances that a coordinator has to deal with; holidays and leave are as they should be."""


def tell_accepted(session: Session, match: Match, booking: Booking, actor: Actor) -> None:
    """Tell the tutor of the new student, and the coordinators of what became of the offer."""
    _tell_tutor(session, match, actor)
    tell_coordinators(session, match, booking.hindered, actor)


def tell_agreed(session: Session, match: Match, booking: Booking, actor: Actor) -> None:
    """Tell the tutor of the new student, and the coordinators only of what could not be booked.

    Of an import that is all: what it brings goes on already, and may be a thousand matches.
    """
    if actor.channel is not Channel.IMPORT:
        _tell_tutor(session, match, actor)
    tell_not_booked(session, match, booking.hindered, actor)


def tell_coordinators(
    session: Session, match: Match, hindered: Iterable[Occurrence], actor: Actor
) -> None:
    """Tell the group how a match was answered, and what could not be booked."""
    outbox.tell_coordinators(
        session,
        MatchAnswered(match.id, reported(hindered)),
        key=f"match_answered:{match.id}",
        now=actor.now,
    )


def tell_not_booked(
    session: Session, match: Match, hindered: Iterable[Occurrence], actor: Actor
) -> None:
    """Tell the group what could not be booked as the horizon went on, once for each horizon."""
    if found := reported(hindered):
        outbox.tell_coordinators(
            session,
            MatchNotBooked(match.id, found),
            key=f"match_not_booked:{match.id}:{match.booked_until}",
            now=actor.now,
        )


def refresh_cards(session: Session, match: Match, actor: Actor, moment: str) -> None:
    """Edit the cards of a match that stand in chats; `moment` names what has changed."""
    readers = session.exec(
        select(StandingMessage.person_id).where(StandingMessage.match_id == match.id).distinct()
    )
    outbox.write_once(
        session,
        [
            outbox.message(
                person_id,
                MatchCardRefresh(match.id),
                key=f"match_refresh:{match.id}:{moment}:{person_id}",
                now=actor.now,
            )
            for person_id in readers.all()
        ],
    )


def _tell_tutor(session: Session, match: Match, actor: Actor) -> None:
    outbox.tell_person(
        session,
        match.tutor_id,
        MatchStarted(match.id),
        key=f"match_started:{match.id}",
        now=actor.now,
    )


def reported(hindered: Iterable[Occurrence]) -> list[Unbooked]:
    """Days of slots that coordinators have to deal with, as a message keeps them."""
    return [one for one in unbooked(hindered) if one.hindrance in REPORTED]
