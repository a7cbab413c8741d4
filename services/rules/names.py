"""Names that a mistyped one is most like (UX 19). Pure."""

from collections.abc import Iterable
from difflib import SequenceMatcher

LIKENESS = 0.7
"""How alike a typed name and a known one have to be, from 0 to 1."""
SWAPPED_LIKENESS = 0.85
"""The same where two letters were swapped: little else may be wrong."""
LONGEST_SWAPPED = 20
"""Characters of the longest text in which letters may be swapped."""


def most_alike(typed: str, names: Iterable[str], most: int) -> list[str]:
    """Names that are like what was typed, as a whole or in one word of theirs, likest first.

    Two letters beside each other may have been swapped.
    """
    plain, known = typed.strip().casefold(), list(names)
    found = _likenesses(plain, known)
    for swapped in _swapped(plain):
        for name, likeness in _likenesses(swapped, known).items():
            if likeness >= SWAPPED_LIKENESS:
                found[name] = max(likeness, found.get(name, 0.0))
    return sorted(found, key=lambda name: (-found[name], name))[:most]


def _swapped(typed: str) -> list[str]:
    """The text with each two letters beside each other swapped; none of a long one."""
    if len(typed) > LONGEST_SWAPPED:
        return []
    pairs = range(len(typed) - 1)
    return [typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in pairs]


def _likenesses(typed: str, names: Iterable[str]) -> dict[str, float]:
    """How like what was typed each name is that is like it."""
    matcher = SequenceMatcher(b=typed)
    found: dict[str, float] = {}
    for name in names:
        whole = name.casefold()
        likeness = max(_likeness(matcher, part) for part in (whole, *whole.split()))
        if likeness >= LIKENESS:
            found[name] = likeness
    return found


def _likeness(matcher: "SequenceMatcher[str]", part: str) -> float:
    matcher.set_seq1(part)
    return matcher.ratio() if matcher.real_quick_ratio() >= LIKENESS else 0.0
