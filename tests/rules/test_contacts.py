"""Nothing in a summary leads out of it (SPEC 4)."""

import pytest

from services.rules.contacts import has_contacts, without_contacts


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://evil.example/x now", "See  now"),
        ("See evil.com now", "See  now"),
        ("See [the sheet](https://evil.example) now", "See the sheet now"),
        ("Ask @tutor_ace now", "Ask  now"),
        ("Mail me@evil.example now", "Mail  now"),
        ("Call +65 9123 4567 now", "Call  now"),
        ("Call 91234567 now", "Call  now"),
        ("Hubungi 012-345 6789 ya", "Hubungi  ya"),
    ],
)
def test_what_leads_out_is_taken_out(text: str, left: str) -> None:
    assert has_contacts(text)
    assert without_contacts(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Half of 3.5 is 1.75",
        "He counted to 10 000 and 250,000",
        "She scored 12/15 @ last",
        "Good work.Next: ratio",
        "Meet at 3.30pm",
        "e.g. pg.12",
        "123456789012",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert not has_contacts(text)
