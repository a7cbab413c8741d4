"""What somebody has to tell the coordinators in the last four hours before a session (SPEC 6).

What was chosen and written for a change is kept for them when the limit has passed in the meantime
(UX 19).
"""

from dataclasses import dataclass, replace

from markupsafe import Markup
from telegram import Update

from chat.cards.reason import given_reason, quoted
from chat.context import Context
from conversations.draft import SessionDraft
from locales.reader import Reader
from models.enums import ChangeReason
from services.rules.texts import REASON_LIMIT


@dataclass(frozen=True)
class LateChangeDraft(SessionDraft):
    """The choice so far; nobody is told yet."""

    is_other: bool = False
    """Whether the reason is to be written."""
    text: str | None = None
    """What was written before the reason was asked for, below the new time that was chosen."""
    reason: ChangeReason | None = None
    """The reason that was chosen from the list before."""

    @property
    def words(self) -> str | None:
        """What was written."""
        return self.text

    @property
    def chosen_reason(self) -> ChangeReason | None:
        """The reason that was chosen from the list before."""
        return self.reason

    def shown(self, reader: Reader) -> Markup:
        """What is told, as its writer sees it; empty where only a reason was chosen so far."""
        if self.text is None:
            return Markup()
        if self.reason is None:
            return quoted(self.text)
        return given_reason(reader, self.reason, self.text)


def late_change_of(reader: Reader, draft: SessionDraft, written: str = "") -> LateChangeDraft:
    """What was chosen and written for a change, as far as it is not too long to be told."""
    new = LateChangeDraft(draft.appointment_id)
    if draft.chosen_reason is not ChangeReason.OTHER:
        new = replace(new, reason=draft.chosen_reason)
    said = [one for one in dict.fromkeys((draft.words, written.strip())) if one]
    if draft.chosen_start is not None:
        start = reader.dated_moment(draft.chosen_start)
        said.insert(0, reader.label("New time: {time}", time=start))
    text = "\n".join(said)
    return replace(new, text=text) if 0 < len(text) <= REASON_LIMIT else new


def keep_words(update: Update, context: Context, draft: SessionDraft, reader: Reader) -> None:
    """Keep what was chosen and written for a change that is too late now; the refusal shows it."""
    written = (update.message.text if update.message else None) or ""
    late = late_change_of(reader, draft, written)
    if late.text is not None:
        context.dialogues.set_draft(update, late)
        context.give_back(late.shown(reader))
