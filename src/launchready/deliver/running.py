"""What runs on the host now, in a manifest: read from a folder of this machine, or printed by the owner's command."""

import asyncio

from launchready.config.deploy import DeployPlan
from launchready.deliver.commands import TAIL_LINES, Surroundings, run
from launchready.model.reading import NotSeen, Why
from launchready.parse.manifest import MAX_FILES, Manifest, ManifestError, read_manifest
from launchready.probes.release_files import manifest_of_folder

NOT_DECLARED = "declare folder or manifest under [deploy]"


async def running_manifest(plan: DeployPlan, commit: str, around: Surroundings) -> Manifest:
    """What runs on the host now.

    Raises:
        NotSeen: nothing tells it, the command failed, or what it printed is no manifest.
    """
    if plan.manifest is None:
        if not plan.delivery.folder:
            raise NotSeen(Why.NOT_DECLARED, NOT_DECLARED)
        return await asyncio.to_thread(manifest_of_folder, plan.delivery.folder)
    lines: list[str] = []

    def keep(line: str) -> None:
        if len(lines) <= MAX_FILES + TAIL_LINES:
            lines.append(line)

    ran = await run(plan.manifest, commit, Surroundings(plan.base, around.variables, around.limit_s, keep))
    if not ran.is_good:
        last = f": {ran.tail[-1]}" if ran.tail else ""
        raise NotSeen(Why.REFUSED, f"the manifest command {ran.words}{last}")
    try:
        return read_manifest("\n".join(lines))
    except ManifestError as error:
        raise NotSeen(Why.UNREADABLE, f"the manifest command printed no manifest: {error}") from None
