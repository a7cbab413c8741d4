"""Every query of `services.queries`, every read of inbox and outbox, and every sweep.

Besides `product`, only this, `page_queries` and `cases` know the product's internals. Each entry
has a name, and a call on a database session for a `Case`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from benchmarks import history_rows as history
from benchmarks.cases import AGENCY, Case
from benchmarks.page_queries import PAGE_QUERIES
from models.enums import Action
from services import due
from services.db import Session
from services.messaging import deliveries, inbox
from services.notes import batches, quiet_batches
from services.notifications import late_media, missed
from services.notifications.reminders import acknowledgements, attendance
from services.notifications.reminders import days as day_reminders
from services.notifications.reminders import requests as request_reminders
from services.people import accounts
from services.queries import (
    anything,
    audit_log,
    cards,
    dashboard,
    days,
    eligible,
    files,
    found_sessions,
    meant,
    noted,
    offered_slots,
    people_listed,
    person_page,
    questions,
    reach,
    replacements,
    replied,
    requests,
    session_lists,
    sessions,
    settled_requests,
    todos,
    together,
    trail,
    tutors,
    weekly_to_come,
)
from services.queries import inbox as inbox_queries
from services.queries import notes as note_queries
from services.reschedules import expiry
from services.rules.offered_slots import calendar_days

Call = Callable[[Session, Case], Any]
"""Call of a query or sweep; its result does not matter."""

_MORNING = history.NOW - timedelta(hours=4)
_EVENING = history.NOW + timedelta(hours=6)
"""When daily messages are due: 09:30 and 19:30 in the agency's zone."""
_TOMORROW = (history.NOW + timedelta(days=1)).date()

