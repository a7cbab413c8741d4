"""What is said to a message that belongs to nothing (SPEC 9; UX 19)."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import Message, Update

from chat import keyboards, match_cards, replies
from chat.callbacks import FindCalled, RunCommand, SetZone, ShowMatch
from chat.cards.match import offer_card
from chat.cards.screens import leave_row
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, message_of
from chat.keyboards import InlineButton, Rows
from chat.lists.meant import MeantList, meant_list
from chat.lists.showing import say_list
from chat.menus import commands_for, likeliest, spoken_of
from chat.message_parts import CardOf
from chat.owed_answers import offer_buttons, owed_answers, owed_offers, owed_screen
from chat.screen import Screen
from locales.courtesies import Courtesy, courtesy_of
from locales.reader import Reader
from locales.wishes import asks_for_money, is_about_money
from models.enums import ListKind
from services.db import Session
from services.queries.found_people import names_in
from services.queries.inbox import more_was_sent
from services.queries.matches import MatchView
from services.queries.sessions import SessionView
from services.rules.texts import same_words
from services.rules.time_zones import EXACTLY, zone_of_city

LONGEST_NAME = 20
"""Characters of the longest name that is offered to be found: a button holds 64 bytes."""


async def answered(update: Update, context: Context) -> bool:
    """Answer a message outside any dialogue, where its words say what to answer; whether they do.

    One that looks like a command without its slash gets that command as a button, a city the time
    zone there, and a name that a coordinator writes the way to find it. Thanks get a short answer.
    What answers the question of a list, or asks to change a session that it names, gets the list of
    what it means; what is like an answer to a request or an offer, that. Of a burst only the last
    message is answered.
    """
    text = message_of(update).text or ""

    def query(session: Session) -> _Meant | None:
        if more_was_sent(session, chat_id_of(update), update.update_id):
            return None
        user = current_user(session, update, context)
        meant = meant_list(session, user, context.app.agency, chat_id_of(update), text)
        owed = owed_answers(session, user, text)
        offered = owed_offers(session, user, text, chat_id_of(update))
        return _Meant(user, meant, owed, offered, _named(session, user, text))

    found = await context.app.database.read(query)
    if found is None:
        return True
    user, meant = found.user, found.meant
    if meant is not None:
        await say_list(update, context, meant.kind, meant.require, argument=meant.argument)
        return True
    if found.owed:
        await _show_owed(update, context, user, found.owed, text)
        return True
    if found.offered:
        await _show_offered(update, context, user, found.offered)
        return True
    screen = courtesy_screen(user, text) or _find_offer(user, found.names)
    screen = screen or zone_offer(user, text) or _command_offer(user, text)
    if screen is not None:
        await replies.say(update, context, screen)
    return screen is not None


class _Meant(NamedTuple):
    """What a text can mean."""

    user: CurrentUser
    meant: MeantList | None
    owed: list[SessionView]
    offered: list[MatchView]
    names: list[str]


async def _show_offered(
    update: Update, context: Context, user: CurrentUser, offered: list[MatchView]
) -> None:
    """Show the offer with its buttons; of several, a button each."""
    reader, person_id = user.reader, user.person.id
    if len(offered) > 1:
        rows = keyboards.one_a_row(*offer_buttons(reader, offered, ShowMatch))
        told = reader.text("<b>Which one do you mean?</b> What you write does not count yet.")
        await replies.say(update, context, Screen(told, rows))
        return
    card = offer_card(reader, offered[0], person_id).below(tap_here(reader))
    await match_cards.say(update, context, card, offered[0].id, person_id)


def tap_here(reader: Reader) -> Markup:
    """What is said above a card that is to be answered by its buttons."""
    return reader.text("Please tap your answer here: what you write does not count as one.")


async def _show_owed(
    update: Update, context: Context, user: CurrentUser, owed: list[SessionView], text: str
) -> None:
    """Show the request with its buttons; of several, ask which."""
    if len(owed) > 1:
        await say_list(update, context, ListKind.TO_ANSWER)
        return
    about, app = owed[0].id, context.app
    card = await app.database.read(owed_screen, user, app.agency, about, text)
    card = card.below(tap_here(user.reader))
    await replies.say_card(update, context, card, CardOf(about), user.person.id)


def meant_command(user: CurrentUser, typed: str, *, is_word: bool = False) -> str | None:
    """The command of theirs that somebody probably meant."""
    theirs = [one.command for one in commands_for(user.reader, user.person)]
    if not is_word and is_about_money(typed, user.reader.language):
        return next((one for one in ("statement", "lowpackages") if one in theirs), None)
    return likeliest(typed, theirs, is_word=is_word)


def _command_offer(user: CurrentUser, text: str) -> Screen | None:
    """The command that a text is like, or those that tell what it asks; None for other texts."""
    meant = meant_command(user, text.replace(" ", ""), is_word=True)
    rows = run_button(meant) or keyboards.in_pairs(*money_buttons(user, text))
    if not rows:
        return None
    told = user.reader.text("Do you mean this? /help shows what else I can do.")
    return Screen(told, rows)


def money_buttons(user: CurrentUser, text: str) -> list[InlineButton]:
    """*/package* and */statement*, or a coordinator's */lowpackages*, for who asks what is owed."""
    if not asks_for_money(text, user.reader.language):
        return []
    theirs = {one.command for one in commands_for(user.reader, user.person)}
    tell = (one for one in ("package", "statement", "lowpackages") if one in theirs)
    return [keyboards.button(f"/{one}", RunCommand(one)) for one in tell]


