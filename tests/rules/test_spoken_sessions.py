"""Sessions of which a text speaks (UX 19)."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from locales.typed_words import vocabulary_of
from services.rules.spoken_sessions import Known, Spoken, spoken_sessions

UTC = ZoneInfo("UTC")
NOW = datetime.fromisoformat("2026-11-30T09:00Z")
"""A Monday."""
KNOWN = (
    Known(1, "Emily Lim", datetime.fromisoformat("2026-11-30T16:00Z")),
    Known(2, "Ryan Lim", datetime.fromisoformat("2026-12-03T08:30Z")),
    Known(3, "Emily Lim", datetime.fromisoformat("2026-12-03T16:00Z")),
    Known(4, "Ryan Lim", datetime.fromisoformat("2026-12-04T16:00Z")),
    Known(5, "Emily Lim", datetime.fromisoformat("2026-12-07T16:00Z")),
    Known(6, "陈伟", datetime.fromisoformat("2026-12-09T10:00Z")),
)


def spoken(text: str, language: str = "en") -> Spoken:
    return spoken_sessions(text, KNOWN, NOW, UTC, vocabulary_of(language))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("the thursday one", (2, 3)),
        ("the thrusday one", (2, 3)),
        ("Ryan's Thursday lesson", (2,)),
        ("ryan thu", (2,)),
        ("can we move ryan's thursday lesson to friday 4pm?", (2, 4)),
        ("friday please, not thursday", (4, 2, 3)),
        ("4 dec", (4,)),
        ("4/12", (4,)),
        ("today", (1,)),
        ("monday", (1, 5)),
        ("emily", (1, 3, 5)),
        ("lim", (1, 2, 3, 4, 5)),
        ("the 8.30am one", (2,)),
        ("陈伟的课", (6,)),
    ],
)
def test_a_child_a_day_or_a_time_names_them(text: str, ids: tuple[int, ...]) -> None:
    assert spoken(text).ids == ids


@pytest.mark.parametrize(
    "text", ["", "hello", "sunday", "3 kids", "emil", "see you later", "next week", "25 dec", "5"]
)
def test_other_texts_speak_of_none(text: str) -> None:
    assert replace(spoken(text), has_day=False) == Spoken()


@pytest.mark.parametrize(("text", "has_day"), [("sunday", True), ("25 dec", True), ("emil", False)])
def test_a_day_is_known_also_where_no_session_is_on_it(text: str, has_day: bool) -> None:
    assert spoken(text).has_day is has_day


@pytest.mark.parametrize(
    ("text", "names_day"),
    [("emily cannot come", False), ("no lesson on thursday", True), ("ryan, sunday", False)],
)
def test_it_is_told_whether_the_day_is_named(text: str, names_day: bool) -> None:
    assert spoken(text).names_day is names_day


def test_of_a_long_text_the_beginning_is_read() -> None:
    assert spoken("x " * 200 + "thursday") == Spoken()


def test_days_are_those_where_it_was_written() -> None:
    before_midnight = Known(7, "Emily Lim", datetime.fromisoformat("2026-12-02T23:30Z"))
    zone, vocabulary = ZoneInfo("Asia/Singapore"), vocabulary_of("en")

    assert spoken_sessions("thu", [before_midnight], NOW, zone, vocabulary).ids == (7,)
    assert spoken_sessions("7.30am", [before_midnight], NOW, zone, vocabulary).ids == (7,)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("nobody came on friday", (2,)),
        ("emily's lesson on monday", (3, 1)),
        ("27/11", (2,)),
        ("on tuesday", ()),
    ],
)
def test_among_sessions_that_have_begun_a_weekday_is_the_last_one(
    text: str, ids: tuple[int, ...]
) -> None:
    begun = [
        Known(number, "Emily Lim", datetime.fromisoformat(start))
        for number, start in enumerate(
            ("2026-11-23T16:00Z", "2026-11-27T16:00Z", "2026-11-30T08:00Z"), start=1
        )
    ]

    found = spoken_sessions(text, begun, NOW, UTC, vocabulary_of("en"), are_over=True)

    assert found.ids == ids
