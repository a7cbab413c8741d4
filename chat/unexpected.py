"""What is said to a message that belongs to nothing (SPEC 9; UX 19)."""

from zoneinfo import ZoneInfo

from chat import keyboards
from chat.callbacks import RunCommand, SetZone
from chat.cards.screens import leave_row
from chat.current_user import CurrentUser
from chat.keyboards import Rows
from chat.menus import commands_for, spoken_of
from chat.screen import Screen
from locales.courtesies import Courtesy, courtesy_of
from services.rules.time_zones import zone_of_city


def unexpected_screen(user: CurrentUser, text: str) -> Screen:
    """The sentence on what can be done instead; with the command that the text speaks of."""
    reader = user.reader
    rows = run_button(spoken_of(text, commands_for(reader, user.person)))
    if user.person.is_tutor:
        told = reader.text(
            "I have not kept that. If it belongs to a session's notes, send /notes first, "
            "then send it again. /help shows what else I can do."
        )
        return Screen(told, rows)
    told = reader.text("I am not sure what to do with that. /help shows what I can do.")
    return Screen(told, rows)


def courtesy_screen(user: CurrentUser, text: str) -> Screen | None:
    """A short answer to thanks and the like; None for other texts.

    It must not seem that anything was answered by it: an "ok" is no acknowledgement.
    """
    match courtesy_of(text, user.reader.language):
        case Courtesy.THANKS:
            return Screen(user.reader.text("You're welcome! /help shows what I can do."))
        case Courtesy.READ:
            return Screen(user.reader.text("👍 To answer something, please tap its button."))
    return None


def zone_offer(user: CurrentUser, text: str) -> Screen | None:
    """The offer to show times as they are in a city whose name was typed; None for other texts."""
    zone = zone_of_city(text)
    if zone is None:
        return None
    reader = user.reader
    place = reader.place(ZoneInfo(zone))
    chosen = "" if zone == reader.agency_zone.key else zone
    return Screen(
        reader.text("Shall I show you all times as they are in <b>{place}</b>?", place=place),
        ((keyboards.button(place, SetZone(chosen)),), leave_row(reader)),
    )


def run_button(command: str | None) -> Rows:
    """A button that does what a command does; none without one."""
    if command is None:
        return ()
    return ((keyboards.button(f"/{command}", RunCommand(command)),),)
