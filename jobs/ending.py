"""What ends the program: a signal, or a trouble after which it may not go on (SPEC 11)."""

import asyncio
import signal

from services.ending import Ending


def end_signal() -> asyncio.Event:
    """Event that Ctrl-C or the service manager's signal sets, from now on."""
    asked = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, asked.set)
    return asked


async def asked_to_end(asked: asyncio.Event, ending: Ending) -> None:
    """Wait for the signal to end. Raises the `MustEndError` of `ending`."""
    waiting = {asyncio.create_task(asked.wait()), asyncio.create_task(ending.wait())}
    done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in done:
        task.result()
