"""How processes of a test run share the work that each of them would do alone, and the tests."""

import contextlib
import gc
import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from services.garbage import keep_loaded

LONG = (
    "tests/faults/",
    "tests/model/",
    "tests/services/reschedules/test_races_of_requests.py",
    "tests/web/test_every_page.py",
)
"""Where tests take so long that none may be the last to begin."""


def place(config: pytest.Config) -> tuple[int, int]:
    """Which of the processes this one is, from 0, and how many they are."""
    given: dict[str, str] = getattr(config, "workerinput", {})
    if not given:
        return 0, 1
    return int(given["workerid"].removeprefix("gw")), int(given["workercount"])


def import_tests(config: pytest.Config) -> None:
    """Import the files of tests, each process beginning with others.

    The first that imports a file keeps it compiled for the others: most of what a run costs before
    its first test, where nothing is compiled yet.
    """
    number, processes = place(config)
    modules = [] if processes == 1 else list(_modules(config))
    first = len(modules) * number // processes
    for module in modules[first:] + modules[:first]:
        with contextlib.suppress(Exception):  # told when its tests are collected
            importlib.import_module(module)


def _modules(config: pytest.Config) -> Iterator[str]:
    left_out = config.getini("norecursedirs")
    for folder in config.args:
        for file in sorted(Path(config.rootpath, folder).rglob("test_*.py")):
            name = file.relative_to(config.rootpath).with_suffix("").parts
            if not set(name) & set(left_out):
                yield ".".join(name)


def dealt(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """Tests in the order in which each process takes a part: first, the long ones by turns.

    Parameters from a set come in any order, but all processes need the same.
    """
    long = sorted((one for one in items if _is_long(one)), key=_name)
    others = sorted((one for one in items if not _is_long(one)), key=_name)
    order: list[pytest.Item] = []
    for number in range(processes):
        own = long[number::processes]
        part = (len(items) - len(order)) // (processes - number) - len(own)
        order += own + others[:part]
        del others[:part]
    return order


def _is_long(item: pytest.Item) -> bool:
    return item.nodeid.startswith(LONG)


def _name(item: pytest.Item) -> str:
    return item.nodeid


def load_undisturbed() -> None:
    """Seek no garbage while tests are loaded: a seventh of what that costs, and none is found."""
    gc.disable()


def leave_alone() -> None:
    """Spare the garbage collector what is loaded, and call it as seldom as the program does."""
    gc.collect()
    keep_loaded()
    gc.enable()
