"""What a page costs: one hop to the database, few statements, and no wait for the network."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.open_database import OpenDatabase
from tests.web.test_notes import summed_up
from tests.web.visiting import Pages
from web.server import listen


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SELECT that is executed meanwhile, in order."""
    executed: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            executed.append(statement)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield executed
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for each unit of work that is run."""
    run: list[str] = []
    for kind in ("read", "write"):
        original: Callable[..., Any] = getattr(OpenDatabase, kind)

        async def counted(
            database: OpenDatabase,
            unit: Callable[..., object],
            *args: object,
            kind: str = kind,
            original: Callable[..., Any] = original,
        ) -> object:
            run.append(kind)
            return await original(database, unit, *args)

        monkeypatch.setattr(OpenDatabase, kind, counted)
    return run


@pytest.mark.parametrize("who", ["tutor", "grace", "coordinator"])
@pytest.mark.parametrize("is_list", [True, False])
async def test_a_page_is_one_hop_and_no_more_statements_for_more_notes(
    pages: Pages, hops: list[str], who: str, *, is_list: bool
) -> None:
    path = "/notes" if is_list else f"/notes/{pages.there.id}"
    summed_up(pages)
    pages.note(text="Fractions.")
    async with pages.browser(getattr(pages.there, who)) as browser:
        counts = []
        for _ in range(2):
            hops.clear()
            with statements() as executed:
                assert (await browser.get(path)).status_code == 200
            assert hops == ["read"]
            counts.append(len(executed))
            for number in range(3):
                pages.note(text=f"Part {number}.")

    assert counts[0] == counts[1] <= (3 if is_list else 5)


async def test_pages_do_not_wait_until_those_before_are_acknowledged() -> None:
    """Nagle's algorithm is off for whoever connects (DESIGN 3)."""
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    class Look(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            connection = transport.get_extra_info("socket")
            accepted.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        server = await asyncio.get_running_loop().create_server(Look, sock=listener)
        async with server:
            _, writer = await asyncio.open_connection(*listener.getsockname())
            assert await accepted
            writer.close()
            await writer.wait_closed()
