"""Check-in by command and by button, its reminder, and the student's absence (SPEC 3).

Check-out is the first step of the notes dialogue: `conversations.notes`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import escape
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.callbacks.together import CheckInTogether
from chat.cards.screens import session_screen
from chat.cards.together import attended
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.lists.showing import say_list
from chat.menus import on_command
from chat.message_parts import CardOf
from chat.screen import Screen
from chat.together import Became, act_on_each, answer_each
from locales.wording import action_done
from models.appointment import Appointment
from models.enums import Action, ListKind
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.notifications.reminders import attendance as reminders
from services.queries import eligible
from services.queries.sessions import SessionView, session_view
from services.queries.together import beside
from services.rules.refusals.attendance import NothingToCheckIn
from services.rules.windows import CHECK_IN_LEAD, check_out_window
from services.sessions import attendance


async def check_in_command(update: Update, context: Context) -> None:
    """`/checkin`: check in to the one session that qualifies, or offer several."""
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Screen, int] | None:
        user = current_user(session, update, context)
        require_tutor(user)
        ready = eligible.ids_to_check_in(session, user.person, app.agency, context.received_at)
        if len(ready) > 1:
            return None
        only = ready[0] if ready else _nearest(session, user)
        context.choose(only)
        outcome = attendance.check_in(session, only, user.actor, app.agency)
        screen = session_screen(session, user, only, app.agency)
        if outcome.repeated:
            screen = _with_siblings(session, user, only, screen)
        return user, screen, only

    done = await app.database.write(transaction)
    if done is None:
        await say_list(update, context, ListKind.TO_CHECK_IN)
        return
    user, screen, only = done
    await replies.say_card(update, context, screen, CardOf(only), user.person.id)


def _with_siblings(session: Session, user: CurrentUser, only: int, card: Screen) -> Screen:
    """The card, and who is checked in beside, where siblings are taught together."""
    view = session_view(session, only)
    together = [] if view is None else beside(session, view)
    told = attended(user.reader, together, ListKind.TO_CHECK_IN) if len(together) > 1 else None
    return card if told is None else card.below(told)


async def check_in_button(update: Update, context: Context) -> None:
    """*Check in* on a card or in a list."""
    appointment_id = callbacks.tapped(callbacks.CheckIn, update).appointment_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        user = current_user(session, update, context)
        outcome = attendance.check_in(session, appointment_id, user.actor, app.agency)
        screen = session_screen(session, user, appointment_id, app.agency)
        return user, outcome, screen

    user, outcome, screen = await app.database.write(transaction)
    await replies.answer(update, _done(user, Action.CHECK_IN, outcome))
    await replies.show_card(update, context, screen, CardOf(appointment_id), user.person.id)


async def check_in_together(update: Update, context: Context) -> None:
    """*Both: Emily and Ryan*: check in to each session of siblings taught together."""
    sessions = callbacks.tapped(CheckInTogether, update).sessions
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, list[Became]]:
        user = current_user(session, update, context)

        def check_in(appointment_id: int) -> Outcome:
            return attendance.check_in(session, appointment_id, user.actor, app.agency)

        return user, act_on_each(session, user, sessions, check_in, app.agency)

    user, became = await app.database.write(transaction)
    await answer_each(update, context, user, Action.CHECK_IN, became)


async def remind_me(update: Update, context: Context) -> None:
    """*Remind me*, after a check-in that was too early; once check-in is open, show the card."""
    user, appointment, screen = await _asked_for(update, context, reminders.remind_me)
    opens_at = appointment.starts_at - CHECK_IN_LEAD
    is_open = user.reader.label("Check-in is open")
    await _promise(update, context, user, appointment.id, opens_at, screen, is_open)


async def remind_me_to_check_out(update: Update, context: Context) -> None:
    """*Remind me*, after a check-out that was too early; once it is open, show the card."""
    user, appointment, screen = await _asked_for(update, context, reminders.remind_me_to_check_out)
    opens_at = check_out_window(appointment.ends_at).opens_at
    is_open = user.reader.label("Check-out is open")
    await _promise(update, context, user, appointment.id, opens_at, screen, is_open)


async def _asked_for(
    update: Update, context: Context, remind: Callable[[Session, int, Actor], Appointment]
) -> tuple[CurrentUser, Appointment, Screen]:
    """Write the reminder that was asked for; the session, and its card."""
    about = callbacks.tapped(callbacks.OfSession, update).appointment_id

    def transaction(session: Session) -> tuple[CurrentUser, Appointment, Screen]:
        user = current_user(session, update, context)
        appointment = remind(session, about, user.actor)
        return user, appointment, session_screen(session, user, about, context.app.agency)

    return await context.app.database.write(transaction)


async def _promise(
    update: Update,
    context: Context,
    user: CurrentUser,
    appointment_id: int,
    opens_at: datetime,
    card: Screen,
    is_open: str,
) -> None:
    """Say on the card when the reminder comes, unless the window is open by now (UX 17)."""
    if user.actor.now >= opens_at:
        await replies.answer(update, is_open)
        await replies.show_card(update, context, card, CardOf(appointment_id), user.person.id)
        return
    told = user.reader.label("I'll remind you {when}", when=user.reader.lasting_when(opens_at))
    await replies.answer(update, told)
    promised = card.below(escape(told)).true_at_most(opens_at)
    await replies.show_card(update, context, promised, CardOf(appointment_id), user.person.id)


async def mark_absent(update: Update, context: Context) -> None:
    """*Student absent*, and its opposite."""
    tapped = callbacks.tapped(callbacks.MarkAbsent, update)
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, bool, Screen]:
        user = current_user(session, update, context)
        absent = bool(tapped.absent)
        attendance.mark_absent(session, tapped.appointment_id, user.actor, absent=absent)
        screen = session_screen(session, user, tapped.appointment_id, app.agency)
        return user, absent, screen

    user, absent, screen = await app.database.write(transaction)
    told = (
        user.reader.label("Marked as absent. The parents will see it.")
        if absent
        else user.reader.label("Marked as present.")
    )
    await replies.answer(update, told)
    await replies.show_card(update, context, screen, CardOf(tapped.appointment_id), user.person.id)


def _nearest(session: Session, user: CurrentUser) -> int:
    """The session that a refusal of check-in explains. Refused: NothingToCheckIn.

    One that is under way comes first, then the next one, then one left in progress long ago.
    """
    now = user.actor.now
    running = eligible.in_progress(session, user.person)
    under_way = [view for view in running if _is_under_way(view, now)]
    if under_way:
        return under_way[-1].id
    view = eligible.nearest_scheduled(session, user.person, now)
    if view is None and running:
        return running[-1].id
    if view is None:
        raise NothingToCheckIn
    return view.id


def _is_under_way(view: SessionView, now: datetime) -> bool:
    """Whether the session has not ended yet, or was checked into just now."""
    row = view.appointment
    just_now = row.checked_in_at is not None and row.checked_in_at > now - CHECK_IN_LEAD
    return now < row.ends_at or just_now


def _done(user: CurrentUser, action: Action, outcome: Outcome) -> str:
    return action_done(user.reader, action, user.person.name, outcome.at, is_reader=True)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("checkin", check_in_command),
        CallbackQueryHandler(check_in_button, pattern=callbacks.pressed(callbacks.CheckIn)),
        CallbackQueryHandler(check_in_together, pattern=callbacks.pressed(CheckInTogether)),
        CallbackQueryHandler(remind_me, pattern=callbacks.pressed(callbacks.RemindMe)),
        CallbackQueryHandler(
            remind_me_to_check_out, pattern=callbacks.pressed(callbacks.RemindCheckOut)
        ),
    ]


def handlers_beside_dialogues() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of buttons that leave the active dialogue be: notes go on after *Student absent*."""
    return [CallbackQueryHandler(mark_absent, pattern=callbacks.pressed(callbacks.MarkAbsent))]
