"""The pages as one Starlette application (SPEC 10)."""

from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from web import (
    adhoc,
    admin,
    calendar,
    devices,
    errors,
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
from web.guards import Frames, NothingEscapes, SafeHeaders, SameOriginOnly, TooLongTold
from web.site import ASSETS, Site

BODY_LIMIT = 1024 * 1024
"""The most bytes of a form or an update; forms with files have a limit of their own."""


class Assets(StaticFiles):
    """Static files, which browsers may keep: the address changes with the content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(site: Site, also: Sequence[BaseRoute] = ()) -> Starlette:
    """The application with every page of a site; `also`: other routes, such as the webhook's."""
    app = Starlette(
        routes=[
            *also,
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
            Mount("/assets", Assets(directory=ASSETS)),
        ],
        middleware=[
            Middleware(
                SafeHeaders,
                site.media_origin,
                is_secure=site.is_secure,
                frames=Frames(mini_app.PATH, site.cookies.app, site.app_frames),
            ),
            Middleware(NothingEscapes, errors.on_crash),
            Middleware(SameOriginOnly, errors.on_foreign_post, site.host),
            Middleware(TooLongTold, errors.on_too_long),
            Middleware(RequestBodyLimitMiddleware, BODY_LIMIT),
        ],
        exception_handlers=errors.HANDLERS,
    )
    app.state.site = site
    app.state.admin_sections = admin.SECTIONS
    app.router.redirect_slashes = False  # it would redirect to an address made from `Host`
    return app
