"""Buttons of a question that are typed instead of tapped, and "yes" and "no" to it (UX 19).

The draft keeps what the question's buttons do. A text that is the label of one of them is handled
as a tap on it, and never becomes a reason or a part of what is being put together.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from telegram import CallbackQuery, Message, Update
from telegram.ext import ConversationHandler

from chat import callbacks, questions
from chat.callbacks import Button
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import chat_id_of, is_private, message_of
from chat.keyboards import LONGEST_LABEL, Rows
from chat.tapped import TYPED
from conversations.draft import Draft
from locales.catalogue import phrase
from locales.word_lists import words_of
from services.rules.refusals.typed import NothingAnswered
from services.rules.texts import same_words

D = TypeVar("D", bound=Draft)
Step = Callable[[Update, Context], Coroutine[Any, Any, Any]]

MOST_BUTTONS = 12
"""Of a question with more, such as a calendar, none is kept: days and times are read anyway."""

# Translators: words that people type to confirm what they are asked, separated by commas
_YES = phrase(
    "yes, yes please, yep, yup, yeah, ya, yes ok, ok, okay, okie, ok yes, sure, correct, confirm, "
    "go ahead, send, send it, ok send, yes send, do it, 👍, 👌"
)
# Translators: words that people type who do not want what they are asked to confirm, separated by
# commas
_NO = phrase("no, nope, no thanks, cancel, stop, wait, not yet")


def asking(draft: D, question_id: int, rows: Rows) -> D:
    """The draft, whose question stands with these buttons."""
    buttons = [(one, str(one.callback_data)) for row in rows for one in row if one.callback_data]
    coloured = [data for one, data in buttons if one.style is not None]
    kept = [(one.text, data) for one, data in buttons] if len(buttons) <= MOST_BUTTONS else []
    return replace(
        draft,
        question_id=question_id,
        buttons=tuple(kept),
        confirms=coloured[0] if len(coloured) == 1 else None,
    )


def or_button(kind: type[Draft], step: Step, taps: Mapping[type[Button], Step]) -> Step:
    """Give the step of a text, for which the step of a button is taken whose label was typed."""

    async def take(update: Update, context: Context) -> Any:
        draft = context.dialogues.draft(update, kind)
        text = message_of(update).text or ""
        if draft is None or len(text) > LONGEST_LABEL or not is_private(update):
            return await step(update, context)
        if not draft.buttons and draft.confirms is None:
            return await step(update, context)
        user = await context.app.database.read(current_user, update, context)
        data = _typed(draft, text, user.reader.language)
        button = callbacks.decode(data)
        if data is not None and button is not None and type(button) in taps:
            done = await taps[type(button)](_tap(update, draft, data), context)
            if done == ConversationHandler.END and draft.question_id is not None:
                await questions.take_away(context, chat_id_of(update), draft.question_id)
            return done
        if draft.confirms is not None and _is_one_of(text, _NO, user.reader.language):
            raise NothingAnswered  # which of the other buttons is meant, only the person knows
        return await step(update, context)

    return take


def _typed(draft: Draft, text: str, language: str) -> str | None:
    """What the button does that was typed; None where the text is something else."""
    label = next((data for label, data in draft.buttons if same_words(text, label)), None)
    if label is not None:
        return label
    return draft.confirms if _is_one_of(text, _YES, language) else None


def _tap(update: Update, draft: Draft, data: str) -> Update:
    """A tap on the question; what it is answered with becomes a message (`chat.replies.answer`)."""
    typed, user = message_of(update), update.effective_user
    if user is None or draft.question_id is None:
        raise TypeError("a text of nobody, or no question")
    question = Message(draft.question_id, typed.date, typed.chat, text="")
    tap = CallbackQuery(TYPED, user, TYPED, message=question, data=data)
    made = Update(update.update_id, callback_query=tap)
    for one in (question, tap, made):
        one.set_bot(typed.get_bot())
    return made


def _is_one_of(text: str, listed: str, language: str) -> bool:
    return any(same_words(text, one) for one in words_of(listed, language))
