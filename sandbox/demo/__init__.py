"""The demo agency: the people in the sandbox, and the data that the application imports."""

from sandbox.demo.agency import AGENCY_TIME_ZONE
from sandbox.demo.first_steps import ACTIONS, first_steps
from sandbox.demo.past import began_at, past_events
from sandbox.demo.penalty_sheet import write_penalty_sheet
from sandbox.demo.people import DANIEL, GRACE, GROUP_ID, MARCUS, MEI, PRIYA, populate
from sandbox.demo.settings import settings_in
from sandbox.demo.tables import write_past, write_tables

__all__ = [
    "ACTIONS",
    "AGENCY_TIME_ZONE",
    "DANIEL",
    "GRACE",
    "GROUP_ID",
    "MARCUS",
    "MEI",
    "PRIYA",
    "began_at",
    "first_steps",
    "past_events",
    "populate",
    "settings_in",
    "write_past",
    "write_penalty_sheet",
    "write_tables",
]
