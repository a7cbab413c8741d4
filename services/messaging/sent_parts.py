"""Records of what was sent: many messages in one unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.db import Session
from services.messaging import cards, deliveries, lists, standing
from services.messaging.cards import NewCard, OlderCard
from services.messaging.deliveries import MessagePlace, PendingMessage
from services.messaging.lists import NewList


@dataclass(frozen=True)
class SentPart:
    """A part of a message that is in its chat, or that there was nothing to send."""

    pending: PendingMessage
    number: int | None
    """Number of the part; None for the last one."""
    place: MessagePlace | None
    """Chat and id of the message's first part; None where nothing was sent."""
    card: NewCard | None = None
    says_too: tuple[int, ...] = ()
    """Ids of other messages whose content it has."""
    about: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """For a message that stands: the outbox messages that it says, with the sessions of each."""
    match_id: int | None = None
    """For the card of a match."""
    why: str | None = None
    """Why there was nothing to send."""
    listed: NewList | None = None
    """For a list that stands: its record."""


def record(session: Session, parts: Sequence[SentPart], now: datetime) -> list[list[OlderCard]]:
    """Store parts that are sent; return the older cards that each of them replaces."""
    for part in parts:
        if part.says_too:
            deliveries.mark_said(session, part.pending, part.says_too, part.place, now)
        if part.about and part.place is not None:
            standing.keep(session, part.about, part.pending.message.person_id, *part.place)
        if part.match_id is not None and part.place is not None:
            message = part.pending.message
            standing.keep_match(session, message, part.match_id, *part.place)
        if part.number is not None:
            deliveries.mark_part_sent(session, part.pending, part.number, part.place)
        if part.listed is not None:
            lists.keep(session, part.listed, now)
    sent = [
        deliveries.sent_row(part.pending, part.place, part.why, now)
        for part in parts
        if part.number is None
    ]
    deliveries.mark_sent(session, sent)
    replaced = cards.keep_all(session, [part.card for part in parts if part.card is not None])
    return [replaced.get(part.card, []) if part.card else [] for part in parts]
