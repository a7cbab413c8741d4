"""Wording: gettext catalogues, their loader, and texts for refusals, statuses and times."""
