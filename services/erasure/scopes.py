"""What an erasure is about: whose words go, and which rows (SPEC 11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, or_, select
from sqlmodel import SQLModel

from services.erasure.columns import WORDS

Condition = ColumnElement[bool]
OF_SESSIONS = (
    *("audit_event", "cancellation", "dispute", "evidence_file", "note_part", "note_summary"),
    *("outbox_message", "problem_report"),
)
"""Tables whose rows name their session."""


@dataclass(frozen=True)
class Scope:
    """Rows that an erasure concerns."""

    name: str
    """Name that goes."""
    sessions: Select[tuple[int]]
    """Their sessions, in whose rows every word of the name goes, elsewhere only the whole name."""
    words: Mapping[tuple[str, str], Condition]
    """Rows whose text goes, by table and column."""
    deleted: Mapping[str, Condition]
    """Rows that go, by table: they are of no use without the words, or give access."""
    people: Select[tuple[int]]
    """People whose private chats hold their words."""
    person_id: int | None = None
    """Person who goes; None where it is a child."""

    def of_sessions(self, name: str) -> Condition | None:
        """Rows of a table that belong to their sessions; None where the table has no such rows."""
        if name == "reschedule_proposal":
            thread = table_named("reschedule_thread")
            threads = select(thread.c.id).where(thread.c.appointment_id.in_(self.sessions))
            return table_named(name).c.thread_id.in_(threads)
        if name == "problem_reply":
            report = table_named("problem_report")
            reports = select(report.c.id).where(report.c.appointment_id.in_(self.sessions))
            return table_named(name).c.report_id.in_(reports)
        if name in ("package_entry", "match"):
            appointment = table_named("appointment").c
            taught = select(appointment.student_id).where(appointment.id.in_(self.sessions))
            return table_named(name).c.student_id.in_(taught)
        if name in OF_SESSIONS:
            return table_named(name).c.appointment_id.in_(self.sessions)
        return None


def table_named(name: str) -> Table:
    """Table with this name."""
    return SQLModel.metadata.tables[name]


def of_child(child_id: int, name: str) -> Scope:
    """A child: everything that anybody wrote about their sessions."""
    appointment, guardianship = table_named("appointment"), table_named("guardianship")
    sessions = select(appointment.c.id).where(appointment.c.student_id == child_id)
    guardians = select(guardianship.c.person_id).where(guardianship.c.student_id == child_id)
    tutors = select(appointment.c.tutor_id).where(appointment.c.student_id == child_id)
    of_them = Scope(name, sessions, {}, {}, guardians)
    words = {
        (table, column): condition
        for table, columns in WORDS.items()
        if (condition := of_them.of_sessions(table)) is not None
        for column in columns
    }
    for table, column in (
        ("package_entry", "reason"),
        ("billing_adjustment", "reason"),
        ("match", "decline_reason"),
        ("billing_line", "child"),
    ):
        words[table, column] = table_named(table).c.student_id == child_id
    event = table_named("audit_event").c
    for column in WORDS["audit_event"]:
        about = ("audit_event", column)
        words[about] = or_(words[about], event.student_id == child_id)
    deleted = {
        "card": table_named("card").c.appointment_id.in_(sessions),
        "evidence_file": table_named("evidence_file").c.appointment_id.in_(sessions),
        "guardianship": guardianship.c.student_id == child_id,
        "listed_appointment": table_named("listed_appointment").c.appointment_id.in_(sessions),
        "note_summary": table_named("note_summary").c.appointment_id.in_(sessions),
        "standing_message": _standing_about(child_id, sessions),
    }
    person = table_named("person")
    people = select(person.c.id).where(or_(person.c.id.in_(guardians), person.c.id.in_(tutors)))
    return Scope(name, sessions, words, deleted, people)


def _standing_about(child_id: int, sessions: Select[tuple[int]]) -> Condition:
    """Messages that stand in chats and speak of their sessions or matches."""
    match, standing = table_named("match"), table_named("standing_message")
    matches = select(match.c.id).where(match.c.student_id == child_id)
    return or_(standing.c.appointment_id.in_(sessions), standing.c.match_id.in_(matches))


def of_person(person_id: int, name: str) -> Scope:
    """A person: what they wrote, what was written to them, and their account."""
    appointment, guardianship = table_named("appointment"), table_named("guardianship")
    children = select(guardianship.c.student_id).where(guardianship.c.person_id == person_id)
    taught = select(appointment.c.id).where(appointment.c.tutor_id == person_id)
    sessions = select(appointment.c.id).where(
        or_(appointment.c.tutor_id == person_id, appointment.c.student_id.in_(children))
    )
    authors = {
        ("cancellation", "text"): "cancelled_by_id",
        ("cancellation", "waiver_reason"): "waived_by_id",
        ("dispute", "text"): "opened_by_id",
        ("dispute", "settlement_reason"): "settled_by_id",
        ("billing_adjustment", "reason"): "actor_id",
        ("billing_line", "tutor"): "tutor_id",
        ("match", "decline_reason"): "answered_by_id",
        ("package_entry", "reason"): "actor_id",
        ("statement_mark", "reason"): "actor_id",
        ("problem_reply", "text"): "person_id",
        ("problem_report", "text"): "person_id",
        ("reschedule_proposal", "text"): "proposed_by_id",
        ("tutor_leave", "reason"): "tutor_id",
        **{("audit_event", column): "actor_id" for column in WORDS["audit_event"]},
        **{("evidence_file", column): "author_id" for column in WORDS["evidence_file"]},
        **{("note_part", column): "author_id" for column in WORDS["note_part"]},
        **{("outbox_message", column): "person_id" for column in WORDS["outbox_message"]},
    }
    words = {key: table_named(key[0]).c[author] == person_id for key, author in authors.items()}
    event = table_named("audit_event").c
    for column in WORDS["audit_event"]:
        about = ("audit_event", column)
        words[about] = or_(words[about], event.person_id == person_id)
    dispute = table_named("dispute").c
    words["dispute", "evidence"] = or_(
        dispute.opened_by_id == person_id, dispute.appointment_id.in_(taught)
    )
    deleted = {
        name: table_named(name).c.person_id == person_id
        for name in (
            *("calendar_feed", "card", "guardianship", "invitation", "shown_list", "sign_in_link"),
            *("standing_message", "web_session"),
        )
    }
    evidence = table_named("evidence_file").c
    deleted["evidence_file"] = or_(
        evidence.author_id == person_id, evidence.appointment_id.in_(taught)
    )
    deleted["note_summary"] = table_named("note_summary").c.appointment_id.in_(taught)
    person = table_named("person").c.id
    return Scope(
        name, sessions, words, deleted, select(person).where(person == person_id), person_id
    )
