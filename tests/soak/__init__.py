"""The soak: kills at the points of many flows, and storms of updates with kills.

The test run does without it; `make soak` takes as many points, updates and kills as SOAK_POINTS,
SOAK_UPDATES and SOAK_KILLS say.
"""
