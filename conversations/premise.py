"""What a dialogue about a session rests on, and what is left of its question without (UX 17, 19).

somebody else acts -> the session's cards are refreshed -> `left_of` looks at each open question
does its `check` still pass? It stays, unless the session has moved: then it names another time, and
a line says so, with the button that goes on. Is it refused? One line says who did what; what was
chosen or written is offered for something else, where the dialogue can, or said beside it
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup, escape
from pydantic import ValidationError
from telegram import Update

from chat import keyboards
from chat.app_context import AppContext, Left
from chat.callbacks import Button
from chat.cards.reason import quoted
from chat.cards.way_on import way_on
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from conversations.draft import SessionDraft
from conversations.late_change_draft import keep_words, late_change_of
from locales.refusals import refusal_text
from services.db import Session
from services.queries.open_questions import OpenQuestion, has_moved_since
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal
from services.rules.refusals.requests import ProposalOutdated, RequestExpired, RescheduleOpen
from services.rules.refusals.sessions import (
    ActedFirst,
    DisputeSettled,
    Replaced,
    TooLateToChange,
    WrongStatus,
)
from services.typed_json import adapter_of

OVERTAKEN = (
    ActedFirst,
    DisputeSettled,
    WrongStatus,
    RescheduleOpen,
    RequestExpired,
    ProposalOutdated,
    Replaced,
)
"""Refusals that somebody else's act, or an end that was told, brings about."""

OVER = (*OVERTAKEN, TooLateToChange)
"""Refusals after which a question can no longer be answered with what it asks for."""

D = TypeVar("D", bound=SessionDraft)
T = TypeVar("T")
Check = Callable[[Session, CurrentUser, AppContext, D], T]
"""Checks that a draft could be carried out so far. Refused as that would be."""


@dataclass(frozen=True)
class Premise(Generic[D]):
    """What has to hold while a dialogue asks."""

    check: Check[D, object]
    offer: Callable[[Session, CurrentUser, AppContext, D, Refusal], Screen | None] = (
        lambda _session, _user, _app, _draft, _refusal: None
    )
    """Gives what was chosen or written, with buttons where something can still come of it; None
    where nothing but words was.
    """
    by_reply: bool = False
    """Whether it is answered by a reply. Telegram lets nobody edit such a question: once it is over
    it goes, and the card that it was asked from says who did what.
    """

    def refusal(
        self, session: Session, user: CurrentUser, app: AppContext, draft: D
    ) -> Refusal | None:
        """Why the draft can no longer be carried out; None while it can."""
        try:
            self.check(session, user, app, draft)
        except OVER as refusal:
            return refusal
        except Refusal:
            return None  # another time, say, will do
        return None

    def overtaken_by(
        self, session: Session, user: CurrentUser, app: AppContext, draft: D
    ) -> Refusal | None:
        """What somebody did that rules out the draft, or that it is too late for it, where the
        dialogue can do nothing else with it.
        """
        refusal = self.refusal(session, user, app, draft)
        if refusal is None:
            return None
        offered = self.offer(session, user, app, draft, refusal)
        return refusal if offered is None or not offered.rows else None


async def checked(update: Update, context: Context, check: Check[D, T], draft: D) -> T:
    """What a check gives for the current user. Refused: NotLinked, and as the check is.

    Where it is too late, what was written is kept for the coordinators.
    """

    def query(session: Session) -> T:
        return check(session, current_user(session, update, context), context.app, draft)

    try:
        return await context.app.database.read(query)
    except TooLateToChange:
        user = await context.app.database.read(current_user, update, context)
        keep_words(update, context, draft, user.reader)
        raise


@dataclass(frozen=True)
class Resting:
    """A dialogue that rests on a premise: how its draft is read, and what takes it up again."""

    draft_type: type[Any]
    premise: Premise[Any]
    way_back: Callable[[Any], Button | None]

    def read(self, draft: Mapping[str, Any]) -> Any:
        """The draft; None where a version of the program wrote it that asked other things."""
        try:
            return adapter_of(self.draft_type).validate_python(draft)
        except ValidationError:
            return None


@dataclass(frozen=True)
class Premises:
    """The premises of all dialogues, by name."""

    app: AppContext
    known: Mapping[str, Resting]

    def left_of(self, session: Session, user: CurrentUser, question: OpenQuestion) -> Left | None:
        """What is left of a question; None while it holds, or its dialogue rests on nothing.

        One that was laid aside keeps the button that takes it up as long as something comes of it.
        """
        dialogue = self.known.get(question.dialogue)
        draft = None if dialogue is None else dialogue.read(question.draft)
        view = None if draft is None else session_view(session, draft.appointment_id)
        if dialogue is None or draft is None or view is None:
            return None
        is_asked = question.state is not None
        refusal = dialogue.premise.refusal(session, user, self.app, draft)
        if refusal is not None:
            asks_by_reply = is_asked or question.message_id == question.draft.get("asked_id")
            if dialogue.premise.by_reply and asks_by_reply:
                return Left(None, offers=False)
            offered = dialogue.premise.offer(session, user, self.app, draft, refusal)
            line = over_line(user, view, refusal, draft, in_group=question.in_group)
            left = _left(offered, line, is_asked=is_asked)
            if left is None or not isinstance(refusal, TooLateToChange):
                return left
            return left._replace(above_card=_why_over(user, refusal, _said(user, refusal, draft)))
        names_time = is_asked and not dialogue.premise.by_reply
        if names_time and has_moved_since(session, view.id, question.asked_at):
            return Left(_moved_line(user, view, dialogue.way_back(draft)), offers=False)
        return None


def _left(offered: Screen | None, line: Screen, *, is_asked: bool) -> Left | None:
    """What is left of a question that is over: what its dialogue offers instead, or the line."""
    if offered is None or not offered.rows:
        return Left(offered or line, offers=False)
    return Left(offered, offers=True) if is_asked else None


def _moved_line(user: CurrentUser, view: SessionView, way_back: Button | None) -> Screen:
    """The session's new time, in place of a question that names the old one, and the way on."""
    reader, row = user.reader, view.appointment
    text = reader.text(
        "🔁 {student}: moved to <b>{slot}</b>. Tap Go on and I'll ask again.",
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
    )
    if way_back is None:
        return Screen(text)
    return Screen(text, ((keyboards.button(reader.label("Go on"), way_back),),))


def _said(user: CurrentUser, refusal: Refusal, draft: SessionDraft | None) -> Markup:
    """What was written; where it is too late, all that the coordinators can be told."""
    if draft is None:
        return Markup()
    if isinstance(refusal, TooLateToChange):
        return late_change_of(user.reader, draft).shown(user.reader)
    return quoted(draft.words) if draft.words else Markup()


def _why_over(user: CurrentUser, refusal: Refusal, said: Markup) -> Markup:
    """Why a question is over, and what was said."""
    why = escape(refusal_text(user.reader, refusal, user.person.id))
    return why + Markup("\n") + said if said else why


def over_line(
    user: CurrentUser,
    view: SessionView,
    refusal: Refusal,
    draft: SessionDraft | None = None,
    *,
    in_group: bool = False,
) -> Screen:
    """The session and why it is over, in a line; what was written; and the way on.

    In a group it has the child's first name only, and no way on (UX 13).
    """
    reader, row, name = user.reader, view.appointment, view.student.name
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    name = name.split()[0] if in_group else name
    said = _said(user, refusal, draft)
    text = Markup("{}, {}: {}").format(name, slot, _why_over(user, refusal, said))
    rows = () if in_group else way_on(reader, refusal, with_words=bool(said))
    return Screen(text, rows)
