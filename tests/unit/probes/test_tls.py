"""What is seen of certificates, shown by real servers on loopback."""

import pytest

from launchready.facts.tls import AddressCertificate, Certificate, CertificateFault
from launchready.model.reading import Measured, NotSeen, Unmeasured, Why
from launchready.model.subject import Host
from launchready.net.tls_client import TlsFault
from launchready.probes.tls import certificates

APP = Host("app.example.com", "example.com")


def shown(served: AddressCertificate) -> Certificate:
    assert isinstance(served.certificate, Measured)
    return served.certificate.value


async def test_every_address_is_asked_for_itself(internet) -> None:
    internet.say("app.example.com", "A", "192.0.2.1", "192.0.2.2", "192.0.2.3")
    seen = await certificates(APP, internet.dns, internet.tls, internet.clock)
    good, bad, closed = seen.served
    assert seen.seen_at == internet.clock.now()
    assert [one.address for one in seen.served] == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert (shown(good).fault, shown(good).issuer, shown(good).words) == (None, "CN=Test Root", "")
    assert "app.example.com" in shown(good).names
    assert shown(bad).fault is CertificateFault.SELF_SIGNED
    assert isinstance(closed.certificate, Unmeasured)
    assert closed.certificate.why is Why.REFUSED


async def test_a_certificate_for_other_names_is_seen_as_such(internet) -> None:
    internet.say("blog.example.com", "A", "192.0.2.1")
    seen = await certificates(Host("blog.example.com", "example.com"), internet.dns, internet.tls, internet.clock)
    assert shown(seen.served[0]).fault is CertificateFault.WRONG_NAME


async def test_a_host_without_an_address_is_not_seen(internet) -> None:
    with pytest.raises(NotSeen) as caught:
        await certificates(Host("gone.example.com", "example.com"), internet.dns, internet.tls, internet.clock)
    assert caught.value.why is Why.NO_NAME


def test_the_client_and_the_facts_know_the_same_faults() -> None:
    assert {fault.value for fault in TlsFault} == {fault.value for fault in CertificateFault}
