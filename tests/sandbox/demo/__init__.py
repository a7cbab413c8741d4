"""The demo agency, as the application imports it."""
