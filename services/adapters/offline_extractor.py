"""Summaries without a model, only from the tutor's own sentences (SPEC 4).

Cue words tell what a sentence is about. Without understanding, the extractor leaves out too much
rather than claim something that the tutor did not write. Its summaries are labelled.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Final

from models.enums import Level, PartKind, SummarySource
from services.adapters import offline_cues as cues
from services.adapters.offline_cues import Words
from services.ports import NoteItem, SummaryReply, SummaryRequest
from services.rules.contacts import has_contacts
from services.rules.orders import orders, readable
from services.rules.pseudonyms import PLACEHOLDER
from services.rules.quotations import same_words, stands_in
from services.rules.sentences import sentences
from services.rules.summaries import (
    MOST_CLAIMS,
    QUOTE_LIMIT,
    SHORTEST_QUOTE,
    Claim,
    Evidence,
    Observation,
    Summary,
    plain,
)

MODEL = "offline"
PROMPT_VERSION = "offline-2"
"""Changes with the cue words."""

FEWEST_LETTERS_OF_A_HEADLINE = 10
FEWEST_SIGNS_OF_A_HEADLINE = 5
"""Fewest characters of a Chinese headline, where a character is a word."""
FEWEST_LETTERS_BESIDE_A_GREETING = 15

_CLAUSE = re.compile(r"[,;.!?，；。！？]")
_CLAUSE_END = re.compile(r"[,;]\s+|[，；]|\s+but\s+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Sentence:
    """Tutor's sentence, with the part that contains it."""

    part_id: int
    text: str
    is_caption: bool = False
    """Whether it stands under a photo, and so tells what is on it rather than what was taught."""

    @property
    def claim(self) -> Claim:
        """Claim with this sentence as its evidence."""
        return Claim(self.text, (Evidence(self.part_id, self.text),))


@dataclass(frozen=True)
class Scale:
    """Cues for the levels of an observation."""

    high: Words
    medium: Words
    low: Words


ENGAGEMENT: Final = Scale(cues.ENGAGED, cues.HALF_ENGAGED, cues.UNENGAGED)
CONFIDENCE: Final = Scale(cues.CONFIDENT, cues.HALF_CONFIDENT, cues.UNCONFIDENT)


class OfflineExtractor:
    """Summariser for an agency without a configured model."""

    source = SummarySource.OFFLINE

    async def summarise(self, request: SummaryRequest) -> SummaryReply:
        """Session's sentences, sorted. It uses no picture and no other session."""
        own = [item for item in request.items if item.appointment_id == request.appointment_id]
        return SummaryReply(_sorted(list(_usable(own))), {}, MODEL, PROMPT_VERSION)


def _sorted(said: list[Sentence]) -> Summary:
    """Each sentence in at most one place: a level first, then the headline, then the lists."""
    engagement, engaged_by = _observed(said, ENGAGEMENT)
    left = [one for one in said if one is not engaged_by]
    confidence, confident_by = _observed(left, CONFIDENCE)
    left = [one for one in left if one is not confident_by]
    headline = _headline(list(_beside_levels(said, (engaged_by, confident_by))))
    left = [one for one in left if one is not headline]
    sorts = [_sort(one.text) for one in left]

    def of(sort: Words, *, captions: bool = True) -> tuple[Claim, ...]:
        sorted_so = (one for one, its in zip(left, sorts, strict=True) if its is sort)
        chosen = (one.claim for one in sorted_so if captions or not one.is_caption)
        return tuple(chosen)[:MOST_CLAIMS]

    return Summary(
        headline=headline.claim if headline else None,
        topics=of(cues.TOPICS, captions=False),
        engagement=engagement,
        confidence=confidence,
        strengths=of(cues.STRENGTHS),
        struggles=of(cues.STRUGGLES),
        next_steps=of(cues.NEXT_STEPS),
    )


def _usable(items: Iterable[NoteItem]) -> Iterator[Sentence]:
    """Every sentence that may be shown, once."""
    known: set[str] = set()
    for item in items:
        ordered = set(orders(item.text))
        for sentence in sentences(item.text):
            text = plain(sentence, QUOTE_LIMIT)
            key = text.casefold()
            if sentence in ordered or key in known or not _is_telling(readable(sentence)):
                continue
            if not stands_in(same_words(item.text), same_words(text)):
                continue
            known.add(key)
            yield Sentence(item.part_id, text, item.kind is PartKind.PHOTO)


