"""What the probes of `probes/mail.py` see."""

import pytest

from launchready.facts.mail import FoundKey, MailExchange, SpfRecords
from launchready.model.product import Contact, Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.probes.mail import (
    contact_exchanges,
    dkim_discovered,
    dkim_keys,
    spf_records,
)
from launchready.probes.mail_dmarc import dmarc_records

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


async def test_every_declared_selector_is_asked_and_one_that_is_not_declared_is_said(internet, clock):
    internet.texts("s1._domainkey.example.com", "v=DKIM1; p=AAAA")
    seen = await dkim_keys(DOMAIN, internet.dns, clock)
    first, second, unsaid = seen.keys
    assert (first.sender, first.selector) == ("Postmark", "s1")
    assert first.records == Measured(("v=DKIM1; p=AAAA",), clock.now(), 0.0)
    assert (second.selector, second.records) == ("s2", Measured((), clock.now(), 0.0))
    assert isinstance(unsaid.records, Unmeasured)
    assert (unsaid.sender, unsaid.selector, unsaid.records.why) == ("Brevo", "", Why.NOT_DECLARED)


async def test_a_key_is_looked_for_at_the_from_domain_and_then_at_the_domain_above(internet, clock):
    internet.texts("s1._domainkey.news.example.com", "v=DKIM1; p=AAAA")
    internet.texts("s1._domainkey.example.com", "v=DKIM1; p=BBBB")
    internet.texts("s2._domainkey.example.com", "v=DKIM1; p=CCCC")
    sender = Sender("Kit", ("s1", "s2", "s3"), from_domain="news.example.com")
    seen = await dkim_keys(Domain("example.com", (sender,)), internet.dns, clock)
    assert [(key.domain, key.records.value) for key in seen.keys] == [
        ("news.example.com", ("v=DKIM1; p=AAAA",)),
        ("example.com", ("v=DKIM1; p=CCCC",)),
        ("news.example.com", ()),
    ]
    assert seen.keys[2].name == "s3._domainkey.news.example.com"


async def test_a_from_domain_that_is_not_answered_hides_what_stands_above(internet, clock):
    internet.resolver.failing.add(("s1._domainkey.news.example.com", "TXT"))
    internet.texts("s1._domainkey.example.com", "v=DKIM1; p=BBBB")
    sender = Sender("Kit", ("s1",), from_domain="news.example.com")
    (key,) = (await dkim_keys(Domain("example.com", (sender,)), internet.dns, clock)).keys
    assert isinstance(key.records, Unmeasured)


async def test_well_known_selectors_only_ever_add_a_key(internet):
    internet.texts("google._domainkey.example.com", "v=DKIM1; p=AAAA")
    internet.records["k2._domainkey.example.com", "CNAME"] = ("dkim2.mcsv.net.",)
    internet.texts("dkim2.mcsv.net", "k=rsa; p=BBBB")
    internet.resolver.failing.add(("resend._domainkey.example.com", "TXT"))
    seen = await dkim_discovered(Domain("example.com"), internet.dns)
    assert set(seen.keys) == {
        FoundKey("google", "", "v=DKIM1; p=AAAA"),
        FoundKey("k2", "dkim2.mcsv.net", "k=rsa; p=BBBB"),
    }


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
        MailExchange(
            "a@vendor.example",
            "vendor.example",
            ("mx1.vendor.example", "mx2.vendor.example"),
            is_null=False,
            addresses=(),
        ),
        MailExchange("b@null.example", "null.example", (), is_null=True, addresses=()),
        MailExchange("c@example.com", "example.com", (), is_null=False, addresses=("203.0.113.10",)),
        MailExchange("d@gone.example", "gone.example", (), is_null=False, addresses=()),
    ]
