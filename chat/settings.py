"""Screens of what a person has set: language, time zone, and the question where they are."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.callbacks.people import AskForZone, LeaveZones
from chat.current_user import CurrentUser
from chat.screen import Screen
from locales.catalogue import languages
from locales.excerpts import shortened
from locales.reader import Reader
from services.rules.time_zones import Place, Places

ZONES = (
    *("Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Hong_Kong", "Asia/Tokyo"),
    *("Asia/Kolkata", "Asia/Dubai", "Europe/London", "Europe/Berlin"),
    *("America/New_York", "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland"),
)
"""Zones that are offered as buttons; others are typed."""
TYPED_SHOWN = 40
"""The most characters of what was typed that are shown."""


def settings_screen(user: CurrentUser) -> Screen:
    """What is set, with a button for each."""
    reader, person = user.reader, user.person
    text = Markup("\n").join(
        (
            reader.text("<b>Your settings</b>"),
            reader.text("Language: {language}", language=own_name(reader.language)),
            reader.text("Times: {place}", place=_zone_now(reader)),
        )
    )
    follows = person.is_tutor or person.is_parent
    return Screen(
        text,
        keyboards.in_pairs(
            (
                None
                if is_only(user)
                else keyboards.button(reader.label("Language"), callbacks.ShowLanguages())
            ),
            keyboards.button(reader.label("Time zone"), callbacks.ShowZones()),
            keyboards.button(reader.label("Calendar"), callbacks.ShowFeed()) if follows else None,
        ),
    )


def own_name(language: str) -> str:
    """A language's own name; the code of one that is read, but not offered."""
    return dict(languages()).get(language, language)


def is_only(user: CurrentUser) -> bool:
    """Whether there is nothing to choose: the person's language is all that is offered."""
    return [code for code, _ in languages()] == [user.person.language or user.reader.language]


def _zone_now(reader: Reader) -> str:
    place = reader.place(reader.zone)
    if reader.zone.key != reader.agency_zone.key:
        return reader.label("as in {place}", place=place)
    return reader.label("as in {place}, like the agency", place=place)


def zones_screen(reader: Reader) -> Screen:
    """The question where somebody is, with the zones that are often wanted."""
    agency = reader.agency_zone
    buttons = [_zone_button(reader, Place("", zone)) for zone in ZONES if zone != agency.key]
    text = reader.text(
        "Where are you? Times are shown as they are there. If your place is missing, type a big "
        "city near you."
    )
    own = _zone_button(reader, Place("", agency.key))
    return Screen(text, (*keyboards.in_pairs(own, *buttons), _leave_row(reader)))


def places_screen(reader: Reader, typed: str, places: Places) -> Screen:
    """What a place that was typed can be, each a button; where it is none of them, the way to the
    coordinators.
    """
    found = [_zone_button(reader, one) for one in places.found]
    if places.is_clear:
        text = _is_that_right(reader, places.found[0])
        return Screen(text, (*keyboards.in_pairs(*found), _leave_row(reader)))
    ask = keyboards.button(reader.label("Tell the coordinators"), AskForZone())
    place = shortened(typed, TYPED_SHOWN)
    if found:
        text = reader.text("I do not know “{place}”. Do you mean one of these?", place=place)
    else:
        text = reader.text(
            "I do not know “{place}”. Type another big city of your time zone, or tell the "
            "coordinators: they can set it for you.",
            place=place,
        )
    return Screen(text, (*keyboards.in_pairs(*found), (ask,), _leave_row(reader)))


def _is_that_right(reader: Reader, place: Place) -> Markup:
    there = reader.place(ZoneInfo(place.zone))
    if not place.name:
        return reader.text("Shall I show you all times as they are in <b>{place}</b>?", place=there)
    return reader.text(
        "{place} has the time of {city}. Shall I show you all times as they are there?",
        place=place.name,
        city=there,
    )


def _zone_button(reader: Reader, place: Place) -> keyboards.InlineButton:
    name = place.name or reader.place(ZoneInfo(place.zone))
    chosen = "" if place.zone == reader.agency_zone.key else place.zone
    return keyboards.button(name, callbacks.SetZone(chosen))


def _leave_row(reader: Reader) -> keyboards.Row:
    return (keyboards.button(reader.label("Leave"), LeaveZones()),)
