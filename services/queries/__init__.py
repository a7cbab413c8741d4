"""Read-only projections: a plain select each, on a connection that cannot write."""
