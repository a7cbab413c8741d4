"""The demo agency: what it is called, where it is, and what it reckons in."""

from zoneinfo import ZoneInfo

AGENCY_NAME = "Bright Minds Tuition"
AGENCY_TIME_ZONE = "Asia/Singapore"
ZONE = ZoneInfo(AGENCY_TIME_ZONE)
AGENCY_CURRENCY = "SGD"
