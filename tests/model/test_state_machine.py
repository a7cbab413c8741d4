"""The services and the model agree, whatever is tried, by whom and when (SPEC 2, 3, 5, 6).

`SOAK=10` in the environment explores fifty thousand steps and more, from a new seed each time, and
prints what they were (`make soak`).
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.stateful import run_state_machine_as_test as run

from tests.builders import NOW
from tests.databases import Databases
from tests.model.lifecycle_model import BECOMES, DAY, HOUR, Model, Verdict, Who
from tests.model.stage import Actions, Stage, Standing, set_up
from tests.open_database import OpenDatabase

SOAK = int(os.environ.get("SOAK", "0"))
STEPS = 50
EXAMPLES = 200 * SOAK if SOAK else 90
LEAST_STEPS = 5_000 * SOAK if SOAK else 2_000
SECOND = timedelta(seconds=1)
STARTS_AT = NOW + 2 * DAY
TAKEN = (STARTS_AT + 26 * HOUR, STARTS_AT + 28 * HOUR)
"""When the tutor has another session."""

HOURS = (-50, -30, -2, 0, 3, 24, 25, 26, 48, 72)
"""From the session's start to a time that is proposed."""
FAMILY, STAFF = [Who.MOTHER, Who.FATHER], [Who.COORDINATOR, Who.COLLEAGUE]
WHOSE: dict[str, list[Who]] = {
    **{what: [Who.TUTOR] for what in ("check_in", "check_out", "mark_absent")},
    **dict.fromkeys(("acknowledge", "object"), FAMILY),
    **{what: [Who.TUTOR, *FAMILY] for what in ("propose", "cancel", *BECOMES)},
    **dict.fromkeys(("verify", "correct", "clear", "claim", "uphold", "hand_back"), STAFF),
    **dict.fromkeys(("cancel_for", "move", "expire"), STAFF),
}
"""The people who may take each action."""
ANYTHING = list(WHOSE)
RARE = ["cancel", "cancel_for", "move"]
Choice = TypeVar("Choice")
explored: Counter[tuple[str, str]] = Counter()


