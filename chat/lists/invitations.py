"""Whom a coordinator may invite, and who was invited (SPEC 9; UX 17)."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import leave_row
from chat.lists.case import Composers, ListCase
from chat.screen import Screen
from locales.people_words import way_in
from locales.reader import Reader
from locales.wording import role_label
from models import Person
from models.enums import ListKind
from services.people import accounts
from services.queries.people import person_with
from services.queries.scheduling import named_like

PAGE = 8
"""People on one page of the list."""
SEARCH_SHOWN = 60
"""How many characters of the search the answer repeats."""


def _unlinked(case: ListCase) -> Screen:
    """People who are not linked yet; the argument is how many come before this page."""
    reader, found = case.reader, accounts.unlinked_people(case.session)
    if not found:
        return Screen(
            reader.text(
                "Everybody is linked. New people are added on the pages, or by an import. To move "
                "somebody to a new phone, send /invite and their name."
            )
        )
    offset = min(int(case.argument), (len(found) - 1) // PAGE * PAGE)
    rows = _buttons(reader, found[offset : offset + PAGE])
    before = (
        keyboards.button(reader.label("Back"), callbacks.InvitePage(max(0, offset - PAGE)))
        if offset
        else None
    )
    more = (
        keyboards.button(reader.label("More"), callbacks.InvitePage(offset + PAGE))
        if len(found) > offset + PAGE
        else None
    )
    title = reader.text(
        "<b>Who would you like to invite?</b> To find somebody, send /invite with a name."
    )
    return Screen(title, (*rows, *keyboards.in_pairs(before, more), leave_row(reader)))


def _to_invite(case: ListCase) -> Screen:
    """Everybody of the name that is the argument, linked or not."""
    reader, found = case.reader, accounts.people_called(case.session, case.argument)
    if not found:
        name = case.argument[:SEARCH_SHOWN]
        alike = named_like(case.session, Person, case.argument)
        if alike:
            asked = reader.text(
                "There is nobody called “{name}” here. Do you mean one of these?", name=name
            )
            return Screen(asked, (*_buttons(reader, alike), leave_row(reader)))
        return Screen(
            reader.text(
                "Nobody is called “{name}”. New people are added on the pages, or by an import.",
                name=name,
            )
        )
    title = reader.text("<b>Who would you like to invite?</b>")
    if len(found) > PAGE:
        title += Markup("\n") + reader.text("There are more. Send /invite with more of the name.")
    return Screen(title, (*_buttons(reader, found[:PAGE]), leave_row(reader)))


def _invited(case: ListCase) -> Screen | None:
    """Somebody who was invited, and how they come in by now; the argument is their id.

    The invitation itself is a message of its own, to be passed on.
    """
    reader, person = case.reader, person_with(case.session, int(case.argument))
    if person is None:
        return None
    if person.has_chat or person.is_by_web_only:
        return Screen(Markup("✅ {}").format(_named(reader, person)))
    without = keyboards.button(reader.label("Without Telegram"), callbacks.InviteByWeb(person.id))
    return Screen(Markup("✉️ {}").format(_named(reader, person)), ((without,),))


def _buttons(reader: Reader, found: list[Person]) -> keyboards.Rows:
    return keyboards.one_a_row(
        *(keyboards.button(_named(reader, one), callbacks.Invite(one.id)) for one in found)
    )


def _named(reader: Reader, person: Person) -> str:
    known = [role_label(reader, role) for role in sorted(person.roles)]
    if person.has_chat or person.is_by_web_only:
        known.append(way_in(reader, person))
    return f"{person.name} ({reader.listed(known)})" if known else person.name


COMPOSERS: Composers = {
    ListKind.UNLINKED: _unlinked,
    ListKind.TO_INVITE: _to_invite,
    ListKind.INVITED: _invited,
}
