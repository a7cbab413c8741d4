"""Queries of pages: the coordinators' lists and queue, money, a tutor's and a child's sessions.

They are part of `registered_queries.QUERIES`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from benchmarks import history_rows as history
from benchmarks.cases import AGENCY, Case
from models.enums import Action, MatchStatus, MissedKind, Role, Side, Status
from models.matters import Matter
from services.db import Session
from services.queries import (
    adhoc,
    analytics,
    backlog,
    billing_months,
    changes,
    family,
    flagged,
    matches,
    own_sessions,
    packages,
    people,
    person_page,
    problems,
    queue,
    queue_rows,
    requests,
    statements,
    teaching,
    trail,
    upcoming_news,
    waiting,
)
from services.queries import history as session_history
from services.queries.billing_lines import EVERYBODY
from services.queries.queue_filter import QueueFilter
from services.queries.sessions_listed import SessionFilter, sessions_listed
from services.rules.attendance_flags import Flag

MONTH = (history.NOW - timedelta(days=31)).date().replace(day=1)
EVERYTHING = QueueFilter()
OF_FAMILY = 25
"""Rows of a family's page: the family has fewer than a whole page at the smaller size, and what is
compared has to be as long at both.
"""


def _listed(wanted: SessionFilter) -> Callable[[Session, Case], Any]:
    return lambda s, c: sessions_listed(s, wanted, AGENCY, c.now)


def _touched(session: Session, _: Case) -> object:
    now = changes.newest(session)
    before = changes.Mark(now.event_id - 20, now.part_id - 20, now.message_id - 20)
    return changes.touched_since(session, before)


def _rows_of_queue(session: Session, case: Case) -> object:
    page, _ = queue.queue_page(session, EVERYTHING, AGENCY, case.now)
    return queue_rows.queue_rows(session, page, case.now)


PAGE_QUERIES: Mapping[str, Callable[[Session, Case], Any]] = {
    "sessions_listed": _listed(SessionFilter()),
    **{f"sessions_listed ({one.value})": _listed(SessionFilter(status=one)) for one in Status},
    "sessions_listed (tutor)": lambda s, c: sessions_listed(
        s, SessionFilter(person_id=c.tutor.id), AGENCY, c.now
    ),
    "sessions_listed (parent)": lambda s, c: sessions_listed(
        s, SessionFilter(person_id=c.parent.id), AGENCY, c.now, length=OF_FAMILY
    ),
    "sessions_listed (missed)": _listed(SessionFilter(missed=MissedKind.CHECK_IN)),
    "sessions_listed (flag)": _listed(SessionFilter(flag=Flag.NO_NOTES)),
    "queue: queue_page": lambda s, c: queue.queue_page(s, EVERYTHING, AGENCY, c.now),
    "queue: queue_counts": lambda s, c: queue.queue_counts(s, EVERYTHING, AGENCY, c.now),
    "queue: queue_item": lambda s, c: queue.queue_item(
        s, Matter.ATTENDANCE, c.awaiting, AGENCY, c.now
    ),
    "queue_rows": _rows_of_queue,
    "flagged": lambda s, c: flagged.flagged(s, c.now),
    "waiting": lambda s, c: waiting.waiting(s, AGENCY, c.now),
    "backlog": lambda s, c: backlog.backlog(s, c.now),
    "problems: open_problems": lambda s, _: problems.open_problems(s),
    "trail: done_by": lambda s, c: trail.done_by(s, c.coordinator.id, "1", c.now),
    "changes: newest": lambda s, _: changes.newest(s),
    "changes: touched_since": _touched,
    "upcoming_news: starting": lambda s, c: upcoming_news.starting(s, c.later.starts_at),
    "upcoming_news: ending": lambda s, c: upcoming_news.ending(s, c.later.ends_at),
    "upcoming_news: asked_again": lambda s, c: upcoming_news.asked_again(s, c.now),
    "upcoming_news: acts_done": lambda s, c: upcoming_news.acts_done(s, frozenset(Action), c.now),
    "history: history_of": lambda s, c: session_history.history_of(
        s, c.past, Role.PARENT, c.parent.id
    ),
    "own_sessions": lambda s, c: own_sessions.own_sessions(s, c.parent, newest_first=True),
    "family: next_of": lambda s, c: family.next_of(s, c.later.student_id, c.now),
    "family: sessions_in (upcoming)": lambda s, c: family.sessions_in(
        s, c.later.student_id, family.Tab.UPCOMING, c.now, 1
    ),
    "family: sessions_in (past)": lambda s, c: family.sessions_in(
        s, c.later.student_id, family.Tab.PAST, c.now, 1
    ),
    "family: counts": lambda s, c: family.counts(s, c.later.student_id, c.now),
    "teaching: taught_today": lambda s, c: teaching.taught_today(s, c.tutor, AGENCY, c.now),
    "teaching: taught_before": lambda s, c: teaching.taught_before(s, c.tutor, AGENCY, c.now, 1),
    "teaching: taught_later": lambda s, c: teaching.taught_later(s, c.tutor, AGENCY, c.now, 1),
    "teaching: count_later": lambda s, c: teaching.count_later(s, c.tutor, AGENCY, c.now),
    "requests: answers_owed_by_family": lambda s, c: requests.answers_owed_by_family(
        s, c.parent, c.now
    ),
    "people: in_reach": lambda s, c: people.in_reach(s, [c.parent.id]),
    "people: has_reached_parent": lambda s, c: people.has_reached_parent(s, c.later.student_id),
    "person_page: student_page": lambda s, c: person_page.student_page(s, c.later.student_id),
    "matches: matches_listed": lambda s, c: matches.matches_listed(s, c.now, MatchStatus, "19", 1),
    "matches: offers_to": lambda s, c: matches.offers_to(s, c.parent, c.now),
    "matches: agreed_with": lambda s, c: matches.agreed_with(s, c.tutor.id, c.later.student_id),
    "adhoc: taught_children": lambda s, c: adhoc.taught_children(s, c.tutor.id),
    "adhoc: logged_together": lambda s, c: adhoc.logged_together(
        s, c.tutor.id, c.later.student_id, c.now
    ),
    "packages: open_packages": lambda s, c: packages.open_packages(s, c.now),
    "packages: covering": lambda s, c: packages.covering(s, [c.later.student_id], c.now),
    "packages: owed_by_child": lambda s, _: packages.owed_by_child(s),
    "analytics: facts_between": lambda s, c: analytics.facts_between(
        s, c.now - timedelta(days=31), c.now
    ),
    "analytics: runways": lambda s, c: analytics.runways(s, c.now),
    "billing_months: lines_of": lambda s, _: billing_months.lines_of(
        s, AGENCY, MONTH, EVERYBODY, MONTH
    ),
    "billing_months: first_open": lambda s, c: billing_months.first_open(s, AGENCY, c.now),
    "statements: statement_of": lambda s, c: statements.statement_of(
        s, AGENCY, MONTH, Side.FAMILY, c.later.student_id, c.now
    ),
    "statements: statements_of": lambda s, c: statements.statements_of(s, AGENCY, MONTH, c.now),
}
