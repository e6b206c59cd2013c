"""`python -m launchready_worlds serve`: keep one world up and obey commands."""

from pathlib import Path
from typing import Any

from launchready_worlds.dependencies import DependencyError
from launchready_worlds.faults import UnknownFaultError, fault_named
from launchready_worlds.folder import world_folder
from launchready_worlds.pipes import CommandError, commands, emit
from launchready_worlds.world import World
from launchready_worlds.worlds import faults_of


async def serve(name: str, extra_faults: tuple[str, ...], folder: Path | None) -> None:
    """Serve a world until told to stop.

    Args:
        name: A world's name.
        extra_faults: Faults put in besides the world's own.
        folder: Where it keeps its files; None for a temporary folder.

    Raises:
        UnknownWorldError: There is no such world.
        UnknownFaultError: There is no such fault.
    """
    names = tuple(fault_named(fault).name for fault in (*faults_of(name), *extra_faults))
    with world_folder(folder) as path:
        async with commands() as source, World.start(path) as world:
            await world.inject(*names)
            emit("network", **world.network())
            faults = [{"name": fault.name, "description": fault.description} for fault in world.faults]
            emit("ready", config=str(world.config), world=name, faults=faults, url=world.url)
            while True:
                try:
                    command = await source.next()
                    if command["do"] == "stop":
                        return
                    await _obey(world, command)
                except (CommandError, UnknownFaultError, DependencyError) as error:
                    emit("error", message=str(error))


async def _obey(world: World, command: dict[str, Any]) -> None:
    match command:
        case {"do": "mend", "fault": str(name)}:
            await world.mend(name)
            emit("mended", fault=name)
        case {"do": "inject", "fault": str(name)}:
            await world.inject(name)
            emit("injected", fault=name)
        case {"do": "trouble", "dependency": str(name), "trouble": str(trouble)}:
            world.trouble(name, trouble)
            emit("troubled", dependency=name, trouble=trouble)
        case {"do": "counts"}:
            emit("counts", requests=dict(sorted(world.edge.counts.items())))
        case _:
            raise CommandError(f"not a command here: {command['do']}")
