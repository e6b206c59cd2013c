"""Does the host still run what was released? Edited, added and missing files, and variables that changed."""

from dataclasses import dataclass, replace

from launchready.deliver.looking import Look
from launchready.deliver.release import Runner
from launchready.deliver.running import running_manifest
from launchready.model.reading import NotSeen
from launchready.parse.manifest import Difference, compare, lines_of
from launchready.parse.release_log import Kind, Phase, Record, Result
from launchready.probes.release_files import live_release, manifest_of


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared: the line that was written down, and all that differs; None where it could not be seen."""

    record: Record
    difference: Difference | None


async def compare_host(runner: Runner) -> Compared:
    """Compare what runs with what was released, and write down what came of it.

    Raises:
        RecordError: it could not be written down.
        NotSeen: no release is on record, or the records can't be read.
    """
    commit = live_release(runner.records.read()).live
    draft = runner.draft(Kind.DRIFT, commit, "")
    try:
        released = manifest_of(str(runner.records.folder), commit)
        running = await running_manifest(runner.plan, commit, runner.around(runner.plan.base, draft))
    except NotSeen as unseen:
        outcome = runner.end(draft, Result.UNKNOWN, Look(False, "", unseen.detail), f"Not compared: {unseen.detail}.")
        return Compared(outcome.record, None)
    difference = compare(released, running, runner.plan.delivery.written)
    result = Result.SAME if difference.is_none else Result.DRIFTED
    record = replace(
        draft,
        phase=Phase.ENDED,
        at=runner.clock.now(),
        result=result,
        live=commit,
        detail=words_of(difference, len(running.files)),
        named=tuple(lines_of(difference)),
    )
    runner.records.append(record)
    return Compared(record, difference)


def words_of(difference: Difference, files: int) -> str:
    """What differs, as counts in a sentence."""
    counts = (
        (len(difference.edited), "edited"),
        (len(difference.extra), "added"),
        (len(difference.missing), "missing"),
        (len(difference.modes), "with other rights"),
        (len(difference.environment), "variables changed"),
    )
    found = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"{files} files compared: {found or 'all as released'}"
