"""A bot that kills itself once, right before or right after a moment.

A moment is a commit, known by what its transaction wrote, or a call, known by words in it.
"""

import os
import signal
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from telegram.request import BaseRequest

from tests.commits import Commit, around_commits

COMMITS = {
    "inbox_commit": ("INSERT INTO inbox_update",),
    "check_in_commit": ("INSERT INTO audit_event", "'check_in'"),
    "check_out_answered_commit": ("UPDATE inbox_update", "INSERT INTO dialogue"),
    "card_marked_sent_commit": ("INSERT INTO card", "UPDATE outbox_message"),
    "acknowledgement_commit": ("INSERT INTO audit_event", "'acknowledge'"),
}
SENDS = {"card_send": "Awaiting Your Acknowledgement"}

BEFORE, AFTER = "before", "after"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_commit(when: str, marks: tuple[str, ...]) -> None:
    written: dict[Connection, str] = {}
    committing: list[str] = []

    def remember(
        connection: Connection, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        written[connection] = f"{written.get(connection, '')}\n{statement} {values}"

    def forget(connection: Connection) -> None:
        written.pop(connection, None)

    def announce(connection: Connection) -> None:
        committing[:] = [written.pop(connection, "")]

    def dying(commit: Commit) -> Commit:
        def do_commit(dialect: object, connection: object) -> None:
            is_it = all(mark in "".join(committing) for mark in marks)
            if is_it and when == BEFORE:
                die()
            commit(dialect, connection)
            if is_it:
                die()

        return do_commit

    event.listen(Engine, "after_cursor_execute", remember)
    event.listen(Engine, "rollback", forget)
    event.listen(Engine, "commit", announce)
    around_commits(dying)


def die_at_send(when: str, words: str) -> None:
    call = BaseRequest.post

    async def post(request: BaseRequest, url: str, *rest: Any, **more: Any) -> Any:
        data = more.get("request_data")
        is_it = url.endswith("/sendMessage") and words in str(data and data.parameters)
        if is_it and when == BEFORE:
            die()
        answer = await call(request, url, *rest, **more)
        if is_it:
            die()
        return answer

    BaseRequest.post = post  # type: ignore[method-assign, assignment, misc]


def die_once(when: str, moment: str) -> None:
    """Make this process kill itself right before or after a moment."""
    if moment in COMMITS:
        die_at_commit(when, COMMITS[moment])
    else:
        die_at_send(when, SENDS[moment])
