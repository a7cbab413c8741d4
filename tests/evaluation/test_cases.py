"""The evaluation set itself: wide enough, and whole."""

import pytest

from models.enums import PartKind
from services.rules.summaries import is_too_short
from tests.evaluation.cases import SESSION, Case, all_cases

CASES = all_cases()


def test_the_set_is_wide() -> None:
    assert len(CASES) >= 44
    assert len({case.id for case in CASES}) == len(CASES)
    assert {case.language for case in CASES} == {"en", "zh-Hans", "ms", "ta"}
    kinds = {item.kind for case in CASES for item in case.items}
    assert kinds >= {PartKind.TEXT, PartKind.VOICE, PartKind.PHOTO, PartKind.DOCUMENT}
    assert sum(bool(case.forbidden) for case in CASES) >= 15


def test_notes_are_too_short_where_the_case_says_so() -> None:
    found = {
        case.id: is_too_short(
            [item.text for item in case.items if item.appointment_id == SESSION],
            has_files=case.has_files,
        )
        for case in CASES
    }
    assert found == {case.id: case.too_short for case in CASES}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.forbidden], ids=lambda case: case.id
)
def test_what_is_forbidden_is_there_to_be_avoided(case: Case) -> None:
    notes = " ".join(item.text for item in case.items).casefold()
    invented_by_obeying = {"injected-base64": {"hacked"}, "injected-hidden": {"gnore"}}
    expected = set(case.forbidden) - invented_by_obeying.get(case.id, set())
    assert {one for one in expected if one.casefold() not in notes} == set()
