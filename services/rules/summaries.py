"""What a summary of notes may say: only what the notes carry (SPEC 4). Pure.

A model writes a draft; `checked` keeps the claims whose quotes are there, word for word, and drops
the others. Nothing that a model says is shown without having come through here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.enums import Level, QuoteOrigin

MOST_CLAIMS = 6
"""So many of each sort are kept."""
STATEMENT_LIMIT = 300
QUOTE_LIMIT = 400
"""Characters that are shown of them."""
SHORTEST_QUOTE = 4
"""Letters and digits; what is shorter supports anything, unless it is all that was said."""
FEWEST_LETTERS = 20
"""Notes with fewer letters than this, and without a file to look at, are too short to sum up."""
SESSIONS_OF_A_PATTERN = 2
DEFAULT_LANGUAGE = "en"
"""In which coordinators read, and everybody whose language we do not know."""

_WITH_SCRIPT = {"zh": "zh-Hans"}

_LINK = re.compile(
    r"(?:https?://|www\.|t\.me/|tg://)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True)
class Evidence:
    """A part of the notes, and words from it as they were said."""

    part_id: int
    quote: str
    origin: QuoteOrigin = QuoteOrigin.TEXT
    """Whose words they are; `checked` finds out."""


@dataclass(frozen=True)
class Claim:
    """One statement, in the reader's language, and what it rests on."""

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
    """The whole of it, in the order in which it is shown."""

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
        """Whether nothing was left of it."""
        return self == Summary()


@dataclass(frozen=True)
class Source:
    """What can be quoted: a part's own text, a memo's transcript, a picture as it was read."""

    part_id: int
    appointment_id: int
    origin: QuoteOrigin
    text: str


def language_of(tag: str | None) -> str:
    """The language in which a reader of this language tag has summaries: no region, no case."""
    primary = (tag or DEFAULT_LANGUAGE).replace("_", "-").lower().split("-")[0]
    return _WITH_SCRIPT.get(primary, primary)


def is_too_short(texts: Iterable[str], *, has_files: bool) -> bool:
    """Whether there is too little to sum up; a file that a model can look at is enough."""
    letters = sum(character.isalnum() for text in texts for character in text)
    return letters < FEWEST_LETTERS and not has_files


def checked(draft: Summary, sources: Sequence[Source], appointment_id: int) -> Summary:
    """The draft without every claim whose quote is not there.

    Claims are of the session itself, and cite it alone; a learning pattern cites two sessions or
    more. A statement with a number that nobody wrote goes as well.
    """
    own = _Library([source for source in sources if source.appointment_id == appointment_id])
    every = _Library(sources)
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


def quotes_of(summary: Summary) -> tuple[Evidence, ...]:
    """Everything that a summary cites, in its order."""
    claims = [
        *([summary.headline] if summary.headline else []),
        *summary.topics,
        *summary.patterns,
        *summary.strengths,
        *summary.struggles,
        *summary.next_steps,
    ]
    cited: list[Claim | Observation] = [*claims, summary.engagement, summary.confidence]
    return tuple(evidence for one in cited for evidence in one.evidence)


def plain(text: str, limit: int) -> str:
    """One line without links or control characters, no longer than `limit` characters."""
    visible = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in text)
    line = " ".join(_LINK.sub("", visible).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def same_words(text: str) -> str:
    """The text as it is compared: one kind of quotation mark, dash and space."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SAME).split())


class _Library:
    """The sources that may be quoted, and what is kept of claims that quote them."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._texts: dict[int, list[tuple[QuoteOrigin, str]]] = {}
        self._sessions: Mapping[int, int] = {}
        sessions: dict[int, int] = {}
        for source in sources:
            said = (source.origin, same_words(source.text))
            self._texts.setdefault(source.part_id, []).append(said)
            sessions[source.part_id] = source.appointment_id
        self._sessions = sessions
        everything = " ".join(text for texts in self._texts.values() for _, text in texts)
        self._numbers = set(_NUMBER.findall(everything))

    def kept(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Those that can be said, without the evidence that is none."""
        found = (self._kept(claim) for claim in claims)
        return tuple(claim for claim in found if claim is not None)[:MOST_CLAIMS]

    def observed(self, draft: Observation) -> Observation:
        """The observation, or that there was none."""
        claim = self._kept(Claim(draft.statement, draft.evidence))
        if claim is None or draft.level is Level.NOT_OBSERVED:
            return Observation()
        return replace(draft, statement=claim.statement, evidence=claim.evidence)

    def sessions_of(self, claim: Claim) -> int:
        """How many sessions it cites."""
        return len({self._sessions[evidence.part_id] for evidence in claim.evidence})

    def _kept(self, claim: Claim) -> Claim | None:
        statement = plain(claim.statement, STATEMENT_LIMIT)
        found = map(self._found, claim.evidence)
        evidence = tuple(one for one in found if one is not None)
        invented = set(_NUMBER.findall(statement)) - self._numbers
        if not statement or not evidence or invented:
            return None
        return Claim(statement, evidence)

    def _found(self, evidence: Evidence) -> Evidence | None:
        """The evidence with whose words it is; None where the part does not have them."""
        quote = same_words(evidence.quote)
        letters = sum(character.isalnum() for character in quote)
        for origin, text in self._texts.get(evidence.part_id, []):
            is_whole = bool(quote) and quote == text
            if is_whole or (letters >= SHORTEST_QUOTE and quote in text):
                shown = plain(evidence.quote, QUOTE_LIMIT)
                return Evidence(evidence.part_id, shown, origin) if shown else None
        return None
