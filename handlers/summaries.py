"""The summary of a session's notes (SPEC 4)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.cards.summary import summary_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.showing import keep_summary
from services.db import Session
from services.queries.facts import facts_of
from services.queries.sessions import SessionDetail, session_detail
from services.rules.actions import require
from services.rules.refusals.sessions import NotFound
from services.rules.session_actions import SessionAction


async def show(update: Update, context: Context) -> None:
    """*Summary*: the whole summary, as a message below the card."""
    appointment_id = callbacks.tapped(callbacks.ShowSummary, update).appointment_id

    def query(session: Session) -> tuple[CurrentUser, SessionDetail | None]:
        user = current_user(session, update, context)
        detail = session_detail(session, appointment_id, user.person)
        return user, detail

    user, detail = await context.app.database.read(query)
    role = detail.role if detail else None
    if detail is None or role is None or detail.summary is None:
        raise NotFound
    facts = facts_of(detail, context.app.agency.zone)
    require(facts, SessionAction.VIEW_SUMMARY, role, context.received_at)
    await replies.answer(update)
    screen = summary_screen(user.reader, detail.view, detail.summary, role)
    place = await replies.say(update, context, screen)
    await keep_summary(context, place, user, screen, appointment_id)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of notification buttons, which may be pressed days later."""
    return [CallbackQueryHandler(show, pattern=callbacks.pressed(callbacks.ShowSummary))]
