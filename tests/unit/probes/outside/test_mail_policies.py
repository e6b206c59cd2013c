"""What the probes of `probes/mail_spf.py`, `mail_dmarc.py` and `mail_exchange.py` see."""

import pytest

from launchready.facts.mail import ContactExchange, ContactExchanges, DmarcRecords, MailExchange
from launchready.facts.mail_exchange import AddressName, MtaSts, StsPolicy
from launchready.facts.mail_spf import SpfReached
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Domain, Sender
from launchready.net.gates import HostGates
from launchready.net.network import Network
from launchready.net.smtp_client import SmtpClient
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc7208_survey import MAX_TERMS, TermCost
from launchready.parse.rfc9990 import Consent
from launchready.probes.mail_dmarc import dmarc_walks, report_consents
from launchready.probes.mail_exchange import mail_exchangers, mta_sts, sender_addresses
from launchready.probes.mail_spf import NOBODY, senders_spf, spf_policies

DOMAIN = Domain("example.com")
POLICY = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n"


async def policy_of(internet, clock, record: str, domain: Domain = DOMAIN):
    internet.texts("example.com", record)
    return (await spf_policies(domain, internet.dns, clock)).of[0].policy


async def test_a_policy_is_gone_through_to_its_end_and_each_term_has_its_cost(internet, clock):
    internet.texts("a.example", "v=spf1 include:b.example mx:example.com -all")
    internet.texts("b.example", "v=spf1 ip4:192.0.2.1 -all")
    internet.records["example.com", "MX"] = ("10 mx.example.com.",)
    internet.records["mx.example.com", "A"] = ("203.0.113.40",)
    read = (await policy_of(internet, clock, "v=spf1 include:a.example a:gone.example -all")).value
    assert (read.result, read.lookups, read.void_names) == (SpfResult.FAIL, 4, ("gone.example",))
    assert read.terms == (TermCost("include:a.example", 3), TermCost("a:gone.example", 1, "finds nothing"))
    assert read.is_complete
    assert read.reached == (
        SpfReached("a.example", "v=spf1 include:b.example mx:example.com -all"),
        SpfReached("b.example", "v=spf1 ip4:192.0.2.1 -all"),
    )


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("v=spf1 include:nothing.example -all", "nothing.example: no SPF record"),
        ("v=spf1 include:broken.example -all", "broken.example: no such mechanism: 'oops'"),
    ],
)
async def test_an_include_that_receivers_give_up_on_is_named(internet, clock, record, fault):
    internet.texts("broken.example", "v=spf1 oops")
    read = (await policy_of(internet, clock, record)).value
    assert read.result is SpfResult.PERMERROR
    assert read.terms[0].fault == fault


async def test_a_part_that_is_not_answered_makes_the_policy_unseen(internet, clock):
    internet.resolver.failing.add(("a.example", "TXT"))
    policy = await policy_of(internet, clock, "v=spf1 include:a.example -all")
    assert isinstance(policy, Unmeasured)
    assert "a.example" in policy.detail


async def test_a_policy_that_hangs_on_the_message_is_not_held_for_broken(internet, clock):
    record = "v=spf1 exists:%{i}.a.example exists:%{ir}.b.example exists:%{l}.c.example -all"
    policy = await policy_of(internet, clock, record)
    assert isinstance(policy, Unmeasured)
    assert NOBODY in policy.detail


async def test_three_names_that_are_not_there_are_a_fault_of_the_record(internet, clock):
    policy = await policy_of(internet, clock, "v=spf1 a:x.example a:y.example a:z.example -all")
    assert policy.value.result is SpfResult.PERMERROR
    assert policy.value.void_names == ("x.example", "y.example", "z.example")


async def test_the_cost_of_endless_records_is_bounded(internet, clock):
    terms = [*(f"a/{n}" for n in range(1, 33)), *(f"mx/{n}" for n in range(1, 10)), *(f"a//{n}" for n in range(1, 10))]
    read = (await policy_of(internet, clock, f"v=spf1 {' '.join(terms)} ptr")).value
    assert (len(terms), terms[-1]) == (MAX_TERMS, "a//9")
    assert (len(read.terms), read.is_complete) == (MAX_TERMS, False)


async def test_each_of_several_records_is_gone_through_and_one_that_can_not_be_read_has_no_terms(internet, clock):
    internet.texts("example.com", "v=spf1 mx -all", "v=spf1 oops", "v=spf1 a ~all")
    read = (await spf_policies(DOMAIN, internet.dns, clock)).of[0].policy.value
    assert [term.term for term in read.terms] == ["a", "mx"]


