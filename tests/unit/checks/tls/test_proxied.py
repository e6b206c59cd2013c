"""The checks of `checks/tls/proxied.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.tls.proxied import renewal_behind_proxy
from launchready.facts.domain import HostAddresses
from launchready.facts.redirects import Entry, Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host

NOW = datetime(2026, 7, 1, tzinfo=UTC)
URL = "https://app.example.com/"
PROXIED = HostAddresses(True, ("203.0.113.1",), (), ("203.0.113.9",))


def host(cname: str | None = "shop.netlify.app") -> Host:
    return Host("app.example.com", "example.com", cname=cname)


def through(*edges: str, url: str = URL) -> RedirectMatrix:
    walks = [Walk((Hop(url, 200, "", edge),), WalkEnd.ANSWERED, url) for edge in edges]
    return RedirectMatrix(tuple(Entry(url, Measured(walk, NOW, 0.1)) for walk in walks))


def test_a_proxy_before_a_provider_that_renews_only_directly_fails_with_the_record() -> None:
    assert renewal_behind_proxy(host(), PROXIED, through("Cloudflare")) == Fail(
        ("app.example.com is answered by Cloudflare, and Netlify behind it can't renew",),
        Fix(
            "Switch the proxy off for app.example.com, so that it leads to Netlify directly",
            "app.example.com. CNAME shop.netlify.app.   (Cloudflare: proxy status DNS only)",
        ),
    )


@pytest.mark.parametrize(
    "seen",
    [
        HostAddresses(True, ("203.0.113.9",), ("shop.netlify.app",)),
        HostAddresses(True, ("203.0.113.9", "203.0.113.8"), (), ("203.0.113.9",)),
    ],
)
def test_a_name_that_leads_to_the_provider_passes_whatever_stands_in_its_answers(seen: HostAddresses) -> None:
    assert renewal_behind_proxy(host(), seen, through("Cloudflare")) == Pass()


def test_answers_without_a_proxys_mark_and_those_of_other_hosts_make_no_failure() -> None:
    assert renewal_behind_proxy(host(), PROXIED, through("", "Netlify")) == Pass()
    assert renewal_behind_proxy(host(), PROXIED, through("Cloudflare", url="https://example.com/")) == Pass()


@pytest.mark.parametrize("cname", [None, "shop.other.example", "evilnetlify.app"])
def test_hosts_that_need_no_such_provider_are_not_asked(cname: str | None) -> None:
    assert isinstance(renewal_behind_proxy(host(cname), PROXIED, through("Cloudflare")), NotApplicable)


def test_a_way_in_that_was_not_seen_hides_no_proxy_and_makes_none() -> None:
    gap = Entry(URL, Unmeasured(Why.TIMED_OUT, "silent", NOW))
    assert renewal_behind_proxy(host(), PROXIED, RedirectMatrix((gap,))) == Pass()
    both = RedirectMatrix((gap, *through("Cloudflare").entries))
    assert isinstance(renewal_behind_proxy(host(), PROXIED, both), Fail)
