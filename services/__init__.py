"""What is done: use cases, read-only queries, and the adapters to the outside."""
