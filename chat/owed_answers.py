"""Requests and offers that somebody answers in writing instead of by a tap (UX 19)."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chat import callbacks, keyboards
from chat.callbacks.reschedules import SuggestAt
from chat.cards.screens import session_label, session_screen
from chat.current_user import CurrentUser
from chat.screen import Screen
from chat.wished_times import may_name_time, those_possible, times_named, wishes_for_time
from locales.answers import is_like_answer
from locales.courtesies import courtesy_of
from locales.reader import Reader
from models import Appointment, Person
from services.db import Session
from services.lifecycle.open_requests import open_request, proposal_of
from services.queries.family import children
from services.queries.matches import MatchView, offers_to
from services.queries.replied import is_told_last
from services.queries.requests import answers_owed, answers_owed_by_family
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.minutes import minute_of
from services.rules.spoken_sessions import is_named
from services.rules.texts import count_words

MOST = 4
"""The most requests that are offered."""
BARE = 2
"""The most words of an answer that says nothing else."""

Asked = TypeVar("Asked", SessionView, MatchView)


def owed_answers(session: Session, user: CurrentUser, text: str) -> list[SessionView]:
    """Sessions with a request that somebody has to answer, if a text is like an answer, or names
    another time; none of another child than it names.
    """
    is_answer = is_like_answer(text, user.reader.language)
    if not is_answer and not may_name_time(user.reader, text):
        return []
    owed = _of_named(session, user, text, owed_by(session, user.person, user.actor.now))
    if is_answer:
        return owed[:MOST]
    return [one for one in owed if wishes_for_time(user.reader, one.appointment, text)][:MOST]


def owed_screen(
    session: Session, user: CurrentUser, agency: Agency, about: int, text: str
) -> Screen:
    """The request with its answers, and before them one for each time that a text names, unless it
    is like a yes or no: that may be said of the time.
    """
    reader, card = user.reader, session_screen(session, user, about, agency)
    request, row = open_request(session, about), session.get_one(Appointment, about)
    starts: tuple[datetime, ...] = ()
    if request is not None and not is_like_answer(text, reader.language):
        slot = times_named(reader, row, text)
        starts = those_possible(session, reader, row, slot).starts[:MOST]
    on_table = None if request is None else request.proposal.new_starts_at
    suggest = [
        keyboards.button(
            reader.label("Suggest {time}", time=reader.dated_moment(start)),
            SuggestAt(proposal_of(request) or 0, minute_of(start)),
        )
        for start in starts
        if start != on_table
    ]
    return replace(card, rows=(*keyboards.one_a_row(*suggest), *card.rows))


def owed_by(session: Session, person: Person, now: datetime) -> list[SessionView]:
    """Sessions with a request that somebody has to answer."""
    found = answers_owed(session, person, now) if person.is_tutor else []
    found += answers_owed_by_family(session, person, now) if person.is_parent else []
    return found


def owed_offers(session: Session, user: CurrentUser, text: str, chat_id: int) -> list[MatchView]:
    """Matches that wait for a parent's answer, if a text is like an answer, and names no other
    child of theirs. Where something else was told since, only of a word or two is it thought.
    """
    language = user.reader.language
    if not user.person.is_parent or not is_like_answer(text, language):
        return []
    offers = offers_to(session, user.person, user.actor.now)
    is_plain = count_words(text) <= BARE and "?" not in text and courtesy_of(text, language) is None
    return [
        view
        for view in _of_named(session, user, text, offers)
        if is_plain or is_told_last(session, user.person.id, chat_id, view.id)
    ][:MOST]


def offers_named(session: Session, user: CurrentUser, text: str) -> list[MatchView]:
    """Matches that wait for a parent's answer, and whose subject a text names."""
    if not user.person.is_parent or not text:
        return []
    offers = offers_to(session, user.person, user.actor.now)
    return [view for view in offers if is_named(text, view.match.subject)][:MOST]


def _of_named(session: Session, user: CurrentUser, text: str, views: list[Asked]) -> list[Asked]:
    """Those of a child that a text names; all, where it names no child of theirs."""
    named = [view for view in views if is_named(text, view.student.name)]
    if named or not views or not user.person.is_parent:
        return named or views
    theirs = children(session, user.person)
    return [] if any(is_named(text, one.name) for one in theirs) else views


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
