"""The demo agency: the people in the sandbox, and the data that the application imports."""

from sandbox.demo.penalty_sheet import write_penalty_sheet
from sandbox.demo.people import DANIEL, GRACE, GROUP_ID, MARCUS, MEI, PRIYA, populate
from sandbox.demo.tables import write_tables

__all__ = [
    "AGENCY_NAME",
    "AGENCY_TIME_ZONE",
    "DANIEL",
    "GRACE",
    "GROUP_ID",
    "MARCUS",
    "MEI",
    "PRIYA",
    "populate",
    "write_penalty_sheet",
    "write_tables",
]

AGENCY_NAME = "Bright Minds Tuition"
AGENCY_TIME_ZONE = "Asia/Singapore"
