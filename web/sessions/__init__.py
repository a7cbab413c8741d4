"""A session's page, and the pages on which something is done with it (SPEC 10)."""

from starlette.routing import Route

from web.sessions import (
    cancelling,
    disputing,
    judging,
    late_changes,
    missed_taps,
    moving,
    noting,
    steps,
    taps,
)
from web.sessions.seeing import show


def routes() -> list[Route]:
    """Routes of this section."""
    return [
        Route("/sessions/{id}", show),
        *taps.routes(),
        *cancelling.routes(),
        *late_changes.routes(),
        *missed_taps.routes(),
        *moving.routes(),
        *disputing.routes(),
        *noting.routes(),
        *judging.routes(),
        *steps.routes(),
    ]
