"""Summaries of a session's notes: requested, shown, judged (SPEC 4). Making: `making`."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import text, update
from sqlmodel import col, func, select

from models import Appointment, Guardianship, NotePart, NoteSummary, Person
from models.enums import Action, Role, SummaryStatus
from services.db import Session
from services.inserts import insert_once
from services.lifecycle.access import for_update, require_tutor
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import read_appointment
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import record
from services.messaging import cards
from services.notifications.announcements import refresh_cards
from services.rules.actions import require
from services.rules.refusals.sessions import StaleButton
from services.rules.session_actions import SessionAction
from services.rules.session_facts import MadeSummary
from services.rules.summaries import Summary, language_of
from services.rules.texts import require_reason
from services.typed_json import adapter_of


def request_summaries(session: Session, appointment: Appointment, now: datetime) -> None:
    """Request new summaries after a change of the notes, one for each language that is read.

    A request that still waits is for the notes as they are now.
    """
    newest = session.exec(
        select(func.max(NoteSummary.version)).where(NoteSummary.appointment_id == appointment.id)
    )
    version = (newest.one() or 0) + 1
    waiting = session.exec(
        update(NoteSummary)
        .where(
            col(NoteSummary.appointment_id) == appointment.id,
            text("note_summary.status = 'pending'"),
        )
        .values(requested_at=now, next_try_at=now, attempts=0)
        .returning(col(NoteSummary.language))
    )
    waited_for = set(waiting.scalars().all())
    rows = [
        {
            "appointment_id": appointment.id,
            "language": language,
            "version": version,
            "status": SummaryStatus.PENDING,
            "requested_at": now,
            "next_try_at": now,
            "attempts": 0,
            "input_tokens": 0,
            "output_tokens": 0,
        }
        for language in sorted(_languages(session, appointment) - waited_for)
    ]
    if rows:
        insert_once(session, NoteSummary, rows, "appointment_id", "language", "version")


def hurry_summaries(session: Session, appointment_id: int, now: datetime) -> None:
    """Make the summaries due that waited for files, once no file is on its way any more.

    Called after a file was stored or refused, with the session locked. One that failed keeps its
    pause.
    """
    on_its_way = (
        select(NotePart.id)
        .where(
            NotePart.appointment_id == appointment_id,
            col(NotePart.telegram_file_id).is_not(None),
            col(NotePart.stored_at).is_(None),
            col(NotePart.removed_at).is_(None),
        )
        .exists()
    )
    session.exec(
        update(NoteSummary)
        .where(
            col(NoteSummary.appointment_id) == appointment_id,
            text("note_summary.status = 'pending'"),
            col(NoteSummary.attempts) == 0,
            col(NoteSummary.next_try_at) > now,
            ~on_its_way,
        )
        .values(next_try_at=now)
        .execution_options(synchronize_session=False)
    )


def judge(
    session: Session, summary_id: int, actor: Actor, *, is_right: bool, why: str | None = None
) -> NoteSummary:
    """Record the tutor's judgement of a summary; if it is wrong, in their words.

    It counts for every language of that version. Who has a card of the session then may have read
    the summary, and the card says that it is wrong; nobody else is told. A repeated judgement
    changes nothing; tutors may change their mind.

    Refused: StaleButton, NotYourSession, ReasonRequired, TextTooLong.
    """
    summary = _made(session, summary_id)
    appointment = for_update(session, summary.appointment_id)
    action = SessionAction.SUMMARY_IS_RIGHT if is_right else SessionAction.SUMMARY_IS_WRONG
    _require(session, summary, appointment, actor, action)
    said = None if is_right else require_reason(why)
    session.refresh(summary)
    if (summary.is_right, summary.judgement) == (is_right, said):
        return summary
    shown = cards.shown_in(session, appointment.id, actor.now)
    have_card = {
        one.person_id for one in shown if one.person_id and one.chat_id is not None and not one.asks
    }
    shown_to = None if is_right else sorted(have_card)
    session.exec(
        update(NoteSummary)
        .where(
            col(NoteSummary.appointment_id) == appointment.id,
            col(NoteSummary.version) == summary.version,
        )
        .values(is_right=is_right, judgement=said, judged_at=actor.now, shown_to=shown_to)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        Action.JUDGE_SUMMARY,
        Role.TUTOR,
        actor,
        appointment_id=appointment.id,
        reason=said,
        details={"is_right": is_right, "version": summary.version},
    )
    refresh_cards(session, appointment, actor)
    session.refresh(summary)
    return summary


def require_judgeable(session: Session, summary_id: int, actor: Actor) -> NoteSummary:
    """Summary that this tutor can judge.

    Refused: NotYourSession, StaleButton where a newer one has been made since.
    """
    summary = _made(session, summary_id)
    appointment = read_appointment(session, summary.appointment_id)
    _require(session, summary, appointment, actor, SessionAction.SUMMARY_IS_WRONG)
    return summary


def _made(session: Session, summary_id: int) -> NoteSummary:
    """Summary that has been made. Refused: StaleButton."""
    summary = session.get(NoteSummary, summary_id)
    if summary is None or summary.status is not SummaryStatus.MADE:
        raise StaleButton
    return summary


def _require(
    session: Session,
    summary: NoteSummary,
    appointment: Appointment,
    actor: Actor,
    action: SessionAction,
) -> None:
    require_tutor(session, appointment, actor)
    newest = session.exec(
        select(func.max(NoteSummary.version)).where(
            NoteSummary.appointment_id == summary.appointment_id,
            NoteSummary.status == SummaryStatus.MADE,
        )
    )
    shown = MadeSummary(summary.is_right, is_newest=summary.version == newest.one())
    require(replace(facts_of_row(appointment), summary=shown), action, Role.TUTOR, actor.now)


def content_of(summary: NoteSummary) -> Summary:
    """Content of a summary as a value."""
    return adapter_of(Summary).validate_python(summary.content or {})


def stored(summary: Summary) -> dict[str, Any]:
    """Content as it is stored, as JSON."""
    kept: dict[str, Any] = adapter_of(Summary).dump_python(summary, mode="json")
    return kept


def _languages(session: Session, appointment: Appointment) -> set[str]:
    """Languages of the tutor, the parents, and the coordinators."""
    family = select(Guardianship.person_id).where(Guardianship.student_id == appointment.student_id)
    found = session.exec(
        select(Person.language).where(
            (col(Person.id) == appointment.tutor_id) | col(Person.id).in_(family)
        )
    )
    return {language_of(None), *map(language_of, found.all())}
