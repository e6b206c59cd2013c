"""What the probe of `probes/takeover.py` sees, and what its signature file holds."""

import datetime as dt
import tomllib
from importlib.resources import files

import pytest

from launchready.facts.domain import HostAddresses
from launchready.facts.names import NameInUse, NamesInUse
from launchready.facts.takeover import Claimable
from launchready.model.reading import Measured, NotSeen, Unmeasured
from launchready.model.subject import Domain, Host
from launchready.probes.takeover import FIRST_ERROR_STATUS, claimable, claimable_names, is_at, providers

APP = Host("app.example.com", "example.com")
PLAIN, SECURE = "http://app.example.com/", "https://app.example.com/"
GITHUB_WORDS = b"<p>There isn&#39;t a GitHub Pages site here.</p>"


def leads_to(*chain: str, exists: bool = True) -> HostAddresses:
    return HostAddresses(exists=exists, addresses=("203.0.113.10",) if exists else (), cname_chain=chain)


async def test_a_host_at_no_company_of_the_list_is_not_opened(internet):
    assert await claimable(APP, leads_to("a.host.example"), internet.http) == Claimable()
    assert await claimable(APP, leads_to(), internet.http) == Claimable()
    assert internet.asked == []


async def test_words_of_an_unclaimed_name_are_seen_over_plain_http(internet):
    internet.show(PLAIN, GITHUB_WORDS, 404)
    seen = await claimable(APP, leads_to("shop.github.io"), internet.http)
    assert (seen.provider, seen.target) == ("GitHub Pages", "shop.github.io")
    assert seen.words == "There isn't a GitHub Pages site here."
    assert internet.asked == [PLAIN]


async def test_a_redirect_to_https_is_followed_and_no_other(internet):
    internet.redirect(PLAIN, SECURE)
    internet.show(SECURE, GITHUB_WORDS, 404)
    assert (await claimable(APP, leads_to("shop.github.io"), internet.http)).words
    internet.redirect(PLAIN, "https://www.example.com/")
    assert not (await claimable(APP, leads_to("shop.github.io"), internet.http)).words


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b"404"), (200, b"all is well"), (200, GITHUB_WORDS), (404, b"The specified bucket does not exist")],
    ids=["a status alone", "a page", "the words on an owner's page", "another company's words"],
)
async def test_what_is_no_proof_is_not_taken_for_one(internet, status, body):
    internet.show(PLAIN, body, status)
    seen = await claimable(APP, leads_to("shop.github.io"), internet.http)
    assert (seen.words, seen.is_name_free) == ("", False)


async def test_a_target_that_is_gone_is_free_where_the_company_gives_names_away(internet):
    azure = await claimable(APP, leads_to("a.azurewebsites.net", exists=False), internet.http)
    github = await claimable(APP, leads_to("a.github.io", exists=False), internet.http)
    elsewhere = await claimable(APP, leads_to("a.azurewebsites.net", "b.host.example", exists=False), internet.http)
    assert [one.is_name_free for one in (azure, github, elsewhere)] == [True, False, False]
    assert internet.asked == []


async def test_a_company_that_does_not_answer_is_not_seen(internet):
    internet.records["app.example.com", "A"] = ("203.0.113.77",)
    with pytest.raises(NotSeen):
        await claimable(APP, leads_to("shop.github.io"), internet.http)


def test_every_signature_says_where_it_is_from_and_how_it_is_known() -> None:
    text = files("launchready.probes").joinpath("takeover_signatures.toml").read_text("utf-8")
    for entry in tomllib.loads(text)["providers"]:
        known = {"name", "aliases", "says", "any_status", "free_when_gone", "certain", "source", "read"}
        assert set(entry) <= known
        assert entry["source"].startswith("https://")
        assert isinstance(entry["read"], dt.date)
        assert entry.get("says") or entry.get("free_when_gone"), entry["name"]
        assert all(len(words) >= len("project not found") for words in entry.get("says", ()))
    assert len(providers()) >= 15
    assert FIRST_ERROR_STATUS == 400


def test_an_alias_belongs_to_one_company_at_most_and_a_lookalike_to_none() -> None:
    for alias in ("shop.github.io", "cname.vercel-dns.com", "x.s3.eu-west-1.amazonaws.com", "a.azurewebsites.net"):
        assert sum(is_at(provider, alias) for provider in providers()) == 1
    for alias in ("github.io", "shop.github.io.evil.example", "evilgithub.io", "xn--github-io.example"):
        assert not any(is_at(provider, alias) for provider in providers())


async def test_each_forgotten_name_at_a_company_is_opened_and_no_other(internet, clock):
    def in_use(label, *chain):
        return NameInUse(f"{label}.example.com", chain[:1], leads_nowhere=False, cname_chain=chain)

    internet.show("http://www.example.com/", GITHUB_WORDS, 404)
    found = (in_use("www", "shop.github.io"), in_use("app", "a.host.example"), in_use("gone", "b.github.io"))
    seen = await claimable_names(Domain("example.com"), NamesInUse(found, 40), internet.http, clock)
    assert [one.name for one in seen.names] == ["www.example.com", "gone.example.com"]
    first, second = (one.seen for one in seen.names)
    assert isinstance(first, Measured)
    assert first.value.words
    assert isinstance(second, Unmeasured)
    assert internet.asked == ["http://www.example.com/"]
