"""Sample answers: written by hand to stand for a model's, good and bad. No model wrote them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.enums import Level
from services.rules.summaries import Claim, Evidence, Observation, Summary

FOLDER = Path(__file__).parent / "answers"
LISTS = ("topics", "patterns", "strengths", "struggles", "next_steps")


@dataclass(frozen=True)
class SampleAnswer:
    """A draft as a model might write it, and what the check must do with it."""

    name: str
    about: str
    case: str
    draft: Summary
    readings: Mapping[int, str]
    """What was read in photos and documents, by part."""
    goes: frozenset[str]
    """Statements that no reader may see; all others must stay."""
    stays_wrong: frozenset[str]
    """Statements that are wrong and get through: no rule of code tells them from right ones."""


def all_sample_answers() -> tuple[SampleAnswer, ...]:
    """Every file's, in order."""
    return tuple(
        _sample(path.stem, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.json"))
    )


def statements(summary: Summary) -> set[str]:
    """Everything that is said in a summary."""
    lists: Iterable[tuple[Claim, ...]] = (getattr(summary, name) for name in LISTS)
    said = {claim.statement for claims in lists for claim in claims}
    said |= {summary.engagement.statement, summary.confidence.statement}
    return (said | {summary.headline.statement if summary.headline else ""}) - {""}


def _sample(name: str, raw: Mapping[str, Any]) -> SampleAnswer:
    readings = {int(part): text for part, text in raw.get("readings", {}).items()}
    return SampleAnswer(
        name=name,
        about=raw["about"],
        case=raw["case"],
        draft=_summary(raw["answer"]),
        readings=readings,
        goes=frozenset(raw["goes"]),
        stays_wrong=frozenset(raw["stays_wrong"]),
    )


def _summary(raw: Mapping[str, Any]) -> Summary:
    lists = {name: tuple(_claim(one) for one in raw.get(name, ())) for name in LISTS}
    return Summary(
        headline=_claim(raw["headline"]) if "headline" in raw else None,
        engagement=_observation(raw.get("engagement")),
        confidence=_observation(raw.get("confidence")),
        **lists,
    )


def _claim(raw: Mapping[str, Any]) -> Claim:
    evidence = (Evidence(one["part"], one["quote"]) for one in raw["evidence"])
    return Claim(raw["statement"], tuple(evidence))


def _observation(raw: Mapping[str, Any] | None) -> Observation:
    if raw is None:
        return Observation()
    claim = _claim(raw)
    return Observation(Level(raw["level"]), claim.statement, claim.evidence)
