"""No name of child, parent or tutor goes to a model (SPEC 4)."""

import pytest

from services.rules.pseudonyms import Pseudonyms

NAMES = ("Emily Lim", "Grace Tan", "林美", "Siti binti Ahmad")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Emily Lim did well.", "[P1] did well."),
        ("Emily and emily and EMILY", "[P1] and [P2] and [P3]"),
        ("Emily's mother, Mrs Lim", "[P1]'s mother, Mrs [P2]"),
        ("A limit is no Lim.", "A limit is no [P1]."),
        ("林美今天很好", "[P1]今天很好"),
        ("Tan taught tangents.", "[P1] taught tangents."),
        ("No names here: 3 of 4.", "No names here: 3 of 4."),
        ("[P1] was written by hand, Emily.", "[P1] was written by hand, [P2]."),
    ],
)
def test_names_are_hidden_as_words_and_come_back_as_they_were_written(
    text: str, hidden: str
) -> None:
    pseudonyms = Pseudonyms(NAMES)
    assert pseudonyms.hide(text) == hidden
    assert pseudonyms.show(hidden) == text


def test_a_placeholder_that_never_was_stays() -> None:
    pseudonyms = Pseudonyms(NAMES)
    pseudonyms.hide("Emily")
    assert pseudonyms.show("[P1] met [P9]") == "Emily met [P9]"


def test_the_same_spelling_has_the_same_placeholder_in_every_part() -> None:
    pseudonyms = Pseudonyms(NAMES)
    assert pseudonyms.hide("Emily") == pseudonyms.hide("Emily") == "[P1]"


def test_without_names_a_text_is_as_it_was() -> None:
    assert Pseudonyms([]).hide("Emily") == "Emily"
