"""Dialogues that survive a restart, one at a time in a chat (SPEC 9; DESIGN 2, idea 7).

update -> parking: does it open something new while another dialogue is active?
yes: that dialogue is parked, and the person is told
does it begin a dialogue about something else than its draft is about?
yes: that draft is kept under the button that takes it up, and the one
about this is taken up, if there is one
-> `conversations.routing`: the first that takes it of all handlers
"""

import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple, Self

from telegram import Update
from telegram.ext import BaseHandler, ConversationHandler
from telegram.warnings import PTBUserWarning

from chat import questions
from chat.callbacks import Button
from chat.context import Context
from chat.conversation_states import ConversationStates
from chat.current_user import current_user
from chat.deep_links import begun
from chat.incoming import chat_id_of
from conversations.premise import Premise
from services.db import Session
from services.messaging.deliveries import MessagePlace
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import TooLateToChange

Handler = BaseHandler[Update, Context, Any]
SayParked = Callable[[Update, Context, str, Button | None], Awaitable[MessagePlace | None]]
"""Tells the person in one sentence that the dialogue of that name was laid aside; with the button
that takes it up again, if there is one. Gives the message, if it needs one."""

PARKING_GROUP = -1


class NotForThisError(Exception):
    """A step has found out that an update is not for it: the others are asked."""


class QuestionOverError(NotForThisError):
    """Somebody else was first, so that the dialogue's question may be over."""

    def __init__(self, first: Refusal) -> None:
        super().__init__()
        self.first = first


class Dialogue(ConversationHandler[Context]):
    """A ConversationHandler whose states are in the `ConversationStates`.

    A step returns the next state, None to stay, or `Dialogue.END`. An entry point works at any
    time, also while this very dialogue is active: it starts it again, and finds the draft of the
    time before in `context.dialogues.draft(update, DraftType)`. `END` drops the draft.
    """

    def __init__(
        self,
        *,
        name: str,
        entry_points: Sequence[Handler],
        states: Mapping[StrEnum, Sequence[Handler]],
        fallbacks: Sequence[Handler] = (),
        draft: type[Any] | None = None,
        begins: tuple[type[Button], ...] = (),
        go_on: Callable[[Any], Button] | None = None,
    ) -> None:
        """`draft` is the frozen dataclass or pydantic model of what is being put together.

        `begins` are the buttons that begin it, each for a subject of its own. `go_on` makes of a
        draft the one of them that takes the dialogue up again; such a draft has in `question_id`
        which message asks.
        """
        with warnings.catch_warnings():
            # It warns of buttons that are not bound to one message; here none is meant to be.
            warnings.simplefilter("ignore", PTBUserWarning)
            super().__init__(
                entry_points=list(entry_points),
                states={state: list(steps) for state, steps in states.items()},
                fallbacks=list(fallbacks),
                allow_reentry=True,
                name=name,
            )
        self.title = name
        self._state_names = [str(state) for state in states]
        self.draft_type = draft
        self.begins = begins
        self._go_on = go_on
        self.premise: Premise[Any] | None = None
        self._conversation_states = ConversationStates()
        self.join(self._conversation_states)

    def resting_on(self, premise: Premise[Any]) -> Self:
        """The dialogue, whose question about a session is over once its premise is refused."""
        self.premise = premise
        return self

    def join(self, states: ConversationStates) -> None:
        """Keep the states of the dialogue in `states`."""
        self._conversation_states = states
        self._conversations = states.register(self.title, self._state_names, self.draft_type)

    def check_update(self, update: object) -> Any:
        """Match nothing while the person is in another dialogue, and while they are in none only
        what begins this one: most updates do not.
        """
        if isinstance(update, Update):
            active = self._conversation_states.active(update)
            if active != self.title and (active is not None or not self.opens_with(update)):
                return None
        return super().check_update(update)

    def draft(self, update: Update) -> Any:
        """The person's draft in this dialogue; None where there is none."""
        return self._conversation_states.draft(update, self.draft_type) if self.draft_type else None

    def way_back(self, draft: Any) -> Button | None:
        """The button that takes up what `draft` has put together."""
        return None if self._go_on is None or draft is None else self._go_on(draft)

    async def overtaken_by(self, update: Update, context: Context, draft: Any) -> Refusal | None:
        """What rules out the draft, if anything does: messages in the chat say so."""
        premise = self.premise
        if premise is None or draft is None:
            return None

        def query(session: Session) -> Refusal | None:
            try:
                user = current_user(session, update, context)
            except Refusal:
                return None
            return premise.overtaken_by(session, user, context.app, draft)

        return await context.app.database.read(query)

    def opens_with(self, update: Update) -> bool:
        """Whether this update starts the dialogue."""
        return any(_takes(entry_point, update) for entry_point in self.entry_points)


