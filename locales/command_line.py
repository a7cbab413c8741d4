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
    return parser.parse_args(given)