def _is_telling(sentence: str) -> bool:
    """Whether it has no contacts, and is no greeting, question, heading or fragment."""
    if has_contacts(sentence) or _letters(sentence) < SHORTEST_QUOTE:
        return False
    if sentence.endswith(("?", "？", ":", "：")):
        return False
    greeting = cues.GREETINGS.pattern.match(sentence)
    rest = sentence[greeting.end() :] if greeting else ""
    return not greeting or _letters(rest) >= FEWEST_LETTERS_BESIDE_A_GREETING


def _observed(said: Sequence[Sentence], scale: Scale) -> tuple[Observation, Sentence | None]:
    """Level on which the sentences agree, and the first sentence that tells it."""
    told = [(one, level) for one in said for level in _levels(one.text, scale)]
    if len({level for _, level in told}) != 1:
        return Observation(), None
    sentence, level = told[0]
    return Observation(level, sentence.claim.statement, sentence.claim.evidence), sentence


def _levels(text: str, scale: Scale) -> set[Level]:
    """Levels that a sentence gives the student today; two where it contradicts itself."""
    if cues.UNSURE.pattern.search(text) or cues.OTHERS.pattern.search(text):
        return set()
    if any(_affirmed(scale.medium, text)):
        return {Level.MEDIUM}
    high = list(_affirmed(scale.high, text))
    levels = {Level.HIGH} if any(high) else set()
    if any(_affirmed(scale.low, text)) or not all(high):
        levels.add(Level.LOW)
    return levels


def _beside_levels(
    said: Iterable[Sentence], telling: tuple[Sentence | None, ...]
) -> Iterator[Sentence]:
    """Sentences; of those `telling` a level only what else they say of the lesson."""
    for one in said:
        if one not in telling:
            yield one
            continue
        for clause in _CLAUSE_END.split(one.text):
            tells_level = any(_levels(clause, scale) for scale in (ENGAGEMENT, CONFIDENCE))
            if not tells_level and _sort(clause) in (cues.TOPICS, cues.STRENGTHS):
                yield replace(one, text=clause)


def _headline(said: Sequence[Sentence]) -> Sentence | None:
    """First sentence with enough content, preferably about this lesson, not the next.

    A difficulty, which alone would say too little of a lesson, is one only where nothing else is.
    """
    others = cues.OTHERS.pattern
    long = [one for one in said if _is_substantial(one.text) and not others.search(one.text)]
    sorts = [(one, _sort(one.text)) for one in long]
    left = [(one, its) for one, its in sorts if its not in {cues.NEXT_STEPS, cues.STRUGGLES}]
    known = (one for one, its in left if its is not None)
    return next(chain(known, (one for one, _ in left), long), None)


def _is_substantial(text: str) -> bool:
    return (
        _letters(PLACEHOLDER.sub("Name", text)) >= FEWEST_LETTERS_OF_A_HEADLINE
        or len(_HAN.findall(text)) >= FEWEST_SIGNS_OF_A_HEADLINE
    )


def _sort(text: str) -> Words | None:
    """Cues of the list to which a sentence belongs, if any."""
    if cues.NEXT_STEPS.pattern.search(text):
        return cues.NEXT_STEPS
    if cues.OTHERS.pattern.search(text):
        return None
    struggles = list(_affirmed(cues.STRUGGLES, text))
    strengths = list(_affirmed(cues.STRENGTHS, text))
    if cues.UNSURE.pattern.search(text) or not (struggles or strengths):
        return cues.TOPICS if cues.TOPICS.pattern.search(text) else None
    return cues.STRUGGLES if any(struggles) or not all(strengths) else cues.STRENGTHS


def _affirmed(cue: Words, text: str) -> Iterator[bool]:
    """For each cue in the text, whether it is affirmed rather than denied."""
    for match in cue.pattern.finditer(text):
        before, behind = text[: match.start()], _CLAUSE.split(text[match.end() :])[0]
        denied = _denied().search(before) or (
            not match[0].isascii() and cues.DENIED_BEHIND.pattern.search(behind)
        )
        yield not denied


@cache
def _denied() -> re.Pattern[str]:
    """Words at the end of a text that reverse what comes next."""
    return re.compile(rf"(?:{cues.DENIED.pattern.pattern})\s*$", re.IGNORECASE)


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
