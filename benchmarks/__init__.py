"""Benchmarks of the program's cost: `make benchmarks` (docs/performance.md)."""
