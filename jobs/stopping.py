"""End of the process in bounded time, whatever hangs (SPEC 11)."""

import os
import sys
import threading

STOP_SECONDS = 9.0
"""How long what is under way is waited for: service managers and people lose patience at ten."""


def end_within(seconds: float = STOP_SECONDS) -> None:
    """End this process after `seconds`, if it has not ended by itself.

    A call that hangs in a thread cannot be cancelled. To end the process loses nothing: updates
    and messages are rows, and are taken up by the next start.
    """
    timer = threading.Timer(seconds, _end)
    timer.daemon = True  # does not keep alive a process that is done
    timer.start()


def _end() -> None:
    print("What was under way took too long; the next start takes it up.", file=sys.stderr)
    sys.stderr.flush()
    os._exit(0)
