"""What is played while the product is killed: steps of a cast, the last of which meets the kill."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.phone import Phone
from tests.end_to_end.stage import GROUP, PRIYA, labels
from tests.faults.casts import Cast, Flow
from tests.web.visiting import hidden_in

if TYPE_CHECKING:
    from tests.soak.site import Site

Step = Callable[["Site", Cast], Any]
"""Something that is done by a person of the cast, or by a coordinator; it may be awaited."""
Who = Callable[["Site", Cast], Phone]
Text = str | Callable[["Site", Cast], str]
Values = Mapping[str, str] | Callable[["Site", Cast], Mapping[str, str]]
File = tuple[str, bytes, str]


@dataclass(frozen=True)
class Play:
    """A flow, with steps that may also be taken on pages."""

    flow: Flow
    """Where its casts begin."""
    before: tuple[Step, ...]
    act: Step
    is_alone: bool = False
    """Whether a cast plays all its steps before the next one begins, since they share a chat."""

    def __str__(self) -> str:
        return self.flow.name


def played(flow: Flow) -> Play:
    """A flow of the fault matrix."""

    def of(step: Callable[[Cast], object]) -> Step:
        return lambda _, cast: step(cast)

    return Play(flow, tuple(map(of, flow.before)), of(flow.act))


async def done(result: object) -> None:
    """Wait for a step that has to be waited for."""
    if inspect.isawaitable(result):
        await result


# ------------------------------------------------------------------------------- in the chat


def tutor(_: Site, cast: Cast) -> Phone:
    return cast.tutor


def parent(_: Site, cast: Cast) -> Phone:
    return cast.parent


def priya(site: Site, _: Cast) -> Phone:
    return Phone(site.world, PRIYA)


def group(site: Site, _: Cast) -> Phone:
    """The coordinator, in the group."""
    return Phone(site.world, PRIYA, GROUP)


def says(who: Who, text: Text) -> Step:
    return lambda site, cast: who(site, cast).send_text(_given(text, site, cast))


def taps(who: Who, label: str) -> Step:
    """Tap the newest button of this name."""
    return lambda site, cast: who(site, cast).press(label)


def taps_first(who: Who, begins: str = "") -> Step:
    """Tap the first button, of the newest message that has one which begins so."""

    def tap(site: Site, cast: Cast) -> object:
        phone = who(site, cast)
        names = (name for one in reversed(phone.messages()) for name in labels(one))
        return phone.press(next(name for name in names if name.startswith(begins)))

    return tap


def opens(who: Who, payload: Text) -> Step:
    """Follow a link into the chat with the bot."""
    return lambda site, cast: who(site, cast).start(_given(payload, site, cast))


def replies(text: str) -> Step:
    """Reply in the group to what the bot wrote last."""

    def reply(site: Site, cast: Cast) -> object:
        phone = group(site, cast)
        asked = [one for one in phone.messages() if one["from"]["id"] == site.world.bot.id][-1]
        return phone.send_text(text, reply_to=asked["message_id"])

    return reply


def _given(text: Text, site: Site, cast: Cast) -> str:
    return text if isinstance(text, str) else text(site, cast)


# ------------------------------------------------------------------------------- on the pages


@dataclass(frozen=True)
class Form:
    """A form that somebody fills in and sends; sent again where no answer came."""

    who: Callable[[Site, Cast], int]
    path: Text
    values: Values = field(default_factory=dict)
    on: Text | None = None
    """The page that has it; None: its own path."""
    files: Sequence[File] = ()
    steps: tuple[Values, ...] = ()
    """What is sent before, to the same path, each on the page that answered the one before."""

    def fill_in(self) -> Step:
        """Open its page, so that only sending it is left."""

        async def fill(site: Site, cast: Cast) -> None:
            browser, path = site.browser(self.who(site, cast)), _given(self.path, site, cast)
            page = _given(self.on, site, cast) if self.on is not None else path
            opened = await browser.get(page)
            assert opened.status_code == 200, (page, opened.status_code, opened.text)
            text = opened.text
            for step in self.steps:
                data = hidden_in(text) | _values(step, site, cast)
                answer = await browser.post(path, data=data)
                assert answer.status_code == 200, (path, answer.status_code, answer.text)
                text = answer.text
            site.forms[cast] = hidden_in(text)

        return fill

    def send(self) -> Step:
        """Send it."""

        async def send(site: Site, cast: Cast) -> None:
            browser, path = site.browser(self.who(site, cast)), _given(self.path, site, cast)
            data = site.forms[cast] | _values(self.values, site, cast)
            files = [("files", one) for one in self.files]
            answer = await browser.post(path, data=data, files=files or None)
            site.statuses.append(answer.status_code)

        return send


def on_page(flow: Flow, form: Form, *before: Step, is_alone: bool = False) -> Play:
    """A play whose last step is a form that is sent."""
    return Play(flow, (*before, form.fill_in()), form.send(), is_alone)


def tutor_id(_: Site, cast: Cast) -> int:
    return cast.person_ids[0]


def parent_id(_: Site, cast: Cast) -> int:
    return cast.person_ids[1]


def priya_id(site: Site, _: Cast) -> int:
    return site.priya_id


def of_session(rest: str) -> Text:
    """A path of the session's page."""
    return lambda _, cast: f"/sessions/{cast.appointment_id}{rest}"


def _values(values: Values, site: Site, cast: Cast) -> dict[str, str]:
    return dict(values(site, cast) if callable(values) else values)
