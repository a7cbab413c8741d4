"""Middleware of every page: protection of forms, and headers for browsers (SPEC 10)."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})


class SameOriginOnly:
    """Refusal of forms that another site's page makes a browser send (cross-site request forgery).

    Browsers tell where a request comes from, by `Sec-Fetch-Site` or, older ones, by `Origin`. A
    client that sends neither is not a browser, and has no cookie that could be misused.
    `own_host`: the pages' host, since a proxy may put another one into `Host`.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Callable[[Request], Awaitable[Response]],
        own_host: str | None,
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._own_host = own_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_own(scope["method"], Headers(scope=scope)):
            request = Request(scope, receive)
            await (await self._refuse(request))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_own(self, method: str, headers: Headers) -> bool:
        if method in READING:
            return True
        if site := headers.get("sec-fetch-site"):
            return site in OWN
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc in (headers.get("host"), self._own_host)


class SafeHeaders:
    """Headers that forbid browsers to cache a page, run scripts in it, or tell others its address.

    `media_origin`: the only other origin from which a page may show images. Headers that an
    endpoint sets itself are kept.
    """

    def __init__(self, app: ASGIApp, media_origin: str | None, *, is_secure: bool) -> None:
        self._app = app
        media = f"'self' {media_origin}" if media_origin else "'self'"
        self._headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'; img-src {media}; media-src {media}; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "same-origin",  # the address of a sign-in link is a secret
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
        if is_secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)


class NothingEscapes:
    """Handling of all errors by `admit`, since the server would log their texts, with names."""

    def __init__(
        self, app: ASGIApp, admit: Callable[[Request, Exception], Awaitable[Response]]
    ) -> None:
        self._app = app
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:  # noqa: BLE001 - whatever it is, its reader is told
            answer = await self._admit(Request(scope, receive), error)
            if not has_begun:
                await answer(scope, receive, send)
