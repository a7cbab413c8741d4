"""Of what is wrong in answers, written by hand as a model might give them, readers see none."""

import pytest

from services.rules.summaries import checked
from tests.evaluation.cases import SESSION, all_cases
from tests.evaluation.measuring import Measured, measured
from tests.evaluation.sample_answers import SampleAnswer, all_sample_answers, statements
from tests.evaluation.scoring import WRONG

CASES = {case.id: case for case in all_cases()}
SAMPLES = all_sample_answers()
each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def total_of(samples: list[SampleAnswer]) -> Measured:
    total = Measured()
    for sample in samples:
        total += measured(sample.draft, sample.readings, CASES[sample.case])
    return total


@each
def test_what_must_go_goes_and_all_else_stays(sample: SampleAnswer) -> None:
    sources = CASES[sample.case].sources(sample.readings)
    shown = statements(checked(sample.draft, sources, SESSION))
    drafted = statements(sample.draft)
    assert sample.goes | sample.stays_wrong <= drafted
    assert shown & sample.goes == set()
    assert drafted - sample.goes - shown == set()


@each
def test_what_is_still_wrong_is_what_is_known_to_be(sample: SampleAnswer) -> None:
    shown = measured(sample.draft, sample.readings, CASES[sample.case]).shown
    assert shown.precision == 1.0
    assert len(shown.wrong) == len(sample.stays_wrong)


def test_there_is_enough_and_it_is_bad_enough_to_tell_anything() -> None:
    assert len({sample.case for sample in SAMPLES}) >= 25
    draft = total_of(list(SAMPLES)).draft
    assert {fault for fault, _ in draft.wrong} == WRONG
    assert draft.precision < 0.95


def test_of_what_code_can_catch_nothing_wrong_is_left() -> None:
    catchable = [sample for sample in SAMPLES if not sample.stays_wrong]
    total = total_of(catchable)
    assert len(total.draft.wrong) >= 30
    assert total.shown.wrong == ()
    assert total.shown.precision == 1.0
