"""The schema as it was before a revision."""

from alembic import command
from alembic.config import Config

from services import schema


def go_back(url: str, revision: str) -> None:
    """Move the schema down to a revision."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with schema.exclusive_connection(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
