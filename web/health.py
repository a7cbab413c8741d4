"""Pages for machines: whether the program is alive and ready, and what it counts (SPEC 11)."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.db import Database
from services.meters import Meters
from services.ports import Clock
from services.queries.backlog import backlog
from web.metrics import CONTENT_TYPE, exposition

LOOPBACK = frozenset({"127.0.0.1", "::1"})
DATABASE_SECONDS = 5.0
"""How long `/readyz` waits for the database."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers by which a proxy on the same machine says that the request came from elsewhere."""


@dataclass(frozen=True)
class Health:
    """What the pages of this module look at."""

    database: Database
    clock: Clock
    meters: Meters
    metrics_token: str | None = None
    """METRICS_TOKEN; without it `/metrics` is for this machine only."""
    owner: Callable[[], str] = lambda: "this process"
    """Who handles updates and runs the sweeps."""


def health_routes(health: Health) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        found = {
            "owner": health.owner(),
            "database": await _database(health),
            "telegram": _telegram(health.meters),
        }
        is_ready = found["database"] == "fine" and health.meters.is_telegram_answering
        return JSONResponse(found, 200 if is_ready else 503)

    async def metrics(request: Request) -> Response:
        if not _may_read(request, health.metrics_token):
            return PlainTextResponse("not found\n", 404)
        waiting = await health.database.read(backlog, health.clock.now())
        text = exposition(waiting, health.meters, health.clock.now())
        return Response(text, media_type=CONTENT_TYPE)

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]


async def _database(health: Health) -> str:
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            await health.database.read(backlog, health.clock.now())
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        return type(error).__name__
    return "fine"


def _telegram(meters: Meters) -> str:
    silent = meters.silent_seconds
    if silent is None:
        return "no answer yet"
    verb = "answered" if meters.is_telegram_answering else "failing, answered"
    return f"{verb} {round(silent)} s ago"


def _may_read(request: Request, token: str | None) -> bool:
    if token is not None:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    host = request.client.host if request.client else ""
    return host in LOOPBACK and not any(name in request.headers for name in FORWARDED)
