"""Folders of the benchmarks."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "benchmarks"
"""Results, and what is kept between runs: a large database, aiogram's environment."""
WORK = RESULTS / "work"
"""Temporary files of one run."""
DOCUMENT = ROOT / "docs" / "performance.md"
