"""Days of leave as people type them (SPEC 6, 7)."""

from datetime import date

import pytest

from locales.typed_words import vocabulary_of
from services.rules.typed_leave import days_within, is_of_days, no_such_day_in, read_days

TODAY = date(2026, 11, 25)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("7 dec", "2026-12-07", "2026-12-07"),
        ("2026-12-07", "2026-12-07", "2026-12-07"),
        ("tomorrow", "2026-11-26", "2026-11-26"),
        ("7-11 dec", "2026-12-07", "2026-12-11"),
        ("7 - 11 dec", "2026-12-07", "2026-12-11"),
        ("7 dec to 11 dec", "2026-12-07", "2026-12-11"),
        ("28 dec – 3 jan", "2026-12-28", "2027-01-03"),
        ("7/12 to 11/12", "2026-12-07", "2026-12-11"),
        ("2026-12-07 to 2026-12-11", "2026-12-07", "2026-12-11"),
        ("mon to fri", "2026-11-30", "2026-12-04"),
        ("fri to mon", "2026-11-27", "2026-11-30"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("  7   dec  ", "2026-12-07", "2026-12-07"),
        ("pls 7-8 jan", "2027-01-07", "2027-01-08"),
        ("from the 7-8 jan", "2027-01-07", "2027-01-08"),
        ("no wait, 20-22 jan", "2027-01-20", "2027-01-22"),
        ("7th - 8th jan", "2027-01-07", "2027-01-08"),
        ("the 7 to the 8 jan", "2027-01-07", "2027-01-08"),
        ("28-3 jan", "2026-12-28", "2027-01-03"),
        ("28th to 3rd jan", "2026-12-28", "2027-01-03"),
    ],
)
def test_days_are_read(typed: str, first: str, last: str) -> None:
    found = read_days(typed, TODAY, vocabulary_of("en"))

    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "typed", ["", "soon", "2 days", "31 feb", "11 dec to 7 dec", "7 dec blah", "to"]
)
def test_what_means_no_days_is_not_read(typed: str) -> None:
    assert read_days(typed, TODAY, vocabulary_of("en")) is None


@pytest.mark.parametrize(
    ("typed", "last_of_month", "nearest"),
    [
        ("31 nov", "2026-11-30", ("2026-11-30", "2026-11-30")),
        ("29-31 nov", "2026-11-30", ("2026-11-29", "2026-11-30")),
        ("28 nov to 31/11/2026", "2026-11-30", ("2026-11-28", "2026-11-30")),
        ("30 feb 2027", "2027-02-28", ("2027-02-28", "2027-02-28")),
        ("away on 31 nov", "2026-11-30", None),
    ],
)
def test_a_day_that_there_is_not_is_known_and_what_is_near_to_it(
    typed: str, last_of_month: str, nearest: tuple[str, str] | None
) -> None:
    words = vocabulary_of("en")

    found = read_days(typed, TODAY, words, is_near=True)

    assert no_such_day_in(typed, TODAY, words) == date.fromisoformat(last_of_month)
    assert read_days(typed, TODAY, words) is None
    assert found == (tuple(map(date.fromisoformat, nearest)) if nearest else None)


@pytest.mark.parametrize("typed", ["30 nov", "28 to 30 nov", "29/2", "soon", "31/12"])
def test_other_texts_name_no_such_day(typed: str) -> None:
    assert no_such_day_in(typed, TODAY, vocabulary_of("en")) is None


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("I am on leave from 6 to 8 dec", [("2026-12-06", "2026-12-08")]),
        ("away 7 dec please", [("2026-12-07", "2026-12-07")]),
        (
            "7 dec and also 9 dec",
            [("2026-12-07", "2026-12-07"), ("2026-12-09", "2026-12-09")],
        ),
        ("some time soon", []),
    ],
)
def test_days_are_found_within_a_sentence(typed: str, spans: list[tuple[str, str]]) -> None:
    found = days_within(typed, TODAY, vocabulary_of("en"))

    assert found == [(date.fromisoformat(one), date.fromisoformat(two)) for one, two in spans]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("20 nov", "2027-11-20", "2027-11-20"),
        ("20-22 nov", "2027-11-20", "2027-11-22"),
        ("1/11 to 3/11", "2027-11-01", "2027-11-03"),
        ("20-24 mar", "2027-03-20", "2027-03-24"),
        ("20 jan to 20 feb", "2027-01-20", "2027-02-20"),
    ],
)
def test_days_more_than_sixty_days_away_are_asked_about_and_never_of_another_month(
    typed: str, first: str, last: str
) -> None:
    words = vocabulary_of("en")

    assert read_days(typed, TODAY, words) is None
    found = read_days(typed, TODAY, words, is_near=True)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("typed", "is_it"),
    [
        ("5 jan to 2 jan", True),
        ("3 days from thursday", True),
        ("until friday", True),
        ("wedding on friday", False),
        ("whole of february", False),
        ("2 hours", True),
        ("to", False),
        ("", False),
    ],
)
def test_a_text_of_nothing_but_days_is_known(typed: str, is_it: bool) -> None:
    assert is_of_days(typed, vocabulary_of("en")) is is_it
