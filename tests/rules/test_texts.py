"""What a typed reason must be (SPEC 2, 5)."""

import pytest

from services.rules.refusals import Refusal
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.texts import REASON_LIMIT, count_words, require_reason, same_words


def test_a_reason_is_kept_without_the_space_around_it() -> None:
    assert require_reason("  she was ill\n") == "she was ill"


@pytest.mark.parametrize("nothing", [None, "", "   ", "\n\t", "\u3000"])
def test_nothing_is_no_reason(nothing: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        require_reason(nothing)

    assert isinstance(caught.value, ReasonRequired)


def test_a_reason_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert require_reason("a" * REASON_LIMIT + " ") == "a" * REASON_LIMIT
    with pytest.raises(Refusal) as caught:
        require_reason("a" * (REASON_LIMIT + 1))

    assert isinstance(caught.value, TextTooLong)
    assert vars(caught.value) == {"limit": REASON_LIMIT}


@pytest.mark.parametrize(
    ("one", "other"),
    [("as  booked.", "As booked"), ("NO NOTES!", "No notes"), ("按原定时间。", "按原定时间")],
)
def test_the_same_words_need_not_have_the_same_capitals_spaces_and_marks(
    one: str, other: str
) -> None:
    assert same_words(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("no notes today", "No notes"), ("notes", "No notes"), ("", ""), ("...", "!"), ("கு", "கி")],
)
def test_other_words_are_not_the_same(one: str, other: str) -> None:
    assert not same_words(one, other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("ok", 1),
        ("Cikgu datang lambat semalam", 4),
        ("好的", 2),
        ("老师昨天迟到了二十分钟", 6),
        ("せんせい thanks", 4),
        ("👍👍👍👍", 1),
    ],
)
def test_words_are_counted_in_scripts_without_spaces_too(text: str, words: int) -> None:
    assert count_words(text) == words
