"""Courtesies that people type, and texts that only look like them (UX 19)."""

import pytest

from locales.courtesies import Courtesy, courtesy_of


@pytest.mark.parametrize(
    "text",
    [
        "thanks", "Thank you!", "thank  you", "Thanks 🙏", "🙏🏽🙏🏽", "ok thanks",
        "Noted, thank you :-)", "thanks a lot!!", "Great, thx", "tq", "❤️",
        "Thank you so much for everything 😊", "OK,ty",
    ],
)  # fmt: skip
def test_thanks_are_known_however_they_are_typed(text: str) -> None:
    assert courtesy_of(text, "en") is Courtesy.THANKS


@pytest.mark.parametrize(
    "text", ["ok", "OK.", "Okay 👍", "k", "👍🏾", "noted", "Got it!", "ok great", "alright"]
)
def test_so_is_that_something_was_read(text: str) -> None:
    assert courtesy_of(text, "en") is Courtesy.READ


@pytest.mark.parametrize("text", ["sorry", "Sorry!!", "so sorry 🙂", "sorry for the late notice"])
def test_so_are_apologies(text: str) -> None:
    assert courtesy_of(text, "en") is Courtesy.SORRY


@pytest.mark.parametrize(
    "text", ["hi", "Hello!!", "good evening 🙂", "Hi there", "who are you?", "hey, what is this?"]
)
def test_so_are_greetings(text: str) -> None:
    assert courtesy_of(text, "en") is Courtesy.GREETING


@pytest.mark.parametrize(
    "text",
    [
        "hi any news", "morning lesson", "what is this charge",
        "", "?", "!!", "ok?", "yes", "no", "Great", "Perfect.", "4pm", "okra", "tyres",
        "thanksgiving", "ok 4pm", "thanks, can we move Thursday?",
        "Thank you for the worksheet on fractions",
        "/stop", "thanks " * 20, "OK to cancel", "k12", "all", "he was fine", "🙂",
        "sorry, he is unwell",
    ],
)  # fmt: skip
def test_what_may_say_more_is_none(text: str) -> None:
    assert courtesy_of(text, "en") is None


def test_english_ones_are_known_in_every_language() -> None:
    assert courtesy_of("thanks!", "x-pseudo") is Courtesy.THANKS
