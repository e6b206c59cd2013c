"""What the probe of `probes/tls.py` sees; the faults themselves are told apart in the tests of `net`."""

from launchready.facts.tls import CertificateFault
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.net.tls_client import TlsFault
from launchready.probes.tls import certificates, old_versions


async def test_every_address_is_met_and_one_that_refuses_hides_no_other(internet, clock):
    internet.records["app.example.com", "A"] = ("203.0.113.10", "203.0.113.77")
    seen = await certificates(Host("app.example.com", "example.com"), internet.dns, internet.tls, clock)
    assert seen.seen_at == clock.now()
    good, unseen = seen.served
    assert (good.address, unseen.address) == ("203.0.113.10", "203.0.113.77")
    assert isinstance(good.certificate, Measured)
    assert (good.certificate.value.fault, good.certificate.value.issuer) == (None, "CN=Root")
    assert isinstance(unseen.certificate, Unmeasured)
    assert unseen.certificate.why is Why.OWN_NETWORK


async def test_a_fault_is_kept_with_what_was_shown(internet, clock):
    internet.records["shop.example", "A"] = ("203.0.113.10",)
    ((_, shown),) = (await certificates(Host("shop.example", "shop.example"), internet.dns, internet.tls, clock)).seen
    assert shown.fault is CertificateFault.WRONG_NAME
    assert "example.com" in shown.names
    assert shown.words


def test_every_fault_of_a_handshake_has_its_word_among_the_facts():
    assert [fault.value for fault in CertificateFault] == [fault.value for fault in TlsFault]


async def test_every_address_is_asked_for_every_old_version(internet, clock):
    internet.records["app.example.com", "A"] = ("203.0.113.10", "203.0.113.77")
    seen = await old_versions(Host("app.example.com", "example.com"), internet.dns, internet.tls, clock)
    assert [(a.address, a.version) for a in seen.asked] == [
        ("203.0.113.10", "TLS 1.0"),
        ("203.0.113.10", "TLS 1.1"),
        ("203.0.113.77", "TLS 1.0"),
        ("203.0.113.77", "TLS 1.1"),
    ]
    assert [isinstance(a.taken, Measured) for a in seen.asked] == [True, True, False, False]
    assert seen.taken == ()
