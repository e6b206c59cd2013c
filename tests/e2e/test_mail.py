"""`launchready mail`, installed: a whole world's mail, one message, and wrong use."""

from pathlib import Path

import pytest
from installed import World, run


def mail(world: World, *arguments: str | Path):
    return run("mail", *arguments, "--network", world.network_file, cwd=world.folder)


def test_the_mail_of_the_good_world_is_believed(good: World) -> None:
    done = mail(good, good.config, "--json")
    assert done.code == 0, done.out + done.err
    view = done.json
    assert (view["decision"], view["findings"], view["not_measured"]) == ("GO", [], [])
    assert {one["what"] for one in view["found"]} >= {"SPF", "DKIM key", "DMARC", "MX", "PTR"}
    states = {(one["receiver"], one["asks"]): one["state"] for one in view["receivers"]}
    assert states["Gmail", "SPF and DKIM"] == "met"


def test_a_bare_name_shows_what_dns_tells_and_leaves_the_rest_open(good: World) -> None:
    done = mail(good, "brightpath.example")
    assert done.code == 11, done.out
    assert "What was found" in done.out
    assert "declare dkim_selectors of your mail service" in " ".join(done.out.split())


def test_the_mail_that_a_visitor_gets_is_judged_and_then_again_from_its_file(good: World) -> None:
    good.freshen()
    done = mail(good, good.config, "--journey", "--json")
    assert done.code == 0, done.out + done.err
    letter = next((good.config.parent / "inbox" / "new").iterdir())
    judged = mail(good, "--message", letter, "--json")
    assert judged.code == 0, judged.out + judged.err
    standings = {line["topic"]: line["standing"] for line in judged.json["lines"]}
    assert standings["Sender"] == standings["SPF"] == standings["DKIM"] == standings["DMARC"] == "good"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--message", "nowhere.eml"), "can't be read"),
        (("--message", "junk.eml"), "can't be judged"),
        (("--ip", "192.0.2.1"), "--message FILE"),
        (("--message", "junk.eml", "--ip", "localhost"), "not an IP address"),
        (("example.com", "--message", "junk.eml"), "not both"),
    ],
)
def test_wrong_use_says_what_to_type(good: World, arguments: tuple[str, ...], word: str) -> None:
    (good.folder / "junk.eml").write_bytes(b"\x00\xff" * 1000)
    done = mail(good, *arguments)
    assert done.code == 2
    assert word in " ".join(done.err.split())
