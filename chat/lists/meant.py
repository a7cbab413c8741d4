"""Lists that a written text means: the answer to the question of one, or a wish (SPEC 9; UX 19)."""

from typing import NamedTuple

from chat.context import Context
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
from services.rules.spoken_sessions import Known, spoken_sessions


class MeantList(NamedTuple):
    """A list, as it is asked for."""

    kind: ListKind
    argument: str
    require: Require = anybody


def meant_list(
    session: Session, user: CurrentUser, context: Context, chat_id: int, text: str
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
            if spoken_in(case_of(session, user, context, kind), text).ids:
                return MeantList(kind, speaking(text))
    if wishes_change(text, user.reader.language):
        return change_of(session, user, context, text)
    return None


def change_of(session: Session, user: CurrentUser, context: Context, text: str) -> MeantList | None:
    """The question of `/change`, for the sessions that a text names; None where it names none."""
    kind = ListKind.TO_CHANGE
    spoken = spoken_in(case_of(session, user, context, kind), text)
    return MeantList(kind, speaking(text)) if spoken.ids else None


def may_change(
    session: Session, user: CurrentUser, context: Context, text: str, *, by_day: bool
) -> bool:
    """Whether a text may be about a session to come: it asks for a change, or names its day, where
    that says so.
    """
    if wishes_change(text, user.reader.language):
        return True
    if not by_day:
        return False
    return spoken_in(case_of(session, user, context, ListKind.TO_CHANGE), text).names_day


def near_ones(
    session: Session, user: CurrentUser, text: str, *, whatever: bool
) -> list[SessionView]:
    """Sessions in the last four hours before their start of which a text may speak: those that it
    names, or else all.

    `whatever`: also where it neither asks for a change nor tells of a trouble.
    """
    reader, now = user.reader, user.actor.now
    speaks = wishes_change(text, reader.language) or tells_of_trouble(text, reader.language)
    near = session_lists.too_late_to_change(session, user.person, now)
    if not near or not (speaks or whatever):
        return []
    known = [Known(view.id, view.student.name, view.appointment.starts_at) for view in near]
    spoken = spoken_sessions(text, known, now, reader.zone, vocabulary_of(reader.language))
    return [view for view in near if view.id in spoken.ids] or near


def _is_anybody(session: Session, user: CurrentUser, text: str) -> bool:
    found = everybody_called(session, text, user.actor.now, 1)
    return bool(found.people or found.students)
