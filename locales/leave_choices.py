"""What becomes of the sessions of a leave, as tutors type it: "cancel 3", "keep all" (UX 19)."""

import re
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from locales.catalogue import phrase
from locales.word_lists import one_of
from services.rules.closures import Way

# Translators: words that tutors type who want to cancel a session of a list, separated by commas
_CANCEL = phrase("cancel, cancel it, drop, skip")
# Translators: words that tutors type who want to keep a session of a list, separated by commas
_KEEP = phrase("keep, keep it, keep as it is, as it is, stays as it is, stays, stay")
# Translators: words that tutors type who want to move a session of a list, separated by commas
_MOVE = phrase("move, move it, ask to move, ask, shift, reschedule")
# Translators: words for every session of a list, separated by commas
_ALL = phrase("all, all of them, everything, every session, all sessions, both")
# Translators: words between a session's number and the time to which it is moved, separated by
# commas
_TO = phrase("to, at, on")
# Translators: words that people type beside these and that say nothing, separated by commas
_BESIDE = phrase("please, pls, plz, and, session, sessions, lesson, number, no, the")
_BETWEEN = re.compile(r"[\s.,!):;#&+-]*")


@dataclass(frozen=True)
class LeaveChoice:
    """Numbers of a list, and what becomes of these sessions; without a number of its only one."""

    way: Way | None
    numbers: tuple[int, ...]
    is_all: bool
    when: str
    """The time to which a single session is to be moved, as it was typed; else empty."""


def read_choice(text: str, language: str) -> LeaveChoice | None:
    """What a text says of sessions of the list; None where it says anything else."""
    typed, at = normalize("NFKC", text).casefold(), 0
    ways: set[Way] = set()
    numbers: list[int] = []
    is_all, when = False, ""
    while (at := _end_of_gap(typed, at)) < len(typed):
        found = _pattern(language).match(typed, at)
        if found is None:
            return None
        kind, at = str(found.lastgroup), found.end()
        if kind == "number":
            numbers.append(int(found[0]))
        elif kind == "to":
            when = text[at:].strip()
            break
        elif kind == "all":
            is_all = True
        elif kind != "beside":
            ways.add(Way(kind))
    way = next(iter(ways), None)
    names_one = len(numbers) == 1 and not is_all
    is_clear = names_one or (way is not None and not (numbers and is_all))
    if len(ways) > 1 or not is_clear or (when and not (names_one and way is Way.ASK)):
        return None
    return LeaveChoice(way, tuple(numbers), is_all, when)


def _end_of_gap(typed: str, at: int) -> int:
    found = _BETWEEN.match(typed, at)
    return at if found is None else found.end()


@cache
def _pattern(language: str) -> re.Pattern[str]:
    lists = {
        Way.CANCEL.value: _CANCEL,
        Way.LEAVE.value: _KEEP,
        Way.ASK.value: _MOVE,
        "all": _ALL,
        "to": _TO,
        "beside": _BESIDE,
    }
    words = (f"(?P<{kind}>{one_of(listed, language)})" for kind, listed in lists.items())
    return re.compile(rf"(?:(?P<number>\d{{1,2}})|{'|'.join(words)})(?![^\W_])")
