"""The webhook, which stores an update before it answers Telegram (DESIGN 2, idea 5)."""

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.messaging.raw_updates import RawUpdate, is_update, unreadable

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def webhook_route(
    path: str, secret: str, take_in: Callable[[Sequence[RawUpdate]], Awaitable[None]]
) -> Route:
    """A route for updates at `path`, sent by POST with the secret (`WEBHOOK_SECRET`).

    It answers 403 without the secret, 400 to anything but an update, and 200 only after the
    update is stored (`take_in`), so that Telegram repeats it otherwise. Of one that cannot be read,
    the number is stored: it would be repeated for ever.
    """

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = await request.body()
        try:
            raw = json.loads(body.decode(errors="replace"))
        except (ValueError, RecursionError):
            raw = unreadable(body)
        if not is_update(raw):
            return Response(status_code=400)
        await take_in([raw])
        return Response(status_code=200)

    return Route(path, receive, methods=["POST"])
