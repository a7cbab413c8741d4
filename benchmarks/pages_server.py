"""Pages of the product on a database, at a fixed time, in a process of their own."""

import asyncio
import sys

from benchmarks.history_rows import NOW
from benchmarks.product import serve_pages


def main() -> None:
    """Serve the database at the address given until the process is ended."""
    asyncio.run(serve_pages(sys.argv[1], NOW))


if __name__ == "__main__":
    main()
