"""The world as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sandbox.ahead import FirstStep, NextEvent
from sandbox.chat_view import chat_view
from sandbox.people import Pane, Person
from sandbox.wire import Json
from sandbox.world import World

SHOWN_MESSAGES = 200


@dataclass(frozen=True)
class Ahead:
    """What time brings next, and what a newcomer may try."""

    next_event: NextEvent | None = None
    first_steps: Sequence[FirstStep] = ()


NOTHING_AHEAD = Ahead()


def state_view(world: World, ahead: Ahead = NOTHING_AHEAD) -> Json:
    """Everything that the page loads when it is opened."""
    directory = world.directory
    panes = [_pane_view(world, pane) for pane in _panes(world)]
    chats = {
        world.keyboards.key(pane["user_id"], chat["chat_id"]): {
            "messages": [
                world.shown(message)
                for message in world.messages.of(chat["chat_id"], SHOWN_MESSAGES)
            ],
            **chat_view(world, pane["user_id"], chat["chat_id"]),
        }
        for pane in panes
        for chat in pane["chats"]
    }
    return {
        "bot": {
            "id": world.bot.id,
            "username": world.bot.username,
            "first_name": world.bot.first_name,
        },
        "clock": clock_view(world, ahead),
        "people": [_person_view(person) for person in directory.persons.values()],
        "panes": panes,
        "chats": chats,
        "event_id": world.events.last_id,
    }


def _person_view(person: Person) -> Json:
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "blocked": person.blocked,
    }


def clock_view(world: World, ahead: Ahead = NOTHING_AHEAD) -> Json:
    """The time, what comes next, and the first steps."""
    event = ahead.next_event
    return {
        "now": world.now().isoformat(),
        "next_event": None if event is None else event.at.isoformat(),
        "next_words": None if event is None else event.words,
        "first_steps": [asdict(step) for step in ahead.first_steps],
        **({"zone": world.zone} if world.zone else {}),
    }


def _panes(world: World) -> list[Pane]:
    return world.directory.panes or [
        Pane(person.id, " ".join(filter(None, (person.first_name, person.last_name))))
        for person in world.directory.persons.values()
    ]


def _pane_view(world: World, pane: Pane) -> Json:
    private: Json = {"chat_id": pane.user_id, "title": world.bot.first_name, "kind": "private"}
    groups: list[Json] = [
        {"chat_id": group.id, "title": group.title, "kind": "group"}
        for group in world.directory.groups_of(pane.user_id)
    ]
    return {
        "title": pane.title,
        "subtitle": pane.subtitle,
        "user_id": pane.user_id,
        "chats": [private, *groups],
    }
