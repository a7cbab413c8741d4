"""The coordinators' pages, one section each (SPEC 10)."""

from starlette.routing import BaseRoute

from web.admin import (
    analytics,
    billing_actions,
    find,
    importing,
    log,
    matches,
    packages,
    people,
    queue,
    sessions,
)
from web.navigation import Section

SECTIONS: tuple[Section, ...] = (
    queue.SECTION,
    sessions.SECTION,
    people.SECTION,
    matches.SECTION,
    packages.SECTION,
    billing_actions.SECTION,
    analytics.SECTION,
    log.SECTION,
    importing.SECTION,
    importing.EXPORT_SECTION,
    find.SECTION,
)
"""Sections in the order of the navigation: Queue, Sessions, People, Matches, Packages, Billing,
Analytics, Log. A section is linked once it is listed here.
"""


def routes() -> list[BaseRoute]:
    """Routes of every section."""
    return [route for section in SECTIONS for route in section.routes()]
