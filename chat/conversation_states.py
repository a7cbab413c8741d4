"""Everybody's dialogue states and drafts (SPEC 9; DESIGN 2, idea 7).

Changes are provisional while an update is handled: the update worker then stores what
`changes_since` tells, or undoes it with `restore`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from telegram import Update

from services.messaging.conversation_state import Position, messages_of
from services.typed_json import adapter_of

Draft = TypeVar("Draft")


class ConversationKey(NamedTuple):
    """A person in a chat: in a group each member has dialogues of their own."""

    chat_id: int
    user_id: int


class OtherDraft(NamedTuple):
    """A draft of the same person that is not the one of the present dialogue in this chat."""

    key: ConversationKey
    name: str
    """The name under which it is stored."""
    draft: Any
    is_active: bool
    """Whether its question stands; else it was laid aside."""


class DroppedDraft(NamedTuple):
    """A draft that was laid aside, and is dropped now."""

    name: str
    """The dialogue's."""
    message_ids: Sequence[int]
    """What stands of it in the chat: its question, or the word that it was laid aside."""


Positions = Mapping[str, Position]
NOWHERE: Positions = MappingProxyType({})


def _kept(name: str, subject: str) -> str:
    """The name under which a draft is stored that was set aside."""
    return f"{name}/{subject}"


def conversation_key_of(update: Update) -> ConversationKey | None:
    """The person and chat of an update; None where it has no person or no chat."""
    chat, user = update.effective_chat, update.effective_user
    return ConversationKey(chat.id, user.id) if chat and user else None


