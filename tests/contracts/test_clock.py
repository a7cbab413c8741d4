"""What every clock promises."""

from datetime import UTC

import time_machine

from services.adapters.system_clock import SystemClock
from services.ports import Clock
from tests.builders import NOW


def test_the_system_clock_tells_the_present_time_in_utc() -> None:
    clock: Clock = SystemClock()

    with time_machine.travel(NOW, tick=False):
        assert clock.now() == NOW
        assert clock.now().tzinfo is UTC
