"""Addresses of lists of sessions, and what was just done by a button of their rows (SPEC 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.wording import action_done
from models.enums import Action, Role
from services.db import Session
from services.queries.family import Tab
from services.queries.listed import ListedSession, listed
from services.queries.listed_rows import rows_of
from services.queries.sessions import roles_in
from services.queries.teaching import TeachingTab
from services.queries.trail import Done, done_by
from services.rules.agency import Agency
from services.rules.session_actions import SessionAction
from web.navigation import FAMILY, TUTOR
from web.offers import Offer, offers

NEXT: Mapping[Action, SessionAction] = MappingProxyType(
    {
        Action.ACKNOWLEDGE: SessionAction.REPORT_PROBLEM,
        Action.CHECK_OUT: SessionAction.ADD_NOTES,
    }
)
"""What is offered next, once something was done by a button of a row (SPEC 3, 5)."""


@dataclass(frozen=True)
class JustDone:
    """What the reader has just done, with the session as it is now."""

    done: Done
    session: ListedSession


@dataclass(frozen=True)
class ToldDone:
    """The same, in the reader's words."""

    words: str
    about: str
    address: str
    offers: list[Offer]


def family_address(child_id: int | None, tab: Tab | None = None, number: int = 1) -> str:
    """Address of a child's sessions; `tab`: None for the first in which something waits."""
    wanted = [
        f"child={child_id}" if child_id else "",
        f"tab={tab.value}" if tab else "",
        f"page={number}" if number > 1 else "",
    ]
    query = "&".join(filter(None, wanted))
    return f"{FAMILY}?{query}" if query else FAMILY


def tutor_address(tab: TeachingTab, number: int = 1) -> str:
    """Address of a tab of a tutor's sessions."""
    address = TUTOR if tab is TeachingTab.TODAY else f"{TUTOR}?tab={tab.value}"
    return address if number == 1 else f"{address}&page={number}"


def just_done(session: Session, user: CurrentUser, event: str) -> JustDone | None:
    """What the reader has just done, by the event in an address; None where it is no more so."""
    done = done_by(session, user.person.id, event, user.actor.now)
    if done is None or done.view is None:
        return None
    if not roles_in(session, done.view.appointment, user.person):
        return None
    return JustDone(done, *listed(session, rows_of([done.view]), user.person.language or ""))


def told_done(
    reader: Reader, found: JustDone | None, role: Role, agency: Agency
) -> ToldDone | None:
    """What was just done, and what can be done next."""
    if found is None:
        return None
    done, row = found.done, found.session.row
    about = f"{row.student} · {row.subject}, {reader.slot(row.starts_at, row.ends_at)}"
    wanted = [NEXT[done.action]] if done.action in NEXT else []
    possible = offers(reader, found.session.facts(agency), role, only=wanted, about=about)
    words = action_done(reader, done.action, "", done.at, is_reader=True)
    return ToldDone(words, about, f"/sessions/{row.id}", possible)
