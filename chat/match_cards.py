"""Cards of matches that a person asked to see, kept so that they are edited later (SPEC 7)."""

from functools import partial

from telegram import Message, Update

from chat import replies
from chat.context import Context
from chat.screen import Screen
from services.db import Session
from services.messaging.cards import OlderCard
from services.messaging.standing import keep_shown_match


async def show(
    update: Update, context: Context, screen: Screen, match_id: int, person_id: int
) -> None:
    """Show the card of a match on the message that was tapped."""
    await _keep(context, await replies.show(update, context, screen), match_id, person_id)


async def say(
    update: Update, context: Context, screen: Screen, match_id: int, person_id: int
) -> None:
    """Send the card of a match as a message of its own."""
    await _keep(context, await replies.say(update, context, screen), match_id, person_id)


async def _keep(context: Context, message: Message, match_id: int, person_id: int) -> None:
    """Record it with the update's done mark: it is edited when somebody answers."""
    place = (message.chat_id, message.message_id)
    await replies.record(context, partial(_kept, match_id, person_id, place))


def _kept(
    match_id: int, person_id: int, place: tuple[int, int], session: Session
) -> list[OlderCard]:
    keep_shown_match(session, match_id, person_id, *place)
    return []
