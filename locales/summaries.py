"""Texts for the summary of a session's notes, in chats and on pages (SPEC 4).

Plain text: escape it for HTML.
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
    """Title with its statements."""

    title: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class WordedSummary:
    """Summary as a reader sees it, in its order."""

    made_by: str
    """Whether a model or a program wrote it, and a note on its reliability."""
    headline: str | None
    sections: tuple[Section, ...]
    observations: tuple[tuple[str, str], ...]
    """Engagement and confidence, as far as they were observed: the name, and the observation."""
    quotes_title: str
    quotes: tuple[str, ...]
    """Quotes from the notes that the summary relies on and does not state itself."""
    judgement: tuple[str, str] | None
    """Tutor's statement that it is wrong, and why."""


def worded_summary(reader: Reader, summary: NoteSummary) -> WordedSummary:
    """Texts of a summary for one reader; its statements keep their language."""
    content = content_of(summary)
    said = {claim.statement for claim in claims_of(content)}
    cited = (one for one in quotes_of(content) if one.quote not in said)
    return WordedSummary(
        made_by=_made_by(reader, summary),
        headline=content.headline.statement if content.headline else None,
        sections=tuple(_sections(reader, content)),
        observations=tuple(_observed(reader, content)),
        quotes_title=reader.label("From the notes, word for word:"),
        quotes=tuple(_quotes(reader, cited)),
        judgement=_judgement(reader, summary) if summary.is_right is False else None,
    )


def _made_by(reader: Reader, summary: NoteSummary) -> str:
    if summary.source is SummarySource.OFFLINE:
        return reader.label("Sentences from the tutor's notes, picked by a program without AI.")
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


def _observed(reader: Reader, content: Summary) -> Iterator[tuple[str, str]]:
    """What the notes tell; what they do not tell has no line."""
    every: tuple[tuple[str, Observation], ...] = (
        (reader.label("Engagement"), content.engagement),
        (reader.label("Confidence"), content.confidence),
    )
    for name, seen in every:
        if seen.level is not Level.NOT_OBSERVED:
            yield name, f"{level_label(reader, seen.level)}. {seen.statement}"


def _quotes(reader: Reader, cited: Iterable[Evidence]) -> Iterator[str]:
    """Each quote once, with its author where that is not the tutor."""
    for evidence in dict.fromkeys(cited):
        quote = f"“{evidence.quote}”"
        match evidence.origin:
            case QuoteOrigin.TRANSCRIPT:
                yield reader.label("{quote} (voice memo, transcribed by AI)", quote=quote)
            case QuoteOrigin.READING:
                yield reader.label("{quote} (picture, read by AI)", quote=quote)
            case QuoteOrigin.TEXT:
                yield quote


def _judgement(reader: Reader, summary: NoteSummary) -> tuple[str, str]:
    return reader.label("The tutor says this is not right:"), summary.judgement or ""