def unexpected_screen(user: CurrentUser, message: Message) -> Screen:
    """The sentence on what can be done instead; with the command that the text speaks of. Of what
    was spoken it is said that it has reached nobody.
    """
    reader = user.reader
    rows = run_button(spoken_of(message.text or "", commands_for(reader, user.person)))
    if user.person.is_tutor:
        told = reader.text(
            "I have not kept that. If it belongs to a session's notes, send /notes first, "
            "then send it again. /help shows what else I can do."
        )
        return Screen(told, rows)
    told = (
        reader.text("Nobody has received that. Please write it as a text instead.")
        if message.voice or message.audio or message.video_note
        else reader.text("I am not sure what to do with that. /help shows what I can do.")
    )
    return Screen(told, rows)


def courtesy_screen(user: CurrentUser, text: str) -> Screen | None:
    """A short answer to thanks, apologies, greetings and the like; None for other texts.

    It must not seem that anything was answered by it: an "ok" is no acknowledgement.
    """
    match courtesy_of(text, user.reader.language):
        case Courtesy.THANKS:
            return Screen(user.reader.text("You're welcome! /help shows what I can do."))
        case Courtesy.READ:
            return Screen(user.reader.text("👍 To answer something, please tap its button."))
        case Courtesy.SORRY:
            return Screen(user.reader.text("No problem! /help shows what I can do."))
        case Courtesy.GREETING:
            return Screen(_greeting(user))
    return None


def _greeting(user: CurrentUser) -> Markup:
    """A greeting, with what can be done; never a way to send it to anybody."""
    reader, person = user.reader, user.person
    if person.is_parent:
        return reader.text(
            "👋 Hello, {name}! What you write here about a session I can pass on to the "
            "coordinators. /upcoming shows your next sessions, /help what else I can do.",
            name=person.name,
        )
    if person.is_tutor:
        return reader.text(
            "👋 Hello, {name}! /upcoming shows your next sessions, /help what else I can do.",
            name=person.name,
        )
    return reader.text(
        "👋 Hello, {name}! /pending shows what is waiting, /help what else I can do.",
        name=person.name,
    )


def zone_offer(user: CurrentUser, text: str) -> Screen | None:
    """The offer to show times as they are in a city whose name was typed; None for other texts."""
    zone = zone_of_city(text, nearness=EXACTLY)
    if zone is None:
        return None
    reader = user.reader
    place = reader.place(ZoneInfo(zone))
    chosen = "" if zone == reader.agency_zone.key else zone
    return Screen(
        reader.text("Shall I show you all times as they are in <b>{place}</b>?", place=place),
        ((keyboards.button(place, SetZone(chosen)),), leave_row(reader)),
    )


def _named(session: Session, user: CurrentUser, text: str) -> list[str]:
    """Names that a coordinator writes; of one who teaches or has children only names alone: else it
    may be about a session of theirs.
    """
    if not user.person.is_coordinator:
        return []
    names = [one for one in names_in(session, text) if len(one) <= LONGEST_NAME]
    is_all = len(names) == 1 and same_words(names[0], text)
    return names if is_all or not (user.person.is_tutor or user.person.is_parent) else []


def _find_offer(user: CurrentUser, names: list[str]) -> Screen | None:
    """*Find* for each of these names; None where there are none."""
    if not names:
        return None
    label = user.reader.label
    buttons = (keyboards.button(label("Find “{name}”", name=one), FindCalled(one)) for one in names)
    told = user.reader.text("Do you mean this? /help shows what else I can do.")
    return Screen(told, keyboards.one_a_row(*buttons))


def run_button(command: str | None) -> Rows:
    """A button that does what a command does; none without one."""
    if command is None:
        return ()
    return ((keyboards.button(f"/{command}", RunCommand(command)),),)
