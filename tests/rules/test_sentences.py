"""Notes are taken apart where sentences, lines and bullets end (SPEC 4)."""

import pytest

from services.rules.sentences import SENTENCE_LIMIT, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We did fractions. She smiled! Did he?", ("We did fractions.", "She smiled!", "Did he?")),
        ("She got 3.5 of 4.0 marks.", ("She got 3.5 of 4.0 marks.",)),
        ("Do pg. 12, e.g. part a. Mr. X", ("Do pg. 12, e.g. part a.", "Mr. X")),
        ("He said no. Then yes.", ("He said no.", "Then yes.")),
        ("今天复习了分数。他很专心！“不会。”", ("今天复习了分数。", "他很专心！", "“不会。”")),
        ("他很专心!还不会做应用题。", ("他很专心!", "还不会做应用题。")),
        ("Dia fokus. Kerja rumah: muka surat 12.", ("Dia fokus.", "Kerja rumah: muka surat 12.")),
        ("இன்று படித்தோம். அடுத்த வாரம்!", ("இன்று படித்தோம்.", "அடுத்த வாரம்!")),
        ("- factors\n* primes\n1. ratio\n2) rates\n\n", ("factors", "primes", "ratio", "rates")),
        ("Done: • fractions • ratio", ("Done:", "fractions", "ratio")),
        ("3.5 is half of 7", ("3.5 is half of 7",)),
        ("  ", ()),
    ],
)  # fmt: skip
def test_where_a_sentence_ends(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("text", ["so we did it, and " * 60, "then he " * 90, "x" * 900])
def test_what_was_spoken_without_a_stop_is_cut_and_nothing_of_it_is_lost(text: str) -> None:
    found = sentences(text)
    assert max(map(len, found)) <= SENTENCE_LIMIT
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
