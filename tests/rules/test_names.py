"""Names that a mistyped one is most like (UX 19)."""

import pytest

from services.rules.names import most_alike

NAMES = ["Emily Lim", "Ryan Lim", "Aisha Rahman", "Oliver Koh", "Emilia Ng"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("emly", ["Emily Lim"]),
        ("emily", ["Emily Lim", "Emilia Ng"]),
        ("Rayn", ["Ryan Lim"]),
        ("aysha rahmn", ["Aisha Rahman"]),
        ("emli", ["Emily Lim", "Emilia Ng"]),
        ("yran", ["Ryan Lim"]),
        ("kho", ["Oliver Koh"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_a_mistyped_name_finds_those_that_it_is_like(typed: str, meant: list[str]) -> None:
    assert most_alike(typed, NAMES, 5) == meant


def test_no_more_than_asked_for() -> None:
    assert most_alike("emily", NAMES, 1) == ["Emily Lim"]
