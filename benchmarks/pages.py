"""Pages on a kept-alive connection, over a bare Starlette page."""

import http.client
import sys
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from benchmarks import families
from benchmarks.databases import sqlite
from benchmarks.measuring import Spread, by_turns, load_average, percentile
from benchmarks.processes import bot_api, product, running
from benchmarks.product import COOKIE, cookie_hash
from benchmarks.results import Result
from benchmarks.sql import Filling

SESSIONS = 60
"""Sessions of one tutor, with three parts of notes each; a page shows at most 50 of them."""
PARTS = 3
BROWSER = "a-browser-of-the-benchmarks"
PATHS = ("/notes", "/notes/1", "/tutor", "/tutor?tab=past", "/sessions/1", "/admin")


async def measure(*, quick: bool) -> list[Result]:
    """Milliseconds from a request to the whole page, as the client sees them."""
    visits = 20 if quick else 100
    command = [sys.executable, "-m", "benchmarks.bare_page"]
    with sqlite() as url:
        await _fill(url)
        with (
            bot_api(0.0) as api,
            product(url, api.address) as subject,
            running(command, "ready") as bare,
        ):
            return [await _measure(bare.address, subject.address, path, visits) for path in PATHS]


async def _measure(bare: str, subject: str, path: str, visits: int) -> Result:
    async def floor(_round: int) -> float:
        return _median_visit(bare, "/", visits)

    async def ours(_round: int) -> float:
        return _median_visit(subject, path, visits)

    turns = await by_turns(floor, ours)
    page, least = Spread.of(turns.subject), Spread.of(turns.floor)
    return Result(
        f"page {path.replace('/1', '/<id>')}, kept alive: p50 over a bare page",
        turns.ratio,
        "times",
        "<= 15",
        f"{page.median * 1000:.2f} ms over {least.median * 1000:.3f} ms",
        load_average(),
    )


def _median_visit(address: str, path: str, visits: int) -> float:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    waits = []
    try:
        for _ in range(visits):
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": f"{COOKIE}={BROWSER}"})
            answer = connection.getresponse()
            answer.read()
            waits.append(time.perf_counter() - began)
            if answer.status != http.client.OK:
                raise RuntimeError(f"{path} answered {answer.status}")
    finally:
        connection.close()
    return percentile(waits, 50)


async def _fill(url: str) -> None:
    """Insert the sessions with notes of one tutor, who coordinates, too, and their browser."""
    await families.fill(url, SESSIONS, families.TO_ACKNOWLEDGE)
    filling = Filling(url, datetime.now(UTC))
    part = {
        "appointment_id": f"i / {PARTS} + 1",
        "author_id": "1",
        "kind": "'text'",
        "text": "'Fractions went well today; homework is page 12.'",
        "created_at": filling.at("-60"),
        "is_late": "FALSE",
        "store_attempts": "0",
    }
    browser = {
        "person_id": "1",
        "token_hash": f"'{cookie_hash(BROWSER)}'",
        "created_at": filling.at("-60"),
        "expires_at": filling.at("10000"),
    }
    await filling.run(
        [
            "UPDATE appointment SET tutor_id = 1",
            "UPDATE person SET is_coordinator = TRUE WHERE id = 1",
            filling.insert("note_part", part, SESSIONS * PARTS),
            filling.insert("web_session", browser, 1),
        ]
    )
