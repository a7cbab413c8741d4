"""Where each person is in which dialogue, and their drafts (SPEC 9; DESIGN 2, idea 7).

What a step changes here is provisional while its update is handled: the worker keeps it with
`changes_since` or takes it back with `restore`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError
from telegram import Update

from services.messaging.conversation_state import Position

Draft = TypeVar("Draft")


class ConversationKey(NamedTuple):
    """Whose dialogue it is: a person in a chat. In a group each member has their own."""

    chat_id: int
    user_id: int


Positions = Mapping[str, Position]
NOWHERE: Positions = MappingProxyType({})


def _kept(name: str, subject: str) -> str:
    """Under which name a draft is stored that is not the dialogue's present one."""
    return f"{name}/{subject}"


def conversation_key_of(update: Update) -> ConversationKey | None:
    """Who acts where; None for what comes from no person or belongs to no chat."""
    chat, user = update.effective_chat, update.effective_user
    return ConversationKey(chat.id, user.id) if chat and user else None


class ConversationStates:
    """Where everybody is: at most one dialogue active in a chat, any number parked with a draft."""

    def __init__(self) -> None:
        self._positions: dict[ConversationKey, Positions] = {}
        self._states: dict[str, Collection[str]] = {}
        self._drafts: dict[type[Any], str] = {}

    # ------------------------------------------------------------ for the steps of a dialogue

    def draft(self, update: Update, draft_type: type[Draft]) -> Draft | None:
        """What the person was putting together; None where there is nothing (any more)."""
        position = self._at(update).get(self._drafts[draft_type])
        if position is None or position.draft is None:
            return None
        try:
            return TypeAdapter(draft_type).validate_python(position.draft)
        except ValidationError:
            return None  # written by a version of the program that asked other things

    def set_draft(self, update: Update, draft: object) -> None:
        """Keeps `draft` for this person in this chat until the dialogue ends."""
        name = self._drafts[type(draft)]
        document = TypeAdapter(type(draft)).dump_python(draft, mode="json")
        key = _key_of(update)
        state = self._position(key, name).state
        self._put(key, name, Position(state, document))

    # ------------------------------------------------------------------ for what is around them

    def active(self, update: Update) -> str | None:
        """The name of the dialogue in which the person is now."""
        return next((name for name, at in self._at(update).items() if at.state is not None), None)

    def has_parked(self, update: Update) -> bool:
        """Whether something of the person's was laid aside in this chat."""
        return any(at.state is None and at.draft is not None for at in self._at(update).values())

    def park(self, update: Update) -> None:
        """Lays the active dialogue aside; its draft is kept."""
        if name := self.active(update):
            key = _key_of(update)
            self._put(key, name, Position(None, self._position(key, name).draft))

    def set_aside(self, update: Update, name: str, subject: str) -> None:
        """Keeps a parked draft under its subject, so that the dialogue can begin another."""
        key = _key_of(update)
        self._put(key, _kept(name, subject), Position(None, self._position(key, name).draft))
        self._put(key, name, Position(None, None))

    def take_up(self, update: Update, name: str, subject: str) -> None:
        """Makes the draft that was kept under this subject the dialogue's own again."""
        key = _key_of(update)
        draft = self._position(key, _kept(name, subject)).draft
        self._put(key, name, Position(self._position(key, name).state, draft))
        self._put(key, _kept(name, subject), Position(None, None))

    def keeps(self, update: Update, name: str, subject: str) -> bool:
        """Whether there is a draft under this subject."""
        return _kept(name, subject) in self._at(update)

    def leave(self, update: Update) -> str | None:
        """Ends the active dialogue and drops its draft; its name, or None where there was none."""
        if name := self.active(update):
            self._put(_key_of(update), name, Position(None, None))
        return name

    def register(
        self, name: str, states: Collection[str], draft_type: type[Any] | None
    ) -> "States":
        """Makes a dialogue known; gives its view on the states, for its ConversationHandler."""
        if name in self._states:
            raise ValueError(f"two dialogues are called {name}")
        if draft_type in self._drafts:
            raise ValueError(f"{draft_type} is the draft of two dialogues")
        self._states[name] = states
        if draft_type is not None:
            self._drafts[draft_type] = name
        return States(self, name)

    # ----------------------------------------------------------------------------- for the worker

    def load(self, rows: Iterable[tuple[ConversationKey, str, Position]]) -> None:
        """Takes up what was stored. A state that the program no longer has counts as parked."""
        self._positions.clear()
        for key, name, position in rows:
            known = position.state in self._states.get(name, ())
            self._put(key, name, position if known else Position(None, position.draft))

    def snapshot(self, key: ConversationKey) -> Positions:
        """Where a person stands before an update is handled."""
        return self._positions.get(key, NOWHERE)

    def restore(self, key: ConversationKey, before: Positions) -> None:
        """Takes back what was changed since."""
        self._replace(key, before)

    def changes_since(self, key: ConversationKey, before: Positions) -> dict[str, Position]:
        """The positions to store, by dialogue; an empty one means that the row goes."""
        after = self.snapshot(key)
        names = before.keys() | after.keys()
        nothing = Position(None, None)
        return {
            name: after.get(name, nothing)
            for name in sorted(names)
            if after.get(name) != before.get(name)
        }

    # -------------------------------------------------------------------------------------- inside

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
        if positions:
            self._positions[key] = positions
        else:
            self._positions.pop(key, None)

    def state(self, key: ConversationKey, name: str) -> str | None:
        """The state of one dialogue for one person."""
        return self._position(key, name).state

    def enter(self, key: ConversationKey, name: str, state: str) -> None:
        """Puts a person into a state; any other dialogue of theirs is parked by that."""
        for other, position in self.snapshot(key).items():
            if other != name and position.state is not None:
                self._put(key, other, Position(None, position.draft))
        self._put(key, name, Position(state, self._position(key, name).draft))

    def end(self, key: ConversationKey, name: str) -> None:
        """The dialogue is over: state and draft go."""
        self._put(key, name, Position(None, None))

    def people_in(self, name: str) -> list[ConversationKey]:
        """Who is in a dialogue now."""
        return [key for key in self._positions if self.state(key, name) is not None]


class States(MutableMapping[tuple[int | str, ...], object]):
    """The states of one dialogue, in the shape in which a ConversationHandler keeps them."""

    def __init__(self, memory: ConversationStates, name: str) -> None:
        self._memory = memory
        self._name = name

    def __getitem__(self, key: tuple[int | str, ...]) -> object:
        state = self._memory.state(_as_conversation_key(key), self._name)
        if state is None:
            raise KeyError(key)
        return state

    def __setitem__(self, key: tuple[int | str, ...], state: object) -> None:
        self._memory.enter(_as_conversation_key(key), self._name, str(state))

    def __delitem__(self, key: tuple[int | str, ...]) -> None:
        self._memory.end(_as_conversation_key(key), self._name)

    def __iter__(self) -> Iterator[tuple[int | str, ...]]:
        return iter(self._memory.people_in(self._name))

    def __len__(self) -> int:
        return len(self._memory.people_in(self._name))


def _as_conversation_key(key: tuple[int | str, ...]) -> ConversationKey:
    chat_id, user_id = key
    return ConversationKey(int(chat_id), int(user_id))


def _key_of(update: Update) -> ConversationKey:
    key = conversation_key_of(update)
    if key is None:
        raise ValueError("this update comes from no person in no chat")
    return key
