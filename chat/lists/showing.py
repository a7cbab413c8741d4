"""Lists as answers to the person who asks for them (UX 2, 17)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from telegram import Update

from chat import callbacks, questions, replies
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.case import ListCase, ListOf, sessions_in
from chat.lists.registry import compose, new_list
from chat.lists.sign_in import INVITATION, PAGE
from chat.screen import Screen
from chat.tapped import forget_list, tapped_message
from models import CalendarFeed, Invitation, SignInLink
from models.enums import ListKind
from services.db import Session
from services.feeds.addresses import mark_of
from services.messaging import lists
from services.messaging.cards import OlderCard
from services.messaging.deliveries import MessagePlace
from services.messaging.lists import NewList
from services.rules.agency import Agency
from services.rules.reminders import local_day

Require = Callable[[CurrentUser], None]


def anybody(_: CurrentUser) -> None:
    """Refuse nobody."""


async def say_list(
    update: Update,
    context: Context,
    kind: ListKind,
    require: Require = anybody,
    *,
    argument: str | None = None,
) -> MessagePlace:
    """Send a list as a new message. Refused: what `require` refuses."""
    case, screen = await _composed(update, context, kind, require, argument)
    return await say(update, context, case, screen)


async def show_list(
    update: Update,
    context: Context,
    kind: ListKind,
    require: Require = anybody,
    *,
    argument: str | None = None,
) -> None:
    """Show a list in place of the one whose button was tapped, if one was."""
    case, screen = await _composed(update, context, kind, require, argument)
    await replies.answer(update)
    await _keep(context, await replies.show(update, context, screen), case, screen)


async def say(update: Update, context: Context, case: ListCase, screen: Screen) -> MessagePlace:
    """Send a list that was composed already."""
    place = await replies.say(update, context, screen)
    await _keep(context, place, case, screen)
    return place


async def say_link(
    update: Update, context: Context, screen: Screen, user: CurrentUser, link: SignInLink
) -> None:
    """Send a person their link to the pages, which becomes one line once it is of no use."""
    until = link.expires_at
    await _say_link(update, context, screen, user, (ListKind.SIGN_IN, str(link.id), until))


async def say_passed_on(
    update: Update,
    context: Context,
    screen: Screen,
    user: CurrentUser,
    link: Invitation | SignInLink,
) -> None:
    """Send a coordinator a link to be passed on, which becomes one line once it is of no use."""
    what = INVITATION if isinstance(link, Invitation) else PAGE
    of = (ListKind.PASSED_ON, f"{what}:{link.id}", link.expires_at)
    await _say_link(update, context, screen, user, of)


async def _say_link(
    update: Update,
    context: Context,
    screen: Screen,
    user: CurrentUser,
    link: tuple[ListKind, str, datetime],
) -> None:
    """Send and record a link; `link`: its kind, its argument, and when it ends."""
    kind, argument, ends_at = link
    place = await replies.say(update, context, screen)
    await _keep_shown(context, place, user, screen, kind, argument, ends_at)


async def keep_feed(
    context: Context,
    place: MessagePlace,
    user: CurrentUser,
    screen: Screen,
    *,
    shows: CalendarFeed | None = None,
) -> None:
    """Record a message about a person's calendar; `shows`: the feed whose address is in it."""
    mark = None if shows is None else str(mark_of(shows))
    await _keep_shown(context, place, user, screen, ListKind.CALENDAR, mark)


async def keep_offer(
    context: Context,
    place: MessagePlace,
    user: CurrentUser,
    screen: Screen,
    until: datetime | None,
    about: int | None = None,
) -> None:
    """Record what is offered `until` then for a message outside of any dialogue; `about`: the
    session that was chosen for it.
    """
    argument = None if about is None else str(about)
    await _keep_shown(context, place, user, screen, ListKind.OFFERED, argument, until)


async def keep_summary(
    context: Context, place: MessagePlace, user: CurrentUser, screen: Screen, appointment_id: int
) -> None:
    """Record a message that shows the summary of a session."""
    await _keep_shown(context, place, user, screen, ListKind.SUMMARY, str(appointment_id))


async def _keep_shown(
    context: Context,
    place: MessagePlace,
    user: CurrentUser,
    screen: Screen,
    kind: ListKind,
    argument: str | None,
    true_until: datetime | None = None,
) -> None:
    """Record a message that no day ends, in a private chat; `true_until`: when it ends."""
    if place.chat_id < 0:
        return
    new = NewList(
        chat_id=place.chat_id,
        message_id=place.message_id,
        person_id=user.person.id,
        kind=kind,
        argument=argument,
        day=local_day(context.received_at, context.app.agency.zone),
        true_until=true_until,
        content_hash=screen.content_hash,
        sessions=sessions_in(screen),
    )
    await replies.record(context, partial(_write, new, context.received_at))


def case_of(
    session: Session,
    user: CurrentUser,
    agency: Agency,
    kind: ListKind,
    argument: str | None = None,
) -> ListCase:
    """A list of the user's, as it would be shown now."""
    of = ListOf(kind, local_day(user.actor.now, agency.zone), argument)
    return ListCase(session, user.person, user.reader, agency, of)


async def _composed(
    update: Update, context: Context, kind: ListKind, require: Require, argument: str | None
) -> tuple[ListCase, Screen]:
    def query(session: Session) -> tuple[ListCase, Screen]:
        user = current_user(session, update, context)
        require(user)
        case = case_of(session, user, context.app.agency, kind, argument)
        screen = compose(case)
        if screen is None:
            raise LookupError("a list that is asked for says at least that it is empty")
        return case, screen

    return await context.app.database.read(query)


async def _keep(context: Context, place: MessagePlace, case: ListCase, screen: Screen) -> None:
    """Record a list with the update's done mark; groups have none that name children (UX 13)."""
    if place.chat_id < 0:
        return
    new = new_list(case, screen, *place)
    await replies.record(context, partial(_write, new, case.now))


def _write(new: NewList, now: datetime, session: Session) -> list[OlderCard]:
    lists.keep(session, new, now)
    return []


async def take_list(update: Update, context: Context) -> None:
    """Take away a question that asked for a session: it is answered, or left."""
    tapped = tapped_message(update)
    if tapped is None:
        return
    await forget_list(context, tapped)
    await questions.take_away(context, tapped.chat_id, tapped.message_id)


async def take_choice(update: Update, context: Context) -> None:
    """Take away the question to which session notes are written; take the buttons off any other
    tapped message that offered nothing but that. A list stays: it changes as notes come.
    """
    message = tapped_message(update)
    if message is None or message.reply_markup is None:
        return
    shown = await context.app.database.read(lists.list_at, message.chat_id, message.message_id)
    if shown is not None:
        if shown.kind is ListKind.FOR_NOTES:
            await take_list(update, context)
        return
    buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
    offered = {type(callbacks.decode(str(button.callback_data))) for button in buttons}
    if offered == {callbacks.WriteNotes}:
        await replies.take_buttons(context, message.chat_id, message.message_id)
