"""Where a reader can go from every page: their sections, and the coordinators' own (SPEC 10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from locales.reader import Reader
from models import Person

ADMIN, TUTOR, FAMILY = "/admin", "/tutor", "/family"
MINI_APP = "/app"
"""The page that Telegram opens inside itself."""


@dataclass(frozen=True)
class Section:
    """One section of the coordinators' pages, with its entry in the navigation."""

    address: str
    """Address of its first page, below which all its pages are."""
    name: Callable[[Reader], str]
    routes: Callable[[], Sequence[BaseRoute]]
    is_in_navigation: bool = True
    also: tuple[str, ...] = ()
    """Other addresses whose pages belong to it."""


def home_of(person: Person) -> str:
    """The address of the first page after signing in."""
    if person.is_coordinator:
        return ADMIN
    if person.is_tutor:
        return TUTOR
    return FAMILY if person.is_parent else "/notes"


def sections_of(reader: Reader, person: Person) -> list[tuple[str, str]]:
    """The sections that a person may use, as address and name; the first is their home."""
    found = []
    if person.is_coordinator:
        found.append((ADMIN, reader.label("Coordination")))
    if person.is_tutor:
        found.append((TUTOR, reader.label("Teaching")))
    if person.is_parent:
        found.append((FAMILY, reader.label("Family")))
    found.append(("/notes", reader.label("Notes")))
    if person.is_tutor or person.is_parent:
        found.append(("/calendar", reader.label("Calendar")))
    return found


def coordinators_entries(
    every: Sequence[Section], reader: Reader, path: str
) -> list[tuple[str, str, bool]]:
    """Entries of the coordinators' pages: address, name, and whether the page is below it.

    The first section's address is above all others: it is open where no other is.
    """
    below = [
        (len(address), one.address)
        for one in every
        for address in (one.address, *one.also)
        if f"{path}/".startswith(f"{address}/")
    ]
    _, at = max(below, default=(0, ""))
    return [
        (one.address, one.name(reader), one.address == at) for one in every if one.is_in_navigation
    ]
