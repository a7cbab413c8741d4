"""Verbs of the command line for whoever looks after the program (SPEC 11)."""

import asyncio
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from sandbox.demo import write_tables
from sandbox.faults import Fault
from sandbox.phone import Phone
from sandbox.world import World
from tests.test_bot import TOKEN, at_work, bot


async def test_what_was_backed_up_beside_the_running_program_is_restored(tmp_path: Path) -> None:
    """SPEC 11: all verbs but `restore` work beside a running program."""
    media = str(tmp_path / "media")
    write_tables(tmp_path / "tables", datetime.now(UTC))
    await bot("import", str(tmp_path / "tables"), folder=tmp_path)
    async with at_work(World(TOKEN), tmp_path) as started:
        assert "at work" in started
        made = await bot("backup", "monday", folder=tmp_path, MEDIA_DIR=media)
        refused = await bot("restore", "monday", folder=tmp_path, MEDIA_DIR=media)
        assert made[0] == 0, made
        assert "checked: done." in made[1]
        assert refused[0] != 0
        assert refused[2].count("\n") == 1
    (tmp_path / "agency.sqlite").write_bytes(b"damaged")

    status, said, complained = await bot("restore", "monday", folder=tmp_path, MEDIA_DIR=media)

    assert (status, complained) == (0, "")
    assert re.search(r"^\d+ rows of .* UTC are restored", said)
    _, again, _ = await bot("import", str(tmp_path / "tables"), folder=tmp_path)
    assert "people: 0 new" in again


async def test_what_cannot_be_done_is_one_line(tmp_path: Path) -> None:
    """SPEC 11: and exit status 1."""
    await bot("migrate", folder=tmp_path)
    for arguments, why in (
        (("restore", "nowhere"), "nowhere: no backup, manifest.json is missing\n"),
        (("backup", "."), ".: is there already; name another folder\n"),
        (("move", "mysql://x/y"), "the address must be sqlite+aiosqlite:///PATH or"),
    ):
        status, _, complained = await bot(*arguments, folder=tmp_path)
        assert status == 1
        assert why in complained
        assert complained.count("\n") == 1


async def test_a_child_is_erased_beside_the_running_program(tmp_path: Path) -> None:
    """SPEC 11: `erase`."""
    tables = tmp_path / "tables"
    write_tables(tables, datetime.now(UTC))
    for table in ("sessions", "matches"):
        (tables / f"{table}.csv").unlink()
    await bot("import", str(tables), folder=tmp_path)
    name = (tables / "students.csv").read_text().splitlines()[1].split(",")[1]
    async with at_work(World(TOKEN), tmp_path) as started:
        assert "at work" in started
        status, said, complained = await bot("erase", "--child", name, folder=tmp_path)
        again = await bot("erase", "--child", name, folder=tmp_path)
    assert (status, complained) == (0, "")
    assert said.startswith("Erased; 0 sessions are kept")
    assert again[0] == 1
    assert again[2] == f"nobody has the ref or the name {name}\n"


async def test_a_running_program_is_alive_ready_and_counts(tmp_path: Path) -> None:
    async with at_work(World(TOKEN), tmp_path) as started, httpx.AsyncClient() as machine:
        address = re.search(r"http://[\d.]+:\d+", started)
        assert address, started
        answers = [await machine.get(f"{address[0]}/{name}") for name in ("healthz", "readyz")]
        metrics = await machine.get(f"{address[0]}/metrics")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert 'tutorline_telegram_calls_total{method="getMe",status="200"}' in metrics.text


async def test_it_stops_within_ten_seconds_whatever_hangs(tmp_path: Path) -> None:
    """An answer that Telegram does not take; the next start sends it."""
    world = World(TOKEN)
    somebody = Phone(world, world.add_person("Sam", "Stranger").id)
    async with at_work(world, tmp_path) as started:
        assert "at work" in started
        world.faults.plan(Fault("sendMessage", "timeout_before", seconds=60))
        somebody.start()
        while world.faults._planned:  # until it hangs
            await asyncio.sleep(0.05)
        asked = time.monotonic()
    assert time.monotonic() - asked < 11
    async with at_work(world, tmp_path):
        while not somebody.messages()[1:]:
            await asyncio.sleep(0.05)
    assert "invitation link" in somebody.last()["text"]


async def test_check_looks_at_the_penalty_sheet(tmp_path: Path) -> None:
    await bot("migrate", folder=tmp_path)
    sheet = tmp_path / "penalties.csv"
    settings = {"MEDIA_DIR": str(tmp_path / "media"), "PENALTY_SHEET": str(sheet)}
    missing = await bot("check", folder=tmp_path, **settings)
    sheet.write_text("role,penalty\n", encoding="utf-8")
    wrong = await bot("check", folder=tmp_path, **settings)
    sheet.write_text(
        "role,notice_hours_min,notice_hours_max,penalty,guidance\nparent,0,24,Half the fee,\n",
        encoding="utf-8",
    )
    right = await bot("check", folder=tmp_path, **settings)
    assert [status for status, _, _ in (missing, wrong, right)] == [1, 1, 0]
    assert "penalty sheet: PENALTY_SHEET: No such file" in missing[1]
    assert "penalty sheet: PENALTY_SHEET: line 1: the column" in wrong[1]
    assert "penalty sheet: fine\n" in right[1]
