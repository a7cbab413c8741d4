"""Cookies of the pages: one in browsers, another inside Telegram (SPEC 10).

Telegram's web client shows the Mini App in a frame of its own site. There a browser sends only
cookies that ask for it (`SameSite=None`), and keeps them apart for each site around the frame
(`Partitioned`): no other site's page can use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

LAX = "SameSite=Lax"
FRAMED = "Secure; SameSite=None; Partitioned"


@dataclass(frozen=True)
class Cookies:
    """Names and attributes; `is_secure`: whether the pages are reached by https."""

    is_secure: bool

    @property
    def browser(self) -> str:
        """The session in a browser; by its prefix no other host can set it (RFC 6265bis)."""
        return f"{self._prefix}tutorline"

    @property
    def app(self) -> str:
        """The session inside Telegram."""
        return f"{self._prefix}tutorline-app"

    @property
    def theme(self) -> str:
        """The colours of the client; the script may change them, so it is no secret."""
        return f"{self._prefix}tutorline-theme"

    def session(self, sent: Mapping[str, str]) -> str | None:
        """The token of the session that a browser sent."""
        return sent.get(self.app) or sent.get(self.browser)

    def is_app(self, sent: Mapping[str, str]) -> bool:
        """Whether the pages are shown inside Telegram."""
        return self.app in sent

    def sign_in(self, answer: Response, token: str, lasts: timedelta) -> None:
        """Keep a session in the browser, in the place of one inside Telegram."""
        self._set(answer, self.browser, token, lasts, self._lax, "HttpOnly")
        self._end(answer, self.app, FRAMED)

    def enter(self, answer: Response, token: str, theme: str, lasts: timedelta) -> None:
        """Keep a session inside Telegram, in the place of one in the browser."""
        self._set(answer, self.app, token, lasts, FRAMED, "HttpOnly")
        self._set(answer, self.theme, theme, lasts, FRAMED)
        self._end(answer, self.browser, self._lax)

    def sign_out(self, answer: Response) -> None:
        """Keep no session."""
        self._end(answer, self.browser, self._lax)
        self._end(answer, self.app, FRAMED)
        self._end(answer, self.theme, FRAMED)

    @property
    def _prefix(self) -> str:
        return "__Host-" if self.is_secure else ""

    @property
    def _lax(self) -> str:
        return f"Secure; {LAX}" if self.is_secure else LAX

    def _set(
        self, answer: Response, name: str, value: str, lasts: timedelta, *attributes: str
    ) -> None:
        parts = (f"{name}={value}", f"Max-Age={int(lasts.total_seconds())}", "Path=/", *attributes)
        answer.headers.append("Set-Cookie", "; ".join(parts))

    def _end(self, answer: Response, name: str, attributes: str) -> None:
        self._set(answer, name, "", timedelta(), attributes)
