"""Use cases, read-only queries, and adapters to the outside."""
