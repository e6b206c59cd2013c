"""What the probes of `probes/renewal.py` see."""

from dataclasses import replace

import pytest

from launchready.facts.renewal import CertificateIssuer
from launchready.facts.tls import AddressCertificate, Certificate, CertificateFault, Certificates
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.probes.authorities import caa_domains
from launchready.probes.renewal import caa_records

HOST = Host("app.example.com", "example.com")
NAMES = ("app.example.com", "*.example.com", "other.example")


def certificates(clock, organization="Let's  Encrypt", fault=None, names=NAMES) -> Certificates:
    shown = Certificate(fault, "", None, None, names, f"CN=X,O={organization}", organization)
    return Certificates(clock.now(), (AddressCertificate("203.0.113.10", Measured(shown, clock.now(), 0.1)),))


async def test_the_host_and_every_name_above_it_are_asked_up_to_the_first_with_records(internet, clock):
    internet.records["app.example.com", "CAA"] = ('0 issue "a.example"',)
    internet.records["example.com", "CAA"] = ('0 issue "b.example"',)
    internet.resolver.failing.add(("com", "CAA"))
    seen = await caa_records(HOST, certificates(clock), internet.dns, clock)
    assert [(one.name, [record.value for record in one.records]) for one in seen.sets] == [
        ("app.example.com", ["a.example"]),
        ("example.com", ["b.example"]),
    ]


async def test_an_alias_brings_its_targets_records(internet, clock):
    del internet.records["app.example.com", "A"]
    internet.records["app.example.com", "CNAME"] = ("edge.vendor.example.",)
    internet.records["edge.vendor.example", "CAA"] = ('0 issue ";"',)
    seen = await caa_records(HOST, certificates(clock), internet.dns, clock)
    assert seen.sets[0].records[0].value == ";"


async def test_a_name_that_is_not_answered_hides_what_stands_above_it(internet, clock):
    internet.records["example.com", "CAA"] = ('0 issue "b.example"',)
    internet.resolver.failing.add(("app.example.com", "CAA"))
    with pytest.raises(NotSeen):
        await caa_records(HOST, certificates(clock), internet.dns, clock)


async def test_the_issuer_is_known_by_its_organization_and_the_names_are_the_hosts_own(internet, clock):
    internet.records["example.com", "CAA"] = ('0 issue "b.example"',)
    seen = await caa_records(HOST, certificates(clock), internet.dns, clock)
    assert seen.seen == (
        CertificateIssuer("Let's  Encrypt", ("letsencrypt.org",), ("*.example.com", "app.example.com")),
    )


async def test_an_issuer_that_we_do_not_know_is_named_and_not_measured(internet, clock):
    internet.records["example.com", "CAA"] = ('0 issue "b.example"',)
    seen = await caa_records(HOST, certificates(clock, "Corner Shop CA"), internet.dns, clock)
    (unknown,) = seen.issuers
    assert isinstance(unknown, Unmeasured)
    assert "Corner Shop CA" in unknown.detail


async def test_without_records_nothing_hangs_on_the_issuer(internet, clock):
    seen = await caa_records(HOST, certificates(clock, "Corner Shop CA"), internet.dns, clock)
    assert seen.issuers == ()


@pytest.mark.parametrize("fault", CertificateFault)
async def test_only_a_certificate_of_an_authority_counts(internet, clock, fault):
    internet.records["example.com", "CAA"] = ('0 issue "b.example"',)
    seen = await caa_records(HOST, certificates(clock, fault=fault), internet.dns, clock)
    assert bool(seen.issuers) == (fault in {CertificateFault.EXPIRED, CertificateFault.CHAIN_EXPIRED})


async def test_a_handshake_that_was_not_seen_stays_a_gap(internet, clock):
    internet.records["example.com", "CAA"] = ('0 issue "b.example"',)
    gap = Unmeasured(Why.TIMED_OUT, "silent", clock.now())
    served = replace(certificates(clock), served=(AddressCertificate("203.0.113.10", gap),))
    assert (await caa_records(HOST, served, internet.dns, clock)).issuers == (gap,)


def test_every_authority_in_the_table_is_named_by_a_domain() -> None:
    assert caa_domains("DigiCert Inc")[0] == "digicert.com"
    assert caa_domains("GOOGLE TRUST SERVICES") == ("pki.goog", "google.com")
    assert caa_domains("") == caa_domains("Nobody") == ()
