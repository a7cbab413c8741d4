"""A world with a tutor, a parent, a coordinator and a group, served on a loopback port."""

from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from tests.sandbox.clients import TOKEN, BotClient


@pytest.fixture
def world() -> World:
    return World(TOKEN, rates=None, webhook_retry_seconds=0.05)


@pytest.fixture
def grace(world: World) -> Person:
    return world.add_person("Grace", "Lim", username="grace_lim", started=True)


@pytest.fixture
def mei(world: World, grace: Person) -> Person:
    return world.add_person("Mei", "Tan", username="mei_tan", language_code="zh-hans", started=True)


@pytest.fixture
def group(world: World, grace: Person, mei: Person) -> Group:
    made = world.add_group("Coordinators", [grace.id, mei.id])
    world.updates.clear()
    return made


@pytest.fixture
def phone(world: World, grace: Person) -> Phone:
    return Phone(world, grace.id)


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serving(world) as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20, verify=False) as client:
        yield client


@pytest.fixture
def bot(http: httpx.AsyncClient, base: str) -> BotClient:
    return BotClient(http, base)
