"""Summaries of a session's notes: asked for, shown, judged (SPEC 4). Making: `summary_making`."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, text, update
from sqlmodel import col, func, select

from models import Appointment, Guardianship, NoteSummary, Person
from models.enums import Action, Role, SummaryStatus
from services.db import Session
from services.inserts import insert_once
from services.lifecycle.access import for_update, require_tutor
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.notifications.announcements import refresh_cards
from services.rules.refusals import Refusal, RefusalCode
from services.rules.summaries import Summary, language_of
from services.rules.texts import require_reason

_SUMMARY = TypeAdapter(Summary)


def request_summaries(session: Session, appointment: Appointment, now: datetime) -> None:
    """The notes have changed: have them summed up anew, in each language in which they are read.

    One that is waiting already waits for the notes as they are now.
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


def summary_for(session: Session, appointment_id: int, reads: str | None) -> NoteSummary | None:
    """The newest that was made, in the language that is read, or else in whichever there is."""
    values = {"appointment_id": appointment_id, "language": language_of(reads)}
    found: NoteSummary | None = session.execute(_NEWEST, values).scalars().first()
    return found


_NEWEST = (
    select(NoteSummary)
    .where(
        NoteSummary.appointment_id == bindparam("appointment_id"),
        NoteSummary.status == SummaryStatus.MADE,
    )
    .order_by(
        col(NoteSummary.version).desc(),
        (col(NoteSummary.language) == bindparam("language")).desc(),
        col(NoteSummary.id),
    )
    .limit(1)
)


def judge(
    session: Session, summary_id: int, actor: Actor, *, is_right: bool, why: str | None = None
) -> NoteSummary:
    """The tutor says whether a summary is right; what is wrong, in their words.

    It counts for every language of that version. Said twice, it is said once; they may change
    their mind. Refused: STALE_BUTTON, NOT_YOUR_SESSION, REASON_REQUIRED, TEXT_TOO_LONG.
    """
    summary = require_judgeable(session, summary_id, actor)
    appointment = for_update(session, summary.appointment_id)
    said = None if is_right else require_reason(why)
    session.refresh(summary)
    if (summary.is_right, summary.judgement) == (is_right, said):
        return summary
    session.exec(
        update(NoteSummary)
        .where(
            col(NoteSummary.appointment_id) == appointment.id,
            col(NoteSummary.version) == summary.version,
        )
        .values(is_right=is_right, judgement=said, judged_at=actor.now)
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
    """The summary, if it is of this tutor's notes as they are.

    Refused: NOT_YOUR_SESSION, STALE_BUTTON where a newer one has been made since.
    """
    summary = session.get(NoteSummary, summary_id)
    if summary is None or summary.status is not SummaryStatus.MADE:
        raise Refusal(RefusalCode.STALE_BUTTON)
    require_tutor(for_update(session, summary.appointment_id), actor)
    newest = session.exec(
        select(func.max(NoteSummary.version)).where(
            NoteSummary.appointment_id == summary.appointment_id,
            NoteSummary.status == SummaryStatus.MADE,
        )
    )
    if summary.version != newest.one():
        raise Refusal(RefusalCode.STALE_BUTTON)
    return summary


def is_withdrawn_from(summary: NoteSummary, role: Role) -> bool:
    """Whether this role is not to read it, since its tutor says that it is wrong."""
    return summary.is_right is False and role is Role.PARENT


def content_of(summary: NoteSummary) -> Summary:
    """What it says."""
    return _SUMMARY.validate_python(summary.content or {})


def stored(summary: Summary) -> dict[str, Any]:
    """The form in which it is kept."""
    kept: dict[str, Any] = _SUMMARY.dump_python(summary, mode="json")
    return kept


def _languages(session: Session, appointment: Appointment) -> set[str]:
    """Those of the tutor and the parents, and the coordinators'."""
    family = select(Guardianship.person_id).where(Guardianship.student_id == appointment.student_id)
    found = session.exec(
        select(Person.language).where(
            (col(Person.id) == appointment.tutor_id) | col(Person.id).in_(family)
        )
    )
    return {language_of(None), *map(language_of, found.all())}
