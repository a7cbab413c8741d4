"""Where the benchmarks read and write."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "benchmarks"
"""Results, and what is kept from run to run: a large database, aiogram's environment."""
WORK = RESULTS / "work"
"""What one run writes and throws away."""
DOCUMENT = ROOT / "docs" / "performance.md"
