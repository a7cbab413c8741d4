"""Two families of one tutor, of whom everything is written that can be written."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from models import (
    Appointment,
    AuditEvent,
    Cancellation,
    Card,
    Dialogue,
    Dispute,
    EvidenceFile,
    InboxUpdate,
    Match,
    NoteBatch,
    NoteSummary,
    OutboxMessage,
    Person,
    ProblemReply,
    ProblemReport,
    RescheduleProposal,
    RescheduleThread,
    Student,
    WebSession,
)
from models.enums import (
    Action,
    ChangeReason,
    Channel,
    DisputeReason,
    MatchStatus,
    MessageKind,
    PartKind,
    ProposalStatus,
    Role,
    Status,
    SummaryStatus,
    ThreadStatus,
)
from services.db import Session
from tests import builders
from tests.builders import NOW


@dataclass(frozen=True)
class Family:
    """A child, a parent, and the word that stands in all that was written of them."""

    child: Student
    parent: Person
    tutor: Person
    word: str

    @property
    def keys(self) -> tuple[str, str, str]:
        """Files of a note, of one that was replaced, and of one that was sent as evidence."""
        word = self.word
        return f"notes/{word}/now.jpg", f"notes/{word}/former.jpg", f"notes/{word}/sent.jpg"


def family(session: Session, tutor: Person, name: str, word: str) -> Family:
    """A family whose every text has `word`, with one session that was cancelled and disputed."""
    parent = builders.parent(session, name=f"Grace {name}", ref=f"p-{name.lower()}")
    child = builders.student(
        session, [parent], name=f"Emily {name}", ref=f"s-{word}", address=f"12 {word} Road"
    )
    made = Family(child, parent, tutor, word)
    now, former, sent = made.keys
    held = builders.appointment(session, tutor=tutor, student=child, status=Status.APPROVED)
    chat, tutor_chat = parent.telegram_user_id or 0, tutor.telegram_user_id or 0
    number = held.id
    builders.note_part(
        session, held, text=f"{word} and {child.name}", chat_id=tutor_chat, message_id=number
    )
    builders.note_part(
        session,
        held,
        kind=PartKind.VOICE,
        file_name=f"{word}.ogg",
        transcript=word,
        media_key=now,
        stored_at=NOW,
        telegram_file_id=f"file-{word}",
    )
    thread = RescheduleThread(
        appointment_id=held.id, status=ThreadStatus.REJECTED, opened_at=NOW, expires_at=NOW
    )
    session.add(thread)
    session.flush()
    evidence = {"notes": [{"text": word, "media_key": former, "kind": "photo"}]}
    common: dict[str, Any] = {"appointment_id": held.id}
    session.add_all(
        [
            NoteSummary(
                **common,
                language="en",
                version=1,
                status=SummaryStatus.MADE,
                content={"text": word},
                readings={"1": word},
                requested_at=NOW,
                judgement=word,
            ),
            NoteBatch(
                **common,
                tutor_id=tutor.id,
                chat_id=tutor_chat,
                opened_at=NOW,
                last_part_at=NOW,
                closed_at=NOW,
            ),
            Cancellation(
                **common,
                cancelled_by_id=parent.id,
                side=Role.PARENT,
                reason=ChangeReason.CHILD_UNWELL,
                text=word,
                at=NOW,
                waiver_reason=word,
            ),
            Match(
                tutor_id=held.tutor_id,
                student_id=held.student_id,
                subject="Physics",
                starts_on=NOW.date(),
                status=MatchStatus.DECLINED,
                created_at=NOW,
                answered_by_id=parent.id,
                answered_at=NOW,
                decline_reason=word,
            ),
            Dispute(
                **common,
                opened_by_id=parent.id,
                opened_at=NOW,
                reason=DisputeReason.DID_NOT_TAKE_PLACE,
                text=word,
                evidence=evidence,
                settlement_reason=word,
            ),
            ProblemReport(
                **common, person_id=parent.id, text=word, at=NOW, chat_id=chat, message_id=1
            ),
            RescheduleProposal(
                thread_id=thread.id,
                status=ProposalStatus.REJECTED,
                side=Role.PARENT,
                proposed_by_id=parent.id,
                new_starts_at=NOW,
                new_ends_at=NOW,
                text=word,
                proposed_at=NOW,
            ),
            AuditEvent(
                **common,
                actor_id=parent.id,
                role=Role.PARENT,
                channel=Channel.TELEGRAM,
                at=NOW,
                action=Action.DISPUTE,
                from_status=Status.AWAITING_APPROVAL_PARENT,
                to_status=Status.DISPUTED,
                reason=word,
                details={"text": word, "media_key": former},
            ),
            InboxUpdate(
                bot_id=1,
                update_id=10 * number,
                chat_id=chat,
                payload={"message": {"text": word}},
                received_at=NOW,
                done_at=NOW,
            ),
            OutboxMessage(
                **common,
                dedupe_key=f"notes_added:{number}",
                kind=MessageKind.NOTES_ADDED,
                payload={"appointment_id": number, "text": word},
                person_id=parent.id,
                created_at=NOW,
                due_at=NOW,
                chat_id=chat,
            ),
            Card(**common, chat_id=chat, message_id=number, person_id=parent.id),
            Dialogue(
                chat_id=chat,
                user_id=chat,
                name="dispute",
                draft={"text": word},
                updated_at=NOW,
            ),
            WebSession(
                person_id=parent.id, token_hash=f"hash-{name}", created_at=NOW, expires_at=NOW
            ),
        ]
    )
    session.flush()
    _answer(session, held, word)
    _send_evidence(session, held, word, sent, chat)
    return made


def _answer(session: Session, held: Appointment, word: str) -> None:
    """A coordinator has replied to the parent's report."""
    report = session.exec(
        select(ProblemReport).where(ProblemReport.appointment_id == held.id)
    ).one()
    coordinator = builders.coordinator(session)
    session.add(ProblemReply(report_id=report.id, person_id=coordinator.id, text=word, at=NOW))


def _send_evidence(session: Session, held: Appointment, word: str, key: str, chat_id: int) -> None:
    """The parent has sent a photo with the dispute."""
    dispute = session.exec(select(Dispute).where(Dispute.appointment_id == held.id)).one()
    session.add(
        EvidenceFile(
            appointment_id=held.id,
            dispute_id=dispute.id,
            author_id=dispute.opened_by_id,
            kind=PartKind.PHOTO,
            text=word,
            created_at=NOW,
            chat_id=chat_id,
            message_id=held.id,
            telegram_file_id=f"sent-{word}",
            media_key=key,
            stored_at=NOW,
        )
    )
    session.flush()
