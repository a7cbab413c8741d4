"""Two simulated months by chance: after each event the books add up (SPEC 7).

`SOAK_SEEDS=1000` plays as many on each kind of database; the test run plays ten on each. Seeds
share a database: each is undone in the end. A few more seeds of money alone go through it faster.
"""

import contextlib
import os
from collections import Counter
from random import Random

import pytest

from services.db import Session
from tests.open_database import OpenDatabase
from tests.services.billing.books import Books
from tests.services.billing.simulated import END, Agency
from tests.services.billing.simulated_matches import Matches

ORDINARY = 10
COUNT = int(os.environ.get("SOAK_SEEDS", str(ORDINARY)))
AT_ONCE = 10
"""Seeds of one test."""
WHOLE_EVERY = 12
"""After so many events every line is read anew."""
BLOCKS = [range(first, min(first + AT_ONCE, COUNT)) for first in range(0, COUNT, AT_ONCE)]


class UndoneError(Exception):
    """Ends the transaction of a seed, which leaves no trace."""


@pytest.mark.parametrize("seeds", BLOCKS, ids=lambda one: f"{one.start}-{one.stop - 1}")
def test_after_each_event_the_books_add_up(database: OpenDatabase, seeds: range) -> None:
    happened = Counter[str]()
    for seed in seeds:
        with contextlib.suppress(UndoneError), database.unit_of_work() as session:
            happened += play(session, seed)
            raise UndoneError
    done = {name for name in happened if not name.endswith("(refused)")}
    assert seeds.stop > ORDINARY or done >= EVENTS


def play(session: Session, seed: int) -> Counter[str]:
    """Two months; the first is closed when the second ends, if not before. What happened."""
    chance = Random(seed)
    agency = Agency(session, chance)
    matches, books = Matches(agency), Books(session)
    happened: list[str] = []
    while agency.now < END:
        happened.append(agency.step(matches.events()))
        told = f"seed {seed} after {happened[-12:]}"
        books.require_true(agency.now, told, whole=len(happened) % WHOLE_EVERY == 0)
        matches.require_in_order(told)
    told = f"seed {seed} in the end"
    books.require_true(agency.now, told, whole=True)
    books.require_parties(told)
    return Counter(happened)


EVENTS = frozenset(
    {
        *("held", "acknowledged", "disputed", "settled", "imported", "bought", "adjusted"),
        *("reversed_entry", "cancelled", "waived", "entered", "closed"),
        *("offered", "answered", "extended", "taught", "times_changed", "ended", "shut", "away"),
        *("asked_to_move", "request_answered", "moved", "replaced", "handed_over"),
    }
)
"""What must have happened in each block of the ordinary run."""
