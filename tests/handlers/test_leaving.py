"""Dialogues that are put aside (SPEC 9)."""

import pytest

from conversations.registry import dialogues
from handlers.leaving import parked_words
from tests.locales.readers import reader

CAN_BE_ACTIVE = sorted(one.title for one in dialogues() if one.states)


@pytest.mark.parametrize("name", CAN_BE_ACTIVE)
def test_every_dialogue_says_so_in_words_of_its_own_when_it_is_put_aside(name: str) -> None:
    assert parked_words(reader(), name)


def test_the_newer_dialogues_are_among_them() -> None:
    assert {"adhoc", "leave", "scheduling", "problem_reply"} < set(CAN_BE_ACTIVE)
