"""What a dialogue about a session rests on, and what is left of its question without (UX 17, 19).

somebody else acts -> the session's cards are refreshed -> `left_of` looks at each open question
does its `check` still pass? It stays. Is it refused? One line says who did what; what was chosen or
written is offered for something else, where the dialogue can, or said beside it
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup
from pydantic import ValidationError
from telegram import Update

from chat.app_context import AppContext, Left
from chat.cards.way_on import way_on
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from locales.refusals import refusal_text
from services.db import Session
from services.queries.open_questions import OpenQuestion
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal
from services.rules.refusals.requests import ProposalOutdated, RequestExpired, RescheduleOpen
from services.rules.refusals.sessions import (
    ActedFirst,
    Replaced,
    TooLateToChange,
    WrongStatus,
)
from services.typed_json import adapter_of

OVERTAKEN = (ActedFirst, WrongStatus, RescheduleOpen, RequestExpired, ProposalOutdated, Replaced)
"""Refusals that somebody else's act, or an end that was told, brings about."""

OVER = (*OVERTAKEN, TooLateToChange)
"""Refusals after which a question can no longer be answered with what it asks for."""

D = TypeVar("D")
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

    def is_overtaken(self, session: Session, user: CurrentUser, app: AppContext, draft: D) -> bool:
        """Whether somebody has done what rules out the draft, and nothing else can come of it."""
        refusal = self.refusal(session, user, app, draft)
        if not isinstance(refusal, OVERTAKEN):
            return False
        offered = self.offer(session, user, app, draft, refusal)
        return offered is None or not offered.rows


async def checked(update: Update, context: Context, check: Check[D, T], draft: D) -> T:
    """What a check gives for the current user. Refused: NotLinked, and as the check is."""

    def query(session: Session) -> T:
        return check(session, current_user(session, update, context), context.app, draft)

    return await context.app.database.read(query)


@dataclass(frozen=True)
class Premises:
    """The premises of dialogues, by name, each with the type of its drafts."""

    app: AppContext
    known: Mapping[str, tuple[type[Any], Premise[Any]]]

    def left_of(self, session: Session, user: CurrentUser, question: OpenQuestion) -> Left | None:
        """What is left of a question; None while it holds, or its dialogue rests on nothing.

        One that was laid aside keeps the button that takes it up as long as something comes of it.
        """
        if question.dialogue not in self.known:
            return None
        draft_type, premise = self.known[question.dialogue]
        try:
            draft = adapter_of(draft_type).validate_python(question.draft)
        except ValidationError:
            return None  # written by a version of the program that asked other things
        refusal = premise.refusal(session, user, self.app, draft)
        view = session_view(session, draft.appointment_id)
        if refusal is None or view is None:
            return None
        offered = premise.offer(session, user, self.app, draft, refusal)
        if offered is None:
            return Left(over_line(user, view, refusal, draft.words), offers=False)
        if not offered.rows:
            return Left(offered, offers=False)
        return None if question.state is None else Left(offered, offers=True)


def over_line(
    user: CurrentUser, view: SessionView, refusal: Refusal, words: str | None = None
) -> Screen:
    """The session and why it is over, in a line; what was written; and the way on."""
    reader, row = user.reader, view.appointment
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    why = refusal_text(reader, refusal, user.person.id)
    text = Markup("{}, {}: {}").format(view.student.name, slot, why)
    if words:
        text += Markup("\n<blockquote>{}</blockquote>").format(words)
    return Screen(text, way_on(reader, refusal))
