"""Kinds of lists, the function that composes each anew, and what becomes of lists that stand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from chat.app_context import AppContext
from chat.callbacks import ListName
from chat.cards.together import attended
from chat.lists import agency, choices, invitations, packages, personal
from chat.lists.case import ComposeLasting, Composers, ListCase, ListOf, sessions_in
from chat.lists.feed import feed_now
from chat.lists.sign_in import link_left, passed_on_left
from chat.lists.summary import summary_now
from chat.message_parts import EditList
from chat.screen import Screen
from locales.current_user import CurrentUser
from locales.reader import Reader
from models import ShownList
from models.enums import Channel, ListKind
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging.cards import card_at
from services.messaging.deliveries import MessagePlace
from services.messaging.lists import NewList, is_replaced, sessions_of
from services.queries.people import person_with
from services.queries.sessions import views_of

COMPOSERS: Composers = MappingProxyType(
    {
        **personal.COMPOSERS,
        **choices.COMPOSERS,
        **agency.COMPOSERS,
        **invitations.COMPOSERS,
        **packages.COMPOSERS,
    }
)

_COMMANDS = {
    ListKind.UPCOMING: "/upcoming",
    ListKind.TODOS: "/todos",
    ListKind.DAY_BEFORE: "/upcoming",
    ListKind.STUDENTS: "/mystudents",
    ListKind.PACKAGE: "/package",
    ListKind.TO_CHECK_IN: "/checkin",
    ListKind.TO_CHECK_OUT: "/checkout",
    ListKind.FOR_NOTES: "/notes",
    ListKind.TO_CHANGE: "/change",
    ListKind.CALLED: "/dashboard",
    ListKind.FOUND: "/find",
    ListKind.UNLINKED: "/invite",
    ListKind.TO_INVITE: "/invite",
}
"""The command that gives a new list of the kind; of all others, `/sessions`."""

_TAPPED = (ListKind.TO_CHECK_IN, ListKind.TO_CHECK_OUT)
"""Questions that are answered by checking in or out."""

_SEARCHES = (ListKind.FOUND, ListKind.UNLINKED, ListKind.TO_INVITE)
"""Answers to a name, or questions for one."""

_LASTING: Mapping[ListKind, ComposeLasting] = MappingProxyType(
    {ListKind.CALENDAR: feed_now, ListKind.SUMMARY: summary_now}
)
"""What each kind that no day ends has to say now; None where it is left as it is."""

_AGENCY_COMMANDS: dict[str, str] = {
    ListName.PENDING: "/pending",
    ListName.DISPUTES: "/disputes",
    ListName.PROBLEMS: "/problems",
}
"""The command that gives this list of the coordinators; of all others, `/dashboard`."""


def compose(case: ListCase) -> Screen | None:
    """The list as it reads now; None where nothing of it holds any more."""
    return COMPOSERS[case.of.kind](case)


def new_list(case: ListCase, screen: Screen, chat_id: int, message_id: int) -> NewList:
    """The record of a list that was just sent."""
    return NewList(
        chat_id=chat_id,
        message_id=message_id,
        person_id=case.person.id,
        kind=case.of.kind,
        argument=case.of.argument,
        day=case.of.day,
        true_until=min(case.true_until, screen.true_until or case.true_until),
        content_hash=screen.content_hash,
        sessions=sessions_in(screen),
    )


def edit_of(session: Session, app: AppContext, shown: ShownList, now: datetime) -> EditList | None:
    """What a list that stands in a chat has to become; None where it shows that already.

    One that is over is left as one line.
    """
    person = person_with(session, shown.person_id)
    if person is None or card_at(session, shown.chat_id, shown.message_id) is not None:
        return None
    reader = Reader.for_person(person, app.agency, now)
    of = ListOf(shown.kind, shown.day, shown.argument)
    case = ListCase(session, person, reader, app.agency, of, stands=True)
    replaced = is_replaced(session, shown)
    if of.kind in (ListKind.SIGN_IN, ListKind.PASSED_ON):
        return _edit_of_link(case, shown, is_replaced=replaced)
    if of.kind in _LASTING or of.kind is ListKind.OFFERED:
        lasting = _lasting(app, case, shown, is_replaced=replaced)
        return _edit_of_lasting(case, shown, lasting, is_replaced=replaced)
    screen = None if case.is_over or replaced else compose(case)
    if screen is None:
        over = _done(case, shown, is_replaced=replaced) or _line(case, is_replaced=replaced)
        return EditList(shown.id, shown.chat_id, shown.message_id, over, None)
    new = new_list(case, screen, shown.chat_id, shown.message_id)
    if screen.content_hash == shown.content_hash and new.true_until == shown.true_until:
        return None
    return EditList(shown.id, shown.chat_id, shown.message_id, screen, new)


def _edit_of_link(case: ListCase, shown: ShownList, *, is_replaced: bool) -> EditList | None:
    """The same for a link, which cannot be composed anew: it stays until it is of no use."""
    is_own = case.of.kind is ListKind.SIGN_IN
    left = link_left(case, is_replaced=is_replaced) if is_own else passed_on_left(case)
    return None if left is None else EditList(shown.id, shown.chat_id, shown.message_id, left, None)


def _lasting(
    app: AppContext, case: ListCase, shown: ShownList, *, is_replaced: bool
) -> Screen | None:
    """What a message that no day ends has to say now; None where it is left as it is."""
    if (compose_lasting := _LASTING.get(case.of.kind)) is not None:
        return compose_lasting(case, is_replaced=is_replaced)
    actor = Actor(case.person.id, Channel.TELEGRAM, case.now, shown.chat_id)
    user, place = (
        CurrentUser(case.person, case.reader, actor),
        MessagePlace(shown.chat_id, shown.message_id),
    )
    chosen = case.of.argument
    return app.offer_now(case.session, user, place, None if chosen is None else int(chosen))


def _edit_of_lasting(
    case: ListCase, shown: ShownList, screen: Screen | None, *, is_replaced: bool
) -> EditList | None:
    """The same for what no day ends: a calendar's address, a summary, an offer."""
    if screen is None or screen.content_hash == shown.content_hash:
        return None
    is_offer = case.of.kind is ListKind.OFFERED
    until = shown.true_until if is_offer else None
    new = replace(new_list(case, screen, shown.chat_id, shown.message_id), true_until=until)
    kept = None if is_replaced or (is_offer and not screen.rows) else new
    return EditList(shown.id, shown.chat_id, shown.message_id, screen, kept)


