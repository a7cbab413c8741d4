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
from services.db import Session
from services.feeds.addresses import FeedAddresses, feed_of


async def show(update: Update, context: Context) -> None:
    """*Calendar*: what a feed is, and whether there is an address."""

    def query(session: Session) -> tuple[CurrentUser, bool]:
        user = current_user(session, update, context)
        return user, feed_of(session, user.person) is not None

    user, has_one = await context.app.database.read(query)
    await replies.answer(update)
    await replies.say(update, context, _screen(user.reader, has_one=has_one))


async def make(update: Update, context: Context) -> None:
    """*Make an address*: it is shown this once; an earlier one ends."""
    feeds = FeedAddresses(context.app.sign_in.secret)

    def transaction(session: Session) -> tuple[CurrentUser, str]:
        user = current_user(session, update, context)
        return user, feeds.make(session, user.person, user.actor)

    user, secret = await context.app.database.write(transaction)
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
    await replies.show(update, context, Screen(text, _rows(user.reader, has_one=True)))


async def revoke(update: Update, context: Context) -> None:
    """*End it*: nobody reads the calendar any more."""
    feeds = FeedAddresses(context.app.sign_in.secret)

    def transaction(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        feeds.revoke(session, user.person, user.actor)
        return user

    user = await context.app.database.write(transaction)
    await replies.answer(update, user.reader.label("The address no longer works."))
    await replies.show(update, context, _screen(user.reader, has_one=False))


def _screen(reader: Reader, *, has_one: bool) -> Screen:
    """What a feed is, and the buttons for it."""
    if has_one:
        stands = reader.text(
            "You have an address. It was shown only once: if you have lost it, make a new one."
        )
    else:
        stands = reader.text("You have no address yet.")
    heading = reader.text("<b>Your sessions in your own calendar</b>")
    about = Markup("{}\n\n{}").format(whom_it_shows(reader), how_slow(reader))
    text = Markup("\n\n").join((heading + Markup("\n") + stands, about))
    return Screen(text, _rows(reader, has_one=has_one))


def _rows(reader: Reader, *, has_one: bool) -> keyboards.Rows:
    making = reader.label("New address") if has_one else reader.label("Make an address")
    return keyboards.in_pairs(
        keyboards.button(making, callbacks.MakeFeed()),
        keyboards.danger(reader.label("End it"), callbacks.RevokeFeed()) if has_one else None,
    )


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        CallbackQueryHandler(show, pattern=callbacks.pressed(callbacks.ShowFeed)),
        CallbackQueryHandler(make, pattern=callbacks.pressed(callbacks.MakeFeed)),
        CallbackQueryHandler(revoke, pattern=callbacks.pressed(callbacks.RevokeFeed)),
    ]
