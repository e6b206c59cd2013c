"""`launchready map`: drawn from what is live, written down, and tried again."""

import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from installed import Done, World, run


def drawn(world: World, *arguments: str | Path) -> Done:
    return run("map", world.config, "--network", world.network_file, *arguments, cwd=world.folder)


def test_the_map_shows_what_the_names_of_the_world_point_to(good: World) -> None:
    done = drawn(good, "--json")
    assert done.code == 0, done.err
    declared = {host["name"]: host for host in tomllib.loads(good.config.read_text())["hosts"]}
    routes = {route["name"]: route for route in done.json["routes"]}
    assert routes.keys() == declared.keys()
    for name, host in declared.items():
        assert routes[name]["records"] == [f"A {address}" for address in host["addresses"]]
        assert (routes[name]["purpose"], routes[name]["owner"]) == (host["purpose"], host["owner"])
        assert routes[name]["mark"] == "good"
    assert len(done.json["rules"]) == 2 * len(declared)


def test_a_map_that_was_written_holds_until_a_redirect_is_changed(start: Any) -> None:
    world: World = start("good")
    assert drawn(world, "--format", "md", "-o", "map.md").code == 0
    held = drawn(world, "--check", "map.md")
    assert (held.code, held.out.count("Holds:")) == (0, 6), held.out
    world.ask(do="inject", fault="www-redirect-temporary")
    changed = drawn(world, "--check", "map.md", "--json")
    assert changed.code == 10
    stale = [one for one in changed.json if one["state"] == "out of date"]
    assert {one["start"] for one in stale} == {"http://www.brightpath.example", "https://www.brightpath.example"}
    assert all("for good" in one["written"] and "for now" in one["now"] for one in stale)
    world.ask(do="mend", fault="www-redirect-temporary")
    world.ask(do="inject", fault="app-silent")
    unseen = drawn(world, "--check", "map.md", "--patience", "1.5")
    assert (unseen.code, unseen.out.count("Not seen:")) == (11, 2), unseen.out


def test_saved_evidence_is_drawn_without_a_network(good: World) -> None:
    saved = run(
        *("gather", good.config, "--network", good.network_file, "--save", "map.json"),
        *("--only", "redirect-loop", "--only", "domain-unresolved", "--passive"),
        cwd=good.folder,
    )
    assert saved.code == 0, saved.err
    again = run("map", "--evidence", "map.json", "--format", "svg", cwd=good.folder)
    assert again.code == 0, again.err
    assert ET.fromstring(again.out).tag == "{http://www.w3.org/2000/svg}svg"
    tree = run("map", "--evidence", "map.json", cwd=good.folder)
    assert "brightpath.example" in tree.out
    assert run("map", "--evidence", "map.json", "-o", "map.txt", cwd=good.folder).code == 0
    assert "brightpath.example" in (good.folder / "map.txt").read_text()


@pytest.mark.parametrize("text", ["# Nothing here\n", "- Anyone who opens `https://a.example` is happy.\n"])
def test_a_file_without_sentences_of_a_map_is_wrong_use(good: World, text: str) -> None:
    (good.folder / "other.md").write_text(text)
    done = drawn(good, "--check", "other.md")
    assert done.code == 2
    assert "launchready map --format md" in done.err
