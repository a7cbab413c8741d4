"""What somebody has to tell the coordinators in the last four hours before a session (SPEC 6).

What was written for a change is kept for them when the limit has passed in the meantime (UX 19).
"""

from dataclasses import dataclass

from telegram import Update

from chat.context import Context
from conversations.draft import SessionDraft
from services.rules.texts import REASON_LIMIT


@dataclass(frozen=True)
class LateChangeDraft(SessionDraft):
    """The choice so far; nobody is told yet."""

    is_other: bool = False
    """Whether the reason is to be written."""
    text: str | None = None
    """What was written before the reason was asked for."""

    @property
    def words(self) -> str | None:
        """What was written."""
        return self.text


def keep_words(update: Update, context: Context, draft: SessionDraft) -> None:
    """Keep what was written for a change that is too late now, in this message or before it."""
    written = (update.message.text if update.message else None) or ""
    said = "\n".join(dict.fromkeys(one for one in (draft.words, written.strip()) if one))
    if said and len(said) <= REASON_LIMIT:
        context.dialogues.set_draft(update, LateChangeDraft(draft.appointment_id, text=said))
