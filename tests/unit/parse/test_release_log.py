"""The log of releases: what is written is read back, and a torn line never becomes a record."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.release_log import MAX_NAMED, Kind, Phase, Record, Result, read_log, write_record

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
COMMIT = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"
BEGAN = Record("20261124T080000Z-1", Kind.DEPLOY, Phase.BEGAN, AT, "maya@laptop", COMMIT, "18fd956")
ENDED = Record(
    "20261124T080000Z-1", Kind.DEPLOY, Phase.ENDED, AT, "maya@laptop", COMMIT, "18fd956", Result.LIVE, COMMIT,
    took_s=12.5, down_s=0.0, asked=25, failed=1, detail="live", named=("a.py",),
)  # fmt: skip

RECORDS = st.builds(
    Record,
    id=st.from_regex(r"[0-9A-Za-z-]{1,64}", fullmatch=True),
    kind=st.sampled_from(Kind),
    phase=st.just(Phase.ENDED),
    at=st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is beside it
    who=st.text(max_size=30),
    commit=st.from_regex(r"(?:[0-9a-f]{7,64})?", fullmatch=True),
    before=st.just(""),
    result=st.sampled_from([result for result in Result if result]),
    live=st.text(max_size=70),
    took_s=st.floats(0, 1e6),
    asked=st.integers(0, 10**6),
    failed=st.integers(0, 10**6),
    detail=st.text(max_size=200),
    named=st.lists(st.text(max_size=20), max_size=MAX_NAMED).map(tuple),
)


def test_both_phases_are_read_back() -> None:
    log = read_log(write_record(BEGAN) + write_record(ENDED))
    assert log.records == (BEGAN, ENDED)
    assert (log.torn, log.is_last_torn) == (0, False)


@given(st.lists(RECORDS, max_size=4))
def test_any_records_are_read_back(records: list[Record]) -> None:
    assert read_log(b"".join(map(write_record, records))).records == tuple(records)


@given(st.integers(0, len(write_record(ENDED)) - 2))
def test_a_last_line_cut_anywhere_is_no_record_and_is_told(cut: int) -> None:
    log = read_log(write_record(BEGAN) + write_record(ENDED)[:cut])
    assert log.records == (BEGAN,)
    assert log.is_last_torn == (cut > 0)


def test_a_line_after_a_torn_one_is_read() -> None:
    log = read_log(write_record(BEGAN)[:40] + b"\n" + write_record(ENDED))
    assert (log.records, log.torn, log.is_last_torn) == ((ENDED,), 1, False)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_counted(data: bytes) -> None:
    log = read_log(data)
    assert len(log.records) + log.torn <= data.count(b"\n") + 1


def test_a_line_with_a_wrong_part_is_no_record() -> None:
    good = json.loads(write_record(ENDED))
    for key, value in [
        ("v", 2), ("v", None), ("kind", "party"), ("phase", "middle"), ("result", "fine"), ("result", ""),
        ("at", "now"),
        ("at", "2026-11-24T08:00:00"), ("commit", "../../etc"), ("commit", 7), ("took_s", float("nan")), ("took_s", -1),
        ("took_s", True), ("asked", "9"), ("named", "a"), ("named", [1]), ("id", ""), ("detail", 5),
    ]:  # fmt: skip
        log = read_log(json.dumps({**good, key: value}).encode())
        assert (log.records, log.torn) == ((), 1), key


def test_a_part_of_a_later_version_is_passed_over_and_a_time_is_made_utc() -> None:
    line = json.loads(write_record(ENDED)) | {"weather": "fine", "at": "2026-11-24T09:00:00+01:00"}
    assert read_log(json.dumps(line).encode()).records == (ENDED,)
    assert read_log(json.dumps(line).encode()).records[0].at.utcoffset() == timedelta(0)


def test_a_record_is_one_line_whatever_is_in_it() -> None:
    wild = Record("1", Kind.DRIFT, Phase.ENDED, AT, "a\nb", COMMIT, result=Result.DRIFTED, detail='"\n\x1b[2J\u2028')
    assert write_record(wild).count(b"\n") == 1
    assert read_log(write_record(wild)).records == (wild,)
