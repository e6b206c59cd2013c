"""What the probes of `probes/mail.py` see."""

import pytest

from launchready.facts.mail import MailExchange, SpfRecords
from launchready.model.product import Contact, Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.probes.mail import (
    MAX_INCLUDED,
    contact_exchanges,
    dkim_keys,
    dmarc_records,
    spf_included,
    spf_records,
)

DOMAIN = Domain("example.com", (Sender("Postmark", ("s1", "s2")), Sender("Brevo", ())))


async def test_only_records_that_receivers_take_for_spf_are_kept(internet):
    internet.texts("example.com", "v=spf1 -all", "v=spf10 -all", "site=v=spf1", "V=SPF1")
    assert await spf_records(DOMAIN, internet.dns) == SpfRecords(("V=SPF1", "v=spf1 -all"))


async def test_a_domain_without_texts_has_no_records(internet):
    assert await spf_records(DOMAIN, internet.dns) == SpfRecords(())


async def test_a_look_up_that_fails_is_not_an_absence(internet):
    internet.resolver.failing |= {("example.com", "TXT"), ("_dmarc.example.com", "TXT")}
    for look in (spf_records, dmarc_records):
        with pytest.raises(NotSeen):
            await look(DOMAIN, internet.dns)


async def test_includes_are_followed_at_any_depth_and_each_name_once(internet, clock):
    internet.texts("a.example", "v=spf1 include:b.example -all", "something else")
    internet.texts("b.example", "v=spf1 include:A.example redirect=c.example")
    own = SpfRecords(("v=spf1 include:a.example include:%{d}.x.example -all",))
    seen = await spf_included(own, internet.dns, clock)
    assert [(one.name, one.records) for one in seen.of] == [
        ("a.example", Measured(("v=spf1 include:b.example -all",), clock.now(), 0.0)),
        ("b.example", Measured(("v=spf1 include:A.example redirect=c.example",), clock.now(), 0.0)),
        ("c.example", Measured((), clock.now(), 0.0)),
    ]


async def test_an_include_that_is_not_answered_is_not_empty(internet, clock):
    internet.resolver.failing.add(("a.example", "TXT"))
    (one,) = (await spf_included(SpfRecords(("v=spf1 include:a.example -all",)), internet.dns, clock)).of
    assert isinstance(one.records, Unmeasured)


async def test_a_record_that_can_not_be_read_includes_nothing(internet, clock):
    seen = await spf_included(SpfRecords(("v=spf1 include:a.example oops",)), internet.dns, clock)
    assert seen.of == ()


async def test_a_long_list_is_cut_beyond_the_limit_of_look_ups(internet, clock):
    assert MAX_INCLUDED == 12
    terms = " ".join(f"include:n{number}.example" for number in range(20))
    seen = await spf_included(SpfRecords((f"v=spf1 {terms} -all",)), internet.dns, clock)
    assert len(seen.of) == 12


async def test_every_declared_selector_is_asked_and_one_that_is_not_declared_is_said(internet, clock):
    internet.texts("s1._domainkey.example.com", "v=DKIM1; p=AAAA")
    seen = await dkim_keys(DOMAIN, internet.dns, clock)
    first, second, unsaid = seen.keys
    assert (first.sender, first.selector) == ("Postmark", "s1")
    assert first.records == Measured(("v=DKIM1; p=AAAA",), clock.now(), 0.0)
    assert (second.selector, second.records) == ("s2", Measured((), clock.now(), 0.0))
    assert isinstance(unsaid.records, Unmeasured)
    assert (unsaid.sender, unsaid.selector, unsaid.records.why) == ("Brevo", "", Why.NOT_DECLARED)


async def test_texts_that_mean_to_be_dmarc_are_kept_even_when_broken(internet):
    internet.texts("_dmarc.example.com", "v=DMARC1; p=none", "v=dmarc1 p=none", "note=1", "p=none; v=DMARC1")
    assert (await dmarc_records(DOMAIN, internet.dns)).records == ("v=DMARC1; p=none", "v=dmarc1 p=none")


async def test_the_exchange_of_each_contact_is_looked_up(internet, clock):
    internet.records |= {
        ("vendor.example", "MX"): ("20 mx2.vendor.example.", "10 mx1.vendor.example."),
        ("null.example", "MX"): ("0 .",),
    }
    emails = ("a@vendor.example", "b@null.example", "c@example.com", "d@gone.example")
    product = Product("Shop", hosts=(), domains=(), contacts=tuple(Contact("support", "Maya", e) for e in emails))
    seen = await contact_exchanges(product, internet.dns, clock)
    assert [one.exchange.value for one in seen.contacts if isinstance(one.exchange, Measured)] == [
        MailExchange("a@vendor.example", "vendor.example", ("mx1.vendor.example", "mx2.vendor.example"), ()),
        MailExchange("b@null.example", "null.example", (".",), ()),
        MailExchange("c@example.com", "example.com", (), ("203.0.113.10",)),
        MailExchange("d@gone.example", "gone.example", (), ()),
    ]
