"""Alembic, imported by `services.schema` only to migrate."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection


class MigrationError(Exception):
    """The revisions cannot be run; the text says why."""


def migrate(connection: Connection, migrations: Path) -> None:
    """Run every missing revision, in the connection's transaction.

    Raises `MigrationError` where the database was made by a newer version of the program.
    """
    config = _config(migrations)
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if not known.issuperset(MigrationContext.configure(connection).get_current_heads()):
        raise MigrationError("the database was made by a newer version of Tutorline")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationError(str(error)) from error


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
