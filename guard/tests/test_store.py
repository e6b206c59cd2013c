"""Both stores keep the same promises."""

import asyncio
import sqlite3
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


async def test_a_number_is_never_given_twice_so_that_a_reader_misses_nothing(store: Stores, time: Time):
    read = await store.append("a", b"old", lifetime_s=60)
    time.now_s += 200  # all has expired, and has been swept away
    await store.append("a", b"new", lifetime_s=60)
    assert [event.value for event in await store.events("a", after=read)] == [b"new"]


async def test_numbers_go_on_after_a_restart(tmp_path: Path, time: Time):
    store = SqliteStore(tmp_path / "s", time)
    read = await store.append("a", b"old", lifetime_s=60)
    time.now_s += 200
    await store.check()
    await store.close()
    again = SqliteStore(tmp_path / "s", time)
    assert await again.append("a", b"new", lifetime_s=60) > read
    await again.close()


async def test_what_has_expired_is_in_none_of_the_files_any_more(tmp_path: Path, time: Time):
    def written() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    store = SqliteStore(tmp_path / "s", time)
    for number in range(50):
        await store.append("talk", b"what a customer said " * 300, lifetime_s=60)
        await store.put(f"row {number}", b"what a customer wrote " * 300, expected=0, lifetime_s=60)
    assert b"customer said" in written()
    time.now_s += 200
    await store.check()
    assert b"customer" not in written()
    await store.close()


async def test_a_file_that_somebody_holds_is_not_waited_for_by_one_visitor_after_the_other(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("launchready_guard.store.SQLITE_WAIT_S", 0.6)
    store = SqliteStore(tmp_path / "s")
    await store.check()
    await store.close()
    store = SqliteStore(tmp_path / "s")
    holder = sqlite3.connect(tmp_path / "s", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    began = asyncio.get_running_loop().time()
    said = await asyncio.gather(*(store.add("a", 1, lifetime_s=60) for _ in range(20)), return_exceptions=True)
    assert [type(error) for error in said] == [StoreError] * 20
    assert asyncio.get_running_loop().time() - began < 3
    holder.execute("ROLLBACK")
    holder.close()
    await asyncio.sleep(1.1)
    assert (await store.add("a", 1, lifetime_s=60)).total == 1
    await store.close()
