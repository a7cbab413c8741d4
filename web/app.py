"""The pages as one Starlette application (SPEC 10)."""

import asyncio
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import Receive, Scope, Send

from services.garbage import keep_loaded
from web import errors
from web.guards import Frames, NothingEscapes, SafeHeaders, SameOriginOnly, TooLongTold
from web.navigation import MINI_APP, Section
from web.site import Site
from web.static_files import Assets

BODY_LIMIT = 1024 * 1024
"""The most bytes of a form or an update; forms with files have a limit of their own."""


class Pages:
    """All pages. Their modules are loaded at the first request for one: the bot does not wait."""

    def __init__(self) -> None:
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._router is None:
            self._router = await asyncio.to_thread(_load)
        await self._router(scope, receive, send)


def _load() -> Router:
    from web.every_page import routes  # noqa: PLC0415

    router = Router(routes(), redirect_slashes=False)
    keep_loaded()
    return router


def _admin_sections() -> Sequence[Section]:
    from web.admin import SECTIONS  # noqa: PLC0415

    return SECTIONS


def create_app(site: Site, also: Sequence[BaseRoute] = ()) -> Starlette:
    """The application with every page of a site; `also`: other routes, such as the webhook's."""
    app = Starlette(
        routes=[*also, Mount("/assets", Assets())],
        middleware=[
            Middleware(
                SafeHeaders,
                site.media_origin,
                is_secure=site.is_secure,
                frames=Frames(MINI_APP, site.cookies.app, site.app_frames),
            ),
            Middleware(NothingEscapes, errors.on_crash),
            Middleware(SameOriginOnly, errors.on_foreign_post, site.host),
            Middleware(TooLongTold, errors.on_too_long),
            Middleware(RequestBodyLimitMiddleware, BODY_LIMIT),
        ],
        exception_handlers=errors.HANDLERS,
    )
    app.state.site = site
    app.state.admin_sections = _admin_sections
    app.router.default = Pages()
    app.router.redirect_slashes = False  # it would redirect to an address made from `Host`
    return app
