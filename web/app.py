"""The pages as one Starlette application (SPEC 10)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute, Match, Mount, Route, Router
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
        self._routers: _Routers | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._routers is None:
            self._routers = await asyncio.to_thread(_load)
        router = self._routers.of_path.get(scope["path"], self._routers.of_all)
        scope["pages"] = router  # a page that answers a form asks whether its address can be read
        await router(scope, receive, send)


@dataclass(frozen=True)
class _Routers:
    """Routers of the pages."""

    of_all: Router
    of_path: Mapping[str, Router]
    """For each path without parameters, one of the routes that match it: the other router compares
    a page with every route before its own.
    """

    @classmethod
    def of(cls, routes: Sequence[BaseRoute]) -> Self:
        """Routers of these routes, which keep their order."""
        plain = {one.path for one in routes if isinstance(one, Route) and not one.param_convertors}
        return cls(
            _router(routes),
            {path: _router(one for one in routes if _matches(one, path)) for path in plain},
        )


def _matches(route: BaseRoute, path: str) -> bool:
    """Whether a route is for this path, by whatever method."""
    match, _ = route.matches({"type": "http", "method": "GET", "path": path})
    return match is not Match.NONE


def _router(routes: Iterable[BaseRoute]) -> Router:
    return Router(list(routes), redirect_slashes=False)


@cache
def _load() -> _Routers:
    """The same for every application: a page finds its site in the request."""
    from web.every_page import routes  # noqa: PLC0415

    routers = _Routers.of(routes())
    keep_loaded()
    return routers


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
