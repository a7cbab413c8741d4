"""Lists that a written text means: the answer to the question of one, or a wish (SPEC 9; UX 19)."""

from enum import Enum, auto
from typing import NamedTuple

from chat.current_user import CurrentUser, require_coordinator
from chat.lists.choices import speaking, spoken_in
from chat.lists.showing import Require, anybody, case_of
from locales.typed_words import vocabulary_of
from locales.wishes import tells_of_trouble, wishes_change
from models.enums import ListKind
from services.db import Session
from services.messaging import lists
from services.people import accounts
from services.queries import session_lists
from services.queries.found_people import everybody_called
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.spoken_sessions import Known, Spoken, spoken_sessions


class MeantList(NamedTuple):
    """A list, as it is asked for."""

    kind: ListKind
    argument: str | None
    require: Require = anybody


def meant_list(
    session: Session, user: CurrentUser, agency: Agency, chat_id: int, text: str
) -> MeantList | None:
    """The list that a text means; None where it means none.

    A name, where `/invite` or `/find` has asked for one; a session, by its child, day or time,
    where one was asked for; a session that somebody wants to change.
    """
    if not text:
        return None
    newest = lists.newest_list(session, chat_id)
    match newest.kind if newest is not None else None:
        case ListKind.UNLINKED if user.person.is_coordinator:
            if accounts.people_called(session, text):
                return MeantList(ListKind.TO_INVITE, text, require_coordinator)
        case ListKind.FOUND if user.person.is_coordinator and newest is not None:
            if not newest.argument or _is_anybody(session, user, text):
                return MeantList(ListKind.FOUND, text, require_coordinator)
        case ListKind.TO_CHECK_IN | ListKind.TO_CHECK_OUT | ListKind.TO_CHANGE as kind:
            if spoken_in(case_of(session, user, agency, kind), text).ids:
                return MeantList(kind, speaking(text))
    return change_of(session, user, agency, text)


BARE = 2
"""The most words of a wish for which all sessions are offered where it names none."""


def change_of(session: Session, user: CurrentUser, agency: Agency, text: str) -> MeantList | None:
    """The question of `/change`, for the sessions that a text names, or for all if it says nothing
    but that; None where it asks for no change, and where it tells of a trouble and names no day.
    """
    kind, language = ListKind.TO_CHANGE, user.reader.language
    if wishes_change(text, language):
        if spoken_in(case_of(session, user, agency, kind), text).ids:
            return MeantList(kind, speaking(text))
        return MeantList(kind, None) if len(text.split()) <= BARE else None
    if wish_of(session, user, agency, text, by_day=False) is Wish.LIKELY:
        return MeantList(kind, speaking(text))
    return None


class Wish(Enum):
    """Whether a text is about a change of a session to come."""

    NONE = auto()
    PERHAPS = auto()
    """It asks for a change, or names the day of one, where that says so."""
    LIKELY = auto()
    """It asks for a change, or tells of a trouble, and names the day of one."""


def wish_of(
    session: Session, user: CurrentUser, agency: Agency, text: str, *, by_day: bool
) -> Wish:
    """Whether a text is about a change of a session that can still be changed."""
    language = user.reader.language
    wishes = wishes_change(text, language)
    speaks = wishes or tells_of_trouble(text, language)
    if not (speaks or by_day):
        return Wish.NONE
    spoken = spoken_in(case_of(session, user, agency, ListKind.TO_CHANGE), text)
    if speaks and spoken.names_day and _any_later(session, user, spoken):
        return Wish.LIKELY
    return Wish.PERHAPS if wishes or (by_day and spoken.names_day) else Wish.NONE


def _any_later(session: Session, user: CurrentUser, spoken: Spoken) -> bool:
    """Whether one of these sessions does not begin within four hours."""
    near = session_lists.too_late_to_change(session, user.person, user.actor.now)
    return bool(set(spoken.ids) - {view.id for view in near})


def near_ones(
    user: CurrentUser,
    near: list[SessionView],
    text: str,
    *,
    whatever: bool,
    only_named: bool = False,
) -> list[SessionView]:
    """Sessions that are `near` of which a text may speak: those that it names, or else all, unless
    `only_named`.

    `whatever`: also where it neither asks for a change nor tells of a trouble.
    """
    reader, now = user.reader, user.actor.now
    speaks = wishes_change(text, reader.language) or tells_of_trouble(text, reader.language)
    if not near or not (speaks or whatever):
        return []
    known = [Known(view.id, view.student.name, view.appointment.starts_at) for view in near]
    spoken = spoken_sessions(text, known, now, reader.zone, vocabulary_of(reader.language))
    named = [view for view in near if view.id in spoken.ids]
    return named or ([] if only_named else near)


def _is_anybody(session: Session, user: CurrentUser, text: str) -> bool:
    found = everybody_called(session, text, user.actor.now, 1)
    return bool(found.people or found.students)
