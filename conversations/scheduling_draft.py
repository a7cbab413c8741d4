"""A coordinator's draft of one more session, with what is usual filled in (SPEC 2)."""

from dataclasses import dataclass, replace
from datetime import datetime

from chat.callbacks import NO_SESSION
from chat.callbacks import SchedulingStep as State
from conversations.slot_questions import SlotDraft
from models.enums import Kind
from services.queries.scheduling import Usual
from services.rules.scheduling import USUAL_LENGTH
from services.sessions.scheduling import Wanted


@dataclass(frozen=True)
class ScheduleDraft(SlotDraft):
    """The choices so far; nothing is done yet."""

    appointment_id: int = NO_SESSION
    student_id: int | None = None
    tutor_id: int | None = None
    subject: str | None = None
    starts_at: datetime | None = None
    minutes: int = USUAL_LENGTH
    kind: Kind = Kind.REGULAR
    said: str = ""
    """What was written behind the names of several children, of which one is chosen next."""

    @property
    def next_step(self) -> State:
        """The first question that has no answer."""
        answers = {
            State.STUDENT: self.student_id,
            State.TUTOR: self.tutor_id,
            State.SUBJECT: self.subject,
            State.TIME: self.starts_at,
        }
        return next((step for step, answer in answers.items() if answer is None), State.CONFIRM)

    def of_student(self, student_id: int, usual: Usual) -> "ScheduleDraft":
        """For this child, with its usual tutor, subject and length."""
        return ScheduleDraft(
            student_id=student_id,
            tutor_id=usual.tutor_id,
            subject=usual.subject,
            minutes=usual.minutes,
            question_id=self.question_id,
        )

    def with_tutor(self, tutor_id: int, usual: Usual) -> "ScheduleDraft":
        """With this tutor, and what is usual with this child; a time that was chosen stays.

        Where the two are new to each other, what was proposed or chosen before stays too.
        """
        if not usual.is_theirs and self.subject is not None:
            return replace(self, tutor_id=tutor_id)
        return replace(
            self,
            tutor_id=tutor_id,
            subject=usual.subject or self.subject,
            minutes=self.minutes if self.starts_at else usual.minutes,
        )

    def wanted(self) -> Wanted | None:
        """The session; None while something is missing."""
        match self:
            case ScheduleDraft(
                student_id=int() as student,
                tutor_id=int() as tutor,
                subject=str() as subject,
                starts_at=datetime() as start,
            ):
                return Wanted(tutor, student, subject, start, self.minutes, self.kind)
        return None
