"""The host of W-HOST: releases come and go, data and the public name stay."""

import http.client
import json
import os
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from launchready_worlds.addresses import APP
from launchready_worlds.host import Host, host_command, product_repository, tiny


@pytest.fixture
def here(tmp_path):
    """A host, three checked-out versions (well, well, sick, dead), and how to ask the public name."""
    commits = product_repository(tmp_path / "repository", [tiny(note="1"), tiny(note="2"), tiny("sick"), tiny("dead")])
    process = subprocess.Popen(
        host_command("serve", tmp_path / "host"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    network = json.loads(process.stdout.readline())
    yield tmp_path, commits, network
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def copy(folder: Path, commit: str) -> Path:
    place = folder / "copies" / commit
    subprocess.run(["git", "clone", "-q", folder / "repository", place], check=True)
    subprocess.run(["git", "-C", place, "checkout", "-q", commit], check=True)
    return place


def order(folder: Path, what: str, commit: str) -> subprocess.CompletedProcess:
    """One of the owner's commands, in a process of its own as they always are."""
    cwd = copy(folder, commit) if what == "deploy" else folder
    environment = {**os.environ, "LAUNCHREADY_COMMIT": commit}
    return subprocess.run(
        host_command(what, folder / "host"), cwd=cwd, env=environment, capture_output=True, check=False
    )


def ask(network, path, method="GET", body=None):
    """The public name, as its customers reach it, with its certificate verified."""
    way = network["connect"][0]
    context = ssl.create_default_context(cafile=network["ca_bundle"])
    connection = http.client.HTTPSConnection(APP, way["to_port"], context=context, timeout=5)
    connection._create_connection = lambda *_a, **_k: __import__("socket").create_connection(
        (way["to_ip"], way["to_port"]), 5
    )
    try:
        connection.request(method, path, body=body)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_releases_change_and_what_customers_wrote_stays(here):
    folder, commits, network = here
    host = Host(folder / "host")
    assert order(folder, "deploy", commits[0]).returncode == 0
    assert ask(network, "/version") == (200, {"commit": commits[0]})
    assert ask(network, "/rows", "POST", "a row")[0] == 201
    assert order(folder, "deploy", commits[1]).returncode == 0
    assert ask(network, "/version") == (200, {"commit": commits[1]})
    assert ask(network, "/rows") == (200, ["a row"])
    assert order(folder, "rollback", commits[0]).returncode == 0
    assert ask(network, "/version") == (200, {"commit": commits[0]})
    assert (folder / "host/current").resolve().name == commits[0]
    assert len(host.running()) == 1


def test_a_sick_release_goes_live_and_a_dead_one_does_not(here):
    folder, commits, network = here
    assert order(folder, "deploy", commits[2]).returncode == 0
    assert ask(network, "/healthz")[0] == 500
    assert b"does not start" in order(folder, "deploy", commits[3]).stderr
    assert ask(network, "/healthz")[0] == 500
    assert (folder / "host/current").resolve().name == commits[2]


def test_a_release_that_is_not_there_can_not_be_brought_back(here):
    folder, _, _ = here
    missing = order(folder, "rollback", "x")
    assert (missing.returncode, missing.stderr) == (1, b"there is no release x\n")


def test_a_host_that_dies_answers_nobody_and_comes_back_with_a_release(here):
    folder, commits, network = here
    order(folder, "deploy", commits[0])
    order(folder, "die", "")
    with pytest.raises((OSError, http.client.HTTPException)):
        ask(network, "/healthz")
    assert order(folder, "rollback", commits[0]).returncode == 0
    assert ask(network, "/healthz")[0] == 200


def test_at_the_end_no_release_is_left_running(tmp_path):
    process = subprocess.Popen(
        host_command("serve", tmp_path / "host"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    (commit,) = product_repository(tmp_path / "repository", [tiny()])
    host = Host(tmp_path / "host")
    order(tmp_path, "deploy", commit)
    (pid,) = host.running()
    process.stdin.close()
    process.wait(timeout=30)
    process.stdout.close()
    stat = Path(f"/proc/{pid}/stat")
    until = time.monotonic() + 5
    while stat.exists() and " Z " not in stat.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    assert not stat.exists() or " Z " in stat.read_text()
