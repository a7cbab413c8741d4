"""One tap for siblings taught together: what became of each session (SPEC 3, 6).

Each session is judged, written and answered by itself: one that is refused holds up no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import escape
from telegram import Update

from chat import replies
from chat.callbacks.together import Sessions
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.excerpts import shortened
from locales.refusals import refusal_text
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.sessions import session_view
from services.rules.agency import Agency
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst

ALERT_LIMIT = 200
"""The most characters of an answer to a tap."""


@dataclass(frozen=True)
class Became:
    """What became of one session of several."""

    appointment_id: int
    child: str
    done: Outcome | None
    refusal: Refusal | None
    card: Screen | None
    """None for somebody who has no part in the session any more."""


def act_on_each(
    session: Session,
    user: CurrentUser,
    sessions: Sessions,
    act: Callable[[int], Outcome],
    agency: Agency,
) -> list[Became]:
    """Do it to one session after the other, each in a savepoint of its own."""
    return [_act(session, user, number, act, agency) for number in sorted(sessions.ids)]


def _act(
    session: Session,
    user: CurrentUser,
    number: int,
    act: Callable[[int], Outcome],
    agency: Agency,
) -> Became:
    done = refused = card = None
    try:
        with session.begin_nested():
            done = act(number)
    except Refusal as refusal:
        refused = refusal
    try:
        card = session_screen(session, user, number, agency)
    except Refusal as refusal:
        refused = refused or refusal
    was_theirs = card is not None or isinstance(refused, ActedFirst)
    view = session_view(session, number) if was_theirs else None
    child = view.student.name if view is not None else ""
    return Became(number, child, done, refused, card)


async def answer_each(
    update: Update, context: Context, user: CurrentUser, action: Action, became: Sequence[Became]
) -> None:
    """Say what became of each, and show the card of each, unless it stands below already."""
    told = list(dict.fromkeys(_told(user, action, one) for one in became))
    if len(told) == 1:
        await replies.answer(update, told[0], alert=became[0].refusal is not None)
    else:
        lines = [f"{one.child}: {_told(user, action, one)}".removeprefix(": ") for one in became]
        await replies.answer(update, shortened("\n".join(lines), ALERT_LIMIT), alert=True)
    for one in became:
        if one.card is None:
            continue
        card = one.card
        if one.refusal is not None:
            card = card.below(escape(_told(user, action, one)))
        if not await replies.is_below(update, context, card, CardOf(one.appointment_id)):
            about = CardOf(one.appointment_id)
            await replies.say_card(update, context, card, about, user.person.id)


def _told(user: CurrentUser, action: Action, one: Became) -> str:
    if one.done is not None:
        return action_done(user.reader, action, user.person.name, one.done.at, is_reader=True)
    if one.refusal is None:
        raise ValueError("it was neither done nor refused")
    return refusal_text(user.reader, one.refusal, user.person.id)
