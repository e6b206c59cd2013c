"""The check of `checks/domain/nameservers.py`."""

from datetime import UTC, datetime

from launchready.checks.domain.nameservers import apex_alias, delegation_differs, nameservers_disagree
from launchready.facts.domain import Nameserver, Nameservers, NameserverView, ZoneTop
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Domain, Host

AT = datetime(2026, 7, 1, tzinfo=UTC)
DOMAIN = Domain("example.com")
PRODUCT = Product("Shop", (), (DOMAIN,))
TOP = ZoneTop(("a.ns.example", "b.ns.example"))
SILENT = Unmeasured(Why.TIMED_OUT, "The DNS server 192.0.2.2 did not answer.", AT)


def view(*addresses: str, host: str = "app.example.com", **more) -> NameserverView:
    return NameserverView(host, more.pop("authoritative", True), addresses, **more)


def server(name: str, *views: NameserverView, address: str = "192.0.2.53", top: ZoneTop = TOP) -> Nameserver:
    return Nameserver(name, address, Measured(views, AT, 0.1), Measured(top, AT, 0.1))


def seen(*servers: Nameserver, delegation: tuple[str, ...] = ("a.ns.example", "b.ns.example")) -> Nameservers:
    return Nameservers(servers, Measured(delegation, AT, 0.1), Measured(delegation, AT, 0.1))


def test_servers_that_agree_pass() -> None:
    both = seen(server("a.ns.example", view("192.0.2.1")), server("b.ns.example", view("192.0.2.1")))
    assert nameservers_disagree(DOMAIN, PRODUCT, both) == Pass()


def test_servers_that_differ_fail_and_each_is_named_with_what_it_says() -> None:
    differ = seen(server("a.ns.example", view("192.0.2.1", "192.0.2.2")), server("b.ns.example", view()))
    assert nameservers_disagree(DOMAIN, PRODUCT, differ) == Fail(
        ("app.example.com: a.ns.example says 192.0.2.1, 192.0.2.2; b.ns.example says nothing",),
        Fix(
            "Transfer the zone example.com again to the name server that lags behind, and look again",
            "dig +short @a.ns.example app.example.com A app.example.com AAAA\n"
            "dig +short @b.ns.example app.example.com A app.example.com AAAA",
        ),
    )


def test_a_server_that_answers_by_turns_can_not_be_compared() -> None:
    by_turns = server("a.ns.example", view("192.0.2.1", varies=True))
    assert nameservers_disagree(DOMAIN, PRODUCT, seen(by_turns, server("b.ns.example", view("192.0.2.2")))) == Pass()
    other = view("192.0.2.7", host="www.example.com")
    stale = seen(
        server("a", view("192.0.2.1", varies=True), other), server("b", view("192.0.2.2"), view(host="www.example.com"))
    )
    judgement = nameservers_disagree(DOMAIN, PRODUCT, stale)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("www.example.com: a says 192.0.2.7; b says nothing",)


def test_only_the_host_that_differs_is_named() -> None:
    www = view("192.0.2.1", host="www.example.com")
    judgement = nameservers_disagree(
        DOMAIN,
        PRODUCT,
        seen(server("a.ns.example", view("192.0.2.1"), www), server("b.ns.example", view("192.0.2.9"), www)),
    )
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com: a.ns.example says 192.0.2.1; b.ns.example says 192.0.2.9",)


def test_a_server_that_answers_without_authority_is_lame() -> None:
    lame = seen(
        server("a.ns.example", view("192.0.2.1")), server("b.ns.example", view("192.0.2.1", authoritative=False))
    )
    assert nameservers_disagree(DOMAIN, PRODUCT, lame) == Fail(
        ("b.ns.example does not answer for example.com with authority",),
        Fix(
            "Serve example.com on b.ns.example, or take it out of the NS records here and at the registrar",
            "example.com. NS b.ns.example.",
        ),
    )


