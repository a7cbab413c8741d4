"""What is done later: thin jobs on a timetable. Each loads, calls a service, and logs."""
