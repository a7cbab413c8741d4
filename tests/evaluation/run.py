"""Measures the configured summariser over the evaluation set: `make evaluate`.

With OPENAI_API_KEY or OPENAI_BASE_URL set it asks that model, once for each case; with neither, the
offline extractor. Ends with 1 where a figure is below its threshold.
"""

import asyncio
import sys

from models.enums import SummarySource
from services.adapters import factory
from services.ports import Summariser
from services.settings import SettingsError, load_settings
from tests.evaluation.cases import all_cases
from tests.evaluation.measuring import Measured, measure, table
from tests.evaluation.scoring import Fault

LEAST_PRECISION_OF_A_DRAFT = 0.9
LEAST_ANSWERED = 0.95
MOST_LEVELS_WRONG = {SummarySource.MODEL: 3, SummarySource.OFFLINE: 0}
"""After the check, of two levels a case. A model may read a note otherwise than we do."""


def main() -> int:
    """The exit status."""
    try:
        summariser = _configured()
    except SettingsError as error:
        print(error)
        return 2
    if summariser.source is SummarySource.OFFLINE:
        print("No model is configured (OPENAI_API_KEY, OPENAI_BASE_URL): the offline extractor.")
    cases = all_cases()
    total = asyncio.run(measure(summariser, cases))
    print(f"{len(cases)} cases, {total.answered} answered, {len(total.failed)} failed\n")
    print(table(total))
    for fault, words in total.shown.wrong:
        print(f"  {fault.value}: {words}")
    for failure in total.failed:
        print(f"  no answer: {failure}")
    broken = shortfalls(total, summariser.source)
    for shortfall in broken:
        print(f"BELOW THRESHOLD: {shortfall}")
    return 1 if broken else 0


def shortfalls(total: Measured, source: SummarySource) -> list[str]:
    """What is below its threshold."""
    asked = total.answered + len(total.failed)
    counts = total.shown.counts
    must_be_none = (fault for fault, _ in total.shown.wrong if fault is not Fault.LEVEL_WRONG)
    found = [f"{fault.value}: {counts[fault]}" for fault in dict.fromkeys(must_be_none)]
    if counts[Fault.LEVEL_WRONG] > MOST_LEVELS_WRONG[source]:
        found.append(f"{Fault.LEVEL_WRONG.value}: {counts[Fault.LEVEL_WRONG]}")
    if total.draft.precision < LEAST_PRECISION_OF_A_DRAFT:
        found.append(f"quote precision of the draft: {total.draft.precision:.3f}")
    if total.answered < LEAST_ANSWERED * asked or not asked:
        found.append(f"answered: {total.answered} of {asked}")
    return found


def _configured() -> Summariser:
    """What the program itself would use."""
    return factory.summariser(load_settings())


if __name__ == "__main__":
    sys.exit(main())
