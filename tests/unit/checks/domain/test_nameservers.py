"""The check of `checks/domain/nameservers.py`."""

from datetime import UTC, datetime

from launchready.checks.domain.nameservers import nameservers_disagree
from launchready.facts.domain import Nameserver, Nameservers, NameserverView
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
SILENT = Unmeasured(Why.TIMED_OUT, "The DNS server 192.0.2.2 did not answer.", AT)


def view(*addresses: str, host: str = "app.example.com", **more) -> NameserverView:
    return NameserverView(host, more.pop("authoritative", True), addresses, **more)


def server(name: str, *views: NameserverView) -> Nameserver:
    return Nameserver(name, Measured(views, AT, 0.1))


def seen(*servers: Nameserver) -> Nameservers:
    return Nameservers(servers, Measured(tuple(one.name for one in servers), AT, 0.1))


def test_servers_that_agree_pass() -> None:
    both = seen(server("a.ns.example", view("192.0.2.1")), server("b.ns.example", view("192.0.2.1")))
    assert nameservers_disagree(DOMAIN, both) == Pass()


def test_servers_that_differ_fail_and_each_is_named_with_what_it_says() -> None:
    differ = seen(server("a.ns.example", view("192.0.2.1", "192.0.2.2")), server("b.ns.example", view()))
    assert nameservers_disagree(DOMAIN, differ) == Fail(
        ("app.example.com: a.ns.example says 192.0.2.1, 192.0.2.2; b.ns.example says nothing",),
        Fix("Transfer the zone example.com again to the name server that lags behind"),
    )


def test_only_the_host_that_differs_is_named() -> None:
    www = view("192.0.2.1", host="www.example.com")
    judgement = nameservers_disagree(
        DOMAIN, seen(server("a.ns.example", view("192.0.2.1"), www), server("b.ns.example", view("192.0.2.9"), www))
    )
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com: a.ns.example says 192.0.2.1; b.ns.example says 192.0.2.9",)


def test_a_server_that_answers_without_authority_is_lame() -> None:
    lame = seen(
        server("a.ns.example", view("192.0.2.1")), server("b.ns.example", view("192.0.2.1", authoritative=False))
    )
    assert nameservers_disagree(DOMAIN, lame) == Fail(
        ("b.ns.example does not answer for example.com with authority",),
        Fix("Serve example.com on b.ns.example, or take it out of the NS records here and at the registrar"),
    )


def test_a_refusal_is_given_in_the_servers_own_words() -> None:
    refused = view(authoritative=False, refusal="192.0.2.2 answered REFUSED for app A.")
    judgement = nameservers_disagree(DOMAIN, seen(server("b.ns.example", refused)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "b.ns.example does not answer for example.com with authority (192.0.2.2 answered REFUSED for app A)",
    )


def test_an_alias_counts_in_place_of_addresses_and_needs_no_authority_over_its_target() -> None:
    alias = view(authoritative=False, alias="app.render.example")
    assert nameservers_disagree(DOMAIN, seen(server("a", alias), server("b", alias))) == Pass()
    judgement = nameservers_disagree(DOMAIN, seen(server("a", alias), server("b", view("192.0.2.9"))))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com: a says app.render.example; b says 192.0.2.9",)


def test_a_domain_without_servers_of_its_own_is_no_question() -> None:
    assert nameservers_disagree(DOMAIN, seen()) == NotApplicable("example.com has no name servers of its own")


def test_a_silent_server_is_passed_over_and_a_lame_one_beside_it_still_fails() -> None:
    silent = Nameserver("b.ns.example", SILENT)
    good, lame = server("a.ns.example", view("192.0.2.1")), server("c.ns.example", view(authoritative=False))
    assert nameservers_disagree(DOMAIN, seen(good, silent)) == Pass()
    judgement = nameservers_disagree(DOMAIN, Nameservers((good, silent, lame), SILENT))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("c.ns.example does not answer for example.com with authority",)
