"""The offline extractor over the whole set: nothing wrong, before the check and after (SPEC 4)."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from services.adapters.offline_extractor import OfflineExtractor
from services.rules.summaries import Summary, checked
from tests.evaluation.cases import SESSION, Case, all_cases
from tests.evaluation.measuring import measure
from tests.evaluation.scoring import Fault

CASES = [case for case in all_cases() if not case.too_short]


async def test_nothing_that_it_says_is_wrong_and_it_misses_no_more_levels_than_it_did() -> None:
    total = await measure(OfflineExtractor(), CASES)
    assert total.answered == len(CASES)
    assert (total.draft.wrong, total.shown.wrong) == ((), ())
    assert (total.draft.precision, total.shown.precision) == (1.0, 1.0)
    assert total.draft.counts[Fault.LEVEL_MISSED] <= 10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_the_check_has_nothing_to_take_out(case: Case) -> None:
    draft = (await OfflineExtractor().summarise(case.request)).draft
    kept = checked(draft, case.sources({}), SESSION)
    assert without_origins(kept) == without_origins(draft)


def without_origins(summary: Summary) -> Any:
    """What it says and cites; whose words they are is found out by the check."""
    said = TypeAdapter(Summary).dump_python(summary)

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without(one) for name, one in value.items() if name != "origin"}
        return [without(one) for one in value] if isinstance(value, list | tuple) else value

    return without(said)
