"""A quote is whole words, and means what it meant (SPEC 4)."""

import pytest

from services.rules.quotations import same_words, stands_in


@pytest.mark.parametrize(
    ("text", "quote", "stands"),
    [
        ("She was not confident at all", "confident at all", False),
        ("She was not very confident", "confident", False),
        ("She isn't confident", "confident", False),
        ("She was not confident at all", "not confident at all", True),
        ("Not sure at first, confident later", "confident later", True),
        ("She was uninterested", "interested", False),
        ("She was careless", "care", False),
        ("She was not confident. Later very confident", "confident", True),
        ("他没有信心", "信心", False),
        ("他不太专心", "专心", False),
        ("他没有信心", "没有信心", True),
        ("今天学分数", "学分数", True),
        ("Dia tidak fokus", "fokus", False),
        ("தன்னம்பிக்கை இல்லை", "தன்னம்பிக்கை", False),
        ("தன்னம்பிக்கை இல்லை", "தன்னம்பிக்கை இல்லை", True),
    ],
)
def test_a_quote_is_not_cut_out_of_a_word_or_from_its_not(
    text: str, quote: str, stands: bool
) -> None:
    assert stands_in(text, quote) is stands


def test_what_cannot_be_seen_makes_no_difference() -> None:
    assert same_words("frac\u200btions\u202e \u00a0 – “ok”") == same_words('fractions - "ok"')
