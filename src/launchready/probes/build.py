"""Read what the last `launchready build` wrote down of the commit at HEAD. Nothing is built here."""

import asyncio
from collections.abc import Callable
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
    BuildFault.KEPT_ELSEWHERE: Why.NOT_PERMITTED,
    BuildFault.WROTE_TOO_MUCH: Why.TOO_LARGE,
}
"""Ends of a build that say more about how it was run than about the commit."""

OUR_WORDS: Final = {
    BuildFault.NEEDS_NETWORK: "the build asks the network for {}, and may not: write network = true under [build]",
    BuildFault.MISSING_PROGRAM: "the build needs the program {}: install it for all users, or name its folder in read "
    "under [build]",
    BuildFault.KEPT_ELSEWHERE: "the commit holds only pointers to {}, which a build does not fetch: keep them in git",
    BuildFault.WROTE_TOO_MUCH: "the build wrote more than {}: let it write less",
}

Part = TypeVar("Part")


def clean_build_of(record: BuildRecord) -> CleanBuild:
    """How build and tests from a clean clone ended.

    Raises:
        NotSeen: it stopped by a limit of ours, which says nothing of the commit.
    """
    certain = tuple(one for one in record.failures if one.fault not in OUR_LIMITS)
    if record.failures and not certain:
        one = record.failures[0]
        raise NotSeen(OUR_LIMITS[one.fault], OUR_WORDS[one.fault].format(one.name))
    isolation = Measured(record.sandbox, record.at, record.took_s) if record.sandbox else _no_sandbox(record)
    return CleanBuild(record.commit, record.at, certain, isolation)


def repeated_build_of(record: BuildRecord) -> RepeatedBuild:
    """Whether the second build was like the first."""
    part = _part(record, "repeat", record.repeat)
    return RepeatedBuild(part.files, part.digest, part.differences, part.more)


def baked_values_of(record: BuildRecord) -> BakedValues:
    """Which values came out of the build again."""
    part = _part(record, "baked", record.baked)
    return BakedValues(part.searched, part.baked, _gaps(record, part.unread))


def start_trials_of(record: BuildRecord) -> StartTrials:
    """What the product does without a variable that it needs."""
    part = _part(record, "start", record.start)
    return StartTrials(part.trials, _gaps(record, part.untold))


def shipped_files_of(record: BuildRecord) -> ShippedFiles:
    """What lies in the output that should not ship."""
    part = _part(record, "shipped", record.shipped)
    return ShippedFiles(part.files, part.size_bytes, part.leftovers, _gaps(record, part.unread))


FACTS_OF_RECORD: Final[dict[type, Callable[[BuildRecord], object]]] = {
    CleanBuild: clean_build_of,
    RepeatedBuild: repeated_build_of,
    BakedValues: baked_values_of,
    StartTrials: start_trials_of,
    ShippedFiles: shipped_files_of,
}
"""Each fact that a record gives; all of them raise `NotSeen` where it does not."""


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def clean_build(_repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> CleanBuild:
    """How build and tests ended, by the last record."""
    return clean_build_of(await _record(head, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def repeated_build(
    _repository: Repository, head: RepositoryHead, product: Product, clock: Clock
) -> RepeatedBuild:
    """Both builds, by the last record."""
    return repeated_build_of(await _record(head, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def baked_values(_repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> BakedValues:
    """Values in the output, by the last record."""
    return baked_values_of(await _record(head, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def start_trials(_repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> StartTrials:
    """Starts, by the last record."""
    return start_trials_of(await _record(head, product, clock))


@probe(manner=Manner.PASSIVE, timeout_s=READ_S)
async def shipped_files(_repository: Repository, head: RepositoryHead, product: Product, clock: Clock) -> ShippedFiles:
    """What ships, by the last record."""
    return shipped_files_of(await _record(head, product, clock))


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
