"""Words: gettext catalogues, their loader, and refusals, statuses and times put into words."""
