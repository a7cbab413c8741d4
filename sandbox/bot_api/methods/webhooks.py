"""Methods that set, remove and describe the webhook."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sandbox.bot_api.call import Call
from sandbox.bot_api.webhook import Webhook
from sandbox.wire import ApiError, Json
from sandbox.world import World

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PORTS = {80, 88, 443, 8443}


def set_webhook(world: World, call: Call) -> bool:
    """Post updates to an address from now on; an empty one removes the webhook.

    Unlike Telegram, the sandbox allows http and any port for a loopback address.
    """
    url = call.text("url")
    if url:
        _check_url(url)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", call.text("secret_token")):
        raise ApiError("secret token contains unallowed characters")
    if "allowed_updates" in call.fields:
        world.updates.allowed = call.fields["allowed_updates"]
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook(
        url, call.text("secret_token"), min(max(call.number("max_connections", 40), 1), 100)
    )
    world.updates.signal.notify()
    return True


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ApiError("invalid webhook URL specified") from None
    if not parts.hostname:
        raise ApiError("invalid webhook URL specified")
    if parts.hostname in _LOOPBACK:
        return
    if parts.scheme != "https":
        raise ApiError("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in _PORTS:
        raise ApiError("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(world: World, call: Call) -> bool:
    """Remove the webhook, so that the bot can poll again."""
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook()
    world.updates.signal.notify()
    return True


def get_webhook_info(world: World, _call: Call) -> Json:
    """The webhook's address, how many updates wait, and the last error."""
    waiting = len(world.updates.waiting(world.now()))
    return world.webhook.info(waiting, world.updates.allowed)
