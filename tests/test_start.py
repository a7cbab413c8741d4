"""What a start does not wait for: libraries that are brought in when they are needed first."""

import os
import subprocess
import sys

from services.settings import ROOT

SELDOM_NEEDED = {
    *("PIL", "alembic", "boto3", "holidays", "httpx2", "icalendar", "openai", "openpyxl"),
    *("pillow_heif", "prometheus_client", "sandbox", "segno"),
    *("sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio"),
    *("babel.messages", "jinja2", "services.imports.importing", "web.admin", "web.family"),
    *("services.adapters.operations", "services.backups.making", "services.erasure"),
}


def imported_after(script: str) -> set[str]:
    """Which of them a process has once it has run `script`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys; print(*sys.modules)"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return SELDOM_NEEDED & {*done.stdout.split()}


def test_the_program_is_loaded_without_what_is_seldom_needed() -> None:
    assert imported_after("import bot") == set()


def test_the_program_is_loaded_without_the_systems_list_of_types_of_files() -> None:
    imported_after("import bot, mimetypes; assert not mimetypes.inited")


def test_a_database_that_is_up_to_date_needs_no_alembic(database_url: str) -> None:
    script = "import asyncio; from services import schema; asyncio.run(schema.upgrade({!r}))"
    own = {"sqlalchemy.dialects.postgresql"} if database_url.startswith("postgresql") else set()
    assert imported_after(script.format(database_url)) == own
