"""The checks of `checks/domain/addresses.py`: literal facts in, exact failures out."""

from launchready.checks.domain.addresses import domain_unresolved, host_address_undeclared
from launchready.facts.domain import HostAddresses
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.subject import Host

APP = Host("app.example.com", "example.com", addresses=("203.0.113.20",))
OUR_ADDRESS = HostAddresses(exists=True, addresses=("203.0.113.20",), cname_chain=())


def test_a_host_with_an_address_passes() -> None:
    assert domain_unresolved(APP, OUR_ADDRESS) == Pass()


def test_a_name_that_does_not_exist_fails_and_the_record_is_given() -> None:
    seen = HostAddresses(exists=False, addresses=(), cname_chain=())
    assert domain_unresolved(APP, seen) == Fail(
        ("app.example.com does not exist in DNS",),
        Fix("Add the DNS record of app.example.com that your provider names", "app.example.com. A 203.0.113.20"),
    )


def test_a_name_without_any_address_fails_in_other_words() -> None:
    seen = HostAddresses(exists=True, addresses=(), cname_chain=())
    judgement = domain_unresolved(APP, seen)
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("app.example.com has no A or AAAA record",)


def test_only_declared_addresses_pass() -> None:
    assert host_address_undeclared(APP, OUR_ADDRESS) == Pass()


def test_a_second_address_fails_and_is_named_with_the_record_to_delete() -> None:
    seen = HostAddresses(exists=True, addresses=("203.0.113.20", "2001:db8::99"), cname_chain=())
    assert host_address_undeclared(APP, seen) == Fail(
        ("app.example.com also points to 2001:db8::99, which is not declared",),
        Fix("Delete what points app.example.com to 2001:db8::99 in your DNS", "app.example.com. AAAA 2001:db8::99"),
    )


def test_a_cname_elsewhere_fails_and_the_way_is_named() -> None:
    host = Host("app.example.com", "example.com", cname="app.render.example")
    seen = HostAddresses(exists=True, addresses=("203.0.113.9",), cname_chain=("old.example",))
    assert host_address_undeclared(host, seen) == Fail(
        ("app.example.com leads to old.example → 203.0.113.9, not to app.render.example",),
        Fix("Point app.example.com there", "app.example.com. CNAME app.render.example."),
    )


def test_a_flattened_cname_passes_when_the_addresses_are_those_of_its_target() -> None:
    host = Host("example.com", "example.com", cname="app.render.example")
    seen = HostAddresses(
        exists=True, addresses=("203.0.113.9",), cname_chain=(), declared_target=("203.0.113.9", "203.0.113.10")
    )
    assert host_address_undeclared(host, seen) == Pass()


def test_a_host_without_any_address_is_left_to_the_other_check() -> None:
    seen = HostAddresses(exists=False, addresses=(), cname_chain=())
    assert isinstance(host_address_undeclared(APP, seen), NotApplicable)