class Lifecycle(RuleBasedStateMachine):
    """One session, its people, and the clock."""

    databases: Databases

    @initialize()
    def begin(self) -> None:
        self.fresh = self.databases.fresh()
        self.database = OpenDatabase(self.fresh.__enter__())
        people, about = set_up(self.database, STARTS_AT, TAKEN)
        self.stage = Stage(self.database, people, about, [], [])
        self.model = Model(NOW, STARTS_AT, TAKEN)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            asyncio.run(self.database.close())
            self.fresh.__exit__(None, None, None)

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """Time passes, or somebody does what fits the moment, or anybody does anything."""
        self.data = data
        kind = self.choose(["fits"] * 6 + ["anything"] * 2 + ["edge"] * 3 + ["while"])
        if kind == "edge":
            self._move_to_an_edge()
        elif kind == "while":
            self.model.now += timedelta(minutes=self.choose([1, 20, 45]))
        else:
            what = self.choose(self._fitting() if kind == "fits" else ANYTHING)
            self._try(what, fits=kind == "fits")

    def choose(self, choices: Sequence[Choice]) -> Choice:
        """One of them, as Hypothesis will have it."""
        return self.data.draw(st.sampled_from(choices))

    def _move_to_an_edge(self) -> None:
        """To one of the next instants at which something opens or ends, or a second beside it."""
        model = self.model
        start, end = model.starts_at, model.ends_at
        midnight = start.replace(hour=16, minute=0)  # in UTC
        edges = [
            *(start - 4 * HOUR, start - HOUR / 2, start, end - HOUR / 2, end, end + DAY),
            *(midnight, midnight + DAY),
            *(one.starts_at for thread in model.threads for one in thread.versions),
            *(thread.expires_at for thread in model.threads),
        ]
        off = self.choose([-SECOND, timedelta(0), SECOND])
        to_come = sorted({edge + off for edge in edges if edge + off > model.now})
        if to_come:
            model.now = self.choose(to_come[:2])

    def _fitting(self) -> list[str]:
        """What can be expected to happen to a session that stands so."""
        if self.model.status == "scheduled":
            if self.model.thread is None:
                return [
                    "propose",
                    "propose",
                    "check_in",
                    "check_in",
                    "cancel",
                    "cancel_for",
                    "move",
                ]
            return [*BECOMES, "counter", "accept", "expire", "check_in", "move"]
        return {
            "checked_in": ["check_out", "check_out", "check_out", "clear", "correct"],
            "awaiting_approval_parent": [
                "acknowledge",
                "object",
                "object",
                "verify",
                "mark_absent",
            ],
            "disputed": ["claim", "uphold", "hand_back", "hand_back", "verify"],
        }.get(self.model.status, ANYTHING)

    def _try(self, what: str, *, fits: bool) -> None:
        who = self.choose(self._whose(what) if fits else list(Who))
        if what in BECOMES:
            self._answer(what, who)
        elif what in {"claim", "uphold", "hand_back"}:
            self._settle(what, who)
        elif what == "expire":
            if fits and self.model.thread:
                self.model.now = max(self.model.now, self.model.thread.expires_at)
            came = self._actions(who).session("expire")
            self._compare(what, self.model.expire(), came)
        elif what == "move":
            at, seen = self._at(), self.model.starts_at
            expected = self.model.move(who, at)
            self._compare(what, expected, self._actions(who).session("move", at, seen))
        else:
            self._both(what, who, *self._details(what))

    def _whose(self, what: str) -> list[Who]:
        """Those who can be expected to do it: a version is answered by the other side."""
        thread = self.model.thread
        if thread is None or what not in BECOMES:
            return WHOSE[what]
        is_tutors = thread.versions[-1].side == "tutor"
        return [Who.TUTOR] if is_tutors == (what == "withdraw") else FAMILY

    def _details(self, what: str) -> tuple[Any, ...]:
        """What else has to be said."""
        match what:
            case "propose":
                return (self._at(),)
            case "cancel_for":
                return (self.choose(["tutor", "parent"]),)
            case "mark_absent":
                return (self.choose([True, False]),)
            case "correct":
                came = self.model.starts_at + timedelta(minutes=self.choose([0, 10, 60]))
                return (came, came + timedelta(minutes=self.choose([80, -5, 900])))
        return ()

    def _answer(self, how: str, who: Who) -> None:
        every = [
            (number, version)
            for number, thread in enumerate(self.model.threads)
            for version in range(len(thread.versions))
        ]
        if every:
            number, version = every[max(0, len(every) - 1 - self.choose([0, 0, 0, 1, 2]))]
            at = self._at()
            expected = self.model.answer(how, who, number, version, at)
            self._compare(how, expected, self._actions(who).version(how, number, version, at))

    def _settle(self, what: str, who: Who) -> None:
        if self.model.disputes:
            number = max(0, len(self.model.disputes) - 1 - self.choose([0, 0, 1]))
            expected = getattr(self.model, what)(who, number)
            self._compare(what, expected, self._actions(who).dispute(what, number))

    def _at(self) -> datetime:
        return self.model.starts_at + timedelta(hours=self.choose(HOURS))

    def _actions(self, who: Who) -> Actions:
        return self.stage.actions(who, self.model.now)

    def _both(self, what: str, who: Who, *rest: Any) -> None:
        expected = getattr(self.model, what)(who, *rest)
        self._compare(what, expected, self._actions(who).session(what, *rest))

    def _compare(self, what: str, expected: Verdict, came: Verdict) -> None:
        explored[what, came.word] += 1
        assert came.word == expected.word, (what, expected, came)
        assert came.refusals <= expected.refusals, (what, expected, came)
        assert self.stage.stands() == standing(self.model)


def standing(model: Model) -> Standing:
    """What the database is to say."""
    return Standing(
        [model.status, model.starts_at, model.ends_at, model.first_starts_at],
        [model.checked_in_at, model.checked_out_at, model.is_absent],
        [
            (
                thread.status,
                thread.expires_at,
                [
                    (True, one.side, one.status, one.starts_at, model.length, one.closed_by)
                    for one in thread.versions
                ],
            )
            for thread in model.threads
        ],
        [(one.status, one.claimed_by, one.settled_by) for one in model.disputes],
        model.events,
    )


def test_services_and_model_agree_on_every_step(sqlite: Databases) -> None:
    class Machine(Lifecycle):
        databases = sqlite

    explored.clear()
    run(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=not SOAK,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            phases=[Phase.generate],  # a step is a transaction: shrinking would take for ever
            suppress_health_check=list(HealthCheck),
        ),
    )
    total = sum(explored.values())
    if SOAK:
        lines = [
            f"{what:12} {word:9} {times:7}" for (what, word), times in sorted(explored.items())
        ]
        sys.stdout.write("\n".join([*lines, f"{total} steps", ""]))
    assert total >= LEAST_STEPS
    done = {what for what, word in explored if word == "done"}
    assert done >= (set(WHOSE) if SOAK else {"accept", "counter", "expire", "check_out", "object"})


def test_a_divergence_is_found(sqlite: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine can fail: a model that lets anybody check in does not agree."""

    class Machine(Lifecycle):
        databases = sqlite

    monkeypatch.setattr(Model, "check_in", lambda _model, _who: Verdict("done"))
    with pytest.raises(AssertionError):
        run(
            Machine,
            settings=settings(
                max_examples=5,
                stateful_step_count=20,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
