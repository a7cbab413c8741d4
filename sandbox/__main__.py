"""`python -m sandbox --port N --token T [--state-dir DIR]`: the sandbox by itself."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from sandbox.demo import populate
from sandbox.server import SandboxServer, create_app
from sandbox.world import DEFAULT_TOKEN, World


def default_world(token: str, state_dir: Path | None) -> World:
    """The saved world, or a new one with the people of the demo."""
    world = World(token, state_dir=state_dir)
    if not world.directory.persons:
        populate(world)
    return world


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--state-dir", type=Path)
    arguments = parser.parse_args()
    world = default_world(arguments.token, arguments.state_dir)
    print(f"The sandbox is at http://127.0.0.1:{arguments.port}", flush=True)
    asyncio.run(SandboxServer(world, create_app(world), port=arguments.port).serve())


if __name__ == "__main__":
    main()
