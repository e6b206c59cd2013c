"""The checks of `checks/domain/names.py`: literal facts in, exact failures out."""

import pytest

from launchready.checks.domain.names import host_name_doubled, name_doubled, name_undeclared, wildcard_hides_missing
from launchready.facts.domain import HostAddresses
from launchready.facts.names import DoubledHost, DoubledMailNames, DoubledName, NameInUse, NamesInUse, Wildcard
from launchready.model.check import Fail, Fix, NotApplicable, Pass
from launchready.model.subject import Domain, Host

DOMAIN = Domain("example.com")
APP = Host("app.example.com", "example.com")
SEEN = HostAddresses(exists=True, addresses=("192.0.2.1",), cname_chain=())
SELECTOR = "s1._domainkey.example.com"


def test_a_doubled_host_fails_with_the_short_name_to_type() -> None:
    assert host_name_doubled(APP, DoubledHost("app.example.com.example.com", ())) == Pass()
    assert host_name_doubled(APP, DoubledHost("app.example.com.example.com", ("192.0.2.1",))) == Fail(
        ("app.example.com has no record, and app.example.com.example.com has: 192.0.2.1",),
        Fix(
            "The panel added your domain twice: type the name without example.com there, or with a dot at its end",
            "app A 192.0.2.1",
        ),
    )


@pytest.mark.parametrize(
    ("name", "record", "paste"),
    [
        ("example.com", "192.0.2.1", "@ A 192.0.2.1"),
        ("www.example.com", "2001:db8::1", "www AAAA 2001:db8::1"),
        ("a.b.example.com", "shop.host.example", "a.b CNAME shop.host.example."),
    ],
)
def test_the_short_name_and_the_type_fit_the_record(name: str, record: str, paste: str) -> None:
    judgement = host_name_doubled(Host(name, "example.com"), DoubledHost(f"{name}.example.com", (record,)))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == paste


def test_a_doubled_mail_name_fails_and_the_record_is_given() -> None:
    found = DoubledName(SELECTOR, "TXT", f"{SELECTOR}.example.com", ("v=DKIM1; p=abc",))
    assert name_doubled(DOMAIN, DoubledMailNames(())) == Pass()
    judgement = name_doubled(DOMAIN, DoubledMailNames((found,)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{SELECTOR} has no TXT record, and {SELECTOR}.example.com has",)
    assert judgement.fix.paste == 's1._domainkey TXT "v=DKIM1; p=abc"'
    alias = DoubledName(SELECTOR, "CNAME", f"{SELECTOR}.example.com", ("s1.mail.example",))
    judgement = name_doubled(DOMAIN, DoubledMailNames((alias,)))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == "s1._domainkey CNAME s1.mail.example."
    mx = DoubledName("send.example.com", "MX", "send.example.com.example.com", ("10 mx.example",))
    judgement = name_doubled(DOMAIN, DoubledMailNames((mx,)))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == "send MX 10 mx.example"


def test_a_host_that_is_answered_as_any_name_is_may_have_no_record() -> None:
    judgement = wildcard_hides_missing(APP, SEEN, Wildcard(("192.0.2.1",)))
    assert isinstance(judgement, Fail)
    assert judgement.fix.paste == "app.example.com. A 192.0.2.1"
    alias = HostAddresses(exists=True, addresses=("192.0.2.1",), cname_chain=("a.example", "b.example"))
    assert isinstance(wildcard_hides_missing(APP, alias, Wildcard(("a.example",))), Fail)


def test_a_host_with_an_answer_of_its_own_or_a_declared_one_passes() -> None:
    assert wildcard_hides_missing(APP, SEEN, Wildcard(())) == Pass()
    assert wildcard_hides_missing(APP, SEEN, Wildcard(("192.0.2.9",))) == Pass()
    assert wildcard_hides_missing(APP, SEEN, Wildcard(("192.0.2.1",), varies=True)) == Pass()
    declared = Host("app.example.com", "example.com", addresses=("192.0.2.1",))
    assert wildcard_hides_missing(declared, SEEN, Wildcard(("192.0.2.1",))) == Pass()


def test_a_name_that_nobody_declared_fails_with_the_table_to_paste() -> None:
    old = NameInUse("old.example.com", ("192.0.2.9",), leads_nowhere=False)
    gone = NameInUse("staging.example.com", ("gone.host.example",), leads_nowhere=True)
    judgement = name_undeclared(DOMAIN, NamesInUse((old, gone), 40))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        "old.example.com is in DNS and not declared (to 192.0.2.9)",
        "staging.example.com is in DNS and not declared (to gone.host.example, which leads nowhere)",
    )
    assert judgement.fix.paste.startswith('[[names]]\nname = "old.example.com"\npurpose = "what it is for"')
    assert name_undeclared(DOMAIN, NamesInUse((), 40)) == Pass()
    assert isinstance(name_undeclared(DOMAIN, NamesInUse((), 0)), NotApplicable)
