"""`make evaluate` prints the figures, and fails below the thresholds."""

import pytest

from models.enums import SummarySource
from services.ports import ModelUnavailableError, SummaryReply, SummaryRequest
from services.settings import load_settings
from tests.evaluation import run
from tests.evaluation.measuring import Measured, measure
from tests.evaluation.scoring import Fault, Score
from tests.evaluation.test_offline import CASES

MISQUOTED = Score(9, 9, ((Fault.QUOTE_NOT_THERE, ""),) * 4)
GOOD = Measured(Score(10, 10), Score(10, 10), answered=20)


def shown(*faults: Fault) -> Measured:
    return Measured(Score(10, 10), Score(10, 10, tuple((one, "") for one in faults)), answered=20)


@pytest.mark.parametrize(
    ("total", "source", "enough"),
    [
        (GOOD, SummarySource.OFFLINE, True),
        (shown(Fault.LEAK), SummarySource.MODEL, False),
        (shown(Fault.LEVEL_WRONG), SummarySource.MODEL, True),
        (shown(Fault.LEVEL_WRONG), SummarySource.OFFLINE, False),
        (shown(*[Fault.LEVEL_WRONG] * 4), SummarySource.MODEL, False),
        (shown(Fault.LEVEL_MISSED, Fault.OTHER_LANGUAGE), SummarySource.MODEL, True),
        (GOOD + Measured(draft=MISQUOTED), SummarySource.MODEL, False),
        (GOOD + Measured(failed=("a", "b")), SummarySource.MODEL, False),
        (Measured(), SummarySource.MODEL, False),
    ],
)
def test_what_is_below_a_threshold_is_named(
    total: Measured, source: SummarySource, enough: bool
) -> None:
    assert (run.shortfalls(total, source) == []) is enough


def test_with_no_model_the_offline_extractor_is_measured_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setattr(run, "load_settings", lambda: load_settings(env_file=None))
    assert run.main() == 0
    printed = capsys.readouterr().out
    assert "the offline extractor" in printed
    assert "quote precision" in printed


async def test_a_model_that_is_away_is_counted_and_ends_nothing() -> None:
    class Away:
        source = SummarySource.MODEL

        async def summarise(self, request: SummaryRequest) -> SummaryReply:
            raise ModelUnavailableError(request.language)

    total = await measure(Away(), CASES[:2])
    assert (total.answered, len(total.failed)) == (0, 2)
