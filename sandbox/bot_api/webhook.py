"""The webhook that a bot has set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.wire import Json


@dataclass
class Webhook:
    """The webhook's settings and last error; an empty `url` means that the bot polls."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""

    def info(self, pending: int, allowed: list[str]) -> Json:
        """The `WebhookInfo` object."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.last_error_date:
            info["last_error_date"] = self.last_error_date
            info["last_error_message"] = self.last_error_message
        if self.url:
            info["max_connections"] = self.max_connections
            info["ip_address"] = "127.0.0.1"
        if allowed:
            info["allowed_updates"] = allowed
        return info
