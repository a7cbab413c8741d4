"""Every page: the routes of all sections (SPEC 10)."""

from starlette.routing import BaseRoute

from web import (
    adhoc,
    admin,
    calendar,
    devices,
    eyes,
    family,
    family_matches,
    family_packages,
    live,
    mini_app,
    notes,
    own_statements,
    sessions,
    sign_in,
    tutor,
    tutor_leave,
    tutor_students,
)


def routes() -> list[BaseRoute]:
    """Routes of every section."""
    return [
        *sign_in.routes(),
        *tutor.routes(),
        *tutor_students.routes(),
        *tutor_leave.routes(),
        *adhoc.routes(),
        *family.routes(),
        *family_packages.routes(),
        *own_statements.routes(),
        *family_matches.routes(),
        *sessions.routes(),
        *notes.routes(),
        *admin.routes(),
        *calendar.routes(),
        *devices.routes(),
        *eyes.routes(),
        *live.routes(),
        *mini_app.routes(),
    ]
