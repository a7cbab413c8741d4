"""How the bot reaches Telegram."""

from dataclasses import dataclass

from chat.context import POLL_SECONDS
from jobs.outbox_relay import RATE_LIMITS
from jobs.rate_limits import RateLimits
from services.settings import TELEGRAM_ROOT


@dataclass(frozen=True)
class Telegram:
    """The bot's token and group, and the address of its Bot API."""

    token: str
    coordinator_chat_id: int
    api_url: str = TELEGRAM_ROOT
    pacing: RateLimits = RATE_LIMITS
    poll_seconds: int = POLL_SECONDS
