"""Wishes to change a session, and texts that only look like them (UX 19)."""

import pytest

from locales.wishes import wishes_change


@pytest.mark.parametrize(
    "text",
    [
        "can we move Thursday", "CANCEL", "we can’t make it tomorrow", "cant come, sorry",
        "Is another  day possible?", "pls reschedule", "no lesson this week please",
    ],
)  # fmt: skip
def test_a_wish_to_change_is_known(text: str) -> None:
    assert wishes_change(text, "en")


@pytest.mark.parametrize(
    "text", ["", "he moved house", "exchange", "thank you", "shifty", "the lesson was good"]
)
def test_other_texts_are_none(text: str) -> None:
    assert not wishes_change(text, "en")
