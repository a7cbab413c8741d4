"""An outbox with a coordinators' group, on each kind of database."""

from collections.abc import AsyncIterator

import pytest

from tests.jobs.outgoing import Outgoing
from tests.running import GROUP_ID, bench


@pytest.fixture
async def out(database_url: str) -> AsyncIterator[Outgoing]:
    async with bench(database_url) as on:
        member = on.world.add_person("Priya", started=True)
        on.world.add_group("Coordinators", [member.id], group_id=GROUP_ID)
        yield Outgoing(on)
