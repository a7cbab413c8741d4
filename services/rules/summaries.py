"""What a summary may say: only what the notes prove (SPEC 4). Pure.

A model writes a draft; `checked` keeps the claims whose quotes are in the notes, word for word, and
drops the others. Nothing that a model writes is shown unchecked.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.enums import Level, QuoteOrigin
from services.rules.contacts import without_contacts
from services.rules.numbers import claimed, numbers
from services.rules.orders import echoes, orders
from services.rules.quotations import same_words, stands_in

MOST_CLAIMS = 6
"""Most claims of each kind."""
STATEMENT_LIMIT = 300
QUOTE_LIMIT = 400
"""Longest quote that is shown, in characters."""
SHORTEST_QUOTE = 4
"""Fewest letters and digits of a quote; a shorter one counts only if it is the whole source."""
FEWEST_LETTERS = 20
"""Fewest letters of notes without a file that can be summarised."""
SESSIONS_OF_A_PATTERN = 2
DEFAULT_LANGUAGE = "en"
"""Language of coordinators, and of people whose language is unknown."""

_WITH_SCRIPT = {"zh": "zh-Hans"}


@dataclass(frozen=True)
class Evidence:
    """Quote from one part of the notes."""

    part_id: int
    quote: str
    origin: QuoteOrigin = QuoteOrigin.TEXT
    """Author of the words; set by `checked`."""


@dataclass(frozen=True)
class Claim:
    """Statement in the reader's language, with its evidence."""

    statement: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Observation:
    """How engaged or confident the student was, as far as the notes tell."""

    level: Level = Level.NOT_OBSERVED
    statement: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Summary:
    """Summary, in the order in which it is shown."""

    headline: Claim | None = None
    topics: tuple[Claim, ...] = ()
    engagement: Observation = Observation()
    confidence: Observation = Observation()
    patterns: tuple[Claim, ...] = ()
    strengths: tuple[Claim, ...] = ()
    struggles: tuple[Claim, ...] = ()
    next_steps: tuple[Claim, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return self == Summary()


@dataclass(frozen=True)
class Source:
    """Text that can be quoted: a part's own, a memo's transcript, a picture's reading."""

    part_id: int
    appointment_id: int
    origin: QuoteOrigin
    text: str


def language_of(tag: str | None) -> str:
    """Language of the summary for a reader with this language tag: without region, lower case."""
    primary = (tag or DEFAULT_LANGUAGE).replace("_", "-").lower().split("-")[0]
    return _WITH_SCRIPT.get(primary, primary)


def is_too_short(texts: Iterable[str], *, has_files: bool) -> bool:
    """Whether the notes are too short to summarise; a file that a model can read is enough."""
    letters = sum(character.isalnum() for text in texts for character in text)
    return letters < FEWEST_LETTERS and not has_files


def checked(draft: Summary, sources: Sequence[Source], appointment_id: int) -> Summary:
    """Draft without the claims that the notes do not prove.

    A claim is about the session itself and cites only it; a learning pattern cites at least two
    sessions. A statement with a number that the cited parts lack is dropped, and so is one that
    repeats an order from the notes.
    """
    own = _QuotableSources(
        [source for source in sources if source.appointment_id == appointment_id]
    )
    every = _QuotableSources(sources)
    headline = own.kept([draft.headline] if draft.headline else [])
    return Summary(
        headline=headline[0] if headline else None,
        topics=own.kept(draft.topics),
        engagement=own.observed(draft.engagement),
        confidence=own.observed(draft.confidence),
        patterns=tuple(
            claim
            for claim in every.kept(draft.patterns)
            if every.sessions_of(claim) >= SESSIONS_OF_A_PATTERN
        ),
        strengths=own.kept(draft.strengths),
        struggles=own.kept(draft.struggles),
        next_steps=own.kept(draft.next_steps),
    )


def claims_of(summary: Summary) -> tuple[Claim | Observation, ...]:
    """Every statement of a summary, in its order."""
    return (
        *([summary.headline] if summary.headline else []),
        *summary.topics,
        *summary.patterns,
        *summary.strengths,
        *summary.struggles,
        *summary.next_steps,
        summary.engagement,
        summary.confidence,
    )


def quotes_of(summary: Summary) -> tuple[Evidence, ...]:
    """Every quote of a summary, in its order."""
    return tuple(evidence for one in claims_of(summary) for evidence in one.evidence)


def plain(text: str, limit: int) -> str:
    """One line without contacts and invisible characters, at most `limit` characters long."""
    visible = "".join(_visible(one) for one in text)
    line = " ".join(without_contacts(visible).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    """The character itself; nothing for one without a width, which can hide words; else a space."""
    category = unicodedata.category(character)
    return "" if category == "Cf" else " " if category[0] == "C" else character


class _QuotableSources:
    """Sources that can be quoted, and the check of claims against them.

    Sentences that give orders to a machine are left out.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._texts: dict[int, list[tuple[QuoteOrigin, str]]] = {}
        self._numbers: dict[int, frozenset[int]] = {}
        self._sessions = {source.part_id: source.appointment_id for source in sources}
        self._orders = [order for source in sources for order in orders(source.text)]
        for source in sources:
            text = _without(source.text, orders(source.text))
            self._texts.setdefault(source.part_id, []).append((source.origin, text))
            known = self._numbers.get(source.part_id, frozenset())
            self._numbers[source.part_id] = known | numbers(text)

    def kept(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Claims that are proved, each once, without quotes that were not found."""
        found = (self._kept(claim) for claim in claims)
        once = dict.fromkeys(claim for claim in found if claim is not None)
        return tuple(once)[:MOST_CLAIMS]

    def observed(self, draft: Observation) -> Observation:
        """The observation if it is proved, otherwise an empty one."""
        claim = self._kept(Claim(draft.statement, draft.evidence))
        if claim is None or draft.level is Level.NOT_OBSERVED:
            return Observation()
        return replace(draft, statement=claim.statement, evidence=claim.evidence)

    def sessions_of(self, claim: Claim) -> int:
        """Number of sessions that a claim cites."""
        return len({self._sessions[evidence.part_id] for evidence in claim.evidence})

    def _kept(self, claim: Claim) -> Claim | None:
        statement = plain(claim.statement, STATEMENT_LIMIT)
        shown = (Evidence(one.part_id, plain(one.quote, QUOTE_LIMIT)) for one in claim.evidence)
        found = (self._found(one) for one in shown)
        evidence = tuple(dict.fromkeys(one for one in found if one is not None))
        if not evidence or not self._may_be_said(statement, {one.part_id for one in evidence}):
            return None
        return Claim(statement, evidence)

    def _may_be_said(self, statement: str, parts: Iterable[int]) -> bool:
        """Whether it says something, without unproved numbers and without repeating orders."""
        known = frozenset().union(*(self._numbers[part] for part in parts))
        said = (text for texts in self._texts.values() for _, text in texts)
        return (
            any(character.isalnum() for character in statement)
            and claimed(statement) <= known
            and not orders(statement)
            and not echoes(statement, self._orders, said)
        )

    def _found(self, evidence: Evidence) -> Evidence | None:
        """The quote with its origin; None where the part lacks these words."""
        quote = same_words(evidence.quote)
        letters = sum(character.isalnum() for character in quote)
        for origin, text in self._texts.get(evidence.part_id, []):
            is_whole = bool(quote) and quote == text
            if is_whole or (letters >= SHORTEST_QUOTE and stands_in(text, quote)):
                return replace(evidence, origin=origin)
        return None


def _without(text: str, given: Iterable[str]) -> str:
    """Text in the form for comparison; no quote reaches across a removed order."""
    left = same_words(text)
    for order in given:
        left = left.replace(same_words(order), " … ")
    return left