QUERIES: Mapping[str, Call] = {
    "dashboard": lambda s, c: dashboard.dashboard(s, AGENCY, c.now),
    "dashboard: missed": lambda s, c: dashboard.missed(s, AGENCY, c.now),
    "dashboard: open_disputes": lambda s, _: dashboard.open_disputes(s),
    "dashboard: dispute_with_names": lambda s, c: dashboard.dispute_with_names(s, c.dispute),
    "days: tutors_with_a_day": lambda s, c: days.tutors_with_a_day(s, AGENCY, c.now),
    "days: parents_with_sessions": lambda s, _: days.parents_with_sessions(s, AGENCY, _TOMORROW),
    "days: taught_on": lambda s, c: days.taught_on(s, c.tutor, AGENCY, c.now),
    "days: of_children_on": lambda s, c: days.of_children_on(s, c.parent, AGENCY, _TOMORROW),
    "next_due": lambda s, c: due.next_due(s, AGENCY, c.now),
    "next_event": lambda s, c: due.next_event(s, AGENCY, c.now),
    "eligible: to_check_in": lambda s, c: eligible.to_check_in(s, c.tutor, AGENCY, c.now),
    "eligible: ids_to_check_in": lambda s, c: eligible.ids_to_check_in(s, c.tutor, AGENCY, c.now),
    "eligible: to_check_out": lambda s, c: eligible.to_check_out(s, c.tutor, c.now),
    "eligible: in_progress": lambda s, c: eligible.in_progress(s, c.tutor),
    "eligible: nearest_scheduled": lambda s, c: eligible.nearest_scheduled(s, c.tutor, c.now),
    "eligible: nearest_to_check_out": lambda s, c: eligible.nearest_to_check_out(
        s, c.tutor, AGENCY, c.now
    ),
    "eligible: for_notes": lambda s, c: eligible.for_notes(s, c.tutor, c.now),
    "files: file_for": lambda s, c: files.file_for(s, c.coordinator, c.stored_file),
    "found_sessions: sessions_called": lambda s, c: found_sessions.sessions_called(
        s, "Tutor 19", c.now, 20
    ),
    "found_sessions: nearest_sessions": lambda s, c: found_sessions.nearest_sessions(
        s, [c.tutor.id], [], c.now, 20
    ),
    "inbox: more_was_sent": lambda s, c: inbox_queries.more_was_sent(
        s, c.tutor.telegram_user_id or 0, 10**9
    ),
    "noted: with_notes (tutor)": lambda s, c: noted.with_notes(s, c.tutor, 1),
    "noted: with_notes (parent)": lambda s, c: noted.with_notes(s, c.parent, 1),
    "noted: with_notes (coordinator)": lambda s, c: noted.with_notes(s, c.coordinator, 1),
    "noted: session_notes": lambda s, c: noted.session_notes(s, c.past, c.parent),
    "notes: notes_of": lambda s, c: note_queries.notes_of(s, c.past),
    "notes: part_removed_at": lambda s, c: note_queries.part_removed_at(s, c.open_batch, c.now),
    "notes: late_parts": lambda s, c: note_queries.late_parts(s, [c.stored_file]),
    "offered_slots: suggested_starts": lambda s, c: offered_slots.suggested_starts(
        s, c.later, c.now, AGENCY.zone, AGENCY.zone
    ),
    "offered_slots: starts_of_day": lambda s, c: offered_slots.starts_of_day(
        s, c.later, _TOMORROW, c.now, AGENCY.zone, AGENCY.zone
    ),
    "offered_slots: closed_all_day": lambda s, c: offered_slots.closed_all_day(
        s, c.later, _TOMORROW, AGENCY.zone, AGENCY.zone
    ),
    "offered_slots: free_days": lambda s, c: offered_slots.free_days(
        s, c.later, calendar_days(_TOMORROW, 0), c.now, AGENCY.zone, AGENCY.zone
    ),
    "weekly_to_come: weekly_to_come": lambda s, c: weekly_to_come.weekly_to_come(
        s, c.tutor.id, c.later.student_id, c.now, c.now + timedelta(days=100), AGENCY.zone
    ),
    "questions: open_questions": lambda s, c: questions.open_questions(s, c.now),
    "questions: count_overdue": lambda s, c: questions.count_overdue(s, c.now),
    "replacements: replacement": lambda s, c: replacements.replacement(s, c.later),
    "requests: requests_expiring": lambda s, c: requests.requests_expiring(s, c.now),
    "requests: answers_owed": lambda s, c: requests.answers_owed(s, c.tutor, c.now),
    "session_lists: of_day (tutor)": lambda s, c: session_lists.of_day(s, c.tutor, AGENCY, c.now),
    "session_lists: of_day (parent)": lambda s, c: session_lists.of_day(s, c.parent, AGENCY, c.now),
    "session_lists: upcoming (tutor)": lambda s, c: session_lists.upcoming(
        s, c.tutor, AGENCY, c.now
    ),
    "session_lists: upcoming (parent)": lambda s, c: session_lists.upcoming(
        s, c.parent, AGENCY, c.now
    ),
    "session_lists: changeable (tutor)": lambda s, c: session_lists.changeable(s, c.tutor, c.now),
    "session_lists: changeable (parent)": lambda s, c: session_lists.changeable(s, c.parent, c.now),
    "session_lists: next_scheduled (tutor)": lambda s, c: session_lists.next_scheduled(
        s, c.tutor, c.now
    ),
    "session_lists: next_scheduled (parent)": lambda s, c: session_lists.next_scheduled(
        s, c.parent, c.now
    ),
    "session_lists: all_in_progress": lambda s, _: session_lists.all_in_progress(s),
    "session_lists: all_awaiting": lambda s, _: session_lists.all_awaiting(s),
    "session_lists: awaiting_parent": lambda s, c: session_lists.awaiting_parent(s, c.parent),
    "session_lists: too_late_to_change (tutor)": lambda s, c: session_lists.too_late_to_change(
        s, c.tutor, c.now
    ),
    "session_lists: too_late_to_change (parent)": lambda s, c: session_lists.too_late_to_change(
        s, c.parent, c.now
    ),
    "session_lists: to_tell_of (tutor)": lambda s, c: session_lists.to_tell_of(s, c.tutor, c.now),
    "session_lists: to_tell_of (parent)": lambda s, c: session_lists.to_tell_of(s, c.parent, c.now),
    "meant: meant_by_parent": lambda s, c: meant.meant_by_parent(
        s, c.parent, c.parent.telegram_user_id or 0, c.now, 3
    ),
    "meant: lost_lately": lambda s, c: meant.lost_lately(s, c.parent, c.now),
    "replied: session_of_message": lambda s, c: replied.session_of_message(
        s, c.parent.id, c.parent.telegram_user_id or 0, 10**9
    ),
    "settled_requests: asked_at": lambda s, c: settled_requests.asked_at(
        s, [c.past, c.later.id], c.now
    ),
    "todos: missed_taps": lambda s, c: todos.missed_taps(s, c.tutor, AGENCY, c.now),
    "cards: live_cards_of": lambda s, c: cards.live_cards_of(s, c.past, c.parent.id),
    "cards: live_cards_of_dispute": lambda s, c: cards.live_cards_of_dispute(s, c.past, c.dispute),
    "cards: live_cards_of_report": lambda s, c: cards.live_cards_of_report(s, 1, c.parent.id),
    "trail: last_by": lambda s, c: trail.last_by(s, c.tutor.id, c.past, [Action.CHECK_IN]),
    "reach: sessions_with_request": lambda s, c: reach.sessions_with_request(s, c.parent),
    "together: taught_together": lambda s, c: together.taught_together(
        s, session_lists.upcoming(s, c.tutor, AGENCY, c.now)
    ),
    "together: beside": lambda s, c: together.beside(s, sessions.views_of(s, [c.later.id])[0]),
    "sessions: session_detail (tutor)": lambda s, c: sessions.session_detail(
        s, c.awaiting, c.tutor
    ),
    "sessions: session_detail (parent)": lambda s, c: sessions.session_detail(s, c.past, c.parent),
    "sessions: session_detail (group)": lambda s, c: sessions.session_detail(s, c.past, None),
    "sessions: session_view": lambda s, c: sessions.session_view(s, c.past),
    "sessions: views_of": lambda s, c: sessions.views_of(s, [c.past, c.awaiting]),
    "sessions: roles_in": lambda s, c: sessions.roles_in(s, c.later, c.parent),
    "todos: todos_of": lambda s, c: todos.todos_of(s, c.tutor, AGENCY, c.now),
    "todos: without_notes": lambda s, c: todos.without_notes(s, c.tutor, c.now),
    "tutors: free_tutors": lambda s, c: tutors.free_tutors(s, c.later, AGENCY.zone),
    "people: identify": lambda s, c: accounts.identify(s, c.tutor.telegram_user_id or 0),
    "people: people_called": lambda s, _: accounts.people_called(s, "Tutor 19"),
    "people_listed: people_listed": lambda s, _: people_listed.people_listed(s, "19", None, None),
    "people_listed: children_listed": lambda s, _: people_listed.children_listed(s, "19", None),
    "person_page: person_page": lambda s, c: person_page.person_page(s, c.parent.id, c.now),
    "audit_log: log_entries (newest)": lambda s, _: audit_log.log_entries(s, audit_log.LogFilter()),
    "audit_log: log_entries (person)": lambda s, c: audit_log.log_entries(
        s, audit_log.LogFilter(person_id=c.tutor.id)
    ),
    "audit_log: log_entries (day, action)": lambda s, c: audit_log.log_entries(
        s,
        audit_log.LogFilter(
            action=Action.VERIFY, begins_at=c.now - timedelta(days=31), ends_at=c.now
        ),
    ),
    "anything: find_anything": lambda s, c: anything.find_anything(s, "19", AGENCY, c.now),
    "notes: tally": lambda s, c: batches.tally(s, c.open_batch),
    "inbox: pending": lambda s, _: inbox.pending(s),
    "outbox: due": lambda s, c: deliveries.due(s, c.now),
    "outbox: any_expired": lambda s, c: deliveries.any_expired(s, c.now),
    **PAGE_QUERIES,
}

SWEEPS: Mapping[str, Call] = {
    "close_quiet_batches": lambda s, c: quiet_batches.close_quiet_batches(s, c.now),
    "expired_sessions": lambda s, c: expiry.expired_sessions(s, c.now),
    "alert_missed": lambda s, c: missed.alert_missed(s, AGENCY, c.now),
    "alert_late_media": lambda s, c: late_media.alert_late_media(s, c.now),
    "send_digests": lambda s, _: day_reminders.send_digests(s, AGENCY, _MORNING),
    "announce_tomorrow": lambda s, _: day_reminders.announce_tomorrow(s, AGENCY, _EVENING),
    "remind_to_check_in": lambda s, c: attendance.remind_to_check_in(s, AGENCY, c.now),
    "remind_to_check_out": lambda s, c: attendance.remind_to_check_out(s, AGENCY, c.now),
    "remind_of_answers": lambda s, c: request_reminders.remind_of_answers(s, AGENCY, c.now),
    "remind_of_expiry": lambda s, c: request_reminders.remind_of_expiry(s, AGENCY, c.now),
    "tell_overdue": lambda s, _: acknowledgements.tell_overdue(s, AGENCY, _MORNING),
}
"""Sweeps that have been run before, so that they find nothing new to write."""