async def test_each_declared_bounce_domain_is_read_too(internet, clock):
    internet.texts("bounces.example.com", "v=spf1 ip4:192.0.2.1 -all")
    domain = Domain("example.com", (Sender("Postmark", (), bounce_domain="bounces.example.com"),))
    seen = await spf_policies(domain, internet.dns, clock)
    assert [(one.name, one.policy.value.records) for one in seen.of] == [
        ("example.com", ()),
        ("bounces.example.com", ("v=spf1 ip4:192.0.2.1 -all",)),
    ]


async def test_each_declared_address_is_judged_at_the_envelope_domain(internet, clock):
    internet.texts("bounces.example.com", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 ~all")
    sender = Sender(
        "Postmark",
        (),
        from_domain="news.example.com",
        bounce_domain="bounces.example.com",
        addresses=("192.0.2.1", "2001:db8::1", "192.0.2.2"),
    )
    bare = Sender("Own", (), from_domain="news.example.com", addresses=("192.0.2.1",))
    seen = await senders_spf(Domain("example.com", (sender, bare)), internet.dns, clock)
    results = [(one.address, one.domain, one.verdict.value.result) for one in seen.of]
    assert results == [
        ("192.0.2.1", "bounces.example.com", SpfResult.PASS),
        ("2001:db8::1", "bounces.example.com", SpfResult.PASS),
        ("192.0.2.2", "bounces.example.com", SpfResult.SOFTFAIL),
        ("192.0.2.1", "news.example.com", SpfResult.NONE),
    ]


async def test_an_address_whose_policy_is_not_answered_is_not_judged(internet, clock):
    internet.resolver.failing.add(("example.com", "TXT"))
    sender = Sender("Own", (), addresses=("192.0.2.1",))
    (one,) = (await senders_spf(Domain("example.com", (sender,)), internet.dns, clock)).of
    assert isinstance(one.verdict, Unmeasured)


async def test_a_walk_asks_every_name_above_and_tells_one_that_is_not_answered(internet, clock):
    internet.texts("_dmarc.example.com", "v=DMARC1; p=none", "other")
    internet.resolver.failing.add(("_dmarc.com", "TXT"))
    sender = Sender("Kit", (), from_domain="a.news.example.com", bounce_domain="bounces.vendor.example")
    seen = await dmarc_walks(Domain("example.com", (sender,)), internet.dns, clock)
    assert [walk.domain for walk in seen.of] == ["example.com", "a.news.example.com", "bounces.vendor.example"]
    own = {texts.name: texts.records for texts in seen.of[0].texts}
    assert own["_dmarc.example.com"].value == ("v=DMARC1; p=none",)
    assert isinstance(own["_dmarc.com"], Unmeasured)
    assert [texts.name for texts in seen.of[1].texts] == [
        "_dmarc.a.news.example.com",
        "_dmarc.news.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]
    assert (seen.of[0].exists.value, seen.of[1].exists.value) == (True, False)


async def test_the_consent_of_each_other_domain_is_looked_up_once(internet, clock):
    internet.texts("example.com._report._dmarc.vendor.example", "v=DMARC1")
    internet.texts("example.com._report._dmarc.strict.example", "v=DMARC1; rua=mailto:x@else.example")
    record = "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@vendor.example,mailto:c@vendor.example!1m"
    record += ",mailto:d@other.example,mailto:e@in.example.com,mailto:g@strict.example"
    record += "; ruf=mailto:h@bad..example,mailto:f@silent.example"
    internet.texts("_dmarc.example.com", record)
    internet.resolver.failing.add(("example.com._report._dmarc.silent.example", "TXT"))
    seen = await report_consents(DOMAIN, DmarcRecords((record, "v=DMARC1 broken")), internet.dns, clock)
    assert [(one.target, isinstance(one.consent, Measured) and one.consent.value) for one in seen.of] == [
        ("vendor.example", Consent.GIVEN),
        ("other.example", Consent.MISSING),
        ("strict.example", Consent.ELSEWHERE),
        ("silent.example", False),
    ]
    assert isinstance(seen.of[3].consent, Unmeasured)


async def test_a_policy_is_fetched_as_senders_do(internet, clock):
    internet.texts("_mta-sts.example.com", "v=STSv1; id=1;", "another text")
    internet.records["mta-sts.example.com", "A"] = internet.records["example.com", "A"]
    internet.records["example.com", "MX"] = ("20 b.example.com.", "10 a.example.com.")
    internet.show("https://mta-sts.example.com/.well-known/mta-sts.txt", POLICY, content_type="text/plain")
    seen = await mta_sts(DOMAIN, internet.dns, internet.http, clock)
    assert (seen.records, seen.policy.value) == (("v=STSv1; id=1;",), StsPolicy("", POLICY.decode()))
    assert seen.exchanges.value == ("a.example.com", "b.example.com")


async def test_without_a_record_nobody_asks_for_a_policy(internet, clock):
    seen = await mta_sts(DOMAIN, internet.dns, internet.http, clock)
    assert seen == MtaSts((), None, Measured((), clock.now(), 0.0))
    assert internet.asked == []


@pytest.mark.parametrize(
    ("records", "body", "status", "fault"),
    [
        (("v=STSv1; id=1;", "v=STSv1; id=2;"), POLICY, 200, "2 records at _mta-sts.example.com, one is needed"),
        (("v=STSv1;",), POLICY, 200, "the record at _mta-sts.example.com can't be read"),
        (("v=STSv1; id=1",), POLICY, 404, "https://mta-sts.example.com/.well-known/mta-sts.txt answered 404"),
        (("v=STSv1; id=1",), b"<html>", 200, "the policy can't be read"),
        (("v=STSv1; id=1",), POLICY + b"x" * 2**16, 200, "the policy can't be read"),
    ],
)
async def test_what_senders_can_not_use_is_a_fault(internet, clock, records, body, status, fault):
    internet.texts("_mta-sts.example.com", *records)
    internet.records["mta-sts.example.com", "A"] = internet.records["example.com", "A"]
    internet.show("https://mta-sts.example.com/.well-known/mta-sts.txt", body, status)
    policy = (await mta_sts(DOMAIN, internet.dns, internet.http, clock)).policy
    assert policy.value.fault.startswith(fault)


async def test_a_host_that_does_not_exist_is_a_fault_and_one_that_does_not_answer_is_not(internet, clock):
    internet.texts("_mta-sts.example.com", "v=STSv1; id=1")
    policy = (await mta_sts(DOMAIN, internet.dns, internet.http, clock)).policy
    assert "mta-sts.example.com does not exist" in policy.value.fault
    internet.texts("_mta-sts.app.example.com", "v=STSv1; id=1")
    internet.resolver.failing |= {("mta-sts.app.example.com", "A"), ("mta-sts.app.example.com", "AAAA")}
    assert isinstance((await mta_sts(Domain("app.example.com"), internet.dns, internet.http, clock)).policy, Unmeasured)


async def test_a_record_that_is_not_answered_is_not_an_absence(internet, clock):
    internet.resolver.failing.add(("_mta-sts.example.com", "TXT"))
    with pytest.raises(NotSeen):
        await mta_sts(DOMAIN, internet.dns, internet.http, clock)


async def test_names_of_an_address_lead_back_or_not(internet, clock):
    internet.records["1.2.0.192.in-addr.arpa", "PTR"] = ("mail.example.com.", "stray.example.")
    internet.records["mail.example.com", "A"] = ("192.0.2.1",)
    sender = Sender("Own", (), addresses=("192.0.2.1", "2001:db8::1", "192.0.2.2"))
    internet.resolver.failing.add(("2.2.0.192.in-addr.arpa", "PTR"))
    seen = await sender_addresses(Domain("example.com", (sender,)), internet.dns, clock)
    first, second, third = (one.names for one in seen.of)
    assert first.value == (
        AddressName("mail.example.com", leads_back=True),
        AddressName("stray.example", leads_back=False),
    )
    assert second.value == ()
    assert isinstance(third, Unmeasured)


async def test_each_mail_server_is_called_on_once_and_what_was_not_seen_is_said(internet, clock):
    here = MailExchange("a@example.com", "example.com", ("mx.gone.example",), is_null=False, addresses=())
    null = MailExchange("b@null.example", "null.example", (), is_null=True, addresses=())
    lost = Unmeasured(Why.TIMED_OUT, "did not answer", clock.now())
    contacts = tuple(
        ContactExchange(email, exchange)
        for email, exchange in (
            ("a@example.com", Measured(here, clock.now(), 0.1)),
            ("c@example.com", Measured(here, clock.now(), 0.1)),
            ("b@null.example", Measured(null, clock.now(), 0.1)),
            ("d@lost.example", lost),
        )
    )
    smtp = SmtpClient(Network(()), HostGates(Network(())))
    seen = await mail_exchangers(ContactExchanges(contacts), internet.dns, smtp, clock)
    assert [(one.domain, one.host) for one in seen.of] == [("example.com", "mx.gone.example"), ("lost.example", "")]
    assert [one.encryption.why for one in seen.of if isinstance(one.encryption, Unmeasured)] == [
        Why.NO_NAME,
        Why.TIMED_OUT,
    ]
