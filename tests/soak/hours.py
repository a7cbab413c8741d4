"""An agency in early afternoon: nothing waits for the morning, and no daily message falls into a
play, at whatever hour it is played.
"""

from dataclasses import replace
from zoneinfo import ZoneInfo

from benchmarks.families import quiet_zone
from tests import builders

AGENCY = replace(builders.AGENCY, zone=ZoneInfo(quiet_zone()))
ZONE = AGENCY.zone
