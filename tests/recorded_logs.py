"""What the program logs, all of it, for tests to look through."""

import contextlib
import io
import logging
from collections.abc import Iterator

import structlog

from services.adapters.logs import OWN, SILENT, set_up_logs


@contextlib.contextmanager
def debug_logs() -> Iterator[io.StringIO]:
    """What is logged with LOG_LEVEL=DEBUG; logs are as before at the end."""
    root, told = logging.getLogger(), io.StringIO()
    level, handlers = root.level, root.handlers[:]
    with contextlib.redirect_stderr(told):
        set_up_logs("DEBUG")
        structlog.configure(cache_logger_on_first_use=False)  # or they stay as they are for ever
        try:
            yield told
        finally:
            root.setLevel(level)
            root.handlers = handlers
            for name in (*OWN, *SILENT):
                logging.getLogger(name).setLevel(logging.NOTSET)
            structlog.reset_defaults()
