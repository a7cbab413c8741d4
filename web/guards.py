"""Middleware of every page: protection of forms, and headers for browsers (SPEC 10)."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = frozenset({"GET", "HEAD", "OPTIONS"})
TOO_LONG = 413
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
        return origin is None or _host_of(origin) in (headers.get("host"), self._own_host)


def _host_of(origin: str) -> str:
    """The host of an origin with its port; empty where it is none, which no page has."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class TooLongTold:
    """A page of ours, in the place of the bare words with which a form that is too long ends."""

    def __init__(self, app: ASGIApp, tell: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = app
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_too_long = False

        async def send_unless_too_long(message: Message) -> None:
            nonlocal is_too_long
            if message["type"] == "http.response.start" and message["status"] == TOO_LONG:
                is_too_long = True
            if not is_too_long:
                await send(message)

        await self._app(scope, receive, send_unless_too_long)
        if is_too_long:
            await (await self._tell(Request(scope, receive)))(scope, receive, send)


@dataclass(frozen=True)
class Frames:
    """Which pages may be shown in a frame, and by whom: those signed in inside Telegram, by it."""

    path: str
    """The page that signs in there."""
    cookie: str
    """The cookie of those that are signed in."""
    by: str
    """Sources, as a content security policy names them."""

    def of(self, scope: Scope) -> str:
        """Who may show this page in a frame."""
        is_inside = scope["path"] == self.path or self.cookie in HTTPConnection(scope).cookies
        return self.by if is_inside else "'none'"


class SafeHeaders:
    """Headers that forbid browsers to cache a page, run foreign scripts, or tell its address.

    A script, or a style in the page, counts only with the nonce of this answer (`nonce_of`).
    `media_origin`: the only other origin from which a page may show images. Headers that an
    endpoint sets itself are kept.
    """

    def __init__(
        self, app: ASGIApp, media_origin: str | None, *, is_secure: bool, frames: Frames
    ) -> None:
        self._app = app
        self._frames = frames
        self._media = f"'self' {media_origin}" if media_origin else "'self'"
        self._headers = {
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",  # the address of a sign-in link is a secret
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
        if is_secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})[NONCE] = nonce
        own = self._headers | {
            "Content-Security-Policy": self._policy(nonce, self._frames.of(scope))
        }

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in own.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)

    def _policy(self, nonce: str, framed_by: str) -> str:
        return (
            f"default-src 'none'; script-src 'nonce-{nonce}'; connect-src 'self'; "
            f"style-src 'self' 'nonce-{nonce}'; "
            f"img-src {self._media}; media-src {self._media}; "
            f"form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
        )


NONCE = "nonce"


def nonce_of(request: Request) -> str:
    """The nonce that lets this answer's own script run."""
    return str(request.scope.get("state", {}).get(NONCE, ""))


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