def test_a_refusal_is_given_in_the_servers_own_words() -> None:
    refused = view(authoritative=False, refusal="192.0.2.2 answered REFUSED for app A.")
    judgement = nameservers_disagree(DOMAIN, PRODUCT, seen(server("b.ns.example", refused)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "b.ns.example does not answer for example.com with authority (192.0.2.2 answered REFUSED for app A)",
    )


def test_an_alias_counts_in_place_of_addresses_and_needs_no_authority_over_its_target() -> None:
    alias = view(authoritative=False, alias="app.render.example")
    assert nameservers_disagree(DOMAIN, PRODUCT, seen(server("a", alias), server("b", alias))) == Pass()
    judgement = nameservers_disagree(DOMAIN, PRODUCT, seen(server("a", alias), server("b", view("192.0.2.9"))))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com: a says app.render.example; b says 192.0.2.9",)


def test_a_domain_without_servers_of_its_own_is_no_question() -> None:
    assert nameservers_disagree(DOMAIN, PRODUCT, seen()) == NotApplicable("example.com has no name servers of its own")


def test_a_silent_server_is_passed_over_and_a_lame_one_beside_it_still_fails() -> None:
    silent = Nameserver("b.ns.example", "192.0.2.2", SILENT, SILENT)
    good, lame = server("a.ns.example", view("192.0.2.1")), server("c.ns.example", view(authoritative=False))
    assert nameservers_disagree(DOMAIN, PRODUCT, seen(good, silent)) == Pass()
    judgement = nameservers_disagree(DOMAIN, PRODUCT, Nameservers((good, silent, lame), SILENT, SILENT))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("c.ns.example does not answer for example.com with authority",)


def test_a_server_with_two_addresses_is_judged_at_each_and_told_with_the_address() -> None:
    old = server("b.ns.example", view("192.0.2.9"), address="2001:db8::2")
    judgement = nameservers_disagree(
        DOMAIN, PRODUCT, seen(server("b.ns.example", view("192.0.2.1"), address="192.0.2.2"), old)
    )
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "app.example.com: b.ns.example (192.0.2.2) says 192.0.2.1; b.ns.example (2001:db8::2) says 192.0.2.9",
    )


def test_a_name_server_whose_name_leads_nowhere_is_a_fault() -> None:
    nowhere = server("c.ns.example", address="")
    judgement = nameservers_disagree(DOMAIN, PRODUCT, seen(server("a.ns.example", view("192.0.2.1")), nowhere))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("c.ns.example is a name server of example.com, and its name leads to no address",)


def test_a_name_server_whose_address_could_not_be_looked_up_is_no_fault() -> None:
    unknown = Nameserver("c.ns.example", "", SILENT, SILENT)
    assert nameservers_disagree(DOMAIN, PRODUCT, seen(server("a.ns.example", view("192.0.2.1")), unknown)) == Pass()


def test_one_list_of_name_servers_in_both_places_passes_in_any_order() -> None:
    assert delegation_differs(DOMAIN, seen(server("a.ns.example"), delegation=TOP.named[::-1])) == Pass()


def test_two_lists_fail_and_both_are_told() -> None:
    moved = server("a.ns.example", top=ZoneTop(("a.ns.example", "c.ns.example")))
    judgement = delegation_differs(DOMAIN, seen(moved, server("b.ns.example")))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "the registrar names a.ns.example, b.ns.example; a.ns.example names a.ns.example, c.ns.example",
    )
    assert judgement.fix.paste == "example.com. NS a.ns.example.\nexample.com. NS b.ns.example."


def test_without_a_delegation_or_a_list_of_its_own_there_is_nothing_to_compare() -> None:
    assert isinstance(delegation_differs(DOMAIN, seen(server("a"), delegation=())), NotApplicable)
    assert isinstance(delegation_differs(DOMAIN, seen(server("a", top=ZoneTop(())))), NotApplicable)


def test_an_alias_at_the_domain_itself_fails_and_the_record_to_delete_is_given() -> None:
    assert apex_alias(DOMAIN, seen(server("a"))) == Pass()
    assert isinstance(apex_alias(DOMAIN, seen()), NotApplicable)
    judgement = apex_alias(DOMAIN, seen(server("a"), server("b", top=ZoneTop((), "shop.host.example"))))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("example.com is an alias of shop.host.example, beside its NS and SOA records",)
    assert judgement.fix.paste == "example.com. CNAME shop.host.example."


def made_up(left: NameserverView, right: NameserverView, other_serial: str = "7") -> Nameservers:
    """Two servers, with the versions of their copies."""
    return seen(
        server("a", left, top=ZoneTop(("a",), serial="7")), server("b", right, top=ZoneTop(("a",), serial=other_serial))
    )


def test_equal_copies_with_different_addresses_may_be_meant_where_no_address_is_declared() -> None:
    flattened = made_up(view("192.0.2.1"), view("192.0.2.2"))
    assert isinstance(nameservers_disagree(DOMAIN, PRODUCT, flattened), NotApplicable)


def test_a_declared_address_another_version_or_a_missing_record_is_a_fault_all_the_same() -> None:
    said = Product("Shop", (Host("app.example.com", "example.com", addresses=("192.0.2.1",)),), (DOMAIN,))
    left, right = view("192.0.2.1"), view("192.0.2.2")
    assert isinstance(nameservers_disagree(DOMAIN, said, made_up(left, right)), Fail)
    assert isinstance(nameservers_disagree(DOMAIN, PRODUCT, made_up(left, right, "6")), Fail)
    assert isinstance(nameservers_disagree(DOMAIN, PRODUCT, made_up(left, right, "")), Fail)
    assert isinstance(nameservers_disagree(DOMAIN, PRODUCT, made_up(left, view())), Fail)
    assert isinstance(nameservers_disagree(DOMAIN, PRODUCT, made_up(left, view(alias="x.example"))), Fail)
