"""The calendar feed: its address made, replaced and ended in the chat (SPEC 10)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.feed import address_screen, feed_screen
from chat.lists.showing import keep_feed
from chat.tapped import tapped_message
from locales.refusals import refusal_text
from models import CalendarFeed
from services.db import Session
from services.feeds.addresses import FeedAddresses, feed_of
from services.messaging import lists
from services.rules.refusals.links import FeedChanged


async def show(update: Update, context: Context) -> None:
    """*Calendar*: what a feed is, and whether there is an address."""
    user, feed = await _read(update, context)
    await replies.answer(update)
    screen = feed_screen(user.reader, feed)
    await keep_feed(context, await replies.say(update, context, screen), user, screen)


async def make(update: Update, context: Context) -> None:
    """*Make an address*: it is shown this once; the one that the reader knows of ends."""
    feeds = FeedAddresses(context.app.sign_in.secret)
    known = callbacks.tapped(callbacks.MakeFeed, update).known

    def transaction(session: Session) -> tuple[CurrentUser, str, CalendarFeed | None]:
        user = current_user(session, update, context)
        _forget_tapped(session, update)
        secret = feeds.make(session, user.person, user.actor, known=known)
        return user, secret, feed_of(session, user.person)

    try:
        user, secret, feed = await context.app.database.write(transaction)
    except FeedChanged as refusal:
        await _show_changed(update, context, refusal)
        return
    await replies.answer(update)
    address = f"{context.app.pages.address}/feeds/{secret}.ics"
    screen = address_screen(user.reader, feed, address)
    place = await replies.show(update, context, screen)
    await keep_feed(context, place, user, screen, shows=feed)


async def revoke(update: Update, context: Context) -> None:
    """*End it*: nobody reads the calendar any more."""
    feeds = FeedAddresses(context.app.sign_in.secret)
    known = callbacks.tapped(callbacks.RevokeFeed, update).known

    def transaction(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        _forget_tapped(session, update)
        feeds.revoke(session, user.person, user.actor, known=known)
        return user

    try:
        user = await context.app.database.write(transaction)
    except FeedChanged as refusal:
        await _show_changed(update, context, refusal)
        return
    await replies.answer(update, user.reader.label("The address no longer works."))
    await _show(update, context, user, None)


async def _show_changed(update: Update, context: Context, refusal: FeedChanged) -> None:
    """Say that there is another address by now, which was kept, and show how it stands."""
    user, feed = await _read(update, context)
    await replies.answer(update, refusal_text(user.reader, refusal, user.person.id))
    await _show(update, context, user, feed)


async def _show(
    update: Update, context: Context, user: CurrentUser, feed: CalendarFeed | None
) -> None:
    screen = feed_screen(user.reader, feed)
    await keep_feed(context, await replies.show(update, context, screen), user, screen)


def _forget_tapped(session: Session, update: Update) -> None:
    """Leave the tapped message to the answer, which takes its place: nothing else edits it."""
    tapped = tapped_message(update)
    if tapped is not None:
        lists.forget(session, tapped.chat_id, tapped.message_id)


async def _read(update: Update, context: Context) -> tuple[CurrentUser, CalendarFeed | None]:
    def query(session: Session) -> tuple[CurrentUser, CalendarFeed | None]:
        user = current_user(session, update, context)
        return user, feed_of(session, user.person)

    return await context.app.database.read(query)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        CallbackQueryHandler(show, pattern=callbacks.pressed(callbacks.ShowFeed)),
        CallbackQueryHandler(make, pattern=callbacks.pressed(callbacks.MakeFeed)),
        CallbackQueryHandler(revoke, pattern=callbacks.pressed(callbacks.RevokeFeed)),
    ]
