"""Wishes to change a session, and texts that only look like them (UX 19)."""

import pytest

from locales.wishes import tells_of_trouble, wishes_change


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


@pytest.mark.parametrize(
    "text",
    ["i'm sick today sorry", "Car broke  down", "She is ILL", "stuck in traffic", "15 min late"],
)
def test_a_trouble_before_a_session_is_known(text: str) -> None:
    assert tells_of_trouble(text, "en")


@pytest.mark.parametrize("text", ["", "she will do fractions", "skills", "later", "a late start"])
def test_other_texts_tell_of_none(text: str) -> None:
    assert not tells_of_trouble(text, "en")
