"""The calendar feed: its address made, replaced and ended in the chat (SPEC 10)."""

from typing import Any

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, keyboards, replies
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from locales.feed_wording import how_slow, whom_it_shows
from locales.reader import Reader
from locales.refusals import refusal_text
from models import CalendarFeed
from services.db import Session
from services.feeds.addresses import FeedAddresses, feed_of, mark_of
from services.rules.refusals.links import FeedChanged


async def show(update: Update, context: Context) -> None:
    """*Calendar*: what a feed is, and whether there is an address."""
    user, feed = await _read(update, context)
    await replies.answer(update)
    await replies.say(update, context, _screen(user.reader, feed))


async def make(update: Update, context: Context) -> None:
    """*Make an address*: it is shown this once; the one that the reader knows of ends."""
    feeds = FeedAddresses(context.app.sign_in.secret)
    known = callbacks.tapped(callbacks.MakeFeed, update).known

    def transaction(session: Session) -> tuple[CurrentUser, str, CalendarFeed | None]:
        user = current_user(session, update, context)
        secret = feeds.make(session, user.person, user.actor, known=known)
        return user, secret, feed_of(session, user.person)

    try:
        user, secret, feed = await context.app.database.write(transaction)
    except FeedChanged as refusal:
        await _show_changed(update, context, refusal)
        return
    await replies.answer(update)
    text = Markup("\n\n").join(
        (
            user.reader.text(
                "<b>Your calendar address</b>\nPaste it where your calendar app lets you "
                "subscribe to a calendar by its address. Any earlier address no longer works."
            ),
            Markup("<code>{}</code>").format(f"{context.app.pages.address}/feeds/{secret}.ics"),
            Markup("{}").format(how_slow(user.reader)),
        )
    )
    await replies.show(update, context, Screen(text, _rows(user.reader, feed)))


async def revoke(update: Update, context: Context) -> None:
    """*End it*: nobody reads the calendar any more."""
    feeds = FeedAddresses(context.app.sign_in.secret)
    known = callbacks.tapped(callbacks.RevokeFeed, update).known

    def transaction(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        feeds.revoke(session, user.person, user.actor, known=known)
        return user

    try:
        user = await context.app.database.write(transaction)
    except FeedChanged as refusal:
        await _show_changed(update, context, refusal)
        return
    await replies.answer(update, user.reader.label("The address no longer works."))
    await replies.show(update, context, _screen(user.reader, None))


async def _show_changed(update: Update, context: Context, refusal: FeedChanged) -> None:
    """Say that there is another address by now, which was kept, and show how it stands."""
    user, feed = await _read(update, context)
    await replies.answer(update, refusal_text(user.reader, refusal, user.person.id))
    await replies.show(update, context, _screen(user.reader, feed))


async def _read(update: Update, context: Context) -> tuple[CurrentUser, CalendarFeed | None]:
    def query(session: Session) -> tuple[CurrentUser, CalendarFeed | None]:
        user = current_user(session, update, context)
        return user, feed_of(session, user.person)

    return await context.app.database.read(query)


def _screen(reader: Reader, feed: CalendarFeed | None) -> Screen:
    """What a feed is, and the buttons for it."""
    if feed is not None:
        stands = reader.text(
            "You have an address, made {when}. It was shown only once: if you have lost it, make a "
            "new one, which ends it.",
            when=reader.lasting_when(feed.created_at),
        )
    else:
        stands = reader.text("You have no address yet.")
    heading = reader.text("<b>Your sessions in your own calendar</b>")
    about = Markup("{}\n\n{}").format(whom_it_shows(reader), how_slow(reader))
    text = Markup("\n\n").join((heading + Markup("\n") + stands, about))
    return Screen(text, _rows(reader, feed))


def _rows(reader: Reader, feed: CalendarFeed | None) -> keyboards.Rows:
    known = mark_of(feed)
    making = reader.label("New address") if feed else reader.label("Make an address")
    ending = keyboards.danger(reader.label("End it"), callbacks.RevokeFeed(known))
    return keyboards.in_pairs(
        keyboards.button(making, callbacks.MakeFeed(known)), ending if feed else None
    )


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        CallbackQueryHandler(show, pattern=callbacks.pressed(callbacks.ShowFeed)),
        CallbackQueryHandler(make, pattern=callbacks.pressed(callbacks.MakeFeed)),
        CallbackQueryHandler(revoke, pattern=callbacks.pressed(callbacks.RevokeFeed)),
    ]
