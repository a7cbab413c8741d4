"""The coordinators' pages, one section each (SPEC 10)."""

from starlette.routing import BaseRoute

from web.admin import matches, packages, queue
from web.admin.frame import Section

SECTIONS: tuple[Section, ...] = (queue.SECTION, matches.SECTION, packages.SECTION)
"""Sections in the order of the navigation: Queue, Sessions, People, Matches, Packages, Billing,
Analytics, Log. A section is linked once it is listed here.
"""


def routes() -> list[BaseRoute]:
    """Routes of every section."""
    return [route for section in SECTIONS for route in section.routes()]
