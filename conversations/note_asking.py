"""The question for notes of a session, and whose notes are asked for after them (SPEC 4)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import questions
from chat.cards.tally import refresh_tally, show_tally
from chat.context import Context
from chat.current_user import CurrentUser
from chat.incoming import chat_id_of
from conversations.note_batch import OpenedNoteBatch
from conversations.wizard import Next
from services.rules.refusals.notes import NotesClosed


class State(StrEnum):
    """The steps of the dialogue."""

    COLLECTING = "collecting"


@dataclass(frozen=True)
class NotesDraft:
    """The open batch, and the album that stands right above its tally."""

    batch_id: int
    appointment_id: int
    album_shown: str | None = None
    question_id: int | None = None
    """The message that says that they are on hold, while they are."""
    then: tuple[int, ...] = ()
    """Sessions that were checked out of at once with this one, whose notes are asked for next."""


async def ask(
    update: Update,
    context: Context,
    user: CurrentUser,
    opened: OpenedNoteBatch,
    *,
    again: bool = False,
    then: tuple[int, ...] | None = None,
) -> Next:
    """Ask for parts. `again`: this very update may have been answered so already.

    `then`: sessions whose notes are asked for afterwards; None for those that are to be anyway.
    """
    if opened.ended:
        await refresh_tally(context.bot, user.reader, *opened.ended)
    await take_word_away(update, context)
    draft = going_on(update, context, opened.tally.batch.id, opened.view.id)
    context.dialogues.set_draft(update, draft if then is None else replace(draft, then=then))
    await show_tally(update, context, user.reader, opened.tally, opened.view, in_place=again)
    return State.COLLECTING


async def take_word_away(update: Update, context: Context) -> None:
    """Take away the word that the notes are on hold: they go on, or are over (UX 17)."""
    draft = context.dialogues.draft(update, NotesDraft)
    if draft is not None and draft.question_id is not None:
        await questions.take_away(context, chat_id_of(update), draft.question_id)
        context.dialogues.set_draft(update, replace(draft, question_id=None))


def going_on(update: Update, context: Context, batch_id: int, appointment_id: int) -> NotesDraft:
    """The draft for a batch; the others of its session's follow, if there are any."""
    before = context.dialogues.draft(update, NotesDraft)
    then: tuple[int, ...] = ()
    if before is not None and appointment_id in (before.appointment_id, *before.then):
        then = tuple(one for one in before.then if one != appointment_id)
    return NotesDraft(batch_id, appointment_id, then=then)


def draft_of(update: Update, context: Context) -> NotesDraft:
    """The draft of the dialogue. Refused: NotesClosed, where there is none."""
    draft = context.dialogues.draft(update, NotesDraft)
    if draft is None:
        raise NotesClosed
    return draft
