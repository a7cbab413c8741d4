"""Questions of dialogues that somebody else's act has settled (UX 17)."""

from dataclasses import replace

from chat.app_context import Left
from chat.current_user import CurrentUser
from chat.message_parts import (
    Delivery,
    Edit,
    EditList,
    EditStanding,
    Nothing,
    Part,
    Refresh,
)
from chat.messages.context import MessageContext
from locales.reader import Reader
from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging.conversation_state import asked_in
from services.messaging.deliveries import MessagePlace
from services.queries.open_questions import open_questions


def left_of_questions(context: MessageContext) -> dict[MessagePlace, Left]:
    """What is left of questions about the session that are over, by their places.

    In the group they are those of every coordinator, each in the words for whom it asks.
    """
    app, now, found = context.app, context.reader.now, {}
    for one in open_questions(context.session, context.appointment_id, context.message.person_id):
        reader = Reader.for_person(one.person, app.agency, now)
        user = CurrentUser(one.person, reader, Actor(one.person.id, Channel.TELEGRAM, now))
        if (left := app.left_of(context.session, user, one)) is not None:
            found[MessagePlace(one.chat_id, one.message_id)] = left
    return found


def beside_questions(session: Session, delivery: Delivery) -> Delivery:
    """A delivery that leaves open questions alone which took the place of what it edits.

    What stood there is shown as it is then once the question is over.
    """
    if isinstance(delivery, Part):
        return _beside(session, delivery)
    return [_beside(session, one) for one in delivery]


def _beside(session: Session, part: Part) -> Part:
    if not isinstance(part, Refresh):
        return part
    shown: list[Edit | EditStanding | EditList] = [*part.edits, *part.standing, *part.lists]
    holds = asked_in(session, {one.chat_id for one in shown}) - set(part.over)
    if not holds:
        return part
    refresh = replace(
        part,
        edits=[one for one in part.edits if (one.chat_id, one.message_id) not in holds],
        standing=[one for one in part.standing if (one.chat_id, one.message_id) not in holds],
        lists=[one for one in part.lists if (one.chat_id, one.message_id) not in holds],
    )
    return Nothing("a question stands there") if refresh.is_empty else refresh


def without_questions(refresh: Refresh, over: dict[MessagePlace, Left]) -> Refresh:
    """The refresh, with what is left of questions in places where no card is."""
    on_cards = {MessagePlace(one.chat_id, one.message_id) for one in refresh.edits}
    elsewhere = {place: left.screen for place, left in over.items() if place not in on_cards}
    lines = [
        EditStanding(*place, screen, is_over=False)
        for place, screen in elsewhere.items()
        if screen is not None
    ]
    gone = [place for place, screen in elsewhere.items() if screen is None]
    return replace(refresh, standing=[*refresh.standing, *lines], gone=gone, over=frozenset(over))
