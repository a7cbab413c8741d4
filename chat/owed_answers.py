"""Requests that wait for the answer of somebody who writes it instead of tapping it (UX 19)."""

from telegram import Update

from chat import callbacks, keyboards, replies
from chat.cards.screens import session_label, session_screen
from chat.context import Context
from chat.current_user import CurrentUser
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.answers import is_like_answer
from locales.reader import Reader
from services.db import Session
from services.queries.requests import answers_owed, answers_owed_by_family
from services.queries.sessions import SessionView

MOST = 4
"""The most requests that are offered."""


def owed_answers(session: Session, user: CurrentUser, text: str) -> list[SessionView]:
    """Sessions with a request that somebody has to answer, if a text is like an answer."""
    if not is_like_answer(text, user.reader.language):
        return []
    person, now = user.person, user.actor.now
    found = answers_owed(session, person, now) if person.is_tutor else []
    found += answers_owed_by_family(session, person, now) if person.is_parent else []
    return found[:MOST]


def answer_buttons(reader: Reader, owed: list[SessionView]) -> list[keyboards.InlineButton]:
    """A button for each request, which shows the card with its answers."""
    return [
        keyboards.button(
            reader.label("Answer: {session}", session=session_label(reader, view, lasts=True)),
            callbacks.ShowSession(view.id),
        )
        for view in owed
    ]


async def show_owed(
    update: Update, context: Context, user: CurrentUser, owed: list[SessionView]
) -> None:
    """Show the request with its buttons; of several, ask which."""
    reader = user.reader
    if len(owed) > 1:
        told = reader.text(
            "Please tap the request that you mean: what you write does not count as an answer."
        )
        rows = keyboards.one_a_row(*answer_buttons(reader, owed))
        await replies.say(update, context, Screen(told, rows))
        return
    about = owed[0].id
    card = await context.app.database.read(session_screen, user, about, context.app.agency)
    told = reader.text("Please tap your answer here: what you write does not count as one.")
    await replies.say_card(update, context, card.below(told), CardOf(about), user.person.id)
