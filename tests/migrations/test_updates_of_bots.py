"""The key of an update names its bot, also in a database that was there before."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from services import schema
from services.messaging import inbox
from services.messaging.inbox import UpdateKey
from tests.open_database import OpenDatabase

BEFORE = "0009"
UPDATE = (
    "INSERT INTO inbox_update (update_id, payload, received_at, attempts)"
    " VALUES (7, '{\"update_id\": 7}', '2026-11-24 06:00:00', 0)"
)
UPDATE_OF_BOT = UPDATE.replace("(update_id", "(bot_id, update_id").replace("(7", "({bot}, 7")


async def run(url: str, *steps: str) -> None:
    """Execute statements, or move the schema down to a revision."""

    def each(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        for step in steps:
            if step == BEFORE:
                command.downgrade(config, BEFORE)
            else:
                connection.execute(text(step.replace(":", r"\:")))

    with schema.exclusive_connection(url) as connection:
        each(connection)


async def pending(url: str) -> list[UpdateKey]:
    database = OpenDatabase(url)
    with database.reading() as session:
        found = inbox.pending(session)
    await database.close()
    return found


async def test_updates_that_wait_still_wait_afterwards(database_url: str) -> None:
    await run(database_url, BEFORE, UPDATE)

    await schema.upgrade(database_url)

    assert await pending(database_url) == [UpdateKey(0, 7)]


async def test_going_back_keeps_one_update_of_each_number(database_url: str) -> None:
    await run(database_url, *(UPDATE_OF_BOT.replace("{bot}", bot) for bot in "34"), BEFORE)

    await schema.upgrade(database_url)

    assert await pending(database_url) == [UpdateKey(0, 7)]
