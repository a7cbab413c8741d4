"""`/settings` and `/language`: how a person reads what the bot says (SPEC 1, 9)."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, keyboards, replies
from chat.cards.screens import leave_row
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.menus import on_command, set_menu
from chat.screen import Screen
from locales.catalogue import languages
from locales.reader import Reader
from services.db import Session
from services.people import accounts
from services.rules.refusals.sessions import StaleButton

ZONES = (
    *("Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Hong_Kong", "Asia/Tokyo"),
    *("Asia/Kolkata", "Asia/Dubai", "Europe/London", "Europe/Berlin"),
    *("America/New_York", "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland"),
)
"""Zones that are offered as buttons; coordinators may set any other on the page."""


async def settings_command(update: Update, context: Context) -> None:
    """`/settings`: what is set, with a button for each."""
    user = await context.app.database.read(current_user, update, context)
    await replies.say(update, context, _settings(user))


async def language_command(update: Update, context: Context) -> None:
    """`/language`: a button for each language."""
    user = await context.app.database.read(current_user, update, context)
    await replies.say(update, context, _languages(user))


async def show_languages(update: Update, context: Context) -> None:
    """*Language*: a button for each."""
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    await replies.show(update, context, _languages(user))


async def set_language(update: Update, context: Context) -> None:
    """A language's button: write everything to the person in it, the menu included."""
    chosen = callbacks.tapped(callbacks.SetLanguage, update).language

    def choose(session: Session, user: CurrentUser) -> None:
        if chosen not in dict(languages()):
            raise StaleButton
        accounts.set_language(session, user.person, chosen)

    user = await _changed(update, context, choose)
    own_name = dict(languages())[chosen]
    done = user.reader.label("From now on: {language}.", language=own_name)
    await replies.answer(update, done)
    await replies.show(update, context, _settings(user))
    if update.effective_chat is not None:
        await set_menu(context.bot, update.effective_chat.id, user.reader, user.person)


async def show_zones(update: Update, context: Context) -> None:
    """*Time zone*: a button for each that is often wanted."""
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    await replies.show(update, context, _zones(user.reader))


async def set_zone(update: Update, context: Context) -> None:
    """A zone's button: write every time to the person in it."""
    chosen = callbacks.tapped(callbacks.SetZone, update).zone

    def choose(session: Session, user: CurrentUser) -> None:
        accounts.set_time_zone(session, user.person, chosen, user.actor.now)

    user = await _changed(update, context, choose)
    await replies.answer(
        update, user.reader.label("From now on, times are shown as they are there.")
    )
    await replies.show(update, context, _settings(user))


async def _changed(
    update: Update, context: Context, choose: Callable[[Session, CurrentUser], None]
) -> CurrentUser:
    """The person as a reader, after the change."""

    def transaction(session: Session) -> CurrentUser:
        choose(session, current_user(session, update, context))
        return current_user(session, update, context)

    return await context.app.database.write(transaction)


def _settings(user: CurrentUser) -> Screen:
    reader, person = user.reader, user.person
    text = Markup("\n").join(
        (
            reader.text("<b>Your settings</b>"),
            reader.text("Language: {language}", language=_own_name(reader.language)),
            reader.text("Times: {place}", place=_place(reader)),
        )
    )
    follows = person.is_tutor or person.is_parent
    return Screen(
        text,
        keyboards.in_pairs(
            (
                None
                if _is_only(user)
                else keyboards.button(reader.label("Language"), callbacks.ShowLanguages())
            ),
            keyboards.button(reader.label("Time zone"), callbacks.ShowZones()),
            keyboards.button(reader.label("Calendar"), callbacks.ShowFeed()) if follows else None,
        ),
    )


def _own_name(language: str) -> str:
    """A language's own name; the code of one that is read, but not offered."""
    return dict(languages()).get(language, language)


def _place(reader: Reader) -> str:
    place = reader.place(reader.zone)
    if reader.zone.key != reader.agency_zone.key:
        return reader.label("as in {place}", place=place)
    return reader.label("as in {place}, like the agency", place=place)


def _is_only(user: CurrentUser) -> bool:
    """Whether there is nothing to choose: the person's language is all that is offered."""
    return [code for code, _ in languages()] == [user.person.language or user.reader.language]


def _languages(user: CurrentUser) -> Screen:
    reader = user.reader
    if _is_only(user):
        told = reader.text(
            "Everything here is in {language}, the only language so far.",
            language=_own_name(reader.language),
        )
        return Screen(told)
    buttons = (
        keyboards.button(own_name, callbacks.SetLanguage(code)) for code, own_name in languages()
    )
    rows = (*keyboards.in_pairs(*buttons), leave_row(reader))
    return Screen(reader.text("Which language do you read?"), rows)


def _zones(reader: Reader) -> Screen:
    agency = reader.agency_zone
    buttons = [
        keyboards.button(reader.place(ZoneInfo(zone)), callbacks.SetZone(zone))
        for zone in ZONES
        if zone != agency.key
    ]
    text = reader.text(
        "Where are you? Times are shown as they are there. If your place is missing, type another "
        "big city of your time zone. Where I do not know it, a coordinator can set it for you."
    )
    own = keyboards.button(reader.place(agency), callbacks.SetZone(""))
    return Screen(text, (*keyboards.in_pairs(own, *buttons), leave_row(reader)))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("settings", settings_command),
        on_command("language", language_command),
        CallbackQueryHandler(show_languages, pattern=callbacks.pressed(callbacks.ShowLanguages)),
        CallbackQueryHandler(set_language, pattern=callbacks.pressed(callbacks.SetLanguage)),
        CallbackQueryHandler(show_zones, pattern=callbacks.pressed(callbacks.ShowZones)),
        CallbackQueryHandler(set_zone, pattern=callbacks.pressed(callbacks.SetZone)),
    ]
