"""Names and words taken out of texts and documents (SPEC 11)."""

from services.erasure.names import NameEraser, without_words


def test_a_whole_name_goes_everywhere_and_its_parts_in_their_own_sessions_only() -> None:
    eraser = NameEraser("Emily Lim")
    text = "EMILY LIM and Mr Lim met Emilys aunt; emily waved."

    assert eraser.whole(text) == "(erased) and Mr Lim met Emilys aunt; emily waved."
    assert eraser.any_part(text) == "(erased) and Mr (erased) met Emilys aunt; (erased) waved."


def test_a_name_in_a_script_without_spaces_goes_wherever_it_stands() -> None:
    assert NameEraser("陈小明").whole({"a": ["今天陈小明很好", 7]}) == {
        "a": ["今天(erased)很好", 7]
    }


def test_a_document_keeps_numbers_times_and_words_of_closed_sets() -> None:
    document = {
        "notes": [{"id": 1, "kind": "text", "text": "Fractions", "media_key": "notes/a/b.jpg"}],
        "reschedules": [{"version": 2, "reason": "unwell", "text": "fever"}],
        "reason": "unwell, he said",
        "starts_at": "2026-11-25T07:00:00+00:00",
        "student_absent": False,
        "telegram_user_id": 7,
    }

    assert without_words(document) == {
        "notes": [{"id": 1, "kind": "text", "text": None, "media_key": None}],
        "reschedules": [{"version": 2, "reason": "unwell", "text": None}],
        "reason": None,
        "starts_at": "2026-11-25T07:00:00+00:00",
        "student_absent": False,
        "telegram_user_id": None,
    }
