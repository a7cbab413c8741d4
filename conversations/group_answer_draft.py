"""What a coordinator writes in their own chat while the group asks them for a reason (SPEC 5)."""

from dataclasses import dataclass

from conversations.draft import SessionDraft
from conversations.settlement_questions import Decision
from services.lifecycle.actors import Source


@dataclass(frozen=True)
class GroupAnswerDraft(SessionDraft):
    """A text that may be the answer, and what the group asks."""

    text: str
    source: Source
    decision: Decision | None = None
    """None where it asks for a reply to a report."""
    dispute_id: int | None = None
    report_id: int | None = None

    @property
    def words(self) -> str | None:
        return self.text
