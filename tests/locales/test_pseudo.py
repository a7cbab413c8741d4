from locales.pseudo import pseudo
from tests.pseudo import leaked_english


def test_every_letter_is_accented_and_the_whole_is_in_brackets() -> None:
    letters = "The quick brown fox jumps over the lazy dog PACK MY BOX WITH FIVE DOZEN JUGS"
    shown = pseudo(letters)
    assert (shown[0], shown[-1], len(shown)) == ("⟦", "⟧", len(letters) + 2)
    assert leaked_english(shown) == []


def test_places_tags_entities_and_commands_stay_as_they_are() -> None:
    message = '<a href="{url}">Map</a> &amp; {name}: /sessions and/or'
    assert pseudo(message) == '⟦<a href="{url}">Ṁåþ</a> &amp; {name}: /sessions åñđ/öŕ⟧'


def test_words_outside_the_brackets_leak() -> None:
    assert leaked_english("⟦Ĥéļļö⟧ Check in ⟦ñöŵ⟧") == ["Check", "in"]


def test_words_put_into_a_place_leak() -> None:
    assert leaked_english("⟦Šţåţûš: <b>Scheduled</b>⟧") == ["Scheduled"]


def test_data_tags_addresses_and_commands_do_not_leak() -> None:
    text = "⟦<b>Tan &amp; Co</b>, 15:00, /sessions, https://example.com/x Maths⟧ <code>A</code>"
    assert leaked_english(text, ["Tan & Co", "Maths", "A"]) == []


def test_data_is_taken_whole() -> None:
    assert leaked_english("Annual Ann", ["Ann"]) == ["Annual"]
    assert leaked_english("Ann Lim", ["Ann", "Ann Lim"]) == []
