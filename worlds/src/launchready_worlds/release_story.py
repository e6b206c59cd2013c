"""`python -m launchready_worlds release`: a host with a public name, a product, and a release of it that is sick."""

from pathlib import Path

from launchready_worlds.folder import world_folder
from launchready_worlds.host import COACHBOT, product_repository, serve, tiny, write_declaration
from launchready_worlds.pipes import emit

HEALTHY_WITHIN_S = 5
"""Seconds that a release has to be well: coachbot needs two to start."""


async def release_story(folder: Path | None) -> None:
    """Prepare a repository whose second commit answers every visitor with 500, and serve its host until told to stop.

    Args:
        folder: Where it keeps its files; None for a temporary folder.
    """
    with world_folder(folder) as path:
        commits = product_repository(path / "repository", [{"serve.py": COACHBOT}, tiny("sick")])
        config = write_declaration(path, healthy_within_s=HEALTHY_WITHIN_S)
        (path / "host").mkdir(exist_ok=True)
        emit("ready", config=str(config), commits=commits)
        await serve(path / "host")
