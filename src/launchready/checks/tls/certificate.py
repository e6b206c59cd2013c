"""The certificates that visitors are shown."""

from datetime import datetime
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

RENEWED_LATER: Final = {"Amazon": Fraction(1, 5)}
"""Who renews later by rules of their own: Amazon's service begins when 60 days are left, whatever the lifetime (AWS
Certificate Manager, "Troubleshoot managed certificate renewal"); of today's 198 days, a fifth leaves it three weeks."""

MENDING: Final = {
    CertificateFault.EXPIRED: "Renew the certificate of {host}, and find out why it did not renew itself",
    CertificateFault.CHAIN_EXPIRED: "Let the server send today's chain with the certificate of {host}: renew it once",
    CertificateFault.NOT_YET_VALID: "Set the server's clock, and issue the certificate of {host} again",
    CertificateFault.WRONG_NAME: "Add {host} as a custom domain at the provider that serves it",
    CertificateFault.MISSING_INTERMEDIATE: "Let the server send its whole chain (fullchain.pem), not one certificate",
    CertificateFault.SELF_SIGNED: "Replace the server's own certificate of {host} by one of a public authority",
    CertificateFault.UNTRUSTED_ROOT: (
        "Let the server send its whole chain (fullchain.pem); if that does not help, replace the certificate of {host} "
        "by one of an authority that browsers trust"
    ),
    CertificateFault.WEAK: "Issue the certificate of {host} again with a key and signature of today",
    CertificateFault.NO_CERTIFICATE: "Add {host} as a custom domain at the provider or edge that serves it",
    CertificateFault.OTHER: "Open https://{host} in a browser and mend what it names",
}
"""What to do; a server of one's own is in PASTE besides."""

PASTE: Final = {
    CertificateFault.EXPIRED: "certbot renew --cert-name {host} --force-renewal",
    CertificateFault.CHAIN_EXPIRED: "certbot renew --cert-name {host} --force-renewal",
    CertificateFault.WRONG_NAME: "certbot certonly -d {host}",
    CertificateFault.MISSING_INTERMEDIATE: "nginx: ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;",
    CertificateFault.SELF_SIGNED: "certbot certonly -d {host}",
}
"""What to type on a server of one's own that has its certificates from Let's Encrypt."""


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

    OpenSSL judges, as a browser does: names, dates, chain, keys and signatures. Whether a certificate was revoked is
    not looked at, nor whether the server staples a proof of that: nothing here can see it.
    """
    wrong = [(address, c.fault, c) for address, c in seen.seen if c.fault is not None]
    if not wrong:
        return Pass()
    faults = dict.fromkeys(fault for _, fault, _ in wrong)
    do = "; ".join(MENDING[fault].format(host=host.name) for fault in faults)
    paste = "\n".join(PASTE[fault].format(host=host.name) for fault in faults if fault in PASTE)
    return Fail(tuple(f"{host.name} on {address}: {_told(fault, c)}" for address, fault, c in wrong), Fix(do, paste))


def _told(fault: CertificateFault, shown: Certificate) -> str:
    """What is wrong, with the date or the names that say so."""
    match fault:
        case CertificateFault.EXPIRED if shown.not_after is not None:
            return f"expired on {shown.not_after:%Y-%m-%d}"
        case CertificateFault.NOT_YET_VALID if shown.not_before is not None:
            return f"not valid before {shown.not_before:%Y-%m-%d}"
        case CertificateFault.WRONG_NAME:
            return f"wrong name; the certificate is for {', '.join(shown.names) or 'no name at all'}"
        case CertificateFault.UNTRUSTED_ROOT | CertificateFault.MISSING_INTERMEDIATE if shown.issuer:
            return f"{fault.value} ({shown.words}; issued by {shown.issuer})"
        case CertificateFault.CHAIN_EXPIRED if shown.not_after is not None:
            return f"an intermediate sent along has expired; the certificate itself lasts to {shown.not_after:%Y-%m-%d}"
        case _:
            return f"{fault.value} ({shown.words})" if shown.words else fault.value


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
    good = [
        (address, c.not_before, c.not_after, RENEWED_LATER.get(c.issuer_organization, RENEWAL_SHARE))
        for address, c in seen.seen
        if c.fault is None and c.not_before is not None and c.not_after is not None
    ]
    if not good and seen.seen:
        return NotApplicable("the certificate is not accepted at all, which another check says")
    late = tuple(
        f"{host.name} on {address}: {(end - seen.seen_at).days} of {(end - begin).days} days are left"
        for address, begin, end, share in good
        if _is_overdue(begin, end, share, seen.seen_at)
    )
    if not late:
        return Pass()
    fix = Fix(
        f"Renew the certificate of {host.name} now, and mend what keeps it from renewing itself",
        f"certbot renew --cert-name {host.name}",
    )
    return Fail(late, fix)


def _is_overdue(begin: datetime, end: datetime, share: Fraction, now: datetime) -> bool:
    return (end - now) * share.denominator < (end - begin) * share.numerator
