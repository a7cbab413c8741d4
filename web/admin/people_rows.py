"""People and children as rows of a list, wherever coordinators see them (SPEC 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from locales.people_words import way_in, way_in_tone
from locales.reader import Reader
from locales.wording import role_label
from models.enums import Role
from services.queries.found_people import FoundStudent
from services.queries.people_listed import ListedPerson

PATH = "/admin/people"
CHILDREN = f"{PATH}/children"


@dataclass(frozen=True)
class Row:
    """A person or a child in a list."""

    address: str
    name: str
    about: str
    state: str
    tone: str


def person_rows(reader: Reader, found: Sequence[ListedPerson]) -> list[Row]:
    """Rows of people: roles, children, and how they come in."""
    rows = []
    for one in found:
        roles = reader.listed(role_label(reader, role) for role in Role if role in one.person.roles)
        about = f"{roles} · {reader.listed(one.children)}" if one.children else roles
        address, person = f"{PATH}/{one.person.id}", one.person
        state, tone = way_in(reader, person), way_in_tone(person)
        rows.append(Row(address, person.name, about, state, tone))
    return rows


def student_rows(reader: Reader, found: Sequence[FoundStudent]) -> list[Row]:
    """Rows of children with their guardians."""
    return [
        Row(
            f"{CHILDREN}/{one.student.id}",
            one.student.name,
            reader.listed(parent.name for parent in one.parents),
            "" if one.parents else reader.label("no parent yet"),
            "warn",
        )
        for one in found
    ]
