"""A build, judged at once by the same checks that an audit asks of its record later."""

import time
from datetime import UTC, datetime

from launchready.app.judged import judged_record
from launchready.app.registry import Registry
from launchready.config.clean_build import BuildPlan
from launchready.deliver.building import Builder, Report
from launchready.model.product import Product
from launchready.net.clock import Clock
from launchready.probes.build import FACTS_OF_RECORD
from launchready.probes.build_record import BuildRecord
from launchready.report.build import BuildView


async def build(plan: BuildPlan, commit: str, report: Report, *, is_sandboxed: bool) -> BuildRecord:
    """Build a commit, and write down what came of it.

    Raises:
        CloneError: the commit can't be had.
        BookError: nothing can be written down.
    """
    clock = Clock(lambda: datetime.now(UTC), time.monotonic)
    return await Builder(plan, clock, report, is_sandboxed=is_sandboxed).build(commit)


def view_of(record: BuildRecord, product: Product, registry: Registry) -> BuildView:
    """What a record says, in the words of the checks; touches nothing."""
    return BuildView(
        commit=record.commit,
        sandbox=record.sandbox,
        took_s=record.took_s,
        digest=record.repeat.digest if record.repeat else "",
        files=record.repeat.files if record.repeat else 0,
        judged=judged_record(record, FACTS_OF_RECORD, "repository", "product", product, registry),
    )
