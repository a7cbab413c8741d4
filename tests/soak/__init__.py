"""The soak: kills at every point of twelve flows, and storms of updates with kills.

The test run goes through a few of them; `make soak` takes as many as SOAK_POINTS, SOAK_UPDATES and
SOAK_KILLS say.
"""
