"""Command line of `bot.py`: its verbs and options, and the text of `--help` (SPEC 11)."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from services.settings import ROOT

DISK_FULL = "The disk is full, or cannot be written: nothing was saved."
SANDBOX_FOLDER = ROOT / "var" / "sandbox"


def parsed(given: Sequence[str] | None) -> argparse.Namespace:
    """Verb (None where none is given) and options; `--help` ends the program."""
    parser = argparse.ArgumentParser(
        prog="bot.py", description="Tutorline. Without a verb: run the bot, or the sandbox."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    running = verbs.add_parser("run", help="run the bot; with no TELEGRAM_BOT_TOKEN the sandbox")
    running.add_argument(
        "--sandbox",
        type=Path,
        default=SANDBOX_FOLDER,
        metavar="FOLDER",
        help="where the sandbox keeps its state; removing it starts over",
    )
    parser.set_defaults(sandbox=SANDBOX_FOLDER)
    verbs.add_parser("migrate", help="bring the database up to date")
    importing = verbs.add_parser("import", help="import people, students and sessions")
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    importing.add_argument("--dry-run", action="store_true", help="say what would be, save nothing")
    inviting = verbs.add_parser("invite", help="make an invitation for a coordinator")
    inviting.add_argument("--coordinator", required=True, metavar="NAME")
    verbs.add_parser("check", help="try the settings and connections")
    _add_operations(verbs)
    return parser.parse_args(given)


def _add_operations(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of somebody who looks after the program (`docs/operating.md`)."""
    backing_up = verbs.add_parser("backup", help="back up the database and the files of notes")
    backing_up.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="a new folder")
    restoring = verbs.add_parser("restore", help="put a backup in the place of what is there")
    restoring.add_argument("folder", type=Path, metavar="FOLDER")
    moving = verbs.add_parser("move", help="copy the SQLite database into an empty PostgreSQL one")
    moving.add_argument("target", metavar="postgresql+psycopg://USER@HOST/NAME")
    erasing = verbs.add_parser("erase", help="erase a person or a child: names, words and files")
    whom = erasing.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="WHO", help="a ref, a name, or #ID")
    whom.add_argument("--child", metavar="WHO")
