"""Numbers, in digits and in words (SPEC 4)."""

import pytest

from services.rules.numbers import claimed, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 of 15, in 1,000 tries", {12, 15, 1000}),
        ("12 and ௧௨", {12}),
        ("seven out of ten", {7, 10}),
        ("eighty-five and two hundred and five", {85, 205}),
        ("twenty twenty-one", {20, 21}),
        ("lapan puluh lima, dua belas, seratus dua puluh", {85, 12, 120}),
        ("二十五、一百二十、三百四十五", {25, 120, 345}),
        ("百分之八十", {80}),
        ("எண்பது", {80}),
        ("9" * 5000, {int("9" * 18), int("9" * 14)}),
        ("none of it", set()),
    ],
)
def test_numbers_are_found(text: str, expected: set[int]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("One of them got two", set()),
        ("她十分专心", set()),
        ("She got 2 of ten", {2}),
        ("Eighty per cent", {80}),
    ],
)
def test_small_numbers_in_words_are_idiom(statement: str, expected: set[int]) -> None:
    assert claimed(statement) == expected
