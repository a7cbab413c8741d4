"""Disputes: opened by a parent, claimed and settled by coordinators (SPEC 2, 5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from models import Appointment, Dispute, Person
from models.enums import Action, DisputeReason, DisputeStatus, Role, Status
from services.approvals.evidence_files import SentFile, keep_evidence
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator, require_guardian
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import decide, read_appointment, require_possible
from services.lifecycle.evidence import freeze
from services.lifecycle.facts import dispute_record, facts_of_row
from services.lifecycle.status import Outcome, change_status, record
from services.media.storing import StoredFile
from services.messaging import outbox
from services.messaging.messages.approvals import DisputeCard
from services.messaging.messages.sessions import SessionCard
from services.notifications.announcements import (
    ask_parents,
    refresh_cards,
    tell_settled,
    tell_tutor,
)
from services.rules.action_checks import LIVE
from services.rules.actions import require
from services.rules.refusals.sessions import NotFound
from services.rules.session_actions import SessionAction
from services.rules.session_facts import DisputeRecord
from services.rules.texts import require_reason


def dispute(
    session: Session,
    appointment_id: int,
    actor: Actor,
    why: DisputeReason,
    text: str | None,
    files: Sequence[SentFile | StoredFile] = (),
) -> Outcome:
    """Dispute a session as a parent: freeze the evidence, alert the coordinators (SPEC 5).

    `files`: what the parent sent as evidence. `text` is required for `DisputeReason.OTHER`.
    Refused: NotYourChild, OwnSession, WrongStatus, ActedFirst, ReasonRequired, TextTooLong.
    """
    appointment = for_update(session, appointment_id)
    require_guardian(session, appointment, actor)
    facts, action = facts_of_row(appointment), SessionAction.DISPUTE
    if earlier := decide(session, appointment, facts, action, Role.PARENT, actor):
        return earlier
    has_text = bool(text and text.strip())
    checked_text = require_reason(text) if has_text or why is DisputeReason.OTHER else None
    opened = Dispute(
        appointment_id=appointment_id,
        opened_by_id=actor.identified,
        opened_at=actor.now,
        reason=why,
        text=checked_text,
        evidence=freeze(session, appointment),
        status=DisputeStatus.OPEN,
    )
    session.add(opened)
    outcome = change_status(
        session,
        appointment,
        Action.DISPUTE,
        Role.PARENT,
        actor,
        reason=why.value,
        details={"text": checked_text},
    )
    keep_evidence(session, appointment_id, actor, files, dispute_id=opened.id)
    outbox.tell_coordinators(
        session,
        DisputeCard(appointment_id, opened.id),
        key=f"dispute:{opened.id}",
        now=actor.now,
    )
    refresh_cards(session, outcome.appointment, actor)
    tell_tutor(session, outcome.appointment, SessionCard(appointment_id), actor)
    return outcome


def require_disputable(session: Session, appointment_id: int, actor: Actor) -> None:
    """Check that this parent could dispute now; asked before a dialogue.

    Refused as `dispute` would be, and ActedFirst where they have done it themselves.
    """
    appointment = read_appointment(session, appointment_id)
    require_guardian(session, appointment, actor)
    facts = facts_of_row(appointment)
    require_possible(session, facts, SessionAction.DISPUTE, Role.PARENT, actor.now)


def claim(session: Session, dispute_id: int, actor: Actor) -> Outcome:
    """Claim a dispute as a coordinator (SPEC 5).

    Refused: NotCoordinator, DisputeClaimed, DisputeSettled.
    """
    require_coordinator(session, actor)
    appointment, found = _locked(session, dispute_id)
    if earlier := _decide(session, appointment, found, SessionAction.CLAIM_DISPUTE, actor):
        return earlier
    _update(
        session,
        found,
        status=DisputeStatus.CLAIMED,
        claimed_by_id=actor.person_id,
        claimed_at=actor.now,
    )
    record(session, Action.CLAIM, Role.COORDINATOR, actor, appointment_id=appointment.id)
    refresh_cards(session, appointment, actor)
    return Outcome(appointment, actor.now)


def uphold(session: Session, dispute_id: int, actor: Actor, reason: str) -> Outcome:
    """Agree with the parent as a coordinator; final: the session stays disputed (SPEC 2).

    Refused: NotCoordinator, ReasonRequired, DisputeSettled.
    """
    require_coordinator(session, actor)
    appointment, found = _locked(session, dispute_id)
    if earlier := _decide(session, appointment, found, SessionAction.UPHOLD_DISPUTE, actor):
        return earlier
    reason = require_reason(reason)
    settle(session, found, DisputeStatus.UPHELD, actor, reason)
    record(
        session,
        Action.UPHOLD,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment.id,
        move=(Status.DISPUTED, Status.DISPUTED),
        reason=reason,
    )
    tell_settled(session, appointment, found, actor)
    refresh_cards(session, appointment, actor)
    return Outcome(appointment, actor.now)


def return_to_parent(session: Session, dispute_id: int, actor: Actor, reason: str) -> Outcome:
    """Ask the parents again, as a coordinator; they get a new card (SPEC 2).

    Refused: NotCoordinator, ReasonRequired, WrongStatus, ActedFirst, DisputeSettled.
    """
    require_coordinator(session, actor)
    appointment, found = _locked(session, dispute_id)
    if earlier := _decide(session, appointment, found, SessionAction.RETURN_DISPUTE, actor):
        return earlier
    outcome = change_status(
        session, appointment, Action.RETURN, Role.COORDINATOR, actor, reason=reason
    )
    settle(session, found, DisputeStatus.RETURNED, actor, reason)
    ask_parents(session, outcome.appointment, actor)
    refresh_cards(session, outcome.appointment, actor)
    return outcome


def latest_dispute(session: Session, appointment_id: int) -> Dispute | None:
    """Newest dispute of a session, settled or not."""
    found = session.exec(
        select(Dispute)
        .where(Dispute.appointment_id == appointment_id)
        .order_by(col(Dispute.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return found.first()


def require_live(session: Session, found: Dispute, now: datetime) -> None:
    """Check that a dispute can still be settled; asked before a dialogue.

    Refused: DisputeSettled.
    """
    row = read_appointment(session, found.appointment_id)
    facts = replace(facts_of_row(row), dispute=record_of(session, found))
    require(facts, SessionAction.UPHOLD_DISPUTE, Role.COORDINATOR, now)


def dispute_of(session: Session, dispute_id: int) -> Dispute | None:
    """Dispute with this id, settled or not."""
    return session.get(Dispute, dispute_id, populate_existing=True)


def record_of(session: Session, found: Dispute | None) -> DisputeRecord | None:
    """Facts of a dispute, with the names of the coordinators who claimed and settled it."""
    if found is None:
        return None
    names = (_name(session, found.claimed_by_id), _name(session, found.settled_by_id))
    return dispute_record(found, *names)


def settle(
    session: Session, found: Dispute, status: DisputeStatus, actor: Actor, reason: str
) -> bool:
    """Close a dispute that is not settled; False where it is settled already."""
    if found.status not in LIVE:
        return False
    _update(
        session,
        found,
        status=status,
        settled_by_id=actor.person_id,
        settled_at=actor.now,
        settlement_reason=reason.strip(),
    )
    return True


def _locked(session: Session, dispute_id: int) -> tuple[Appointment, Dispute]:
    """Appointment and dispute, locked in this order: every use case locks the appointment first."""
    row = session.get(Dispute, dispute_id)
    if row is None:
        raise NotFound
    appointment = for_update(session, row.appointment_id)
    session.refresh(row)
    return appointment, row


def _decide(
    session: Session, appointment: Appointment, found: Dispute, action: SessionAction, actor: Actor
) -> Outcome | None:
    facts = replace(facts_of_row(appointment), dispute=record_of(session, found))
    return decide(session, appointment, facts, action, Role.COORDINATOR, actor)


def _update(session: Session, found: Dispute, **values: object) -> None:
    session.exec(
        update(Dispute)
        .where(col(Dispute.id) == found.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(found)


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person else ""