def _done(case: ListCase, shown: ShownList, *, is_replaced: bool) -> Screen | None:
    """What became of the sessions of a question to check in or out; None for all others."""
    if is_replaced or case.is_over or case.of.kind not in _TAPPED:
        return None
    views = views_of(case.session, sessions_of(case.session, shown.id))
    done = attended(case.reader, views, case.of.kind)
    return None if done is None else Screen(done)


def _line(case: ListCase, *, is_replaced: bool) -> Screen:
    """What is left of a list that is over (UX 17)."""
    reader = case.reader
    if case.of.kind is ListKind.INVITED and (invited := compose(case)) is not None:
        return replace(invited, rows=())
    if is_replaced and case.of.kind in _SEARCHES:  # what was found need be no list
        return Screen(reader.text("⬇️ There is a newer answer below."))
    if is_replaced:
        return Screen(reader.text("⬇️ There is a newer list below."))
    if case.of.kind in choices.COMPOSERS and not case.is_over:
        return Screen(reader.text("✅ Dealt with."))
    if not case.is_over:
        return Screen(
            reader.text(
                "Nothing is left on this list. {command} gives you a new one.",
                command=_command(case.of),
            )
        )
    return Screen(
        reader.text(
            "The list of {day} is over. {command} gives you a new one.",
            day=reader.dated_day(case.of.day),
            command=_command(case.of),
        )
    )


def _command(of: ListOf) -> str:
    """The command that gives a new list like this one."""
    if of.kind is ListKind.AGENCY:
        return _AGENCY_COMMANDS.get((of.argument or "").partition(":")[0], "/dashboard")
    return _COMMANDS.get(of.kind, "/sessions")
