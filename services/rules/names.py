"""Names that a mistyped one is most like (UX 19). Pure."""

from collections.abc import Iterable
from difflib import SequenceMatcher

LIKENESS = 0.7
"""How alike a typed name and a known one have to be, from 0 to 1."""


def most_alike(typed: str, names: Iterable[str], most: int) -> list[str]:
    """Names that are like what was typed, as a whole or in one word of theirs, likest first."""
    matcher = SequenceMatcher(b=typed.strip().casefold())
    found: dict[str, float] = {}
    for name in names:
        whole = name.casefold()
        likeness = max(_likeness(matcher, part) for part in (whole, *whole.split()))
        if likeness >= LIKENESS:
            found[name] = likeness
    return sorted(found, key=lambda name: (-found[name], name))[:most]


def _likeness(matcher: "SequenceMatcher[str]", part: str) -> float:
    matcher.set_seq1(part)
    return matcher.ratio() if matcher.real_quick_ratio() >= LIKENESS else 0.0
