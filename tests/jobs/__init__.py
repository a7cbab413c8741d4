"""The sweeps."""
