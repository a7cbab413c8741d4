"""The penalty sheet from where the agency keeps it: checked, reloaded, never lost (SPEC 6)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from models.enums import Role
from services.adapters.penalty_sheet import LARGEST, SheetAddress, SheetFile, sheet_source
from services.ports import SheetSource, SheetUnavailableError
from services.rules.penalties import Guidance, PenaltySheetError
from services.sessions.penalty_sheet import Penalties

GOOD = "role,notice_hours_min,notice_hours_max,penalty,guidance\nparent,0,,Half the fee,Sorry.\n"
BAD = "role,notice_hours_min,notice_hours_max,penalty,guidance\nuncle,0,,Half the fee,Sorry.\n"
SAID = Guidance("Half the fee", "Sorry.")


class Shelf:
    """What the file or the address has; None: nothing is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.put(GOOD.encode())

    def put(self, content: bytes | None) -> None:
        if content is None:
            self.path.unlink()
        else:
            self.path.write_bytes(content)

    async def serve(self, _request: web.Request) -> web.Response:
        if not self.path.exists():
            raise web.HTTPNotFound
        return web.Response(body=self.path.read_bytes(), content_type="text/csv")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "penalties.csv")


@pytest.fixture(params=["file", "address"])
async def source(request: pytest.FixtureRequest, shelf: Shelf) -> AsyncIterator[SheetSource]:
    """The sheet as a file, and behind an address."""
    if request.param == "file":
        yield SheetFile(shelf.path)
        return
    app = web.Application()
    app.router.add_get("/sheet", shelf.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield SheetAddress(f"http://{host}:{port}/sheet")
    await runner.cleanup()


def said(penalties: Penalties) -> Guidance | None:
    return penalties.sheet.guidance_for(Role.PARENT, timedelta(hours=5))


async def test_it_is_read_from_a_file_and_from_an_address(source: SheetSource) -> None:
    penalties = Penalties(source)
    assert said(penalties) is None

    await penalties.load()

    assert said(penalties) == SAID


async def test_a_reload_brings_the_newest(source: SheetSource, shelf: Shelf) -> None:
    penalties = Penalties(source)
    await penalties.load()
    shelf.put(GOOD.replace("Half", "All of").encode())

    await penalties.reload()

    assert said(penalties) == Guidance("All of the fee", "Sorry.")


@pytest.mark.parametrize("later", [None, BAD.encode(), b"\xff\xfe", b"x" * (LARGEST + 1)])
async def test_the_last_good_copy_is_kept(
    source: SheetSource, shelf: Shelf, later: bytes | None
) -> None:
    penalties = Penalties(source)
    await penalties.load()
    shelf.put(later)

    await penalties.reload()

    assert said(penalties) == SAID


async def test_the_first_time_what_is_wrong_is_raised(source: SheetSource, shelf: Shelf) -> None:
    shelf.put(BAD.encode())
    with pytest.raises(PenaltySheetError, match="line 2: role must be tutor or parent"):
        await Penalties(source).load()
    shelf.put(None)
    with pytest.raises(SheetUnavailableError):
        await Penalties(source).load()


async def test_an_address_that_answers_nothing_is_out_of_reach() -> None:
    with pytest.raises(SheetUnavailableError):
        await SheetAddress("http://127.0.0.1:1/sheet").read()


async def test_without_a_source_there_is_no_penalty() -> None:
    penalties = Penalties()
    await penalties.load()
    await penalties.reload()
    assert said(penalties) is None


def test_the_setting_names_a_file_or_an_address(tmp_path: Path) -> None:
    assert isinstance(sheet_source("https://sheets.example/pub?output=csv", tmp_path), SheetAddress)
    assert isinstance(sheet_source("penalties.csv", tmp_path), SheetFile)


async def test_while_the_sheet_is_read_nobody_is_told_that_it_cannot_be_read() -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    class Slow:
        async def read(self) -> str:
            asked.set()
            await answered.wait()
            return BAD

    penalties = Penalties(Slow())
    reading = asyncio.create_task(penalties.reload())
    await asked.wait()
    assert penalties.is_readable
    answered.set()
    await reading

    assert not penalties.is_readable
