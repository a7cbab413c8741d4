"""The demo agency: the people in the sandbox, and the data that the application imports."""

from sandbox.demo.first_steps import ACTIONS, first_steps
from sandbox.demo.penalty_sheet import write_penalty_sheet
from sandbox.demo.people import DANIEL, GRACE, GROUP_ID, MARCUS, MEI, PRIYA, populate
from sandbox.demo.tables import write_tables

__all__ = [
    "ACTIONS",
    "AGENCY_NAME",
    "AGENCY_TIME_ZONE",
    "DANIEL",
    "GRACE",
    "GROUP_ID",
    "MARCUS",
    "MEI",
    "PRIYA",
    "first_steps",
    "populate",
    "write_penalty_sheet",
    "write_tables",
]

AGENCY_NAME = "Bright Minds Tuition"
AGENCY_TIME_ZONE = "Asia/Singapore"
