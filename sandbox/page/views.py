"""The world as the page shows it."""

from __future__ import annotations

from datetime import datetime

from sandbox.chat_view import chat_view
from sandbox.people import Pane, Person
from sandbox.wire import Json
from sandbox.world import World

SHOWN_MESSAGES = 200


def state_view(world: World, next_event: datetime | None) -> Json:
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
        "clock": clock_view(world, next_event),
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


def clock_view(world: World, next_event: datetime | None) -> Json:
    """The time, and when something is due next."""
    return {
        "now": world.now().isoformat(),
        "next_event": None if next_event is None else next_event.isoformat(),
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
