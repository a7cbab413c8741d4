"""Logs: one line for each event on standard error, without tokens."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from models.cause import current_update

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
"""Text that looks like a bot token, in an address or in `repr(bot)`."""
OWN = ("bot", "chat", "conversations", "handlers", "jobs", "locales", "sandbox", "services", "web")
"""Loggers whose lines below WARNING are kept.

Libraries log addresses, which contain the token, and the data that they send and store, which
contains names.
"""


class RedactingFormatter(logging.Formatter):
    """Formatter that removes tokens from all lines, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def redacted(text: str) -> str:
    """`text` without anything that looks like a bot token."""
    return TOKEN.sub("[token]", text)


def _redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        key: redacted(value) if isinstance(value, str) else value for key, value in event.items()
    }


def _add_update(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the update that is being handled, in each line that is logged meanwhile."""
    if (update_id := current_update.get()) is not None:
        event.setdefault("update_id", update_id)
    return event


def set_up_logs(level: str) -> None:
    """Log from `level` on ("DEBUG" to "ERROR"); libraries at least from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    wanted = logging.getLevelNamesMapping()[level]
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, wanted))
    for name in OWN:
        logging.getLogger(name).setLevel(wanted)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _add_update,
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
