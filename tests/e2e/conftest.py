"""Worlds for the installed command."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from installed import World


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Start worlds by name; all are stopped at the end."""
    started: list[World] = []

    def _start(name: str) -> World:
        started.append(World(name, tmp_path / f"{name}-{len(started)}"))
        return started[-1]

    yield _start
    for world in started:
        world.stop()


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One good world for everything that only reads it."""
    world = World("good", tmp_path_factory.mktemp("good") / "world")
    yield world
    world.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world with launch faults, for everything that only reads it."""
    world = World("demo", tmp_path_factory.mktemp("demo") / "world")
    yield world
    world.stop()
