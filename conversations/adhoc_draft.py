"""A tutor's draft of a batch of extra sessions (SPEC 7)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from chat.callbacks import NO_SESSION
from conversations.draft import SessionDraft
from services.rules.adhoc import MOST_LINES, AdhocLine, Fault, Trouble
from services.rules.adhoc_lines import TypedLine
from services.rules.refusals.adhoc import BatchTooLong
from services.rules.refusals.sessions import StaleButton


@dataclass(frozen=True)
class AdhocDraft(SessionDraft):
    """The lines so far; nothing is logged yet."""

    appointment_id: int = NO_SESSION
    student_id: int | None = None
    lines: tuple[TypedLine, ...] = ()
    others: tuple[str, ...] = ()
    """Lines that name another child, as they were typed: they come next."""
    number: int | None = None
    """Number, from 1, of the line that is being changed; None: a new one."""
    day: date | None = None
    """What was chosen so far, step by step."""
    starts_at: datetime | None = None
    minutes: int | None = None

    def of_student(self, student_id: int) -> "AdhocDraft":
        """For this child; the lines stay."""
        return replace(self, student_id=student_id)

    def with_lines(self, new: list[TypedLine]) -> "AdhocDraft":
        """With these lines: in place of the one that is being changed, or at the end.

        Refused: BatchTooLong.
        """
        kept = list(self.lines)
        at = slice(len(kept), None) if self.number is None else slice(self.number - 1, self.number)
        kept[at] = new
        if len(kept) > MOST_LINES:
            raise BatchTooLong(limit=MOST_LINES)
        return self.at_rest(tuple(kept))

    def with_others(self, more: list[str]) -> "AdhocDraft":
        """With these lines of other children, too. Refused: BatchTooLong."""
        others = tuple(dict.fromkeys((*self.others, *more)))
        if len(others) > MOST_LINES:
            raise BatchTooLong(limit=MOST_LINES)
        return replace(self, others=others)

    def without(self, number: int) -> "AdhocDraft":
        """Without one line."""
        kept = [line for at, line in enumerate(self.lines, start=1) if at != number]
        return self.at_rest(tuple(kept))

    def at_rest(self, lines: tuple[TypedLine, ...] | None = None) -> "AdhocDraft":
        """With no line being changed or put together."""
        return replace(
            self,
            lines=self.lines if lines is None else lines,
            number=None,
            day=None,
            starts_at=None,
            minutes=None,
        )

    @property
    def line(self) -> TypedLine:
        """The line that is being changed. Refused: StaleButton."""
        if self.number is None or not 0 < self.number <= len(self.lines):
            raise StaleButton
        return self.lines[self.number - 1]

    @property
    def lacking(self) -> int | None:
        """Number of the only line of which the length or the topic is missing."""
        missing = (Fault.LENGTH_MISSING, Fault.TOPIC_MISSING)
        found = [at for at, line in enumerate(self.lines, start=1) if line.fault in missing]
        return found[0] if len(found) == 1 else None

    def known_lines(self) -> list[AdhocLine | None]:
        """Lines that could be read; None in place of the others."""
        return [
            None
            if line.fault or not self.student_id or not line.starts_at or not line.minutes
            else AdhocLine(self.student_id, line.starts_at, line.minutes, line.topic)
            for line in self.lines
        ]

    def with_faults(self, found: tuple[Trouble | None, ...]) -> list[Trouble | None]:
        """Trouble of each line: what was not read, or what was found."""
        return [
            Trouble(line.fault) if line.fault else trouble
            for line, trouble in zip(self.lines, found, strict=True)
        ]
