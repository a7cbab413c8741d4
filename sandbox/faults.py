"""Failures that a test asks for: of Telegram, or of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sandbox.wire import PageError

FaultKind = Literal[
    "timeout_before",
    "timeout_after",
    "status",
    "retry_after",
    "migrated",
    "delay",
    "page",
    "unreadable",
    "other",
    "dropped_before",
    "dropped_after",
]
ANY_METHOD = "*"
UPDATES = "update"
DOWNLOADS = "download"


@dataclass
class Fault:
    """A failure of the next `times` calls of a method, or only of those for one chat.

    `timeout_before` holds the call for `seconds` and does not do it; `timeout_after` does it and
    holds the answer; `status` answers with an HTTP status, and with Telegram's own `description`
    if there is one; `retry_after` asks for so many seconds; `migrated` upgrades the group that the
    call is for; `delay` does it after `seconds`; `page` answers with an HTTP status and a page, as
    a proxy does; `unreadable` does it and answers with half of the JSON, `other` with JSON in which
    nothing is told; `dropped_before` and `dropped_after` close the connection without an answer,
    and have done it or not. Method "*" is any; "update" with `delay` makes the next updates arrive
    late; "download" is for the bytes of files. The chat of `answerCallbackQuery` is that of the
    tap.
    """

    method: str
    kind: FaultKind
    times: int = 1
    status: int = 502
    retry_after: int = 1
    seconds: float = 30.0
    chat_id: int | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise PageError(f"unknown fault kind {self.kind!r}")
        if self.times < 1:
            raise PageError("times must be at least 1")
        if self.method == UPDATES and self.kind != "delay":
            raise PageError("updates can only be delayed")

    def is_for(self, method: str, chat_id: object) -> bool:
        """Whether it is planned for this call, in this chat."""
        if self.chat_id is not None and str(self.chat_id) != str(chat_id):
            return False
        is_method = method not in {UPDATES, DOWNLOADS}
        name = self.method.lower()
        return method.lower() == name or (name == ANY_METHOD and is_method)


class Faults:
    """The failures that are planned."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        self._planned.append(fault)

    def clear(self) -> None:
        self._planned.clear()

    def take(self, method: str, chat_id: object = None) -> Fault | None:
        """The failure planned for this call, which uses it up once."""
        for fault in self._planned:
            if fault.is_for(method, chat_id):
                fault.times -= 1
                if fault.times == 0:
                    self._planned.remove(fault)
                return fault
        return None
