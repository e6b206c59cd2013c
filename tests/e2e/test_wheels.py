"""The wheels of all four distributions build, carry their data, and work without this folder.

`make wheels` proves the same in an empty venv, with dependencies downloaded; here the network is off, so the unpacked
wheels stand before the editable packages on the path.
"""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DISTRIBUTIONS = {
    ".": "launchready",
    "guard": "launchready_guard",
    "coachbot": "coachbot",
    "worlds": "launchready_worlds",
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the four wheels hold."""
    folder, wheels = tmp_path_factory.mktemp("unpacked"), tmp_path_factory.mktemp("wheels")
    for source in DISTRIBUTIONS:
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
        subprocess.run([*command, "-w", wheels, ROOT / source], check=True, capture_output=True)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def test_every_wheel_has_its_package_its_licence_and_its_types(unpacked: Path) -> None:
    for package in DISTRIBUTIONS.values():
        assert (unpacked / package / "py.typed").is_file()
        (info,) = unpacked.glob(f"{package}-*.dist-info")
        assert (info / "licenses" / "LICENSE").is_file()


def test_every_file_of_the_packages_that_is_no_code_is_in_the_wheels(unpacked: Path) -> None:
    for source, package in DISTRIBUTIONS.items():
        home = ROOT / source / "src"
        data = [f for f in (home / package).rglob("*") if f.is_file() and f.suffix != ".pyc"]
        assert data
        missing = [f for f in data if not (unpacked / f.relative_to(home)).is_file()]
        assert missing == []


def test_the_command_and_the_worlds_run_from_the_wheels(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    where = "import launchready, coachbot; print(launchready.__file__, coachbot.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout.count(str(unpacked)) == 2
    done = subprocess.run(
        [sys.executable, "-m", "launchready", "demo", "--world", "good", "--json", "--no-html"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 11, done.stderr
    assert json.loads(done.stdout)["findings"] == []
