"""Read what the last `launchready build` wrote down of the commit at HEAD. Nothing is built here."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from launchready.facts.build import BakedValues, BuildFault, CleanBuild, RepeatedBuild, ShippedFiles, StartTrials
from launchready.facts.repository import RepositoryHead
from launchready.model.probe import Manner, probe
from launchready.model.product import Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Repository
from launchready.net.clock import Clock
from launchready.probes.build_record import BuildRecord, RecordError, RecordState, last_record

READ_S = 5.0
"""Seconds that reading one small file may take; a network drive is slow."""

AGAIN = "type `launchready build`"

OUR_LIMITS: Final = {
    BuildFault.NEEDS_NETWORK: Why.NOT_PERMITTED,
    BuildFault.MISSING_PROGRAM: Why.NOT_INSTALLED,
    BuildFault.WROTE_TOO_MUCH: Why.TOO_LARGE,
}
"""Ends of a build that say more about how it was run than about the commit."""

OUR_WORDS: Final = {
    BuildFault.NEEDS_NETWORK: "the build asks the network for {}, and may not: write network = true under [build]",
    BuildFault.MISSING_PROGRAM: "the build needs the program {}: install it for all users, or name its folder in read "
    "under [build]",
    BuildFault.WROTE_TOO_MUCH: "the build wrote more than {}: let it write less",
}

Part = TypeVar("Part")


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def clean_build(repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> CleanBuild:
    """How build and tests from a clean clone ended."""
    del repository
    record = await _record(head, product, clock)
    certain = tuple(one for one in record.failures if one.fault not in OUR_LIMITS)
    if record.failures and not certain:
        one = record.failures[0]
        raise NotSeen(OUR_LIMITS[one.fault], OUR_WORDS[one.fault].format(one.name))
    isolation = Measured(record.sandbox, record.at, record.took_s) if record.sandbox else _no_sandbox(record)
    return CleanBuild(record.commit, record.at, certain, isolation)


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def repeated_build(repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> RepeatedBuild:
    """Whether the second build was like the first."""
    del repository
    record = await _record(head, product, clock)
    part = _part(record, "repeat", record.repeat)
    return RepeatedBuild(part.files, part.digest, part.differences, part.more)


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def baked_values(repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> BakedValues:
    """Which values came out of the build again."""
    del repository
    record = await _record(head, product, clock)
    part = _part(record, "baked", record.baked)
    return BakedValues(part.searched, part.baked, _gaps(record, part.unread))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def start_trials(repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> StartTrials:
    """What the product does without a variable that it needs."""
    del repository
    record = await _record(head, product, clock)
    part = _part(record, "start", record.start)
    return StartTrials(part.trials, _gaps(record, part.untold))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def shipped_files(repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> ShippedFiles:
    """What lies in the output that should not ship."""
    del repository
    record = await _record(head, product, clock)
    part = _part(record, "shipped", record.shipped)
    return ShippedFiles(part.files, part.size_bytes, part.leftovers, _gaps(record, part.unread))


async def _record(head: RepositoryHead, product: Product, clock: Clock) -> BuildRecord:
    """The last record of the commit at HEAD.

    Raises:
        NotSeen: there is none that counts.
    """
    plan = product.build
    if plan is None:
        raise NotSeen(Why.NOT_DECLARED, "launchready.toml has no [build] table: add one")
    try:
        record = await asyncio.to_thread(last_record, Path(plan.records), head.commit)
    except RecordError as error:
        raise NotSeen(Why.UNREADABLE, f"{error}: {AGAIN}") from None
    if record is None:
        raise NotSeen(Why.NOT_FOUND, f"no build of commit {head.commit[:12]} is written down: {AGAIN}")
    if record.declared != plan.declared:
        raise NotSeen(Why.EXPIRED, f"[build] or [[environment]] changed since the last build: {AGAIN}")
    if record.state is RecordState.BEGUN:
        raise NotSeen(Why.INTERRUPTED, f"the last build of this commit did not come to its end: {AGAIN} again")
    age = clock.now() - record.at
    if not timedelta(minutes=-5) <= age <= timedelta(days=plan.record_days):
        raise NotSeen(Why.EXPIRED, f"the last build of this commit is of {record.at:%Y-%m-%d}: {AGAIN} again")
    return record


def _part(record: BuildRecord, name: str, part: Part | None) -> Part:
    if part is None:
        detail = next((gap.detail for gap in record.unseen if gap.part == name), "it was not looked at")
        why = Why.DEPENDENCY if record.failures else Why.NOT_DECLARED
        raise NotSeen(why, detail)
    return part


def _gaps(record: BuildRecord, sentences: tuple[str, ...]) -> tuple[Unmeasured, ...]:
    return tuple(Unmeasured(Why.TOO_LARGE, sentence, record.at) for sentence in sentences)


def _no_sandbox(record: BuildRecord) -> Unmeasured:
    detail = "the build ran without a sandbox, so it could use what lies on this machine: install bubblewrap, and build"
    return Unmeasured(Why.NOT_INSTALLED, f"{detail} again", record.at)
