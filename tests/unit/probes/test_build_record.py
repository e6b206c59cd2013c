"""What is written down of builds: what is read of it, and what is not relied on."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.facts.build import BuildFailure, BuildFault, BuildStep, Trial, TrialEnd, TrialKind
from launchready.facts.repository import RepositoryHead
from launchready.model.product import Builds, Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Repository
from launchready.net.clock import Clock
from launchready.probes.build import clean_build, start_trials
from launchready.probes.build_record import (
    FILE_NAME,
    BuildRecord,
    RecordError,
    RecordState,
    Starts,
    decode_record,
    encode_record,
    last_record,
)

COMMIT = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = BuildRecord(1, RecordState.ENDED, NOW - timedelta(hours=1), COMMIT, "d" * 16, "bubblewrap", 20.0)
CLOCK = Clock(lambda: NOW, lambda: 0.0)


def write(folder: Path, *lines: bytes) -> None:
    (folder / FILE_NAME).write_bytes(b"".join(lines))


async def seen(folder: Path, *records: BuildRecord, days: int = 30):
    write(folder, *map(encode_record, records))
    product = Product("P", (), (), build=Builds(str(folder), "d" * 16, days))
    return await clean_build(Repository("r"), RepositoryHead(COMMIT), product, CLOCK)


def test_a_record_comes_back_as_it_was_written() -> None:
    whole = replace(GOOD, start=Starts((Trial("KEY", TrialKind.REMOVED, TrialEnd.RAN),), ("one",)))
    assert decode_record(encode_record(whole)) == whole


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_record_or_our_own_error(line: bytes) -> None:
    with contextlib.suppress(RecordError):
        assert isinstance(decode_record(line), BuildRecord)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        encode_record(GOOD).replace(b'"format":1', b'"format":2'),
        encode_record(GOOD).replace(b'"ended"', b'"perhaps"'),
        encode_record(GOOD).replace(b'11:00:00Z"', b'11:00:00"'),
        encode_record(GOOD)[:-5],
        b"[" * 100_000,
    ],
)
def test_a_line_of_another_form_is_refused(line: bytes) -> None:
    with pytest.raises(RecordError):
        decode_record(line)


def test_the_last_record_of_the_commit_counts(tmp_path: Path) -> None:
    other = replace(GOOD, commit="b" * 40)
    write(tmp_path, encode_record(replace(GOOD, took_s=1.0)), encode_record(GOOD), encode_record(other))
    assert last_record(tmp_path, COMMIT) == GOOD
    assert last_record(tmp_path, "c" * 40) is None


def test_where_nothing_was_written_there_is_no_record(tmp_path: Path) -> None:
    assert last_record(tmp_path / "nowhere", COMMIT) is None


def test_a_torn_line_may_have_been_a_bad_one_so_what_stands_before_it_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, encode_record(GOOD), encode_record(GOOD)[:40])
    with pytest.raises(RecordError):
        last_record(tmp_path, COMMIT)


def test_what_stands_behind_a_torn_line_counts(tmp_path: Path) -> None:
    write(tmp_path, encode_record(GOOD)[:40], b"\n", encode_record(GOOD))
    assert last_record(tmp_path, COMMIT) == GOOD


async def test_a_good_record_is_a_clean_build_in_a_sandbox(tmp_path: Path) -> None:
    fact = await seen(tmp_path, GOOD)
    assert (fact.commit, fact.failures) == (COMMIT, ())
    assert isinstance(fact.isolation, Measured)


async def test_without_a_sandbox_the_isolation_is_not_measured(tmp_path: Path) -> None:
    assert isinstance((await seen(tmp_path, replace(GOOD, sandbox=""))).isolation, Unmeasured)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (replace(GOOD, commit="b" * 40), Why.NOT_FOUND),
        (replace(GOOD, declared="e" * 16), Why.EXPIRED),
        (replace(GOOD, state=RecordState.BEGUN), Why.INTERRUPTED),
        (replace(GOOD, at=NOW + timedelta(hours=1)), Why.EXPIRED),
    ],
)
async def test_a_record_that_does_not_count_is_not_measured(tmp_path: Path, record: BuildRecord, why: Why) -> None:
    with pytest.raises(NotSeen) as caught:
        await seen(tmp_path, record)
    assert caught.value.why is why
    assert "type `launchready build`" in caught.value.detail


@pytest.mark.parametrize(("hours", "counts"), [(167, True), (168, True), (169, False)])
async def test_a_record_counts_for_the_declared_days(tmp_path: Path, hours: int, counts: bool) -> None:
    record = replace(GOOD, at=NOW - timedelta(hours=hours))
    if counts:
        await seen(tmp_path, record, days=7)
    else:
        with pytest.raises(NotSeen):
            await seen(tmp_path, record, days=7)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (BuildFault.NEEDS_NETWORK, Why.NOT_PERMITTED),
        (BuildFault.MISSING_PROGRAM, Why.NOT_INSTALLED),
        (BuildFault.KEPT_ELSEWHERE, Why.NOT_PERMITTED),
        (BuildFault.WROTE_TOO_MUCH, Why.TOO_LARGE),
    ],
)
async def test_what_stopped_by_our_limits_says_nothing_of_the_commit(tmp_path: Path, fault, why) -> None:
    with pytest.raises(NotSeen) as caught:
        await seen(tmp_path, replace(GOOD, failures=(BuildFailure(BuildStep.BUILD, fault, "x", ""),)))
    assert caught.value.why is why


async def test_a_part_that_was_not_looked_at_is_not_measured(tmp_path: Path) -> None:
    write(tmp_path, encode_record(GOOD))
    product = Product("P", (), (), build=Builds(str(tmp_path), "d" * 16))
    with pytest.raises(NotSeen) as caught:
        await start_trials(Repository("r"), RepositoryHead(COMMIT), product, CLOCK)
    assert caught.value.why is Why.NOT_DECLARED
