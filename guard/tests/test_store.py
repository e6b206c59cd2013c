"""Both stores keep the same promises."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from launchready_guard.store import NOTHING_COUNTED, Count, EventRow, MemoryStore, Row, SqliteStore, StoreError

Stores = MemoryStore | SqliteStore


class Time:
    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, time: Time) -> AsyncIterator[Stores]:
    made = MemoryStore(time) if request.param == "memory" else SqliteStore(tmp_path / "guard.sqlite3", time)
    yield made
    await made.close()


async def test_a_counter_adds_up_and_begins_anew_when_it_expires(store: Stores, time: Time):
    assert await store.count("a") == NOTHING_COUNTED
    assert await store.add("a", 2, lifetime_s=60) == Count(2, 1_000_060)
    time.now_s += 59
    assert await store.add("a", 3, lifetime_s=60) == Count(5, 1_000_060)
    time.now_s += 1
    assert await store.count("a") == NOTHING_COUNTED
    assert await store.add("a", 1, lifetime_s=60) == Count(1, 1_000_120)


async def test_giving_back_never_makes_a_debt(store: Stores):
    await store.add("a", 2, lifetime_s=60)
    assert (await store.add("a", -5, lifetime_s=60)).total == 0
    assert (await store.add("b", -5, lifetime_s=60)).total == 0


async def test_a_row_changes_only_for_who_knows_its_version(store: Stores, time: Time):
    assert await store.row("a") is None
    assert await store.put("a", b"1", expected=1, lifetime_s=60) is None
    assert await store.put("a", b"1", expected=0, lifetime_s=60) == Row(b"1", 1)
    assert await store.put("a", b"2", expected=0, lifetime_s=60) is None
    assert await store.put("a", b"2", expected=1, lifetime_s=60) == Row(b"2", 2)
    assert await store.put("a", b"3", expected=1, lifetime_s=60) is None
    assert await store.row("a") == Row(b"2", 2)
    time.now_s += 60
    assert await store.row("a") is None
    assert await store.put("a", b"4", expected=2, lifetime_s=60) is None
    assert await store.put("a", b"4", expected=0, lifetime_s=60) == Row(b"4", 1)


async def test_events_come_in_order_and_after_a_number(store: Stores, time: Time):
    numbers = [await store.append("a", bytes([n]), lifetime_s=60) for n in range(3)]
    await store.append("b", b"other", lifetime_s=60)
    assert numbers == [1, 2, 3]
    assert list(await store.events("a", after=1)) == [EventRow(2, b"\1"), EventRow(3, b"\2")]
    assert list(await store.events("a", limit=1)) == [EventRow(1, b"\0")]
    time.now_s += 60
    assert list(await store.events("a")) == []


async def test_what_is_forgotten_is_gone(store: Stores):
    await store.add("a", 1, lifetime_s=60)
    await store.put("a", b"", expected=0, lifetime_s=60)
    await store.forget("a")
    assert await store.count("a") == NOTHING_COUNTED
    assert await store.row("a") is None


async def test_of_many_at_once_one_wins(store: Stores):
    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(store.put("a", b"", expected=0, lifetime_s=60)) for _ in range(20)]
        adds = [group.create_task(store.add("n", 1, lifetime_s=60)) for _ in range(20)]
    assert sum(task.result() is not None for task in tries) == 1
    assert sorted(task.result().total for task in adds) == list(range(1, 21))


async def test_two_workers_share_a_file_and_a_restart_keeps_it(tmp_path: Path):
    one, two = SqliteStore(tmp_path / "s"), SqliteStore(tmp_path / "s")
    async with asyncio.TaskGroup() as group:
        for store in (one, two) * 25:
            group.create_task(store.add("n", 1, lifetime_s=60))
    assert (await one.count("n")).total == (await two.count("n")).total == 50
    await one.close()
    await two.close()
    again = SqliteStore(tmp_path / "s")
    assert (await again.count("n")).total == 50
    await again.close()
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600


async def test_a_store_that_is_gone_says_so_and_is_used_again_when_it_is_back(tmp_path: Path):
    folder = tmp_path / "mount"
    store = SqliteStore(folder / "s")
    with pytest.raises(StoreError):
        await store.check()
    folder.mkdir()
    await store.check()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(StoreError, match=r"^s: FileNotFoundError$"):
        await store.add("a", 1, lifetime_s=60)
    await store.close()


async def test_a_flood_of_names_does_not_fill_the_memory():
    store = MemoryStore(max_entries=2000)
    for number in range(10_000):
        await store.add(str(number), 1, lifetime_s=3600)
        await store.add("everybody", 1, lifetime_s=3600)
    assert len(store._counts) <= 2000
    assert (await store.count("everybody")).total == 10_000


async def test_a_store_that_was_closed_says_so_and_may_be_closed_twice(tmp_path: Path):
    store = SqliteStore(tmp_path / "s")
    await store.check()
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match=r"^s: closed$"):
        await store.count("a")
