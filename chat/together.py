"""One tap for siblings taught together: its button, and what became of each session (SPEC 3, 6).

Each session is judged, written and answered by itself: one that is refused holds up no other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from telegram import Update

from chat import keyboards, replies
from chat.callbacks.together import MOST_TOGETHER, OfTogether, Sessions
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.excerpts import shortened
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import action_done
from models.enums import Action, ListKind
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.sessions import SessionView, session_view
from services.queries.together import taught_together
from services.rules.agency import Agency
from services.rules.refusals import Refusal

ONE_LINE = 33
"""The most characters of the button, so that it does not wrap on a narrow phone."""
NAME_LIMIT = 11
"""The most characters of a name on a button with two of them."""
ALERT_LIMIT = 200
"""The most characters of an answer to a tap."""


@dataclass(frozen=True)
class Became:
    """What became of one session of several."""

    appointment_id: int
    child: str
    done: Outcome | None
    refusal: Refusal | None
    card: Screen | None
    """None for somebody who has no part in the session any more."""


def together_buttons(
    session: Session, reader: Reader, views: Sequence[SessionView], does: type[OfTogether]
) -> list[keyboards.InlineButton]:
    """A button for all sessions of each group of siblings who are taught together."""
    groups = taught_together(session, views)
    return [
        keyboards.success(
            _label(reader, _names(group)), does(Sessions.of(view.id for view in group))
        )
        for group in groups
        if len(group) <= MOST_TOGETHER
    ]


def attended(reader: Reader, views: Iterable[SessionView], kind: ListKind) -> Markup | None:
    """Who was checked in, or out, and when: a line for each time; None where nobody was.

    `kind`: of the question that asks for it.
    """
    is_out = kind is ListKind.TO_CHECK_OUT
    by_time: dict[str, list[SessionView]] = {}
    for view in views:
        row = view.appointment
        if (at := row.checked_out_at if is_out else row.checked_in_at) is not None:
            by_time.setdefault(reader.lasting_when(at), []).append(view)
    lines = [
        reader.text("✅ {children}: checked out {when}", children=children, when=when)
        if is_out
        else reader.text("✅ {children}: checked in {when}", children=children, when=when)
        for when, group in by_time.items()
        for children in [_listed(reader, _names(group))]
    ]
    return Markup("\n").join(lines) if lines else None


def _listed(reader: Reader, names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    first = reader.listed(names[:-1])
    return reader.label("{children} and {child}", children=first, child=names[-1])


def _names(group: Sequence[SessionView]) -> list[str]:
    """Their first names, or whole names where two have the same."""
    names = [view.student.name for view in group]
    first = [name.split()[0] for name in names]
    return first if len(set(first)) == len(first) else names


def _label(reader: Reader, names: Sequence[str]) -> str:
    """In one line on a narrow phone: the buttons below it have the names that it leaves out."""
    match names:
        case [one, other]:
            one, other = shortened(one, NAME_LIMIT), shortened(other, NAME_LIMIT)
            return reader.label("Both: {one} and {other}", one=one, other=other)
        case [one, other, third]:
            named = reader.label(
                "All three: {one}, {other} and {third}", one=one, other=other, third=third
            )
            return named if len(named) <= ONE_LINE else reader.label("All three together")
    return reader.label("All {count} together", count=len(names))


def act_on_each(
    session: Session,
    user: CurrentUser,
    sessions: Sessions,
    act: Callable[[int], Outcome],
    agency: Agency,
) -> list[Became]:
    """Do it to one session after the other, each in a savepoint of its own."""
    return [_act(session, user, number, act, agency) for number in sorted(sessions.ids)]


def _act(
    session: Session,
    user: CurrentUser,
    number: int,
    act: Callable[[int], Outcome],
    agency: Agency,
) -> Became:
    done = refused = card = None
    try:
        with session.begin_nested():
            done = act(number)
    except Refusal as refusal:
        refused = refusal
    try:
        card = session_screen(session, user, number, agency)
    except Refusal as refusal:
        refused = refused or refusal
    view = session_view(session, number) if card is not None else None
    child = view.student.name if view is not None else ""
    return Became(number, child, done, refused, card)


async def answer_each(
    update: Update, context: Context, user: CurrentUser, action: Action, became: Sequence[Became]
) -> None:
    """Say what became of each, and show the card of each, unless it stands below already."""
    told = list(dict.fromkeys(_told(user, action, one) for one in became))
    if len(told) == 1:
        await replies.answer(update, told[0], alert=became[0].refusal is not None)
    else:
        lines = [f"{one.child}: {_told(user, action, one)}".removeprefix(": ") for one in became]
        await replies.answer(update, shortened("\n".join(lines), ALERT_LIMIT), alert=True)
    for one in became:
        if one.card is None:
            continue
        card = one.card
        if one.refusal is not None:
            card = card.below(escape(_told(user, action, one)))
        if not await replies.is_below(update, context, card, CardOf(one.appointment_id)):
            about = CardOf(one.appointment_id)
            await replies.say_card(update, context, card, about, user.person.id)


def _told(user: CurrentUser, action: Action, one: Became) -> str:
    if one.done is not None:
        return action_done(user.reader, action, user.person.name, one.done.at, is_reader=True)
    if one.refusal is None:
        raise ValueError("it was neither done nor refused")
    return refusal_text(user.reader, one.refusal, user.person.id)