class Exchange(NamedTuple):
    """A dialogue begins about something else than its present draft is about."""

    name: str
    keep: str | None
    """The subject under which its present draft is kept; None where it has none."""
    take: str | None
    """The subject whose draft is taken up; None where none was kept."""


class Parking(BaseHandler[Update, Context, None]):
    """Lays the active dialogue aside when a command or button opens something else.

    A dialogue has one present draft; those about other subjects are kept beside it.
    """

    def __init__(
        self,
        states: ConversationStates,
        dialogues: Sequence[Dialogue],
        handlers: Sequence[Handler],
        say_parked: SayParked,
    ) -> None:
        super().__init__(self._park)
        self._conversation_states = states
        self._dialogues = {dialogue.title: dialogue for dialogue in dialogues}
        self._handlers = handlers
        self._say_parked = say_parked

    def check_update(self, update: object) -> bool:
        if not isinstance(update, Update) or not _is_command_or_tap(update):
            return False
        return self._leaves(update) or self._exchange_by(update) is not None

    def _leaves(self, update: Update) -> bool:
        """Whether the update parks the active dialogue."""
        active = self._conversation_states.active(update)
        if active is None:
            return False
        if _takes(self._dialogues[active], update):
            exchange = self._exchange_by(update)
            return exchange is not None and exchange.name == active
        return any(dialogue.opens_with(update) for dialogue in self._dialogues.values()) or any(
            _takes(handler, update) for handler in self._handlers
        )

    def _exchange_by(self, update: Update) -> Exchange | None:
        """The exchange of drafts, if a dialogue begins about another subject than its draft's."""
        tapped = begun(update)
        beginning = (one for one in self._dialogues.values() if type(tapped) in one.begins)
        dialogue = next(beginning, None)
        if dialogue is None or tapped is None:
            return None
        present = dialogue.way_back(dialogue.draft(update))
        held, wanted = None if present is None else present.subject, tapped.subject
        keep = held if held != wanted else None
        is_kept = self._conversation_states.keeps(update, dialogue.title, wanted)
        take = wanted if is_kept else None
        return Exchange(dialogue.title, keep, take) if keep or take else None

    async def _park(self, update: Update, context: Context) -> None:
        exchange, name = self._exchange_by(update), self._conversation_states.active(update)
        if name is not None and self._leaves(update):
            await self._lay_aside(update, context, self._dialogues[name])
        if exchange is not None and exchange.keep:
            self._conversation_states.set_aside(update, exchange.name, exchange.keep)
        if exchange is not None and exchange.take:
            self._conversation_states.take_up(update, exchange.name, exchange.take)

    async def _lay_aside(self, update: Update, context: Context, dialogue: Dialogue) -> None:
        """Say so; the button that takes it up again stands in the place of the question's own.

        Nothing is said, and there is no such button, where somebody else was first. Where it is too
        late, what is left of the question stands: it leads to those who can still change something.
        """
        draft = dialogue.draft(update)
        way_back, question = dialogue.way_back(draft), self._conversation_states.question(update)
        self._conversation_states.park(update)
        refusal = await dialogue.overtaken_by(update, context, draft)
        if isinstance(refusal, TooLateToChange):
            return
        if refusal is not None:
            if question is not None and question != _tapped_id(update):
                await questions.take_away(context, chat_id_of(update), question, goes_on=False)
            self._conversation_states.set_draft(update, replace(draft, question_id=None))
            return
        told = await self._say_parked(update, context, dialogue.title, way_back)
        if draft is not None and way_back is not None and told is not None:
            if draft.question_id is not None:
                await questions.put_aside(context, told.chat_id, draft.question_id)
            self._conversation_states.set_draft(update, replace(draft, question_id=told.message_id))


def _tapped_id(update: Update) -> int | None:
    message = update.callback_query.message if update.callback_query else None
    return message.message_id if message else None


def _takes(handler: Handler, update: Update) -> bool:
    check = handler.check_update(update)
    return check is not None and check is not False


def _is_command_or_tap(update: Update) -> bool:
    if update.callback_query:
        return True
    entities = update.message.entities if update.message else ()
    return any(entity.type == entity.BOT_COMMAND and entity.offset == 0 for entity in entities)
