"""Structure in which a model writes a summary (SPEC 4).

Structured output has no optional fields: what is missing is null, or an empty list. Docstrings and
descriptions are sent to the model, as part of the schema.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, Field, WithJsonSchema

from models.enums import Level
from services.rules.summaries import Claim, Evidence, Observation, Summary

LevelWord = Annotated[
    Level, WithJsonSchema({"type": "string", "enum": [level.value for level in Level]})
]


class Quote(BaseModel):
    """Words from one part of the notes, as they stand there."""

    part_id: int
    quote: str


class Statement(BaseModel):
    """One statement, and what it rests on."""

    statement: str
    evidence: list[Quote]


class Observed(BaseModel):
    """How much of something was seen."""

    level: LevelWord
    statement: str
    evidence: list[Quote]


class Reading(BaseModel):
    """What stands in one photo or PDF."""

    part_id: int
    text: str


class Draft(BaseModel):
    """A summary of a tutor's notes."""

    # A model writes the fields in this order: what it reads first, it can quote afterwards.
    readings: list[Reading]
    headline: Statement | None
    topics: list[Statement]
    engagement: Observed
    confidence: Observed
    patterns: Annotated[list[Statement], Field(description="Learning patterns.")]
    strengths: list[Statement]
    struggles: list[Statement]
    next_steps: list[Statement]

    def summary(self) -> Summary:
        """The summary, unchecked."""
        return Summary(
            headline=_claim(self.headline) if self.headline else None,
            topics=_claims(self.topics),
            engagement=_observation(self.engagement),
            confidence=_observation(self.confidence),
            patterns=_claims(self.patterns),
            strengths=_claims(self.strengths),
            struggles=_claims(self.struggles),
            next_steps=_claims(self.next_steps),
        )


def _claims(statements: Iterable[Statement]) -> tuple[Claim, ...]:
    return tuple(map(_claim, statements))


def _claim(statement: Statement) -> Claim:
    return Claim(statement.statement, _evidence(statement.evidence))


def _observation(observed: Observed) -> Observation:
    return Observation(observed.level, observed.statement, _evidence(observed.evidence))


def _evidence(quotes: Iterable[Quote]) -> tuple[Evidence, ...]:
    return tuple(Evidence(one.part_id, one.quote) for one in quotes)
