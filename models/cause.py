"""The update that is being handled, by which its messages and log lines are known (SPEC 11)."""

from contextvars import ContextVar

current_update: ContextVar[int | None] = ContextVar("current_update", default=None)
"""Id of the update whose handling, or whose message's delivery, runs; None for what time causes."""
