"""What is seen of mail's records, asked of a real resolver on loopback."""

import pytest

from launchready.facts.mail import DmarcRecords, MailExchange, SpfRecords
from launchready.model.product import Contact, Product
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.probes.mail import contact_exchanges, dkim_keys, dmarc_records, spf_included, spf_records

DOMAIN = Domain("example.com", (Sender("Postmark", ("s1", "s2")), Sender("Brevo", ())))


async def test_only_spf_records_are_taken_from_the_texts_of_a_domain(internet) -> None:
    internet.say("example.com", "TXT", '"v=spf1 mx" " ~all"', '"google-site=1"', '"v=spf10 a"', '"V=SPF1"')
    assert await spf_records(DOMAIN, internet.dns) == SpfRecords(("V=SPF1", "v=spf1 mx ~all"))


async def test_a_domain_without_texts_has_no_spf_record(internet) -> None:
    assert await spf_records(DOMAIN, internet.dns) == SpfRecords(())


async def test_a_resolver_that_refuses_is_no_missing_record(internet) -> None:
    internet.resolver.refuses = True
    with pytest.raises(NotSeen):
        await spf_records(DOMAIN, internet.dns)


async def included(internet, *records: str) -> dict[str, Measured[tuple[str, ...]] | Unmeasured]:
    seen = await spf_included(SpfRecords(records), internet.dns, internet.clock)
    return {one.name: one.records for one in seen.of}


async def test_includes_are_followed_to_any_depth_and_each_name_once(internet) -> None:
    internet.say("a.example", "TXT", '"v=spf1 include:c.example -all"')
    internet.say("b.example", "TXT", '"v=spf1 redirect=A.example."')
    internet.say("c.example", "TXT", '"v=spf1 include:a.example -all"', '"v=spf1 a"')
    own = "v=spf1 include:a.example a:x.example exists:%{i}.y.example include:%{d}.z.example redirect=b.example"
    seen = await included(internet, own, "v=spf1 nonsense include:never.example")
    values = {name: reading.value for name, reading in seen.items() if isinstance(reading, Measured)}
    assert values == {
        "a.example": ("v=spf1 include:c.example -all",),
        "b.example": ("v=spf1 redirect=A.example.",),
        "c.example": ("v=spf1 a", "v=spf1 include:a.example -all"),
    }
    assert list(seen) == ["a.example", "b.example", "c.example"]
    assert len(internet.resolver.asked) == 3


@pytest.mark.parametrize(("names", "fetched"), [(11, 11), (12, 12), (13, 12), (40, 12)])
async def test_twelve_names_are_fetched_at_most(internet, names: int, fetched: int) -> None:
    internet.say(
        "first.example", "TXT", '"v=spf1 ' + '" "'.join(f"include:n{n}.example " for n in range(1, names)) + '"'
    )
    seen = await included(internet, "v=spf1 include:first.example")
    assert len(seen) == fetched


async def test_an_include_that_is_not_there_is_seen_and_one_that_can_not_be_asked_is_not(internet) -> None:
    seen = await included(internet, f"v=spf1 include:gone.example include:{'a' * 64}.example")
    gone, impossible = seen.values()
    assert isinstance(gone, Measured)
    assert gone.value == ()
    assert isinstance(impossible, Unmeasured)
    assert impossible.why is Why.NO_NAME


async def test_every_declared_selector_is_read_and_what_is_not_declared_is_a_gap(internet) -> None:
    internet.say("s1._domainkey.example.com", "CNAME", "s1.pm.example.")
    internet.say("s1.pm.example", "TXT", '"v=DKIM1; p=AA" "AA"')
    first, second, undeclared = (await dkim_keys(DOMAIN, internet.dns, internet.clock)).keys
    assert (first.sender, first.selector, second.selector, undeclared.selector) == ("Postmark", "s1", "s2", "")
    assert isinstance(first.records, Measured)
    assert first.records.value == ("v=DKIM1; p=AAAA",)
    assert isinstance(second.records, Measured)
    assert second.records.value == ()
    assert isinstance(undeclared.records, Unmeasured)
    assert (undeclared.sender, undeclared.records.why, undeclared.records.detail) == (
        "Brevo",
        Why.NOT_DECLARED,
        "declare dkim_selectors of Brevo under [[senders]]",
    )


async def test_dmarc_records_are_those_that_mean_to_be_some(internet) -> None:
    internet.say("_dmarc.example.com", "TXT", '"v=DMARC1; p=none"', '"v=dmarc1; p=none"', '"hello"')
    assert await dmarc_records(DOMAIN, internet.dns) == DmarcRecords(("v=DMARC1; p=none", "v=dmarc1; p=none"))


async def exchange(internet, domain: str) -> Measured[MailExchange] | Unmeasured:
    product = Product("P", (), (), contacts=(Contact("support", "Maya", f"help@{domain}"),))
    (contact,) = (await contact_exchanges(product, internet.dns, internet.clock)).contacts
    assert contact.email == f"help@{domain}"
    return contact.exchange


@pytest.mark.parametrize(
    ("records", "mx", "addresses"),
    [
        (
            ("10 b.mx.example.", "9 c.mx.example.", "100 a.mx.example."),
            ("c.mx.example", "b.mx.example", "a.mx.example"),
            (),
        ),
        (("0 .",), (".",), ()),
        ((), (), ("192.0.2.1",)),
    ],
)
async def test_where_mail_goes(internet, records, mx, addresses) -> None:
    internet.say("example.com", "MX", *records)
    seen = await exchange(internet, "example.com")
    assert isinstance(seen, Measured)
    assert seen.value == MailExchange("help@example.com", "example.com", mx, addresses)


async def test_a_domain_that_does_not_exist_takes_no_mail(internet) -> None:
    seen = await exchange(internet, "gone.example")
    assert isinstance(seen, Measured)
    assert seen.value == MailExchange("help@gone.example", "gone.example", (), ())


async def test_a_look_up_that_fails_is_a_gap(internet) -> None:
    internet.resolver.refuses = True
    seen = await exchange(internet, "example.com")
    assert isinstance(seen, Unmeasured)
    assert seen.why is Why.REFUSED
