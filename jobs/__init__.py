"""Every loop of the program: updates in, messages out, files, summaries, and scheduled sweeps."""
