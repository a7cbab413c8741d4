"""The queue: what waits for a coordinator, and what can be done about it (SPEC 10)."""

from starlette.routing import BaseRoute, Route

from web.admin.queue import bulk
from web.admin.queue.acting import act
from web.admin.queue.cases import show_dispute, show_problem
from web.admin.queue.page import show
from web.navigation import Section


def routes() -> list[BaseRoute]:
    """Routes of this section."""
    return [
        Route("/admin", show),
        Route("/admin/disputes/{id}", show_dispute),
        Route("/admin/problems/{id}", show_problem),
        Route("/admin/bulk", bulk.show),
        Route("/admin/bulk", bulk.press, methods=["POST"]),
        Route("/admin/queue/{key}/{act}", act, methods=["POST"]),
    ]


SECTION = Section("/admin", lambda reader: reader.label("Queue"), routes)
