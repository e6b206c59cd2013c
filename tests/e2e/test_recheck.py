"""Looking at one finding again with the installed command."""

import json
import shlex

from installed import World, run


def recheck(world: World, finding: str, *arguments: str):
    return run("recheck", finding, world.config, "--network", world.network_file, *arguments, cwd=world.folder)


def test_a_finding_is_checked_again_and_mended_with_few_requests(start) -> None:
    world = start("demo")
    audit = world.audit("--json", "--no-html", "--passive", "--only", "link-broken", "--only", "spf-missing")
    assert audit.code == 10
    assert audit.json["findings"], "the demo has a broken link or a missing SPF record"
    typed = shlex.split(audit.json["findings"][0]["recheck"])
    assert typed[:2] == ["launchready", "recheck"]
    again = recheck(world, typed[2], "--json")
    assert again.code == 10
    assert [f["check"] for f in again.json["findings"]] == [audit.json["findings"][0]["check"]]
    assert sum(sent["requests"] for sent in again.json["requests"]) <= 3
    for fault in world.ready["faults"]:
        world.ask(do="mend", fault=fault["name"])
    mended = recheck(world, typed[2])
    assert mended.code == 0
    assert "Mended: " in mended.out


def test_what_can_not_be_measured_is_not_mended(good: World) -> None:
    done = recheck(good, "secrets-outside-vault", "--json")
    assert done.code == 11
    assert [result["outcome"] for result in done.json["results"]] == ["not_measured"]


def test_one_host_is_asked_and_no_other(good: World) -> None:
    done = recheck(good, "certificate-untrusted@host:app.brightpath.example", "--json")
    assert done.code == 0
    assert [(r["subject"], r["outcome"]) for r in done.json["results"]] == [("host:app.brightpath.example", "pass")]
    assert {sent["host"] for sent in done.json["requests"]} == {"app.brightpath.example"}


def test_a_finding_that_does_not_exist_is_told_with_the_nearest(good: World) -> None:
    done = recheck(good, "certificate-untrusted@host:ap.brightpath.example")
    assert done.code == 2
    assert "Did you mean 'host:app.brightpath.example'?" in done.err
    assert "Did you mean 'spf-missing'?" in recheck(good, "spf-misssing").err


def test_a_bare_name_is_checked_again_by_its_name(good: World) -> None:
    name = "brightpath.example"
    again = run(
        "recheck", f"domain-unresolved@host:{name}", name, "--network", good.network_file, "--json", cwd=good.folder
    )
    assert json.loads(again.out)["results"][0]["outcome"] == "pass"
