"""A program is asked only while it runs: the sandbox's page goes on asking while it stops."""

from datetime import datetime
from pathlib import Path

from sandbox import demo
from sandbox.ahead import NextEvent
from sandbox.hosting import Hooks, demo_world


class Program:
    """Program that knows of one thing that was done."""

    async def settle(self) -> None:
        """Have nothing to wait for."""

    async def catch_up(self) -> None:
        """Have nothing to do."""

    async def next_due(self) -> datetime | None:
        return None

    async def next_event(self) -> NextEvent | None:
        return None

    async def done(self, actions: frozenset[str], since: datetime) -> set[str]:
        assert since.tzinfo is not None
        return set(sorted(actions)[:1])


async def test_a_program_is_asked_until_it_stops(tmp_path: Path) -> None:
    hooks = Hooks(demo_world(tmp_path))
    untouched = demo.first_steps(())

    with hooks.hosting(Program()):
        meanwhile = await hooks.first_steps()

    assert meanwhile != untouched
    assert await hooks.first_steps() == untouched
    assert await hooks.next_event() is None
