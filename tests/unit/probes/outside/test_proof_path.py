"""The way of an authority to its proof, gone by the probe of `probes/proof_path.py`."""

import pytest

from launchready.facts.renewal import ProofEnd
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.probes.proof_path import BESIDE, MAX_REDIRECTS, PROOFS, proof_path

HOST = Host("app.example.com", "example.com")
HTTP, HTTPS = "http://app.example.com", "https://app.example.com"
WALL = {"cf_mitigated": "challenge"}


class Site(dict):
    """Pages by the start of a URL; what is not there is not found."""

    def get(self, url, default=None):
        fitting = [start for start in self if url.startswith(start)]
        return super().get(max(fitting, key=len), default) if fitting else default


@pytest.fixture
def look(internet, clock):
    """What comes of the way at each address; the first one's end, or why it was not seen."""
    internet.pages = Site()

    async def at_every_address():
        path = await proof_path(HOST, internet.dns, internet.http, clock)
        return [w.way.value.end if isinstance(w.way, Measured) else w.way.why for w in path.ways]

    return at_every_address


@pytest.fixture
def show(internet):
    return internet.show


async def test_not_found_is_what_an_open_path_answers_and_it_is_asked_for_once(look, internet):
    assert await look() == [ProofEnd.ANSWERED]
    (asked,) = internet.asked
    assert asked.startswith(HTTP + PROOFS)
    assert await look() == [ProofEnd.ANSWERED]
    assert len(set(internet.asked)) == 2  # each time another name


async def test_a_page_for_everything_and_a_redirect_to_https_are_open_too(look, internet, show):
    internet.redirect(HTTP, f"{HTTPS}{PROOFS}x")
    show(HTTPS)
    assert await look() == [ProofEnd.ANSWERED]


@pytest.mark.parametrize(("status", "end"), [(401, ProofEnd.FORBIDDEN), (403, ProofEnd.FORBIDDEN)])
async def test_a_refusal_counts_where_the_path_beside_is_not_refused(look, show, status, end):
    show(HTTP + PROOFS, status=status)
    assert await look() == [end]
    show(HTTP + BESIDE, status=403)
    assert await look() == [Why.UNREADABLE]


async def test_a_wall_counts_where_there_is_none_before_the_path_beside(look, show, internet):
    show(HTTP + PROOFS, status=403, **WALL)
    assert await look() == [ProofEnd.WALLED]
    show(HTTP + BESIDE, status=403, **WALL)
    assert await look() == [Why.CHALLENGED]
    # sent elsewhere is not refused
    internet.redirect(HTTP + BESIDE, "https://book.vendor.example/")
    assert await look() == [ProofEnd.WALLED]


@pytest.mark.parametrize("status", [400, 405, 429, 500, 502, 503])
async def test_other_errors_may_be_so_only_while_nothing_is_renewed(look, show, status):
    show(HTTP + PROOFS, status=status)
    assert await look() == [Why.UNREADABLE]


@pytest.mark.parametrize(
    "target", ["https://app.example.com:8443/", "ftp://app.example.com/", "http://app.example.com:99999/"]
)
async def test_a_port_or_scheme_that_authorities_do_not_use_is_named(look, internet, target):
    internet.redirect(HTTP, target)
    assert await look() == [ProofEnd.ANOTHER_PORT]


@pytest.mark.parametrize(
    ("redirects", "end"), [(MAX_REDIRECTS, ProofEnd.ANSWERED), (MAX_REDIRECTS + 1, ProofEnd.ENDLESS)]
)
async def test_ten_redirects_are_followed_and_no_more(look, internet, redirects, end):
    internet.redirect(HTTP, f"{HTTP}/step/1")
    for step in range(1, redirects):
        internet.redirect(f"{HTTP}/step/{step}", f"{HTTP}/step/{step + 1}")
    internet.show(f"{HTTP}/step/{redirects}", status=404)
    # the longest start of a URL wins, so that /step/1 is not taken for /step/10
    assert await look() == [end]


async def test_another_name_of_the_same_machine_is_followed_and_another_machine_is_not(look, internet):
    internet.redirect(HTTP, "https://www.example.com/x")
    assert await look() == [ProofEnd.ANSWERED]
    internet.records["www.example.com", "A"] = ("203.0.113.9",)
    internet.dns._settled.clear()
    assert await look() == [Why.UNREADABLE]


async def test_a_closed_port_is_seen_beside_an_open_one_and_alone_says_nothing(look, internet):
    # A refusal must be the port's own: loopback refuses where nobody listens.
    network = internet.http._network
    ways = dict(network.connect) | {("203.0.113.9", 80): ("127.0.0.1", 1)}
    object.__setattr__(network, "connect", ways)
    internet.records["app.example.com", "A"] = ("203.0.113.10", "203.0.113.9")
    assert sorted(await look()) == [ProofEnd.ANSWERED, ProofEnd.CLOSED]
    internet.records["app.example.com", "A"] = ("203.0.113.9",)
    internet.dns._settled.clear()
    with pytest.raises(NotSeen) as unseen:
        await look()
    assert unseen.value.why is Why.REFUSED


async def test_a_bad_certificate_on_the_way_hides_the_end_of_it(internet, clock, look):
    internet.records["shop.example", "A"] = ("203.0.113.10",)
    internet.redirect("http://shop.example", "https://shop.example/x")
    path = await proof_path(Host("shop.example", "shop.example"), internet.dns, internet.http, clock)
    assert isinstance(path.ways[0].way, Unmeasured)
    assert path.ways[0].way.why is Why.CERTIFICATE


async def test_the_name_of_the_proof_is_in_no_evidence(internet, clock, look):
    path = await proof_path(HOST, internet.dns, internet.http, clock)
    assert path.seen[0][1].url == f"{HTTP}{PROOFS}…"
