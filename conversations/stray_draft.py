"""What came outside of any dialogue: the draft that its offers put to use (SPEC 9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from telegram import Update
from telegram.ext import filters

from chat import questions
from chat.context import Context
from chat.conversation_states import OtherDraft
from chat.incoming import chat_id_of
from conversations.draft import Draft
from conversations.evidence import EVIDENCE
from services.approvals.evidence_files import SentFile
from services.lifecycle.actors import Source
from services.notes.batches import IncomingFile
from services.rules.notes import is_over
from services.rules.refusals.sessions import StaleButton
from services.rules.texts import require_reason

NAME = "strays"
FILES = filters.PHOTO | filters.Document.ALL | filters.VOICE | filters.AUDIO
TEXT_STANDS, FILES_STAND = timedelta(days=1), timedelta(days=7)
"""How long it is offered to put a text to use, and files, which are not so easily sent again."""


@dataclass(frozen=True)
class StrayPart:
    """A message that came outside of any dialogue, as it would be a part of notes."""

    source: Source
    text: str | None
    """Text, or the file's caption."""
    file: IncomingFile | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether it is a file that a parent can send with a dispute or a report."""
        return self.file is not None and self.file.kind in EVIDENCE


@dataclass(frozen=True)
class StrayDraft(Draft):
    """What came; its question offers to keep it, or is that of `/notes` while nothing came."""

    parts: tuple[StrayPart, ...] = ()
    is_for_notes: bool = False
    """Whether `/notes` asked for which session: whatever comes then is for one of these notes."""
    last_at: datetime | None = None
    """When the last part came."""
    about: int | None = None
    """Id of the session that was chosen, or to whose message it is a reply."""
    offered: int = 0
    """How many of the parts the question tells of: of a burst only the last message is answered."""

    def is_complete(self, now: datetime) -> bool:
        """Whether what comes now is offered by itself: notes end after as long a silence, too."""
        return bool(self.parts) and (self.last_at is None or is_over(self.last_at, now))

    @property
    def stands_until(self) -> datetime | None:
        """When it is offered no more; None while nothing came."""
        stands = FILES_STAND if any(part.file for part in self.parts) else TEXT_STANDS
        return None if self.last_at is None else self.last_at + stands

    def is_stale(self, now: datetime) -> bool:
        """Whether it is offered no more."""
        return self.stands_until is not None and self.stands_until <= now

    @property
    def words(self) -> str:
        """All texts and captions, a line each."""
        return "\n".join(part.text for part in self.parts if part.text)

    @property
    def files(self) -> tuple[SentFile, ...]:
        """The files, as evidence."""
        return tuple(
            SentFile(
                part.source,
                part.file.kind,
                part.file.telegram_file_id,
                part.file.file_name,
                part.file.media_type,
                part.file.size_bytes,
                part.text,
            )
            for part in self.parts
            if part.file is not None and part.is_evidence
        )

    def text_after(self, text: str | None) -> str | None:
        """Captions and texts, below a text that was there before. Refused: TextTooLong."""
        said = [one for one in (text, *(part.text for part in self.parts)) if one]
        return require_reason("\n".join(said)) if said else None


MOST_ASIDE = 5
"""Offers that stand beside the present one; those before them are taken away."""


async def set_aside_if_complete(update: Update, context: Context) -> None:
    """Let the present offer stand by itself, if nothing is added to it any more."""
    draft = context.dialogues.draft(update, StrayDraft)
    if draft is None or not draft.is_complete(context.received_at):
        return
    context.dialogues.set_aside(update, NAME, str(draft.question_id))
    older = []
    for other in sorted(_aside(update, context), key=lambda one: one.draft.question_id or 0):
        if other.draft.is_stale(context.received_at):
            context.dialogues.forget(other)  # its message says so
        else:
            older.append(other)
    for other in older[:-MOST_ASIDE]:
        await questions.close_other(context, other)


def offered_there(update: Update, context: Context) -> StrayDraft | None:
    """What the tapped message offers; None where that is gone."""
    if (other := _tapped_aside(update, context)) is not None:
        return cast(StrayDraft, other.draft)
    draft, tapped = context.dialogues.draft(update, StrayDraft), _tapped_id(update)
    if draft is None or not draft.parts or tapped is None:
        return draft
    return draft if draft.parts[0].source.message_id < tapped else None  # else it came later


def require_offered(update: Update, context: Context) -> StrayDraft:
    """What the tapped message offers. Refused: StaleButton."""
    if (draft := offered_there(update, context)) is None:
        raise StaleButton
    return draft


def drop_offered(update: Update, context: Context) -> None:
    """Drop what the tapped message offers."""
    other = _tapped_aside(update, context)
    if other is not None:
        context.dialogues.forget(other)
    elif offered_there(update, context) is not None:
        context.dialogues.drop(update, StrayDraft)


def _tapped_aside(update: Update, context: Context) -> OtherDraft | None:
    tapped = _tapped_id(update)
    aside = _aside(update, context)
    return next((one for one in aside if one.draft.question_id == tapped), None)


def _tapped_id(update: Update) -> int | None:
    message = update.callback_query.message if update.callback_query else None
    return message.message_id if message else None


def _aside(update: Update, context: Context) -> list[OtherDraft]:
    """Offers of this chat that stand by themselves."""
    others = context.dialogues.others(update, StrayDraft)
    return [one for one in others if one.key.chat_id == chat_id_of(update)]


def await_strays(update: Update, context: Context, question_id: int) -> None:
    """Take what comes next, of a word or two as well, for what `/notes` has asked about."""
    draft = context.dialogues.draft(update, StrayDraft)
    if draft is None or not draft.parts:
        awaited = StrayDraft(is_for_notes=True, question_id=question_id)
        context.dialogues.set_draft(update, awaited)


def await_none(update: Update, context: Context) -> None:
    """`/notes` has its answer: a word or two are no stray any more."""
    draft = context.dialogues.draft(update, StrayDraft)
    if draft is not None and not draft.parts:
        context.dialogues.drop(update, StrayDraft)
