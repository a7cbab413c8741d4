"""The summary of a session's notes put into words, for chat and pages alike (SPEC 4).

Plain text throughout: escape it where it goes into HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from locales.reader import Reader
from locales.wording import level_label
from models import NoteSummary
from models.enums import Level, QuoteOrigin, SummarySource
from services.rules.summaries import Claim, Evidence, Observation, Summary, claims_of, quotes_of
from services.summaries.requests import content_of


@dataclass(frozen=True)
class Section:
    """A title, and what is stated under it."""

    title: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class WordedSummary:
    """All that a reader is told of it, in its order."""

    made_by: str
    """Whether a model or a program wrote it, and how far it is to be trusted."""
    headline: str | None
    sections: tuple[Section, ...]
    observations: tuple[tuple[str, str], ...]
    """Of engagement and confidence: its name, and what was seen of it."""
    quotes_title: str
    quotes: tuple[str, ...]
    """Words of the notes that it rests on and does not state itself."""
    judgement: tuple[str, str] | None
    """That the tutor finds it wrong, and their words."""


def worded_summary(reader: Reader, summary: NoteSummary) -> WordedSummary:
    """A summary that was made, in the words of one reader; its statements have their language."""
    content = content_of(summary)
    said = {claim.statement for claim in claims_of(content)}
    cited = (one for one in quotes_of(content) if one.quote not in said)
    return WordedSummary(
        made_by=_made_by(reader, summary),
        headline=content.headline.statement if content.headline else None,
        sections=tuple(_sections(reader, content)),
        observations=(
            (reader.label("Engagement"), _observed(reader, content.engagement)),
            (reader.label("Confidence"), _observed(reader, content.confidence)),
        ),
        quotes_title=reader.label("From the notes, word for word:"),
        quotes=tuple(_quotes(reader, cited)),
        judgement=_judgement(reader, summary) if summary.is_right is False else None,
    )


def _made_by(reader: Reader, summary: NoteSummary) -> str:
    if summary.source is SummarySource.OFFLINE:
        return reader.label("Sentences of the tutor's notes, picked by a program without AI.")
    return reader.label("AI summary of the tutor's notes. It can be wrong: the notes count.")


def _sections(reader: Reader, content: Summary) -> Iterator[Section]:
    every: tuple[tuple[str, tuple[Claim, ...]], ...] = (
        (reader.label("Topics"), content.topics),
        (reader.label("Strengths"), content.strengths),
        (reader.label("Still hard"), content.struggles),
        (reader.label("Next steps"), content.next_steps),
        (reader.label("Over several sessions"), content.patterns),
    )
    for title, claims in every:
        if claims:
            yield Section(title, tuple(claim.statement for claim in claims))


def _observed(reader: Reader, observed: Observation) -> str:
    level = level_label(reader, observed.level)
    return level if observed.level is Level.NOT_OBSERVED else f"{level}. {observed.statement}"


def _quotes(reader: Reader, cited: Iterable[Evidence]) -> Iterator[str]:
    """Each once, with whose words they are where they are not the tutor's own."""
    for evidence in dict.fromkeys(cited):
        quote = f"“{evidence.quote}”"
        match evidence.origin:
            case QuoteOrigin.TRANSCRIPT:
                yield reader.label("{quote} (voice memo, written down by AI)", quote=quote)
            case QuoteOrigin.READING:
                yield reader.label("{quote} (picture, read by AI)", quote=quote)
            case QuoteOrigin.TEXT:
                yield quote


def _judgement(reader: Reader, summary: NoteSummary) -> tuple[str, str]:
    return reader.label("The tutor says that this is not right:"), summary.judgement or ""