class ConversationStates:
    """The positions of every key: one active dialogue at most, and any number of parked ones."""

    def __init__(self) -> None:
        self._positions: dict[ConversationKey, Positions] = {}
        self._chats: dict[int, set[int]] = {}
        """The chats of each person who is in a dialogue, or has laid one aside."""
        self._known_states: dict[str, Collection[str]] = {}
        self._drafts: dict[type[Any], str] = {}

    # ------------------------------------------------------------ for the steps of a dialogue

    def draft(self, update: Update, draft_type: type[Draft]) -> Draft | None:
        """The person's draft of this type; None where there is none."""
        position = self._at(update).get(self._drafts[draft_type])
        return None if position is None else self._read(draft_type, position)

    def set_draft(self, update: Update, draft: object) -> None:
        """Keep `draft` for this person in this chat until the dialogue ends."""
        name = self._drafts[type(draft)]
        document = adapter_of(type(draft)).dump_python(draft, mode="json")
        key = _key(update)
        state = self._position(key, name).state
        self._put(key, name, Position(state, document))

    def keep(self, update: Update, subject: str, draft: object) -> None:
        """Set a draft aside for a dialogue that has not begun: it begins with it."""
        document = adapter_of(type(draft)).dump_python(draft, mode="json")
        name = _kept(self._drafts[type(draft)], subject)
        self._put(_key(update), name, Position(None, document))

    def drop(self, update: Update, draft_type: type[Any]) -> None:
        """Drop the person's draft of this type; the dialogue's state stays as it is."""
        key, name = _key(update), self._drafts[draft_type]
        self._put(key, name, Position(self._position(key, name).state, None))

    def finish(self, update: Update, draft_type: type[Any]) -> None:
        """End the dialogue with drafts of this type in this chat, active or not."""
        self._put(_key(update), self._drafts[draft_type], Position(None, None))

    def others(self, update: Update, draft_type: type[Draft]) -> list[OtherDraft]:
        """The person's further drafts of this type: in other chats, and those set aside here."""
        here, name = _key(update), self._drafts[draft_type]
        found = []
        for chat_id in sorted(self._chats.get(here.user_id, ())):
            key = ConversationKey(chat_id, here.user_id)
            for kept, at in self.snapshot(key).items():
                is_of_type = kept == name or kept.startswith(_kept(name, ""))
                if not is_of_type or (key, kept) == (here, name):
                    continue
                if (draft := self._read(draft_type, at)) is not None:
                    found.append(OtherDraft(key, kept, draft, at.state is not None))
        return found

    def forget(self, other: OtherDraft) -> None:
        """End a further dialogue of the person, and drop its draft."""
        self._put(other.key, other.name, Position(None, None))

    # ------------------------------------------------------------------- for the dialogues' frame

    def active(self, update: Update) -> str | None:
        """The name of the dialogue in which the person is now."""
        return next((name for name, at in self._at(update).items() if at.state is not None), None)

    def has_parked(self, update: Update) -> bool:
        """Whether the person has a parked dialogue with a draft in this chat."""
        return any(at.state is None and at.draft is not None for at in self._at(update).values())

    def park(self, update: Update) -> None:
        """Park the active dialogue, and keep its draft."""
        if name := self.active(update):
            key = _key(update)
            self._put(key, name, Position(None, self._position(key, name).draft))

    def drop_parked(self, update: Update) -> list[DroppedDraft]:
        """Drop the drafts of the person's parked dialogues here that still stand in the chat."""
        dropped = []
        for name, position in self._at(update).items():
            message_ids = messages_of(position.draft)
            if position.state is None and message_ids:
                self._put(_key(update), name, Position(None, None))
                dropped.append(DroppedDraft(name.partition("/")[0], message_ids))
        return dropped

    def set_aside(self, update: Update, name: str, subject: str) -> None:
        """Keep the dialogue's draft under its subject, so that the dialogue can begin another."""
        key = _key(update)
        self._put(key, _kept(name, subject), Position(None, self._position(key, name).draft))
        self._put(key, name, Position(None, None))

    def take_up(self, update: Update, name: str, subject: str) -> None:
        """Make the draft that was set aside under this subject the dialogue's own again."""
        key = _key(update)
        draft = self._position(key, _kept(name, subject)).draft
        self._put(key, name, Position(self._position(key, name).state, draft))
        self._put(key, _kept(name, subject), Position(None, None))

    def keeps(self, update: Update, name: str, subject: str) -> bool:
        """Whether a draft is set aside under this subject."""
        return _kept(name, subject) in self._at(update)

    def question(self, update: Update) -> int | None:
        """Message id of the question that the active dialogue waits to have answered, if any.

        A question that is answered by a reply to it is `asked_id` of its draft (settlement).
        """
        name = self.active(update)
        return self.question_of(update, name) if name else None

    def asks_another(self, update: Update, message_id: int) -> bool:
        """Whether a message of this chat is a question for somebody else."""
        here = _key(update)
        return any(
            message_id in messages_of(at.draft)
            for key, positions in self._positions.items()
            if key.chat_id == here.chat_id and key.user_id != here.user_id
            for at in positions.values()
        )

    def question_of(self, update: Update, name: str) -> int | None:
        """Message id of what a dialogue, active or parked, has asked or said last, if any."""
        return next(iter(messages_of(self._position(_key(update), name).draft)), None)

    def leave(self, update: Update) -> str | None:
        """End the active dialogue and drop its draft; return its name, None if none was."""
        if name := self.active(update):
            self._put(_key(update), name, Position(None, None))
        return name

    def register(
        self, name: str, states: Collection[str], draft_type: type[Any] | None
    ) -> "States":
        """Register a dialogue, and return its own states, as its ConversationHandler keeps them.

        Raises ValueError where the name or the type of draft is another dialogue's.
        """
        if name in self._known_states:
            raise ValueError(f"two dialogues are called {name}")
        if draft_type in self._drafts:
            raise ValueError(f"{draft_type} is the draft of two dialogues")
        self._known_states[name] = states
        if draft_type is not None:
            self._drafts[draft_type] = name
        return States(self, name)

    # ----------------------------------------------------------------------------- for the worker

    def load(self, rows: Iterable[tuple[ConversationKey, str, Position]]) -> None:
        """Load what was stored. A dialogue in a state that no longer exists is parked."""
        self._positions.clear()
        self._chats.clear()
        for key, name, position in rows:
            known = position.state in self._known_states.get(name, ())
            self._put(key, name, position if known else Position(None, position.draft))

    def snapshot(self, key: ConversationKey) -> Positions:
        """A person's positions, as they are before an update is handled."""
        return self._positions.get(key, NOWHERE)

    def restore(self, key: ConversationKey, before: Positions) -> None:
        """Undo what was changed since `before` was taken."""
        self._replace(key, before)

    def changes_since(self, key: ConversationKey, before: Positions) -> dict[str, Position]:
        """The positions to store, by dialogue; an empty one means that its row is deleted."""
        after = self.snapshot(key)
        names = before.keys() | after.keys()
        nothing = Position(None, None)
        return {
            name: after.get(name, nothing)
            for name in sorted(names)
            if after.get(name) != before.get(name)
        }

    # -------------------------------------------------------------------------------------- inside

    def _read(self, draft_type: type[Draft], position: Position) -> Draft | None:
        """The draft of a position; None where it has none that can be read."""
        if position.draft is None:
            return None
        try:
            return adapter_of(draft_type).validate_python(position.draft)
        except ValidationError:
            return None  # written by a version of the program that asked other things

    def _at(self, update: Update) -> Positions:
        key = conversation_key_of(update)
        return self.snapshot(key) if key else NOWHERE

    def _position(self, key: ConversationKey, name: str) -> Position:
        return self.snapshot(key).get(name, Position(None, None))

    def _put(self, key: ConversationKey, name: str, position: Position) -> None:
        changed = dict(self.snapshot(key))
        if position.is_empty:
            changed.pop(name, None)
        else:
            changed[name] = position
        self._replace(key, MappingProxyType(changed))

    def _replace(self, key: ConversationKey, positions: Positions) -> None:
        chats = self._chats.setdefault(key.user_id, set())
        if positions:
            self._positions[key] = positions
            chats.add(key.chat_id)
            return
        self._positions.pop(key, None)
        chats.discard(key.chat_id)
        if not chats:
            del self._chats[key.user_id]

    # ----------------------------------------------------------------- for a ConversationHandler

    def state(self, key: ConversationKey, name: str) -> str | None:
        """A person's state in a dialogue; None where they are not in it."""
        return self._position(key, name).state

    def enter(self, key: ConversationKey, name: str, state: str) -> None:
        """Put a person into a state, and park any other dialogue that is active."""
        for other, position in self.snapshot(key).items():
            if other != name and position.state is not None:
                self._put(key, other, Position(None, position.draft))
        self._put(key, name, Position(state, self._position(key, name).draft))

    def end(self, key: ConversationKey, name: str) -> None:
        """End a dialogue, and drop its draft."""
        self._put(key, name, Position(None, None))

    def keys_in(self, name: str) -> list[ConversationKey]:
        """The keys of those who are in this dialogue now."""
        return [key for key in self._positions if self.state(key, name) is not None]


class States(MutableMapping[tuple[int | str, ...], object]):
    """The states of one dialogue, as a mapping that a ConversationHandler can use."""

    def __init__(self, states: ConversationStates, name: str) -> None:
        self._states = states
        self._name = name

    def __getitem__(self, key: tuple[int | str, ...]) -> object:
        state = self._states.state(_as_key(key), self._name)
        if state is None:
            raise KeyError(key)
        return state

    def __setitem__(self, key: tuple[int | str, ...], state: object) -> None:
        self._states.enter(_as_key(key), self._name, str(state))

    def __delitem__(self, key: tuple[int | str, ...]) -> None:
        self._states.end(_as_key(key), self._name)

    def __iter__(self) -> Iterator[tuple[int | str, ...]]:
        return iter(self._states.keys_in(self._name))

    def __len__(self) -> int:
        return len(self._states.keys_in(self._name))


def _as_key(key: tuple[int | str, ...]) -> ConversationKey:
    chat_id, user_id = key
    return ConversationKey(int(chat_id), int(user_id))


def _key(update: Update) -> ConversationKey:
    key = conversation_key_of(update)
    if key is None:
        raise ValueError("this update comes from no person in no chat")
    return key
