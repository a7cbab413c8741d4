"""A message that comes after its dialogue's question is over: it is for no dialogue (UX 17, 19).

somebody else acts -> the question says so (`conversations.premise`) -> a text or a photo comes
can something still come of what was put together? The step has offered it, or it is laid aside as
the question offers it, and the message is answered like any other outside of dialogues.
Nothing can: the dialogue ends, and the message is answered like any other outside of dialogues; who
was first, and what was put together, is said above that
the session has moved, and *Go on* asks again? The question is put aside, the message answered so
"""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from chat import questions, replies
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import is_private
from chat.screen import Screen
from conversations.dialogue import Dialogue, NotForThisError, QuestionOverError
from conversations.draft import Draft, SessionDraft
from conversations.premise import OVERTAKEN, over_line
from services.db import Session
from services.queries.open_questions import has_moved_since
from services.queries.sessions import session_view
from services.rules.refusals import Refusal
from services.rules.refusals.typed import NothingAnswered

Step = Callable[[Update, Context], Coroutine[Any, Any, Any]]


def or_outside(step: Step) -> Step:
    """Give the step of a message, which may be for nobody where somebody else was first."""

    async def take(update: Update, context: Context) -> Any:
        try:
            return await step(update, context)
        except (*OVERTAKEN, NothingAnswered) as first:  # thanks, too, where the question is over
            if not is_private(update):
                raise  # in a group an answer to the bot is no talk
            raise QuestionOverError(first) from first

    return take


def unless_moved(kind: type[Draft], step: Step) -> Step:
    """Give the step of a message, which is for nobody where the session has moved since.

    The question stands aside then, behind *Go on*.
    """

    async def take(update: Update, context: Context) -> Any:
        draft = context.dialogues.draft(update, kind)
        if isinstance(draft, SessionDraft) and draft.asked_at is not None and is_private(update):
            about, asked_at = draft.appointment_id, draft.asked_at
            if await context.app.database.read(has_moved_since, about, asked_at):
                context.dialogues.park(update)
                raise NotForThisError
        return await step(update, context)

    return take


async def leave(dialogue: Dialogue, update: Update, context: Context, first: Refusal) -> None:
    """End the dialogue; what is left of its question stands above the next answer.

    Where it offers something else for what was put together, it is laid aside and the offer stands.
    Refused: `first`, where the question may still stand.
    """
    draft = dialogue.draft(update)

    def query(session: Session) -> Screen | None:
        user, premise = current_user(session, update, context), dialogue.premise
        if premise is None or draft is None:  # nor is every draft about a session
            return None
        view = session_view(session, draft.appointment_id)
        if view is None:
            return None
        refusal = premise.refusal(session, user, context.app, draft)
        if not isinstance(refusal, OVERTAKEN):
            return None
        offered = premise.offer(session, user, context.app, draft, refusal)
        return over_line(user, view, refusal, draft) if offered is None else offered

    left = await context.app.database.read(query)
    if left is None:
        raise first from None
    if left.rows:
        context.dialogues.park(update)
        return
    await questions.leave_dialogue(update, context)
    context.say_above(left)


async def say_left(update: Update, context: Context) -> None:
    """Say what is left of the question, where nothing was answered: more messages come."""
    above = context.received.above if context.received else None
    if context.received is not None and above is not None:
        context.received.above = None
        await replies.say(update, context, above)
