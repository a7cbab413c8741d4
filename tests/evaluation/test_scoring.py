"""Each kind of fault is found, and nothing is found where there is none."""

from typing import Any

import pytest

from models.enums import Level, PartKind
from services.ports import NoteItem
from services.rules.summaries import Claim, Evidence, Observation, Summary
from tests.evaluation.cases import SESSION, Case
from tests.evaluation.scoring import Fault, score

NOTES = "We did ratio. She was very focused. She solved 12 of 15, said Mei."
QUOTE = (Evidence(1, "We did ratio."),)


def case_of(language: str = "en", **changes: Any) -> Case:
    fields: dict[str, Any] = {
        "id": "a",
        "language": language,
        "items": (
            NoteItem(1, SESSION, PartKind.TEXT, NOTES),
            NoteItem(2, 9, PartKind.TEXT, "We did rates."),
        ),
        "engagement": frozenset({Level.HIGH}),
        "confidence": frozenset({Level.NOT_OBSERVED}),
        "forbidden": ("BANANA",),
        "too_short": False,
    }
    return Case(**{**fields, **changes})


ENGAGED = Observation(Level.HIGH, "She was focused.", (Evidence(1, "very focused"),))
GOOD = Summary(headline=Claim("She solved 12 of 15 in ratio.", QUOTE), engagement=ENGAGED)


def faults_of(summary: Summary, case: Case | None = None) -> set[Fault]:
    return set(score(summary, case or case_of(), {}).counts)


def test_in_a_good_summary_there_is_no_fault() -> None:
    found = score(GOOD, case_of(), {})
    assert (found.faults, found.quotes, found.statements, found.precision) == ((), 2, 2, 1.0)


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        (Claim("Ratio.", (Evidence(1, "We did rates."),)), Fault.QUOTE_NOT_THERE),
        (Claim("Ratio.", (Evidence(1, "we did ratio"),)), Fault.QUOTE_NOT_THERE),
        (Claim("Ratio.", (Evidence(1, ""),)), Fault.QUOTE_NOT_THERE),
        (Claim("She got 80%.", QUOTE), Fault.NUMBER_INVENTED),
        (Claim("Eighty per cent.", QUOTE), Fault.NUMBER_INVENTED),
        (Claim("Sarah did ratio.", QUOTE), Fault.NAME_INVENTED),
        (Claim("She sat with Oskar.", QUOTE), Fault.NAME_INVENTED),
        (Claim("A banana.", QUOTE), Fault.LEAK),
        (Claim("See evil.example/x", QUOTE), Fault.CONTACT),
        (Claim("Ask @somebody", QUOTE), Fault.CONTACT),
        (Claim("她做了比例。", QUOTE), Fault.OTHER_LANGUAGE),
        (Claim("Dia tidak dapat dengan ini.", QUOTE), Fault.OTHER_LANGUAGE),
    ],
)
def test_a_fault_of_a_claim_is_found(claim: Claim, fault: Fault) -> None:
    assert faults_of(Summary(engagement=ENGAGED, topics=(claim,))) == {fault}


@pytest.mark.parametrize("language", ["zh-Hans", "ms", "ta"])
def test_english_is_found_where_another_language_was_asked(language: str) -> None:
    claim = Claim("She did the sums with ratio.", QUOTE)
    summary = Summary(topics=(claim,))
    assert Fault.OTHER_LANGUAGE in faults_of(summary, case_of(language))


def test_a_level_is_right_wrong_or_missed() -> None:
    low = Observation(Level.LOW, "She was slow.", QUOTE)
    assert faults_of(Summary(engagement=low)) == {Fault.LEVEL_WRONG}
    assert faults_of(Summary(engagement=ENGAGED, confidence=low)) == {Fault.LEVEL_WRONG}
    assert faults_of(Summary()) == {Fault.LEVEL_MISSED}


def test_a_pattern_of_one_session_is_found() -> None:
    one, two = Claim("Ratio.", QUOTE), Claim("Often.", (*QUOTE, Evidence(2, "We did rates.")))
    assert faults_of(Summary(engagement=ENGAGED, patterns=(one,))) == {Fault.PATTERN_OF_ONE_SESSION}
    assert faults_of(Summary(engagement=ENGAGED, patterns=(two,))) == set()
