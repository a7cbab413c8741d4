"""What the program costs, measured: `make benchmarks` (docs/performance.md)."""
