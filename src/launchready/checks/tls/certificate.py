"""The certificates that visitors are shown."""

from datetime import timedelta
from fractions import Fraction
from typing import Final

from launchready.facts.tls import Certificate, CertificateFault, Certificates
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host

RENEWAL_SHARE: Final = Fraction(1, 3)
"""The part of a certificate's lifetime that is left when a good client has renewed it (Let's Encrypt's integration
guide).

Relative, because lifetimes shrink: at most 200 days since 2026-03-15, 100 from 2027-03-15, 47 from 2029-03-15
(CA/Browser Forum, ballot SC-081v3).
"""

MENDING: Final = {
    CertificateFault.EXPIRED: "Renew the certificate of {host}, and find out why it did not renew itself",
    CertificateFault.NOT_YET_VALID: "Set the server's clock, and issue the certificate of {host} again",
    CertificateFault.WRONG_NAME: "Add {host} as a custom domain at the provider that serves it",
    CertificateFault.MISSING_INTERMEDIATE: "Let the server send its whole chain (fullchain.pem), not one certificate",
    CertificateFault.SELF_SIGNED: "Replace the server's own certificate of {host} by one of a public authority",
    CertificateFault.UNTRUSTED_ROOT: "Replace the certificate of {host} by one of an authority that browsers trust",
    CertificateFault.WEAK: "Issue the certificate of {host} again with a key and signature of today",
    CertificateFault.NO_CERTIFICATE: "Add {host} as a custom domain at the provider or edge that serves it",
    CertificateFault.OTHER: "Open https://{host} in a browser and mend what it names",
}


@check(
    "certificate-untrusted",
    impact=Impact.BLOCKER,
    customer_sees="The browser shows a full-page warning instead of the site.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://www.rfc-editor.org/rfc/rfc5280#section-6", "https://www.rfc-editor.org/rfc/rfc6125#section-6"),
)
def certificate_untrusted(host: Host, seen: Certificates) -> Judgement:
    """Browsers accept the certificate, on every address of the host.

    ## Why it matters at launch
    Almost nobody clicks through the warning, and those who do have learned not to trust you.

    ## How to fix
    What is wrong stands in the finding: renew, add the host at the provider, or let the server send its whole chain.
    """
    wrong = [(address, c.fault, c) for address, c in seen.seen if c.fault is not None]
    if not wrong:
        return Pass()
    offenders = tuple(f"{host.name} on {address}: {fault.value}; {c.words}" for address, fault, c in wrong)
    return Fail(offenders, Fix(MENDING[wrong[0][1]].format(host=host.name)))


@check(
    "certificate-renewal-overdue",
    impact=Impact.MAJOR,
    customer_sees="Nothing yet; in a few weeks, a full-page warning.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://letsencrypt.org/docs/integration-guide/#when-to-renew",),
)
def certificate_renewal_overdue(host: Host, seen: Certificates) -> Judgement:
    """The certificate has been renewed in time: at least a third of its lifetime is left.

    ## Why it matters at launch
    A certificate that should have renewed itself and did not will run out while you sleep. A proxy in front of the
    server is the usual cause, and nobody notices until the day.

    ## How to fix
    Look at the renewal's own log. If an edge such as Cloudflare stands before the server, let the challenge through.
    """
    good = [(address, c) for address, c in seen.seen if c.fault is None]
    if not good and seen.seen:
        return NotApplicable("the certificate is not accepted at all, which another check says")
    late = [(address, c) for address, c in good if _is_overdue(c, seen)]
    if not late:
        return Pass()
    return Fail(
        tuple(
            f"{host.name} on {address}: {_days_left(c, seen)} of {_lifetime(c).days} days are left"
            for address, c in late
        ),
        Fix(f"Renew the certificate of {host.name} now, and mend what keeps it from renewing itself"),
    )


def _lifetime(certificate: Certificate) -> timedelta:
    if certificate.not_before is None or certificate.not_after is None:
        return timedelta(0)
    return certificate.not_after - certificate.not_before


def _is_overdue(certificate: Certificate, seen: Certificates) -> bool:
    if certificate.not_after is None:
        return False
    return (
        certificate.not_after - seen.seen_at
        < _lifetime(certificate) * RENEWAL_SHARE.numerator / RENEWAL_SHARE.denominator
    )


def _days_left(certificate: Certificate, seen: Certificates) -> int:
    return 0 if certificate.not_after is None else (certificate.not_after - seen.seen_at).days
