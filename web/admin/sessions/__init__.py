"""All sessions, and scheduling one more (SPEC 2, 10)."""

from starlette.routing import Route

from web.admin.sessions import listing, scheduling
from web.navigation import Section


def routes() -> list[Route]:
    """Routes of this section."""
    return [*scheduling.routes(), *listing.routes()]


SECTION = Section("/admin/sessions", lambda reader: reader.label("Sessions"), routes)
