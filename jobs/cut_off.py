"""The end of the program in time, whatever hangs: storage, model, Telegram, database (SPEC 11)."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

logger = structlog.get_logger(__name__)

SECONDS = 9.0
"""Seconds that the end may take; a service manager is less patient than a thread that hangs."""


@contextmanager
def cut_off(within: float = SECONDS) -> Iterator[None]:
    """End the process `within` seconds after the block, though a thread may still hang.

    Nothing is lost by that: what is done is on disk, and what is not is done after the next start,
    as after a kill. The exit status tells whether the block was left by an error.
    """
    status = 1
    try:
        yield
        status = 0
    finally:
        threading.Thread(target=_end, args=(within, status), daemon=True).start()


def _end(seconds: float, status: int) -> None:
    time.sleep(seconds)
    logger.warning("end_cut_short", after_seconds=seconds)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
