"""What lists and cards read is found through an index, however long the history is."""

from collections.abc import Callable
from contextlib import suppress

from services.rules.refusals import Refusal
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.plans import plan, reads_too_much, selected
from tests.services.queries import term_queries
from tests.services.queries.test_reading import ALSO_READING, QUERIES
from tests.services.scenes import Scene, scene

UNTIL_A_PAGE_IS_FULL = {"views_where"}
"""Read in the order of an index, until there are enough."""


async def test_no_query_goes_through_a_table_that_grows(sqlite: SqliteDatabases) -> None:
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        there = scene(database)
        every = QUERIES | term_queries.QUERIES | ALSO_READING
        steps = {name: _steps(database, query, there) for name, query in every.items()}
        await database.close()

    too_much = {name for name in steps if any(map(reads_too_much, steps[name]))}
    assert too_much == UNTIL_A_PAGE_IS_FULL


def _steps(database: OpenDatabase, query: Callable[..., object], there: Scene) -> list[str]:
    with selected() as statements, database.reading() as session, suppress(Refusal):
        query(session, there)
    return [step for statement in statements for step in plan(database, statement)]
