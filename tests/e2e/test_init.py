"""A first launchready.toml, written by the installed command from what a world shows."""

import tomllib

import pytest
from installed import World, run

NAME = "brightpath.example"


def init(world: World, *arguments: str, cwd=None, name: str = NAME):
    return run("init", name, "--network", world.network_file, *arguments, cwd=cwd or world.folder)


@pytest.fixture(scope="module")
def written(good: World, tmp_path_factory: pytest.TempPathFactory):
    """The good world's first file, in a folder of its own."""
    folder = tmp_path_factory.mktemp("init")
    done = init(good, cwd=folder)
    assert done.code == 0, done.err
    assert done.out == ""
    assert "names 3 hosts" in done.err
    return folder


def test_what_is_seen_is_declared_and_marked(written) -> None:
    text = (written / "launchready.toml").read_text()
    hosts = {host["name"]: host for host in tomllib.loads(text)["hosts"]}
    assert hosts == {
        NAME: {"name": NAME, "addresses": ["203.0.113.10"]},
        f"www.{NAME}": {"name": f"www.{NAME}", "addresses": ["203.0.113.10"], "redirects_to": f"https://{NAME}"},
        f"app.{NAME}": {"name": f"app.{NAME}", "addresses": ["203.0.113.20"]},
    }
    assert text.count("# seen today: check that this is right") == 4
    assert "# SPF lets spf.postmail.example send" in text
    assert "# Mail to brightpath.example is taken by mx.postmail.example." in text
    assert '# url = "https://book.calendar.example/maya/intro-call"' in text
    assert f'# url = "https://app.{NAME}/signup"' in text


def test_no_purpose_owner_or_intent_is_filled_in(written) -> None:
    declared = tomllib.loads((written / "launchready.toml").read_text())
    assert set(declared) == {"product", "ownership", "hosts"}
    assert set(declared["product"]) == {"name"}


def test_an_audit_by_it_raises_no_false_alarm(written, good: World) -> None:
    done = run("audit", "--network", good.network_file, "--json", "--no-html", cwd=written)
    assert done.code == 11, done.err
    assert done.json["findings"] == []
    passed = {r["check"] for r in done.json["results"] if r["outcome"] == "pass"}
    assert {"host-address-undeclared", "redirect-not-canonical", "certificate-untrusted"} <= passed


def test_a_file_that_is_there_is_kept_unless_it_is_forced(written, good: World) -> None:
    before = (written / "launchready.toml").read_text()
    refused = init(good, cwd=written)
    assert refused.code == 2
    assert "--force" in refused.err
    assert (written / "launchready.toml").read_text() == before
    shown = init(good, "--print", cwd=written)
    assert shown.code == 0
    assert tomllib.loads(shown.out)["hosts"] == tomllib.loads(before)["hosts"]
    assert init(good, "--force", cwd=written).code == 0
    after = (written / "launchready.toml").read_text()
    assert tomllib.loads(after)["ownership"] != tomllib.loads(before)["ownership"], "each file has a token of its own"


def test_a_name_that_is_none_is_told(good: World, tmp_path) -> None:
    done = init(good, cwd=tmp_path, name="localhost")
    assert done.code == 2
    assert "Error: " in done.err
    assert not (tmp_path / "launchready.toml").exists()


def test_a_host_that_says_nothing_is_declared_by_its_address_within_the_patience(start, tmp_path) -> None:
    world = start("silent-host")
    done = init(world, "--print", "--patience", "1", cwd=tmp_path, name=f"app.{NAME}")
    assert done.code == 0, done.err
    hosts = {host["name"]: host for host in tomllib.loads(done.out)["hosts"]}
    assert hosts[f"app.{NAME}"]["addresses"] == ["203.0.113.20"]


def test_what_can_not_be_seen_is_said_in_the_file(start, tmp_path) -> None:
    done = init(start("unknown-domain"), "--print", cwd=tmp_path)
    assert done.code == 0, done.err
    assert [host["name"] for host in tomllib.loads(done.out)["hosts"]] == [NAME]
    assert "# addresses = []  # where should it point? It has no address today" in done.out
