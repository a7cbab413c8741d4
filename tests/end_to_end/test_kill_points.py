"""SIGKILL of `python bot.py` right before and right after each commit and send of a session.

At any of them, the next start goes on where the flow was interrupted (DESIGN 2, ideas 5 to 7).
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import Appointment, AuditEvent, NotePart, OutboxMessage
from models.enums import Action, Status
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import DEFAULT_TOKEN, World
from services.messaging import inbox
from tests import builders
from tests.bot_process import BotProcess, start_bot
from tests.databases import Databases
from tests.end_to_end import killed_at
from tests.end_to_end.killed_at import AFTER, BEFORE
from tests.open_database import OpenDatabase
from tests.running import until

GROUP = -4_000_000_001
GRACE, MEI, DANIEL, PRIYA = range(5_000_000_001, 5_000_000_005)
SETTLED_WITHIN = 60.0

CHATS = {
    GRACE: ("In progress", "Awaiting acknowledgement", "Send text, photos", "So far:"),
    MEI: ("Awaiting Your Acknowledgement", "📝 Notes: "),
    DANIEL: ("Awaiting Your Acknowledgement", "📝 Notes: "),
    GROUP: (),
}
"""What the bot has to say in each chat, by words of each message."""

Point = tuple[str, str]
"""Before or after, and what."""
Plays = Callable[..., Awaitable[dict[Point, World]]]


class Flow:
    """A session from check-in to acknowledgement, and the process that serves it."""

    def __init__(self, world: World, database: OpenDatabase, settings: dict[str, str]) -> None:
        self.world = world
        self.database = database
        self.deaths = 0
        self._settings = settings
        self._process: BotProcess | None = None

    async def start(self, first: Callable[[], None] | None = None) -> None:
        """Start the bot; `first`: what its process does beforehand."""
        self._process = await start_bot(env=self._settings, first=first)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def do(self, act: Callable[[], object]) -> None:
        """Act, and wait for everything that follows, through a restart if the bot is killed."""
        act()
        await until(self._is_quiet_or_dead, SETTLED_WITHIN)
        if self._exit_status() is not None:
            assert self._exit_status() == -signal.SIGKILL
            self.deaths += 1
            await self.start()
            await until(self._is_quiet, SETTLED_WITHIN)

    def _exit_status(self) -> int | None:
        return self._process.returncode if self._process else None

    def _is_quiet_or_dead(self) -> bool:
        return self._exit_status() is not None or self._is_quiet()

    def _is_quiet(self) -> bool:
        with self.world.turn():
            if self.world.updates.waiting(self.world.now()):
                return False
        with self.database.reading() as session:
            unsent = session.exec(
                select(OutboxMessage.id).where(
                    col(OutboxMessage.sent_at).is_(None), OutboxMessage.due_at <= self.world.now()
                )
            )
            return unsent.first() is None and inbox.pending(session) == []


def new_world() -> World:
    world = World(DEFAULT_TOKEN)
    for user_id, name in ((GRACE, "Grace"), (MEI, "Mei"), (DANIEL, "Daniel"), (PRIYA, "Priya")):
        world.add_person(name, user_id=user_id, started=True)
    world.add_group("Coordinators", [PRIYA], group_id=GROUP)
    return world


def book(database: OpenDatabase, world: World) -> Appointment:
    """A session that can be checked into and out of for some minutes from now, and began so long
    ago that nobody is reminded of its check-in.
    """
    now = world.now()
    with database.unit_of_work() as session:
        mei = builders.parent(session, name="Mei Lim", telegram_user_id=MEI)
        daniel = builders.parent(session, name="Daniel Lim", telegram_user_id=DANIEL)
        return builders.appointment(
            session,
            tutor=builders.tutor(session, name="Grace Tan", telegram_user_id=GRACE),
            student=builders.student(session, guardians=[mei, daniel]),
            starts_at=now - timedelta(minutes=35),
            minutes=55,
        )


async def play(database_url: str, folder: Path, when: str, moment: str) -> World:
    """Play the whole flow with one kill in it; return the world after it."""
    world, database = new_world(), OpenDatabase(database_url)
    session = book(database, world)
    grace, mei = Phone(world, GRACE), Phone(world, MEI)
    async with serving(world) as address:
        flow = Flow(
            world,
            database,
            {
                "TELEGRAM_BOT_TOKEN": world.token,
                "COORDINATOR_CHAT_ID": str(GROUP),
                "SECRET_KEY": "0123456789abcdef0123456789abcdef",
                "WEB_PORT": "0",
                "DATABASE_URL": database_url,
                "TELEGRAM_API_URL": address,
                "MEDIA_DIR": str(folder / "media"),
            },
        )
        await flow.start(partial(killed_at.die_once, when, moment))
        try:
            await flow.do(lambda: grace.send_text("/checkin"))
            await flow.do(lambda: grace.send_text("/checkout"))
            await flow.do(lambda: grace.send_text("Fractions went well."))
            await flow.do(lambda: grace.press("Done"))
            await flow.do(lambda: mei.press("Acknowledge"))
        finally:
            await flow.stop()
    assert flow.deaths == 1
    assert len(world.calls.all("answerCallbackQuery")) == 2
    require_done_once(database, session.id)
    await database.close()
    return world


def require_done_once(database: OpenDatabase, appointment_id: int) -> None:
    with database.reading() as session:
        row = session.get_one(Appointment, appointment_id)
        events = session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id)))
        parts = session.exec(select(NotePart.text))
    assert row.status is Status.APPROVED
    assert events.all() == [
        Action.CHECK_IN,
        Action.CHECK_OUT,
        Action.ADD_NOTE,
        Action.ACKNOWLEDGE,
    ]
    assert parts.all() == ["Fractions went well."]


def said(world: World, chat_id: int) -> list[str]:
    """Every message that the bot sent to a chat, also one that was edited or deleted since.

    Without the tutor's digest, which comes where the test happens to run in the morning.
    """
    texts = [
        call["fields"]["text"]
        for call in world.calls.all("sendMessage")
        if call["status"] == 200 and int(call["fields"]["chat_id"]) == chat_id
    ]
    return [text for text in texts if not text.startswith("<b>Today's sessions</b>")]


def twice_over(world: World, chat_id: int) -> int:
    """How many messages of a chat were sent twice; fails where one was never sent."""
    sent = said(world, chat_id)
    # A card that notes came onto says what the first one said, too: the later words count.
    told = [next((one for one in CHATS[chat_id][::-1] if one in text), None) for text in sent]
    assert set(told) == set(CHATS[chat_id]), (chat_id, sent)
    return len(sent) - len(CHATS[chat_id])


def doubled(worlds: dict[Point, World]) -> dict[Point, dict[int, int]]:
    """For each point, how many messages were sent twice to each chat."""
    return {
        point: {chat: twice_over(world, chat) for chat in CHATS} for point, world in worlds.items()
    }


@pytest.fixture
def plays(databases: Databases, tmp_path: Path) -> Plays:
    """Plays the flow with a death before and one after each moment: each by itself, all at once."""

    async def one(point: Point) -> World:
        try:
            with databases.fresh() as url:
                return await play(url, tmp_path / "-".join(point), *point)
        except BaseException as error:
            error.add_note(f"killed {' '.join(point)}")
            raise

    async def all_of(*moments: str) -> dict[Point, World]:
        points = [(when, moment) for moment in moments for when in (BEFORE, AFTER)]
        return dict(zip(points, await asyncio.gather(*map(one, points)), strict=True))

    return all_of


async def test_killed_before_or_after_a_commit_it_loses_nothing_and_doubles_nothing(
    plays: Plays,
) -> None:
    worlds = await plays(
        "inbox_commit", "check_in_commit", "check_out_answered_commit", "acknowledgement_commit"
    )
    found = doubled(worlds)
    for when in (BEFORE, AFTER):  # the parents' cards may be on their way by then
        on_their_way = found[when, "check_out_answered_commit"]
        assert max(on_their_way.pop(parent) for parent in (MEI, DANIEL)) <= 1
    assert not any(times for chats in found.values() for times in chats.values()), found


async def test_killed_around_the_send_of_a_card_it_doubles_at_most_what_was_then_being_sent(
    plays: Plays,
) -> None:
    """The other parent's card, and the tutor's, are on their way at the same time."""
    worlds = await plays("card_send", "card_marked_sent_commit")
    found = doubled(worlds)
    assert all(times <= 1 for chats in found.values() for times in chats.values()), found
    for sent_and_not_marked in ((AFTER, "card_send"), (BEFORE, "card_marked_sent_commit")):
        assert found[sent_and_not_marked][MEI] or found[sent_and_not_marked][DANIEL]
