"""Settings of the demo agency, in place of those of the environment."""

from pathlib import Path

from sandbox.demo.agency import AGENCY_CURRENCY, AGENCY_NAME, AGENCY_TIME_ZONE
from sandbox.demo.penalty_sheet import write_penalty_sheet


def settings_in(folder: Path, penalty_sheet: str | None = None) -> dict[str, object]:
    """Names of settings with their values; files are kept in `folder`, and so is the penalty sheet
    unless there is one of the reader's own.
    """
    return {
        "agency_name": AGENCY_NAME,
        "agency_time_zone": AGENCY_TIME_ZONE,
        "agency_currency": AGENCY_CURRENCY,
        "media_dir": folder / "media",
        "penalty_sheet": penalty_sheet or str(write_penalty_sheet(folder).resolve()),
    }
