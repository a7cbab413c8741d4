"""Pages of a large agency on a kept-alive connection, over a bare Starlette page."""

import gzip
import http.client
import re
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks import history_rows as history
from benchmarks.cases import awaiting_id, later_id
from benchmarks.large_agency import LARGE, QUICK_LARGE, agency_file
from benchmarks.measuring import Spread, by_turns, load_average, percentile
from benchmarks.processes import running
from benchmarks.product import COOKIE, cookie_hash
from benchmarks.results import Result
from benchmarks.sql import Filling

MOST_TIMES = 15
ALL_IN_ALL = 60_000
"""Bytes of a page with its style and scripts (SPEC 10)."""
BROWSERS = {
    "tutor": 20,
    "parent": history.FIRST_PARENT + 19,
    "coordinator": history.FIRST_COORDINATOR,
}
"""Who looks: the ids of people in the history, each with a browser of their own."""


@dataclass(frozen=True)
class Visit:
    """Page that somebody opens."""

    who: str
    path: str
    told: str = ""
    """What the page is called in the results, where its path names an id."""


def visits(count: int) -> list[Visit]:
    """Pages that are measured in a history of this many sessions."""
    every = ((20, "over"), (awaiting_id(count), "awaiting"), (later_id(count), "ahead"))
    return [
        *(Visit("tutor", f"/tutor?tab={tab}") for tab in ("today", "upcoming", "past")),
        *(
            Visit("parent", f"/family?tab={tab}")
            for tab in ("awaiting", "upcoming", "future", "past")
        ),
        *(
            Visit(who, f"/sessions/{number}", f"/sessions/<id>, {what}, {who}")
            for who in BROWSERS
            for number, what in every
            if (who, what) != ("tutor", "ahead")
        ),
        Visit("parent", "/notes"),
        Visit("parent", "/notes/20", "/notes/<id>"),
        Visit("parent", "/family/statement"),
        Visit("tutor", "/tutor/statement"),
        Visit("coordinator", "/admin"),
        Visit("coordinator", "/admin?kind=unanswered&text=Student+1"),
        Visit("coordinator", "/admin/sessions"),
        Visit("coordinator", "/admin/sessions?status=approved"),
        Visit("coordinator", "/admin/sessions?person=20&from=2026-11-01&to=2026-11-30"),
        Visit("coordinator", f"/admin/disputes/{count + 1}", "/admin/disputes/<id>"),
        Visit("coordinator", "/admin/people"),
        Visit("coordinator", "/admin/people?q=19"),
        Visit("coordinator", "/admin/people/20", "/admin/people/<id>"),
        Visit("coordinator", "/admin/analytics?from=2026-10&to=2026-10"),
    ]


async def measure(*, quick: bool) -> list[Result]:
    """Milliseconds from a request to the whole page, as the client sees them."""
    size, count = (QUICK_LARGE, 20) if quick else (LARGE, 100)
    url = await agency_file(size)
    await _sign_in(url)
    pages = [sys.executable, "-m", "benchmarks.pages_server", url]
    bare = [sys.executable, "-m", "benchmarks.bare_page"]
    with running(pages, "ready") as subject, running(bare, "ready") as floor:
        results = [
            await _measure(floor.address, subject.address, visit, count) for visit in visits(size)
        ]
        heaviest = max(visits(size), key=lambda visit: sum(_bytes(subject.address, visit)))
        return [*results, _weight(subject.address, heaviest)]


async def _measure(bare: str, subject: str, visit: Visit, count: int) -> Result:
    async def floor(_round: int) -> float:
        return _median_visit(bare, "/", visit.who, count)

    async def ours(_round: int) -> float:
        return _median_visit(subject, visit.path, visit.who, count)

    turns = await by_turns(floor, ours)
    page, least = Spread.of(turns.subject), Spread.of(turns.floor)
    return Result(
        f"page {visit.told or visit.path}, kept alive: p50 over a bare page",
        turns.ratio,
        "times",
        f"<= {MOST_TIMES}",
        f"{page.median * 1000:.2f} ms over {least.median * 1000:.3f} ms",
        load_average(),
    )


def _weight(address: str, visit: Visit) -> Result:
    """What the heaviest of the pages weighs with its style and scripts."""
    whole, packed = _bytes(address, visit)
    return Result(
        f"heaviest page, {visit.told or visit.path}: with its style and scripts",
        Spread.of([whole / 1000]),
        "kB",
        f"<= {ALL_IN_ALL // 1000}",
        f"{packed / 1000:.0f} kB compressed",
        load_average(),
    )


def _bytes(address: str, visit: Visit) -> tuple[int, int]:
    """Bytes of a page with its style and scripts: as they are, and compressed."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        page = _get(connection, visit.path, visit.who)
        shared = re.findall(rb'(?:href|src)="(/assets/[^"]+)"', page)
        parts = [page, *(_get(connection, one.decode(), visit.who) for one in shared)]
    finally:
        connection.close()
    return sum(map(len, parts)), sum(len(gzip.compress(one)) for one in parts)


def _median_visit(address: str, path: str, who: str, count: int) -> float:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    waits = []
    try:
        for _ in range(count):
            began = time.perf_counter()
            _get(connection, path, who)
            waits.append(time.perf_counter() - began)
    finally:
        connection.close()
    return percentile(waits, 50)


def _get(connection: http.client.HTTPConnection, path: str, who: str) -> bytes:
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={who}"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}")
    return content


async def _sign_in(url: str) -> None:
    """Sign those who look in, each in a browser of their own."""
    filling = Filling(url, history.NOW)
    statements = []
    for who, person_id in BROWSERS.items():
        browser = {
            "person_id": str(person_id),
            "token_hash": f"'{cookie_hash(who)}'",
            "created_at": filling.at("-60"),
            "expires_at": filling.at("10000"),
        }
        statements += [
            f"DELETE FROM web_session WHERE token_hash = '{cookie_hash(who)}'",
            filling.insert("web_session", browser, 1),
        ]
    await filling.run(statements)
