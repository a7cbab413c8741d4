"""Logs: one line for each event on standard error, without tokens and without people's words."""

import copy
import logging
import re
import sys

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from models.cause import current_update
from services.error_place import place_of

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
"""Text that looks like a bot token, in an address or in `repr(bot)`."""
OWN = ("bot", "chat", "conversations", "handlers", "jobs", "locales", "sandbox", "services", "web")
"""Loggers whose lines below WARNING are kept.

Libraries log addresses, which contain the token, and the data that they send and store, which
contains names.
"""
SILENT = ("telegram",)
"""Loggers without any line: python-telegram-bot logs whole updates, at CRITICAL too. What it raises
is logged where it is caught.
"""


class DiscreetFormatter(logging.Formatter):
    """Formatter that leaves out tokens and people's words.

    Of an error it tells kind and place, of a library's line what the library's code says, without
    the values put into it.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        shown.exc_text = None
        if record.name.partition(".")[0] not in OWN:
            shown.msg, shown.args = _unfilled(record.msg), None
        return redacted(super().format(shown))

    def formatException(  # noqa: N802 - logging's name
        self, ei: ExcInfo | tuple[None, None, None]
    ) -> str:
        return place_of(ei[1]) if ei[1] is not None else ""


def _unfilled(message: object) -> str:
    """First line of a message, before values are put into it; further lines show objects."""
    if isinstance(message, BaseException):
        return place_of(message)
    return str(message).partition("\n")[0]


def _place(exc_info: ExcInfo) -> str:
    return place_of(exc_info[1])


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
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    wanted = logging.getLevelNamesMapping()[level]
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, wanted))
    for name in OWN:
        logging.getLogger(name).setLevel(wanted)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _add_update,
            structlog.processors.ExceptionRenderer(_place),
            _redact,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(wanted),  # lower ones do nothing
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
