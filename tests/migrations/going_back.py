"""The schema as it was before a revision."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from services import schema


async def go_back(url: str, revision: str) -> None:
    """Move the schema down to a revision."""

    def down(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    async with schema.exclusive_connection(url) as connection:
        await connection.run_sync(down)
