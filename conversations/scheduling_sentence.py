"""A session that is written in one go: "Emily maths with Ryan friday 4pm 90 min" (SPEC 2).

What can be read of it is taken; the rest is asked for.
"""

import re
from dataclasses import dataclass, replace

from conversations.scheduling_draft import ScheduleDraft
from locales.catalogue import phrase
from locales.reader import Reader
from locales.typed_words import vocabulary_of
from locales.word_lists import words_of
from models import Student
from services.db import Session
from services.queries.scheduling import (
    students_called,
    students_like,
    tutors_for,
    usual_for,
    usual_with,
)
from services.rules.refusals.sessions import LengthNotPossible
from services.rules.scheduling import SUBJECT_LIMIT, require_length, split_length
from services.rules.typed_slots import Frame, TypedSlot, read_typed_slot

NAME_WORDS = 4
"""Words of the longest name that is looked for."""
# Translators: words before a tutor's name, as in "maths with Ryan friday 4pm", separated by commas
_WITH = phrase("with, by, tutor")
# Translators: words between the names of two children, separated by commas
_AND = phrase("and, n")
_SIGN = re.compile(r"([,&+/])(?=\s*[^\W\d])")


@dataclass(frozen=True)
class Sentence:
    """What was written in one go."""

    draft: ScheduleDraft
    when: str
    """The words that name a day or time; empty where none do."""
    slot: TypedSlot | None
    """What these mean, as far as that can be told without the tutor."""


def read_sentence(
    session: Session, reader: Reader, draft: ScheduleDraft, typed: str
) -> Sentence | None:
    """What a text says that begins with a child's name; None where it begins with no child's."""
    words = typed.split()
    child, count = _child_at(session, words)
    if child is None:
        return None
    return read_about(session, reader, draft, child.id, " ".join(words[count:]))


def read_names(session: Session, reader: Reader, typed: str) -> tuple[list[Student], str]:
    """The children with whose names a text begins, "and" between them, and what follows these."""
    words, joins = _SIGN.sub(r" \1 ", typed).split(), {*words_of(_AND, reader.language), *",&+/"}
    found: list[Student] = []
    while (at := _child_at(session, words))[0] is not None:
        found.append(at[0])
        words = words[at[1] :]
        if not words or words[0].casefold() not in joins or not _child_at(session, words[1:])[0]:
            break
        words = words[1:]
    return found, " ".join(words)


def read_misspelt(session: Session, typed: str) -> tuple[list[Student], str]:
    """Children whose misspelt name a text may be or begin with, and what follows it."""
    words = typed.split()
    for count in (len(words), 2, 1):
        if len(words) >= count and (found := students_like(session, " ".join(words[:count])[:60])):
            return found, " ".join(words[count:])
    return [], ""


def _child_at(session: Session, words: list[str]) -> tuple[Student | None, int]:
    """The child with whose name these words begin, and how many are of the name."""
    for count in range(min(NAME_WORDS, len(words)), 0, -1):
        found = students_called(session, " ".join(words[:count]), 2)
        if len(found) == 1:
            return found[0], count
    return None, 0


def read_about(
    session: Session, reader: Reader, draft: ScheduleDraft, student_id: int, typed: str
) -> Sentence:
    """What a text says behind a child's name."""
    rest, minutes = split_length(typed)
    draft = draft.of_student(student_id, usual_for(session, student_id))
    about, when, slot = _divided(reader, rest.split())
    draft = _with_what(session, reader, draft, about)
    if minutes is not None and _is_possible(minutes):
        draft = replace(draft, minutes=minutes)
    return Sentence(draft, when, slot)


def _divided(reader: Reader, words: list[str]) -> tuple[list[str], str, TypedSlot | None]:
    """Words, and those after them that are nothing but a day or a time."""
    frame = Frame(reader.now, reader.zone, reader.now, reader.today)
    for at in range(len(words)):
        when = " ".join(words[at:])
        slot = read_typed_slot(when, frame, vocabulary_of(reader.language))
        if slot.is_whole and (slot.starts or slot.days):
            return words[:at], when, slot
    return words, "", None


def _with_what(
    session: Session, reader: Reader, draft: ScheduleDraft, words: list[str]
) -> ScheduleDraft:
    """The draft with the subject, and with the tutor who is named, if one is."""
    before = set(words_of(_WITH, reader.language))
    at = next((at for at, word in enumerate(words) if word.casefold() in before), len(words))
    subject, name = " ".join(words[:at]), words[at + 1 :]
    student_id = draft.student_id or 0
    while name:
        found = tutors_for(session, student_id, " ".join(name))
        if len(found) == 1:
            usual = usual_with(session, student_id, found[0].id)
            draft = draft.with_tutor(found[0].id, usual)
            break
        name = name[:-1]
    else:
        if at < len(words):  # whoever was meant is asked for
            draft = replace(draft, tutor_id=None)
    return replace(draft, subject=subject) if 0 < len(subject) <= SUBJECT_LIMIT else draft


def _is_possible(minutes: int) -> bool:
    try:
        require_length(minutes)
    except LengthNotPossible:
        return False
    return True
