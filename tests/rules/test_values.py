import copy
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from dataclasses import dataclass as stock_dataclass
from threading import Barrier
from typing import Any, ClassVar

import pytest

from services.rules.values import dataclass
from services.settings import ROOT

PACKAGES = ("chat", "conversations", "handlers", "jobs", "locales", "models", "services", "web")
WRITTEN = ("__eq__", "__hash__", "__repr__", "__setattr__", "__match_args__")


@dataclass(frozen=True)
class Point:
    code: ClassVar[str] = "pt"
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Named(Point):
    name: str = field(default="", kw_only=True)


@stock_dataclass(frozen=True)
class Stock(Point):
    z: int = 3


class Plain(Point):
    pass


class Doubled(Point):
    def __init__(self, x: int) -> None:
        super().__init__(x * 2, y=x)


@dataclass
class Total:
    parts: list[int] = field(default_factory=list)
    total: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.total = sum(self.parts)


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int


@dataclass
class BrokenError(Exception):
    part: str


def make_classes() -> list[Any]:
    """A class and one that inherits from it, of both of which there is no value yet."""

    @dataclass(frozen=True)
    class Base:
        a: int

    @dataclass(frozen=True)
    class Derived(Base):
        b: int = 1

    return [Base, Derived]


def test_a_class_is_written_with_its_first_value() -> None:
    base, derived = make_classes()
    before = [name for name in WRITTEN if name in {*vars(base), *vars(derived)}]

    derived(1)

    assert before == []
    assert all(name in vars(cls) for name in WRITTEN for cls in (base, derived))


def test_a_class_is_written_where_its_fields_are_asked_for() -> None:
    _, derived = make_classes()

    names = [one.name for one in fields(derived)]

    assert names == ["a", "b"]
    assert repr(derived(3)).endswith("Derived(a=3, b=1)")


def test_values_are_equal_hashed_shown_and_changed_as_those_of_the_standard_library() -> None:
    one = Point(1, names=["a"])

    assert one == Point(1, 2, ["b"])
    assert one != Point(2)
    assert hash(one) == hash(Point(1))
    assert repr(one) == "Point(x=1, y=2, names=['a'])"
    assert replace(one, y=5) == Point(1, 5)
    assert copy.deepcopy(one) == one
    assert Point(1).names is not Point(1).names
    assert (Point.y, Point.code) == (2, "pt")
    with pytest.raises(FrozenInstanceError):
        one.x = 3  # type: ignore[misc]


def test_a_class_takes_the_fields_of_those_that_it_inherits_from() -> None:
    assert repr(Named(1, name="n")) == "Named(x=1, y=2, names=[], name='n')"
    assert repr(Stock(1, z=4)) == "Stock(x=1, y=2, names=[], z=4)"
    assert Plain(1) == Plain(1, 2)
    assert Plain(1) != Point(1)
    assert Doubled(2) == Doubled(2)
    assert (Doubled(2).x, Doubled(2).y) == (4, 2)


def test_a_pattern_reads_the_fields_of_a_value() -> None:
    match Version(1, 2):
        case Version(major, minor):
            assert (major, minor) == (1, 2)


def test_values_are_finished_sorted_and_raised() -> None:
    assert Total([1, 2]).total == 3
    assert sorted([Version(2, 1), Version(1, 9)]) == [Version(1, 9), Version(2, 1)]
    with pytest.raises(BrokenError) as raised:
        raise BrokenError("wheel")
    assert (raised.value.part, raised.value.args) == ("wheel", ("wheel",))


@pytest.mark.parametrize("given", [(), (1, 2, [], 4)])
def test_a_first_value_with_wrong_arguments_is_refused(given: tuple[Any, ...]) -> None:
    base, _ = make_classes()

    with pytest.raises(TypeError, match=r"Base\.__init__\(\)"):
        base(*given)


def test_a_class_with_slots_has_no_room_for_anything_else() -> None:
    @dataclass(slots=True)
    class Slotted:
        a: int

    value = Slotted(1)

    assert (value.a, hasattr(value, "__dict__")) == (1, False)


def test_a_class_keeps_an_init_of_its_own() -> None:
    @dataclass
    class Halved:
        a: float

        def __init__(self, doubled: float) -> None:
            self.a = doubled / 2

    assert Halved(4) == Halved(doubled=4)
    assert repr(Halved(4)).endswith("Halved(a=2.0)")


def test_threads_that_make_the_first_values_at_once_make_them_whole() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            classes, ready = make_classes(), Barrier(4)

            def equal(kind: Any, ready: Barrier = ready) -> bool:
                ready.wait()
                return bool(kind(1) == kind(1))

            with ThreadPoolExecutor(4) as pool:
                assert all(pool.map(equal, [*classes, *classes]))
    finally:
        sys.setswitchinterval(interval)


def every_class() -> Iterator[type]:
    """Every class of the program."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            module = importlib.import_module(found.name)
            yield from (one for one in vars(module).values() if isinstance(one, type))


def test_every_dataclass_of_the_program_can_be_written() -> None:
    written = {one for one in every_class() if is_dataclass(one)}

    assert len(written) > 400
