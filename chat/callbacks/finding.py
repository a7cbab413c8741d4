"""Buttons of coordinators' search by name (SPEC 9)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class FindPerson(Button):
    code = "wp"
    person_id: int


@dataclass(frozen=True)
class FindCalled(Button):
    """`/find`, with words that are no command."""

    code = "wf"
    name: str


@dataclass(frozen=True)
class FindStudent(Button):
    code = "ws"
    student_id: int
