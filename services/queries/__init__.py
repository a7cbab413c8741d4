"""Read-only queries: one plain SELECT each, on a connection that cannot write."""
