"""Reading never changes anything (SPEC 8): each query on a connection that cannot write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from inspect import isfunction, signature
from pkgutil import iter_modules

import pytest

from models import (
    AuditEvent,
    EvidenceFile,
    OutboxMessage,
    Person,
    RescheduleProposal,
    RescheduleThread,
    Student,
)
from models.enums import Action, DisputeReason, MessageKind, PartKind, Role, Status
from models.matters import Matter
from services import due, queries
from services.approvals.disputes import dispute
from services.approvals.problem_reports import report_problem
from services.db import Session
from services.lifecycle.actors import Source
from services.lifecycle.evidence import freeze
from services.notes.batches import open_batch, tally
from services.queries import (
    anything,
    audit_log,
    audit_subjects,
    backlog,
    cards,
    changes,
    dashboard,
    days,
    dispute_page,
    eligible,
    evidence,
    evidence_counts,
    family,
    files,
    flagged,
    found_people,
    found_sessions,
    history,
    inbox,
    late_changes,
    listed,
    meant,
    noted,
    notes,
    offered_slots,
    open_questions,
    own_sessions,
    people,
    people_listed,
    person_page,
    problems,
    questions,
    queue,
    queue_bulk,
    queue_rows,
    reach,
    replacements,
    replied,
    requests,
    scheduling,
    session_lists,
    sessions,
    sessions_listed,
    settled_requests,
    subjects,
    summaries,
    taken_leave,
    teaching,
    todos,
    together,
    trail,
    tutors,
    upcoming_news,
    waiting,
    weekly_to_come,
)
from services.queries.card_events import LastMove
from services.queries.listed_rows import rows_of
from services.queries.queue_filter import QueueFilter
from services.queries.sessions import SessionView
from services.queries.sessions_listed import SessionFilter
from services.queries.sign_in_links import invitation, sign_in_link
from services.rules.attendance_flags import Flag
from services.rules.queue import BulkAct
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row
from tests.services.queries import term_queries
from tests.services.scenes import Scene, another_session, carry_out, open_thread, scene

DAY = timedelta(days=1)
LATER = NOW + 3 * DAY
"""When windows have closed, the open thread has expired and attendance is missed."""

Query = Callable[[Session, Scene], object]


def with_a_sibling(session: Session, there: Scene) -> list[SessionView]:
    """The session, and that of another child at the same time."""
    (view,) = sessions.views_of(session, [there.id])
    other = Student(id=there.session.student_id + 1, name="Ryan Lim")
    return [view, replace(view, student=other)]


def asked_then(there: Scene) -> settled_requests.AskedThen:
    """A request to move the session that is over."""
    thread = RescheduleThread(appointment_id=there.id, expires_at=LATER, closed_at=NOW)
    version = RescheduleProposal(
        thread_id=1, proposed_by_id=1, new_starts_at=NOW, new_ends_at=LATER
    )
    return settled_requests.AskedThen(thread, version)


def notes_added(there: Scene) -> OutboxMessage:
    return OutboxMessage(
        dedupe_key="notes",
        kind=MessageKind.NOTES_ADDED,
        payload={},
        person_id=there.grace.id,
        appointment_id=there.id,
        created_at=NOW,
        due_at=NOW,
    )


def detail_of(session: Session, there: Scene) -> sessions.SessionDetail:
    detail = sessions.session_detail(session, there.id, there.grace)
    assert detail is not None
    return detail


def no_late_change(session: Session) -> None:
    with pytest.raises(LookupError):
        late_changes.late_change(session, 4711)


MOVED = LastMove(Action.MOVE, Role.COORDINATOR, LATER, 1, "Priya Nair", None)
QUERIES: dict[str, Query] = {
    "live_cards_of": lambda s, there: cards.live_cards_of(s, there.id, there.grace.id),
    "live_cards_of_dispute": lambda s, there: cards.live_cards_of_dispute(s, there.id, 1),
    "backlog": lambda s, _: backlog.backlog(s, LATER),
    "ungranted_by": lambda s, there: settled_requests.ungranted_by(s, there.id, MOVED),
    "asked_at": lambda s, there: settled_requests.asked_at(s, [there.id], NOW - DAY),
    "settled_by": lambda s, there: settled_requests.settled_by(s, asked_then(there), None),
    "in_reach": lambda s, there: people.in_reach(s, [there.grace.id]),
    "has_reached_parent": lambda s, there: people.has_reached_parent(s, there.session.student_id),
    "was_unlinked": lambda s, there: people.was_unlinked(s, 1, there.session.student_id),
    "names_in": lambda s, _: found_people.names_in(s, "emily and daniel lim"),
    "students_called": lambda s, _: scheduling.students_called(s, "lim"),
    "students_like": lambda s, _: scheduling.students_like(s, "emly"),
    "named_like": lambda s, _: scheduling.named_like(s, Person, "grcae"),
    "student_with": lambda s, there: scheduling.student_with(s, there.session.student_id),
    "tutors_for": lambda s, there: scheduling.tutors_for(s, there.session.student_id),
    "usual_for": lambda s, there: scheduling.usual_for(s, there.session.student_id),
    "usual_with": lambda s, there: scheduling.usual_with(
        s, there.session.student_id, there.tutor.id
    ),
    "to_tell_of": lambda s, there: session_lists.to_tell_of(s, there.grace, NOW),
    "too_late_to_change": lambda s, there: session_lists.too_late_to_change(s, there.grace, NOW),
    "waiting": lambda s, _: waiting.waiting(s, AGENCY, LATER),
    "has_new_card": lambda s, there: cards.has_new_card(s, notes_added(there)),
    "flagged": lambda s, _: flagged.flagged(s, LATER),
    "late_change": lambda s, _: no_late_change(s),
    "late_changes_of": lambda s, there: late_changes.late_changes_of(s, [there.session.id]),
    "late_changes_waiting": lambda s, _: late_changes.late_changes_waiting(s, LATER),
    "unreached": lambda s, there: reach.unreached(s, there.session, Role.TUTOR),
    "sessions_with_request": lambda s, there: reach.sessions_with_request(s, there.tutor),
    "sign_in_link": lambda s, _: sign_in_link(s, 1),
    "invitation": lambda s, _: invitation(s, 1),
    "is_told": lambda s, there: late_changes.is_told(s, there.session.id),
    "told_still": lambda s, there: late_changes.told_still(s, there.session.id),
    "dealt_with_by": lambda s, there: late_changes.dealt_with_by(s, there.session.id, 4711),
    "is_handed_over": lambda s, there: late_changes.is_handed_over(s, there.session.id, 4711),
    "everybody_called": lambda s, _: found_people.everybody_called(s, "lim", LATER, 5),
    "parents_of": lambda s, there: found_people.parents_of(s, [there.session.student_id]),
    "answers_owed_by_family": lambda s, there: requests.answers_owed_by_family(
        s, there.grace, NOW - DAY
    ),
    "requests_in": lambda s, there: requests.requests_in(
        s, sessions.views_of(s, [there.id]), NOW - DAY
    ),
    "person_with": lambda s, there: people.person_with(s, there.grace.id),
    "session_of_dispute": lambda s, _: subjects.session_of_dispute(s, 1),
    "session_of_proposal": lambda s, _: subjects.session_of_proposal(s, 1),
    "session_of_summary": lambda s, _: subjects.session_of_summary(s, 1),
    "summary_for": lambda s, there: summaries.summary_for(s, there.id, "en"),
    "is_wanted": lambda s, there: replacements.is_wanted(s, there.id),
    "replacements_wanted": lambda s, _: replacements.replacements_wanted(s),
    "asked_for": lambda s, there: replacements.asked_for(s, [there.id]),
    "replacement_of": lambda s, there: replacements.replacement_of(s, there.id),
    "dashboard": lambda s, _: dashboard.dashboard(s, AGENCY, LATER),
    "not_checked_in": lambda s, _: dashboard.not_checked_in(s, AGENCY, LATER),
    "missed": lambda s, _: dashboard.missed(s, AGENCY, LATER),
    "open_disputes": lambda s, _: dashboard.open_disputes(s),
    "dispute_with_names": lambda s, _: dashboard.dispute_with_names(s, 1),
    "next_window": lambda s, _: eligible.next_window(s, AGENCY, NOW),
    "next_start": lambda s, _: session_lists.next_start(s, NOW),
    "next_end": lambda s, _: session_lists.next_end(s, NOW),
    "more_was_sent": lambda s, _: inbox.more_was_sent(s, 4711, 1),
    "late_parts": lambda s, _: notes.late_parts(s, [1]),
    "part_removed_at": lambda s, _: notes.part_removed_at(s, 1, NOW),
    "file_for": lambda s, there: files.file_for(s, there.grace, 1),
    "with_notes": lambda s, there: noted.with_notes(s, there.grace, 1),
    "session_notes": lambda s, there: noted.session_notes(s, there.id, there.grace),
    "notes_of": lambda s, there: notes.notes_of(s, there.id),
    "live_cards_of_report": lambda s, there: cards.live_cards_of_report(s, 1, there.grace.id),
    "evidence_counts": lambda s, _: evidence_counts.evidence_counts(s, 1),
    "evidence_of_dispute": lambda s, _: evidence.evidence_of_dispute(s, 1),
    "problems_by": lambda s, there: problems.problems_by(s, there.id, there.grace.id),
    "problem_of": lambda s, _: problems.problem_of(s, 1),
    "open_problems": lambda s, _: problems.open_problems(s),
    "count_open": lambda s, _: problems.count_open(s),
    "session_detail": lambda s, there: sessions.session_detail(s, there.id, there.grace),
    "session_view": lambda s, there: sessions.session_view(s, there.id),
    "roles_in": lambda s, there: sessions.roles_in(s, there.session, there.grace),
    "roles_in_each": lambda s, there: sessions.roles_in_each(
        s, sessions.views_of(s, [there.id]), there.grace
    ),
    "children_of": lambda s, there: sessions.children_of(s, there.grace),
    "own_sessions": lambda s, there: own_sessions.own_sessions(s, there.grace),
    "views_where": lambda s, _: sessions.views_where(s),
    "views_of": lambda s, there: sessions.views_of(s, [there.id]),
    "of_day": lambda s, there: session_lists.of_day(s, there.grace, AGENCY, LATER),
    "upcoming": lambda s, there: session_lists.upcoming(s, there.grace, AGENCY, LATER),
    "changeable": lambda s, there: session_lists.changeable(s, there.grace, NOW - DAY),
    "offered_instead": lambda s, there: offered_slots.offered_instead(
        s, detail_of(s, there), NOW, AGENCY.zone, ZONE
    ),
    "suggested_starts": lambda s, there: offered_slots.suggested_starts(
        s, there.session, NOW, AGENCY.zone, ZONE
    ),
    "is_told_last": lambda s, there: replied.is_told_last(s, there.grace.id, 1, 2),
    "shown_last": lambda s, _: replied.shown_last(s, 1),
    "session_of_message": lambda s, there: replied.session_of_message(s, there.grace.id, 1, 2),
    "weekly_to_come": lambda s, there: weekly_to_come.weekly_to_come(
        s, there.tutor.id, there.student.id, NOW, NOW + 100 * DAY, ZONE
    ),
    "starts_of_day": lambda s, there: offered_slots.starts_of_day(
        s, there.session, (NOW + DAY).date(), NOW, AGENCY.zone, ZONE
    ),
    "free_days": lambda s, there: offered_slots.free_days(
        s, there.session, [(NOW + DAY).date()], NOW, AGENCY.zone, ZONE
    ),
    "sessions_called": lambda s, _: found_sessions.sessions_called(s, "lim", LATER, 5),
    "nearest_sessions": lambda s, there: found_sessions.nearest_sessions(
        s, [there.tutor.id], [there.student.id], LATER, 5
    ),
    "free_tutors": lambda s, there: tutors.free_tutors(s, there.session, ZONE),
    "teaches_own": lambda s, t: family.teaches_own(s, t.grace),
    "taught_together": lambda s, there: together.taught_together(s, with_a_sibling(s, there)),
    "beside": lambda s, there: together.beside(s, sessions.views_of(s, [there.id])[0]),
    "replacement": lambda s, there: replacements.replacement(s, there.session),
    "next_scheduled": lambda s, there: session_lists.next_scheduled(s, there.grace, NOW),
    "to_check_in": lambda s, there: eligible.to_check_in(s, there.tutor, AGENCY, NOW),
    "ids_to_check_in": lambda s, there: eligible.ids_to_check_in(s, there.tutor, AGENCY, NOW),
    "to_check_out": lambda s, there: eligible.to_check_out(s, there.tutor, NOW),
    "all_in_progress": lambda s, _: session_lists.all_in_progress(s),
    "all_awaiting": lambda s, _: session_lists.all_awaiting(s),
    "in_progress": lambda s, there: eligible.in_progress(s, there.tutor),
    "nearest_scheduled": lambda s, there: eligible.nearest_scheduled(s, there.tutor, LATER),
    "nearest_to_check_out": lambda s, there: eligible.nearest_to_check_out(
        s, there.tutor, AGENCY, LATER
    ),
    "for_notes": lambda s, there: eligible.for_notes(s, there.tutor, NOW),
    "meant_by_parent": lambda s, there: meant.meant_by_parent(s, there.grace, 1, LATER, 3),
    "disputed_lately": lambda s, _: meant.disputed_lately(s, (), LATER),
    "lost_lately": lambda s, there: meant.lost_lately(s, there.grace, NOW - DAY),
    "awaiting_parent": lambda s, there: session_lists.awaiting_parent(s, there.grace),
    "missed_taps": lambda s, there: todos.missed_taps(s, there.tutor, AGENCY, LATER),
    "without_notes": lambda s, there: todos.without_notes(s, there.tutor, LATER),
    "answers_owed_for": lambda s, there: requests.answers_owed_for(
        s, [there.session.student_id], NOW - DAY
    ),
    "answers_owed": lambda s, there: requests.answers_owed(s, there.tutor, NOW - DAY),
    "next_expiry": lambda s, _: requests.next_expiry(s, NOW - DAY),
    "requests_expiring": lambda s, _: requests.requests_expiring(s, NOW - DAY, DAY),
    "count_overdue": lambda s, _: questions.count_overdue(s, LATER),
    "open_questions": lambda s, there: (
        questions.open_questions(s, LATER),
        open_questions.open_questions(s, there.id, None),
    ),
    "has_moved_since": lambda s, there: open_questions.has_moved_since(s, there.id, NOW - DAY),
    "tutors_with_a_day": lambda s, _: days.tutors_with_a_day(s, AGENCY, NOW),
    "parents_with_sessions": lambda s, _: days.parents_with_sessions(s, AGENCY, NOW.date()),
    "taught_on": lambda s, there: days.taught_on(s, there.tutor, AGENCY, NOW),
    "of_children_on": lambda s, there: days.of_children_on(s, there.grace, AGENCY, NOW.date()),
    "newest": lambda s, _: changes.newest(s),
    "touched_since_each": lambda s, _: changes.touched_since_each(s, [changes.Mark()]),
    "touched_since": lambda s, _: changes.touched_since(s, changes.Mark()),
    "evidence_for": lambda s, there: evidence.evidence_for(s, there.grace, 1),
    "children": lambda s, there: family.children(s, there.grace),
    "children_awaiting": lambda s, there: family.children_awaiting(s, there.grace),
    "counts": lambda s, there: family.counts(s, there.student.id, LATER),
    "sessions_in": lambda s, there: [
        family.sessions_in(s, there.student.id, tab, LATER, 1) for tab in family.Tab
    ],
    "next_of": lambda s, there: family.next_of(s, there.student.id, NOW - DAY),
    "has_notes": lambda s, there: notes.has_notes(s, there.id),
    "history_of": lambda s, there: history.history_of(s, there.id, Role.PARENT, 1),
    "listed": lambda s, there: listed.listed(s, rows_of(sessions.views_of(s, [there.id])), "en"),
    "taught_today": lambda s, there: teaching.taught_today(s, there.tutor, AGENCY, NOW),
    "taught_later": lambda s, there: teaching.taught_later(s, there.tutor, AGENCY, NOW, 1),
    "taught_before": lambda s, there: teaching.taught_before(s, there.tutor, AGENCY, LATER, 1),
    "count_later": lambda s, there: teaching.count_later(s, there.tutor, AGENCY, NOW),
    "starting": lambda s, there: upcoming_news.starting(s, there.session.starts_at),
    "ending": lambda s, there: upcoming_news.ending(s, there.session.ends_at),
    "with_request_until": lambda s, there: upcoming_news.with_request_until(
        s, there.session.starts_at
    ),
    "asked_again": lambda s, _: upcoming_news.asked_again(s, LATER),
    "queue_page": lambda s, _: queue.queue_page(s, QueueFilter(words="e"), AGENCY, LATER),
    "queue_counts": lambda s, _: queue.queue_counts(s, QueueFilter(), AGENCY, LATER),
    "queue_item": lambda s, there: queue.queue_item(s, Matter.ATTENDANCE, there.id, AGENCY, LATER),
    "queue_rows": lambda s, _: queue_rows.queue_rows(
        s, queue.queue_page(s, QueueFilter(), AGENCY, LATER)[0], LATER
    ),
    "nudges": lambda s, there: queue_rows.nudges(s, {there.id}),
    "sessions_listed": lambda s, _: [
        sessions_listed.sessions_listed(s, wanted, AGENCY, LATER)
        for wanted in (
            SessionFilter(flag=Flag.SHORT),
            *(SessionFilter(status=one) for one in Status if one is not Status.APPROVED),
        )
    ],
    "foresee": lambda s, _: [
        queue_bulk.foresee(
            s,
            act,
            queue_rows.queue_rows(s, queue.queue_page(s, QueueFilter(), AGENCY, LATER)[0], LATER),
            LATER,
        )
        for act in (BulkAct.NUDGE, BulkAct.VERIFY)
    ],
    "whole_dispute": lambda s, there: dispute_page.whole_dispute(s, 1, there.coordinator),
    "done_by": lambda s, there: trail.done_by(s, there.grace.id, "1", NOW),
    "last_by": lambda s, there: trail.last_by(s, there.grace.id, there.id, [Action.ACKNOWLEDGE]),
    "session_of_matter": lambda s, there: subjects.session_of_matter(
        s, Matter.ATTENDANCE, there.id
    ),
    "acts_done": lambda s, _: upcoming_news.acts_done(s, frozenset(Action), NOW),
    "todos_of": lambda s, there: todos.todos_of(s, there.tutor, AGENCY, LATER),
}
QUERIES |= {
    "people_listed": lambda s, _: people_listed.people_listed(
        s, "lim", Role.PARENT, people_listed.Place("A", 0)
    ),
    "children_listed": lambda s, _: people_listed.children_listed(s, "lim", None),
    "children_names": lambda s, there: people_listed.children_names(s, [there.grace]),
    "person_page": lambda s, there: person_page.person_page(s, there.grace.id, NOW),
    "student_page": lambda s, there: person_page.student_page(s, there.student.id),
    "devices_of": lambda s, there: person_page.devices_of(s, there.grace.id, NOW),
    "taken_leave": lambda s, _: taken_leave.taken_leave(s, 1),
    "subjects_of": lambda s, _: audit_subjects.subjects_of(
        s,
        [
            AuditEvent(details={name: 1})
            for name in (
                *("match_id", "package_id", "statement_id"),
                *("billing_adjustment_id", "leave_id", "person_id"),
            )
        ],
    ),
    "log_entries": lambda s, there: [
        audit_log.log_entries(s, wanted)
        for wanted in (
            audit_log.LogFilter(person_id=there.grace.id),
            audit_log.LogFilter(begins_at=NOW - DAY, ends_at=NOW + DAY),
        )
    ],
    "find_anything": lambda s, there: anything.find_anything(s, str(there.id), AGENCY, NOW),
}
ALSO_READING: dict[str, Query] = {
    "next_due": lambda s, _: due.next_due(s, AGENCY, NOW),
    "next_event": lambda s, _: due.next_event(s, AGENCY, NOW),
    "tally": lambda s, _: tally(s, 1),
    "freeze": lambda s, there: freeze(s, there.session),
}


def test_every_query_is_tried_here() -> None:
    defined = {
        name
        for module in iter_modules(queries.__path__)
        for name, found in vars(import_module(f"{queries.__name__}.{module.name}")).items()
        if isfunction(found)
        and next(iter(signature(found).parameters), "") == "session"
        and found.__module__.startswith(queries.__name__)
        and not name.startswith("_")
    }

    assert set(QUERIES | term_queries.QUERIES) == defined


def test_no_query_writes_even_where_time_has_moved_on(database: OpenDatabase) -> None:
    there = scene(database)
    open_thread(database, there)
    running = another_session(database, there, status=Status.CHECKED_IN)
    carry_out(database, open_batch, running.id, acting(there.tutor), 4711)
    answered = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, dispute, answered.id, acting(there.grace), DisputeReason.CONDUCT, None)
    told = Source(4711, 2)
    carry_out(database, report_problem, answered.id, acting(there.grace), "Noise", told)
    with database.unit_of_work() as session:
        builders.note_part(
            session,
            there.session,
            kind=PartKind.PHOTO,
            media_key="notes/ab/abcdef.jpg",
            stored_at=NOW,
        )
        session.add(
            EvidenceFile(
                appointment_id=answered.id,
                dispute_id=1,
                author_id=there.grace.id,
                kind=PartKind.PHOTO,
                created_at=NOW,
                media_key="notes/ab/abcdef.jpg",
                stored_at=NOW,
            )
        )
    before = every_row(database)

    for name, query in (QUERIES | term_queries.QUERIES | ALSO_READING).items():
        try:
            with database.reading() as session:
                query(session, there)
        except Exception as error:
            error.add_note(f"in the query {name}")
            raise

    assert every_row(database) == before
