"""People, children and guardians, and how people come in (SPEC 1, 9, 10)."""

from starlette.routing import Route

from web.admin.people import children, entries, guardians, listing, person, ways_in
from web.admin.people_rows import PATH
from web.navigation import Section


def routes() -> list[Route]:
    """Routes of this section; named pages before those that take a number."""
    return [
        *listing.routes(),
        *children.routes(),
        *guardians.routes(),
        *entries.routes(),
        *person.routes(),
        *ways_in.routes(),
    ]


SECTION = Section(PATH, lambda reader: reader.label("People"), routes)
