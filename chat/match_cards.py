"""Cards of matches that a person asked to see, kept so that they are edited later (SPEC 7)."""

from functools import partial

from telegram import Update

from chat import questions, replies
from chat.context import Context
from chat.screen import Screen
from chat.tapped import tapped_message
from services.db import Session
from services.messaging.cards import OlderCard
from services.messaging.deliveries import MessagePlace
from services.messaging.standing import cards_of_match, forget, keep_shown_match


async def show(
    update: Update, context: Context, screen: Screen, match_id: int, person_id: int
) -> None:
    """Show the card of a match on the message that was tapped."""
    await keep(context, await replies.show(update, context, screen), match_id, person_id)


async def show_above(
    update: Update, context: Context, screen: Screen, match_id: int, person_id: int
) -> None:
    """Take the tapped message away where the card stands above it; else show it there."""
    tapped = tapped_message(update)
    cards = await context.app.database.read(cards_of_match, match_id, person_id)
    above = [one for one in cards if tapped and one.chat_id == tapped.chat_id]
    if tapped is None or not any(one.message_id < tapped.message_id for one in above):
        await show(update, context, screen, match_id, person_id)
        return
    await _take_away(context, tapped.chat_id, tapped.message_id)


async def say(
    update: Update, context: Context, screen: Screen, match_id: int, person_id: int
) -> None:
    """Send the card of a match as a message of its own; those of it above are taken away."""
    place = await replies.say(update, context, screen)
    older = await context.app.database.read(cards_of_match, match_id, person_id)
    await keep(context, place, match_id, person_id)
    for one in older:
        if one.chat_id == place.chat_id and one.message_id != place.message_id:
            await _take_away(context, one.chat_id, one.message_id)


async def _take_away(context: Context, chat_id: int, message_id: int) -> None:
    await questions.take_away(context, chat_id, message_id)
    await context.app.database.write(forget, chat_id, message_id)


async def keep(context: Context, place: MessagePlace, match_id: int, person_id: int) -> None:
    """Record a message with the update's done mark: it becomes the card when somebody answers."""
    await replies.record(context, partial(_kept, match_id, person_id, place))


def _kept(match_id: int, person_id: int, place: MessagePlace, session: Session) -> list[OlderCard]:
    keep_shown_match(session, match_id, person_id, *place)
    return []
