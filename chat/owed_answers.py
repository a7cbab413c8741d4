"""Requests and offers that somebody answers in writing instead of by a tap (UX 19)."""

from datetime import datetime

from chat import callbacks, keyboards
from chat.cards.screens import session_label
from chat.current_user import CurrentUser
from locales.answers import is_like_answer
from locales.reader import Reader
from models import Person
from services.db import Session
from services.queries.matches import MatchView, offers_to
from services.queries.requests import answers_owed, answers_owed_by_family
from services.queries.sessions import SessionView

MOST = 4
"""The most requests that are offered."""


def owed_answers(session: Session, user: CurrentUser, text: str) -> list[SessionView]:
    """Sessions with a request that somebody has to answer, if a text is like an answer."""
    if not is_like_answer(text, user.reader.language):
        return []
    return owed_by(session, user.person, user.actor.now)[:MOST]


def owed_by(session: Session, person: Person, now: datetime) -> list[SessionView]:
    """Sessions with a request that somebody has to answer."""
    found = answers_owed(session, person, now) if person.is_tutor else []
    found += answers_owed_by_family(session, person, now) if person.is_parent else []
    return found


def owed_offers(session: Session, user: CurrentUser, text: str) -> list[MatchView]:
    """Matches that wait for a parent's answer, if a text is like an answer."""
    if not user.person.is_parent or not is_like_answer(text, user.reader.language):
        return []
    return offers_to(session, user.person, user.actor.now)[:MOST]


def offer_buttons(
    reader: Reader, offered: list[MatchView], does: type[callbacks.OfMatch]
) -> list[keyboards.InlineButton]:
    """A button for each match, which shows the card with its answers."""
    return [
        keyboards.button(
            reader.label(
                "Answer: {student} · {subject}",
                student=view.student.name,
                subject=view.match.subject,
            ),
            does(view.id),
        )
        for view in offered
    ]


def answer_buttons(
    reader: Reader, owed: list[SessionView], does: type[callbacks.OfSession]
) -> list[keyboards.InlineButton]:
    """A button for each request, which shows the card with its answers."""
    return [
        keyboards.button(
            reader.label("Answer: {session}", session=session_label(reader, view, lasts=True)),
            does(view.id),
        )
        for view in owed
    ]
