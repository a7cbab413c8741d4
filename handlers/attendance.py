"""Check-in by command and by button, its reminder, and the student's absence (SPEC 3).

Check-out is the first step of the notes dialogue: `conversations.notes`.
"""

from datetime import datetime
from typing import Any

from markupsafe import escape
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.cards.screens import choice_screen, session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.menus import on_command
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.wording import action_done
from models.appointment import Appointment
from models.enums import Action
from services.db import Session
from services.lifecycle.status import Outcome
from services.notifications.reminders import attendance as reminders
from services.queries import eligible
from services.queries.sessions import SessionView
from services.rules.refusals.attendance import NothingToCheckIn
from services.rules.windows import CHECK_IN_LEAD
from services.sessions import attendance


async def check_in_command(update: Update, context: Context) -> None:
    """`/checkin`: at once where one session qualifies, a button each where several do."""
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Screen, int | None]:
        visitor = current_user(session, update, context)
        require_tutor(visitor)
        ready = eligible.to_check_in(session, visitor.person, app.agency, context.received_at)
        if len(ready) > 1:
            title = visitor.reader.text("Which session is starting?")
            screen = choice_screen(visitor.reader, title, ready, callbacks.CheckIn)
            only = None
        else:
            only = ready[0].id if ready else _nearest(session, visitor)
            attendance.check_in(session, only, visitor.actor, app.agency)
            screen = session_screen(session, visitor, only, app.agency)
        return visitor, screen, only

    visitor, screen, only = await app.database.write(transaction)
    if only is None:
        await replies.say(update, context, screen)
    else:
        await replies.say_card(update, context, screen, CardOf(only), visitor.person.id)


async def check_in_button(update: Update, context: Context) -> None:
    """*Check in* on a card or in a list."""
    appointment_id = callbacks.tapped(callbacks.CheckIn, update).appointment_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        visitor = current_user(session, update, context)
        outcome = attendance.check_in(session, appointment_id, visitor.actor, app.agency)
        screen = session_screen(session, visitor, appointment_id, app.agency)
        return visitor, outcome, screen

    visitor, outcome, screen = await app.database.write(transaction)
    await replies.answer(update, _done(visitor, Action.CHECK_IN, outcome))
    await replies.show_card(update, context, screen, CardOf(appointment_id), visitor.person.id)


async def remind_me(update: Update, context: Context) -> None:
    """*Remind me*, where it was too early to check in; once it is open, the card to do so on."""
    appointment_id = callbacks.tapped(callbacks.RemindMe, update).appointment_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Appointment, Screen]:
        visitor = current_user(session, update, context)
        appointment = reminders.remind_me(session, appointment_id, visitor.actor)
        screen = session_screen(session, visitor, appointment_id, app.agency)
        return visitor, appointment, screen

    visitor, appointment, screen = await app.database.write(transaction)
    opens_at = appointment.starts_at - CHECK_IN_LEAD
    if visitor.actor.now >= opens_at:
        await replies.answer(update, visitor.reader.label("Check-in is open"))
        await replies.show_card(update, context, screen, CardOf(appointment_id), visitor.person.id)
        return
    told = visitor.reader.label("I'll remind you {when}", when=visitor.reader.when(opens_at))
    await replies.answer(update, told)
    await replies.show(update, context, Screen(escape(told)))


async def mark_absent(update: Update, context: Context) -> None:
    """*Student was absent*, and its opposite."""
    tapped = callbacks.tapped(callbacks.MarkAbsent, update)
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, bool, Screen]:
        visitor = current_user(session, update, context)
        absent = bool(tapped.absent)
        attendance.mark_absent(session, tapped.appointment_id, visitor.actor, absent=absent)
        screen = session_screen(session, visitor, tapped.appointment_id, app.agency)
        return visitor, absent, screen

    visitor, absent, screen = await app.database.write(transaction)
    told = (
        visitor.reader.label("Marked: the student was absent. The parents see it.")
        if absent
        else visitor.reader.label("Marked: the student was there.")
    )
    await replies.answer(update, told)
    await replies.show_card(
        update, context, screen, CardOf(tapped.appointment_id), visitor.person.id
    )


def _nearest(session: Session, visitor: CurrentUser) -> int:
    """The session of which it is said why it cannot be checked into, or that it has been.

    One that was left in progress long ago does not stand before the next to come.
    """
    now = visitor.actor.now
    running = eligible.in_progress(session, visitor.person)
    under_way = [view for view in running if _is_under_way(view, now)]
    if under_way:
        return under_way[-1].id
    view = eligible.nearest_scheduled(session, visitor.person, now)
    if view is None and running:
        return running[-1].id
    if view is None:
        raise NothingToCheckIn
    return view.id


def _is_under_way(view: SessionView, now: datetime) -> bool:
    """Going on still, or checked into just now, however late."""
    row = view.appointment
    just_now = row.checked_in_at is not None and row.checked_in_at > now - CHECK_IN_LEAD
    return now < row.ends_at or just_now


def _done(visitor: CurrentUser, action: Action, outcome: Outcome) -> str:
    return action_done(visitor.reader, action, visitor.person.name, outcome.at, is_reader=True)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """What this file takes."""
    return [
        on_command("checkin", check_in_command),
        CallbackQueryHandler(check_in_button, pattern=callbacks.pressed(callbacks.CheckIn)),
        CallbackQueryHandler(remind_me, pattern=callbacks.pressed(callbacks.RemindMe)),
        CallbackQueryHandler(mark_absent, pattern=callbacks.pressed(callbacks.MarkAbsent)),
    ]
