"""Something that happens around each commit, on either database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from services.postgres_dialect import UnitsDialect

Commit = Callable[[Any, Any], None]
"""How a dialect commits on a connection of its driver."""


def around_commits(wrap: Callable[[Commit], Commit]) -> Callable[[], None]:
    """Put what `wrap` makes of it in the place of each commit; return what undoes that."""
    before: dict[Any, Commit] = {kind: kind.do_commit for kind in (DefaultDialect, UnitsDialect)}
    for kind, commit in before.items():
        kind.do_commit = wrap(commit)

    def undo() -> None:
        for kind, commit in before.items():
            kind.do_commit = commit

    return undo
