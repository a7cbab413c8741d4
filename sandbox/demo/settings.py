"""Settings of the demo agency, in place of those of the environment."""

from pathlib import Path

from sandbox.demo.agency import AGENCY_CURRENCY, AGENCY_NAME, AGENCY_TIME_ZONE
from sandbox.demo.penalty_sheet import write_penalty_sheet


def settings_in(folder: Path) -> dict[str, object]:
    """Names of settings with their values; files and the penalty sheet are kept in `folder`."""
    return {
        "agency_name": AGENCY_NAME,
        "agency_time_zone": AGENCY_TIME_ZONE,
        "agency_currency": AGENCY_CURRENCY,
        "media_dir": folder / "media",
        "penalty_sheet": str(write_penalty_sheet(folder).resolve()),
    }
