"""Where a world keeps its files."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def world_folder(folder: Path | None) -> Iterator[Path]:
    """The folder given, or a temporary one that is gone afterwards."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    made = Path(tempfile.mkdtemp(prefix="launchready-world-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)
