"""Repositories with known truth: every kind of key, every place git hides one, builds, lookalikes, public keys.

Each place has a key of its own.
"""

from pathlib import Path

from secret_builds import BUILDS
from secret_kinds import Maker, kinds
from secret_places import PLACES
from secret_repository import Planted, Truth, git, put, remove, start


def with_kinds(root: Path, seed: int = 1) -> Planted:
    """Every kind, committed once and deleted later."""
    made = start(root)
    for number, (name, (line, secret)) in enumerate(kinds(Maker(seed)).items()):
        file = f"config/settings_{number}.env"
        put(root, file, line.replace("{}", secret) + "\n", "settings")
        remove(root, file)
        made.truths.append(Truth(name, secret))
    return made


def with_lines(root: Path, lines: dict[str, str]) -> Planted:
    """One file for each text, at HEAD; nothing in it may alarm."""
    made = start(root)
    for number, (name, text) in enumerate(lines.items()):
        (root / f"file_{number}.txt").write_text(text + "\n")
        made.truths.append(Truth(name, text))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "all")
    return made


def with_places(root: Path, seed: int = 2) -> Planted:
    """One key in each place where git keeps something."""
    made, m = start(root), Maker(seed)
    for name, plant in PLACES.items():
        secret = m.stripe()
        plant(root, secret)
        made.truths.append(Truth(name, secret))
    return made


def with_builds(root: Path, seed: int = 3) -> Planted:
    """One key in each place where builds and work leave one; all are ignored by git or in archives."""
    made, m = start(root), Maker(seed)
    put(root, ".gitignore", "dist/\n.env\nnode_modules/\n.next/\n*.whl\nimage/\n*.tar\n")
    for name, plant in BUILDS.items():
        secret = m.stripe()
        plant(root, secret)
        made.truths.append(Truth(name, secret))
    return made
