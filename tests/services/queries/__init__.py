"""The read-only projections."""
