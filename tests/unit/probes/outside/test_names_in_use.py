"""What the probes of `probes/names.py` see, asked of a real resolver on loopback."""

import pytest

from launchready.facts.names import DoubledHost, DoubledName, NameInUse, Wildcard
from launchready.model.product import OtherName, Product
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Host, Sender
from launchready.probes.names import USUAL_LABELS, doubled_host, doubled_mail_names, names_in_use, wildcard

GONE = ("gone.host.example",)
APP = Host("app.example.com", "example.com")
DOMAIN = Domain("example.com", (Sender("Mail", ("s1",), bounce_domain="send.example.com"),))
HOSTS = tuple(Host(f"{label}example.com", "example.com") for label in ("", "www.", "app."))
PRODUCT = Product("Shop", hosts=HOSTS, domains=(DOMAIN,))
DOUBLED = "app.example.com.example.com"


async def test_a_doubled_host_is_seen_where_the_right_name_is_missing(internet):
    internet.records[DOUBLED, "A"] = ("203.0.113.20",)
    assert await doubled_host(APP, internet.dns) == DoubledHost(DOUBLED, ())
    fresh = Host("new.example.com", "example.com")
    internet.records["new.example.com.example.com", "CNAME"] = ("shop.host.example.",)
    assert (await doubled_host(fresh, internet.dns)).records == ("shop.host.example",)


async def test_what_a_wildcard_answers_is_no_doubled_name(internet):
    del internet.records["app.example.com", "A"]
    everything(internet, "example.com.example.com", ("203.0.113.20",))
    assert (await doubled_host(APP, internet.dns)).records == ()


async def test_doubled_names_of_mail_are_seen_by_type(internet, clock):
    internet.texts("s1._domainkey.example.com.example.com", "v=DKIM1; p=abc")
    internet.records["send.example.com.example.com", "MX"] = ("10 mx.host.example.",)
    internet.texts("_dmarc.example.com.example.com", "v=DMARC1; p=none")
    internet.texts("_dmarc.example.com", "v=DMARC1; p=none")
    seen = await doubled_mail_names(DOMAIN, internet.dns, clock)
    key, bounce = "s1._domainkey.example.com", "send.example.com"
    assert seen.found == (
        DoubledName(key, "TXT", f"{key}.example.com", ("v=DKIM1; p=abc",)),
        DoubledName(bounce, "MX", f"{bounce}.example.com", ("10 mx.host.example",)),
    )


async def test_a_doubled_alias_is_seen_once_wherever_it_leads(internet, clock):
    internet.records["send.example.com.example.com", "CNAME"] = ("u1.mail.example.",)
    seen = await doubled_mail_names(DOMAIN, internet.dns, clock)
    bounce = "send.example.com"
    assert seen.found == (DoubledName(bounce, "CNAME", f"{bounce}.example.com", ("u1.mail.example",)),)


async def test_a_mail_name_that_is_not_answered_is_not_seen(internet, clock):
    internet.resolver.failing.add(("s1._domainkey.example.com.example.com", "TXT"))
    with pytest.raises(NotSeen):
        await doubled_mail_names(DOMAIN, internet.dns, clock)


async def test_a_wildcard_is_known_by_made_up_names(internet):
    assert await wildcard(DOMAIN, internet.dns) == Wildcard(())
    everything(internet, "example.com", ("203.0.113.10",))
    assert await wildcard(DOMAIN, internet.dns) == Wildcard(("203.0.113.10",))


async def test_usual_names_are_found_and_those_that_are_known_left_out(internet, clock):
    internet.records |= {
        ("old.example.com", "A"): ("203.0.113.99",),
        ("staging.example.com", "CNAME"): ("gone.host.example.",),
        ("shop.example.com", "AAAA"): ("2001:db8::1",),
        ("mail.example.com", "A"): ("203.0.113.99",),
        ("example.com", "MX"): ("10 mail.example.com.",),
        ("status.example.com", "A"): ("203.0.113.99",),
    }
    product = Product("Shop", HOSTS, (DOMAIN,), other_names=(OtherName("status.example.com", "status page"),))
    seen = await names_in_use(DOMAIN, product, Wildcard(()), internet.dns, clock)
    assert seen.found == (
        NameInUse("old.example.com", ("203.0.113.99",), leads_nowhere=False),
        NameInUse("shop.example.com", ("2001:db8::1",), leads_nowhere=False),
        NameInUse("staging.example.com", GONE, leads_nowhere=True, cname_chain=GONE),
    )
    assert seen.asked == len(USUAL_LABELS) - 4  # www, app, mail, status


async def test_the_target_of_an_alias_is_a_name_too(internet, clock):
    del internet.records["app.example.com", "A"]
    internet.records["app.example.com", "CNAME"] = ("edge-7.example.com.",)
    internet.records["edge-7.example.com", "A"] = ("203.0.113.10",)
    seen = await names_in_use(DOMAIN, PRODUCT, Wildcard(()), internet.dns, clock)
    assert [one.name for one in seen.found] == ["edge-7.example.com"]


async def test_what_a_wildcard_answers_is_no_name_of_its_own(internet, clock):
    everything(internet, "example.com", ("203.0.113.10", "203.0.113.11"))
    internet.records["old.example.com", "A"] = ("203.0.113.99",)
    answered = Wildcard(("203.0.113.10", "203.0.113.11"))
    seen = await names_in_use(DOMAIN, PRODUCT, answered, internet.dns, clock)
    assert [one.name for one in seen.found] == ["old.example.com"]
    with pytest.raises(NotSeen) as raised:
        await names_in_use(DOMAIN, PRODUCT, Wildcard(("203.0.113.10",), varies=True), internet.dns, clock)
    assert raised.value.why is Why.UNREADABLE


async def test_one_usual_name_that_is_not_answered_leaves_the_rest_unproven(internet, clock):
    internet.resolver.failing.add(("staging.example.com", "A"))
    with pytest.raises(NotSeen):
        await names_in_use(DOMAIN, PRODUCT, Wildcard(()), internet.dns, clock)


def everything(internet, zone, addresses):
    """Let every name under a zone that has no records have these addresses."""
    original = internet.resolver.fill

    def fill(reply, name, rtype):
        if name.endswith(f".{zone}") and not any(known == name for known, _ in internet.records) and rtype == "A":
            internet.records[name, "A"] = addresses
            original(reply, name, rtype)
            del internet.records[name, "A"]
        else:
            original(reply, name, rtype)

    internet.resolver.fill = fill
