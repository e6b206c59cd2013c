"""Look at the records of releases, and at the folder that runs, where it is on this machine. Files only."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from launchready.facts.release import Comeback, Comparison, ReleaseDrift, ReleaseHistory, RepeatedRelease
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.net.clock import Clock
from launchready.parse.manifest import compare, lines_of
from launchready.parse.release_log import MAX_NAMED, Kind, Log, Phase, Record, Result
from launchready.probes.release_files import GOOD_RESULTS, log_of, manifest_of, manifest_of_folder, unfinished

HASHING_LIMIT_S: Final = 60.0
"""Seconds for hashing what runs: 5 GB on one slow core."""

DRIFT_DAYS: Final = 7
"""Days that a comparison counts: a host that nobody looked at for a week may have been edited since."""

ONE_DAY: Final = timedelta(days=1)
"""How far two machines' clocks may be apart, time zones mixed up included."""

RELEASE_AGAIN: Final = (
    "no commit was released twice in the last {days} days with its files on record: run `launchready deploy` once more "
    "for the commit that is live, with folder or manifest under [deploy]"
)

RUN_DRIFT: Final = "the host was not compared in the last 7 days: run `launchready drift`"


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def release_history(product: Product, clock: Clock) -> ReleaseHistory:
    """Read the log beside launchready.toml."""
    assert product.delivery is not None, "only products with [deploy] have this fact"
    log = await asyncio.to_thread(log_of, product.delivery.records)
    now = clock.now()
    ended = [r for r in log.records if r.phase is Phase.ENDED]
    good = [r for r in ended if r.result in GOOD_RESULTS and r.live]
    returns = [r for r in ended if _is_return(r)]
    return ReleaseHistory(
        sum(r.kind is not Kind.DRIFT for r in ended),
        good[-1].live if good else "",
        _comeback(returns[-1], now) if returns else None,
        _comparison(ended, now),
        _cut_off(log),
    )


@probe(manner=Manner.PASSIVE, timeout_s=HASHING_LIMIT_S)
async def release_drift(product: Product, history: ReleaseHistory) -> ReleaseDrift:
    """Hash the folder that runs, or take what `launchready drift` saw; an audit runs none of the owner's commands."""
    delivery = product.delivery
    assert delivery is not None, "only products with [deploy] have this fact"
    if not history.live:
        raise NotSeen(Why.NOT_FOUND, "no release is on record: release once with `launchready deploy`")
    if not delivery.folder:
        return _of_comparison(history)
    released = manifest_of(delivery.records, history.live)
    running = await asyncio.to_thread(manifest_of_folder, delivery.folder)
    lines = lines_of(compare(released, running, delivery.written))
    how = f"{len(running.files)} files of the folder that runs"
    return ReleaseDrift(history.live, len(lines), tuple(lines[:MAX_NAMED]), how)


@probe(manner=Manner.PASSIVE, timeout_s=10.0)
async def repeated_release(product: Product, clock: Clock) -> RepeatedRelease:
    """Read in the log whether the newest commit that was released again brought the same files.

    A way back that is rehearsed, and the release after it, are such a pair.

    Raises:
        NotSeen: NOT_REQUESTED, where no commit was released twice of late with its files on record.
    """
    delivery = product.delivery
    assert delivery is not None, "only products with [deploy] have this fact"
    log = await asyncio.to_thread(log_of, delivery.records)
    now, counts = clock.now(), timedelta(days=delivery.rehearsal_days + 1)
    alive = [r for r in log.records if r.kind is Kind.DEPLOY and r.result is Result.LIVE and r.digest]
    released = [r for r in alive if now - r.at < counts]
    for last in reversed(released):
        same = [r for r in released if r.commit == last.commit]
        if len(same) > 1:
            versions = len({r.digest for r in same})
            return RepeatedRelease(last.commit, len(same), max(0, (now - last.at).days), versions, last.named)
    raise NotSeen(Why.NOT_REQUESTED, RELEASE_AGAIN.format(days=delivery.rehearsal_days))


def _of_comparison(history: ReleaseHistory) -> ReleaseDrift:
    seen = history.comparison
    if seen is None or seen.days_ago > DRIFT_DAYS:
        raise NotSeen(Why.NOT_REQUESTED, RUN_DRIFT)
    how = f"`launchready drift`, {seen.days_ago} days ago"
    return ReleaseDrift(seen.commit, 0 if seen.is_same else max(1, len(seen.differs)), seen.differs, how)


def _is_return(record: Record) -> bool:
    """Whether a former release was brought back, or was meant to be."""
    return record.kind is Kind.ROLLBACK or (record.kind is Kind.DEPLOY and record.result is Result.ROLLED_BACK)


def _comeback(record: Record, now: datetime) -> Comeback:
    if record.at > now + ONE_DAY:
        raise NotSeen(Why.UNREADABLE, "the newest return on record is dated in the future: correct the machine's clock")
    is_good = record.result in {Result.LIVE, Result.ROLLED_BACK} and bool(record.live)
    return Comeback(
        record.live or record.commit,
        record.at,
        max(0, (now - record.at).days),
        is_good,
        record.took_s,
        record.asked,
        record.failed,
        record.down_s,
    )


def _comparison(ended: list[Record], now: datetime) -> Comparison | None:
    """The newest comparison that was made after the live release came."""
    for record in reversed(ended):
        if record.kind is not Kind.DRIFT:
            return None
        if record.result in {Result.SAME, Result.DRIFTED}:
            days = max(0, (now - record.at).days)
            return Comparison(record.live, days, record.named, is_same=record.result is Result.SAME)
    return None


def _cut_off(log: Log) -> str:
    open_one = unfinished(log)
    if log.is_last_torn:
        return "the last line of the records is cut off"
    if open_one is None:
        return ""
    return f"{open_one.kind.value} of {open_one.commit[:12]} began on {open_one.at:%Y-%m-%d %H:%M} UTC and never ended"
