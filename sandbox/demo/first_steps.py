"""The first three things to try, and how each is known to be done."""

from __future__ import annotations

from collections.abc import Collection

from sandbox.ahead import FirstStep
from sandbox.demo.people import GRACE, MEI

_STEPS = (
    ("check_out", GRACE, "Grace: send /checkout, write a note, tap Done"),
    ("acknowledge", MEI, "Mei: tap Acknowledge"),
    ("check_in", GRACE, "Tap Next event, then Grace: Check in"),
)
ACTIONS = frozenset(action for action, _, _ in _STEPS)
"""Actions that tick the steps off, by their names in the application's audit trail."""


def first_steps(done: Collection[str]) -> list[FirstStep]:
    """The steps, where these actions have been carried out."""
    return [FirstStep(user_id, text, action in done) for action, user_id, text in _STEPS]
