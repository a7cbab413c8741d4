"""Words that people type for days and times, from the catalogues (SPEC 6)."""

from datetime import timedelta

import pytest

from locales.catalogue import codes
from locales.typed_day_words import time_examples
from locales.typed_words import vocabulary_of
from services.rules.typed_slots import Frame, read_typed_slot
from services.rules.typed_words import Kind, Token
from tests.builders import NOW, ZONE
from tests.locales.readers import reader


@pytest.mark.parametrize("aheads", [(2, 3), (5, 8), (6, 7), (7, 12), (30, 31)])
@pytest.mark.parametrize("own_ahead", [9, 13, 14, 46])
@pytest.mark.parametrize("language", codes())
def test_examples_in_questions_are_right_when_they_are_typed_whatever_the_day(
    language: str, own_ahead: int, aheads: tuple[int, int]
) -> None:
    for days in range(400):
        read_by = reader(language, now=NOW + timedelta(days=days))
        frame = Frame(read_by.now, ZONE, read_by.now + timedelta(days=own_ahead))
        own = read_by.today + timedelta(days=own_ahead)
        open_days = [read_by.today + timedelta(days=ahead) for ahead in aheads]
        for typed, day in zip(time_examples(read_by, open_days, own), open_days, strict=True):
            slot = read_typed_slot(typed, frame, vocabulary_of(language))
            local = [f"{start.astimezone(ZONE):%Y-%m-%d %H:%M}" for start in slot.starts]
            assert (slot.doubt, local) == (None, [f"{day} 16:00"]), typed


@pytest.mark.parametrize("known", [(), (9,)])
def test_where_too_few_days_are_known_the_next_ones_are_examples(known: tuple[int, ...]) -> None:
    read_by = reader("en")
    days = [read_by.today + timedelta(days=ahead) for ahead in known]

    first, second = time_examples(read_by, days, read_by.today)

    assert first == ("4/12 4pm" if known else "fri 4pm")
    assert second == ("27/11 16:00" if known else "28/11 16:00")


@pytest.mark.parametrize("language", codes())
def test_every_language_has_words_for_every_weekday_month_and_half_of_the_day(
    language: str,
) -> None:
    known = {tokens for tokens in vocabulary_of(language).values() if len(tokens) == 1}
    wanted = {(Token(Kind.WEEKDAY, number),) for number in range(7)}
    wanted |= {(Token(Kind.MONTH, number),) for number in range(1, 13)}
    wanted |= {(Token(Kind.HALF, number),) for number in (0, 1)}
    assert wanted <= known


def test_english_words_are_known_in_every_language() -> None:
    english = vocabulary_of("en")
    assert english["tmr"] == (Token(Kind.DAYS_AHEAD, 1),)
    for language in (*codes(), "x-pseudo"):
        assert set(english) <= set(vocabulary_of(language))
