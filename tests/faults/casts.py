"""Casts: for each cell a tutor, a parent, a child and a session of its own, in one world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Appointment
from models.enums import PartKind, Status
from sandbox.phone import Phone
from sandbox.world import World
from services.db import Session
from tests import builders, files
from tests.builders import NOW
from tests.end_to_end.stage import PRIYA, Stage
from tests.open_database import OpenDatabase

FIRST_ID = 6_000_000_000
PHOTO_KEY = "notes/ab/board.jpg"
QUIET_WITHIN = 300.0
"""Seconds within which everything has to be done."""


@dataclass(frozen=True)
class Cast:
    """A tutor and a parent, with their phones, and a session of theirs."""

    tutor: Phone
    parent: Phone
    appointment_id: int
    person_ids: tuple[int, int]
    student_id: int

    @property
    def chats(self) -> dict[int, str]:
        """Whose chat each is."""
        return {self.tutor.user_id: "tutor", self.parent.user_id: "parent"}

    @property
    def new_phone(self) -> int:
        """An account that nobody of them has, for somebody else."""
        return self.parent.user_id + 1


@dataclass(frozen=True)
class Flow:
    """Steps of a cast: what goes before, and the last one, which meets the fault."""

    name: str
    status: Status
    starts_in: timedelta
    before: tuple[Callable[[Cast], object], ...]
    act: Callable[[Cast], object]
    has_notes: bool = False
    """Whether a text and a photo are noted already."""

    def __str__(self) -> str:
        return self.name


class Casting:
    """Makes casts in a world and a database; their sessions start that long from `now`."""

    def __init__(self, database: OpenDatabase, world: World, now: Callable[[], datetime]) -> None:
        self._database = database
        self._world = world
        self._now = now
        self._number = 0

    def make(self, flow: Flow, count: int) -> list[Cast]:
        """So many casts for a flow, in one commit."""
        with self._database.unit_of_work() as session:
            return [self._one(session, flow) for _ in range(count)]

    def _one(self, session: Session, flow: Flow) -> Cast:
        self._number += 1
        world, first = self._world, FIRST_ID + 10 * self._number
        world.add_person("Grace", "Tan", user_id=first, started=True)
        world.add_person("Mei", "Lim", user_id=first + 1, started=True)
        tutor = builders.tutor(session, name="Grace Tan", telegram_user_id=first)
        parent = builders.parent(session, name="Mei Lim", telegram_user_id=first + 1)
        child = builders.student(session, [parent])
        made = builders.appointment(
            session,
            tutor=tutor,
            student=child,
            starts_at=self._now() + flow.starts_in,
            status=flow.status,
        )
        if flow.has_notes:
            _note(session, made)
        phones = Phone(world, first), Phone(world, first + 1)
        return Cast(*phones, made.id, (tutor.id, parent.id), child.id)


def _note(session: Session, appointment: Appointment) -> None:
    builders.note_part(session, appointment)
    builders.note_part(
        session,
        appointment,
        kind=PartKind.PHOTO,
        text="The board",
        media_key=PHOTO_KEY,
        media_type="image/jpeg",
        size_bytes=len(files.jpeg_photo()),
        stored_at=NOW,
    )


async def open_agency(stage: Stage) -> Casting:
    """Coordinators, a stored photo, and a product that waits for nothing long."""
    with stage.database.unit_of_work() as session:
        builders.coordinator(session, name="Priya Nair", telegram_user_id=PRIYA)
    await stage.disk.put(PHOTO_KEY, files.jpeg_photo(), "image/jpeg")
    return Casting(stage.database, stage.world, lambda: stage.now)


def hurry(stage: Stage, answer_seconds: float = 1.0) -> None:
    """Wait less between tries, and for answers, than on Telegram."""
    jobs = stage.running.jobs
    jobs.worker._pauses = (0.02,)
    jobs.relay._delivery._pauses = (0.02,)
    jobs.polling._pauses = (0.02,)
    request = stage.running.application.bot.request
    request._read_timeout = answer_seconds  # type: ignore[attr-defined]
    request._media_timeout = answer_seconds  # type: ignore[attr-defined]


async def quiet(stage: Stage) -> None:
    """Wait until the product has done everything that it can do."""
    async with asyncio.timeout(QUIET_WITHIN):
        while stage._has_updates():
            await asyncio.sleep(0.005)
        await stage.running.jobs.settle()


async def steps_before(stage: Stage, flow: Flow, casts: Sequence[Cast]) -> None:
    """Play what goes before the last step of a flow, by all casts at once."""
    for step in flow.before:
        for cast in casts:
            step(cast)
        await quiet(stage)
