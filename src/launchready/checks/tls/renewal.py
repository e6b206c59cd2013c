"""What keeps a certificate from being renewed."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.renewal import CaaRecords, CaaSet, ProofEnd, ProofPath, ProofWay
from launchready.facts.tls import Certificates
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host
from launchready.parse.rfc8659 import UNDERSTOOD, who_may_issue

TOLD: Final = {
    ProofEnd.CLOSED: "port 80 is closed here and open on the other addresses, so renewal works by luck",
    ProofEnd.FORBIDDEN: "{url} is refused, and other paths are not",
    ProofEnd.WALLED: "a bot protection stands before {url}, and not before other paths",
    ProofEnd.ENDLESS: "redirects without an end, at last to {url}",
    ProofEnd.ANOTHER_PORT: "sent to {url}, and authorities go to ports 80 and 443 alone",
}
"""What keeps an authority from its proof."""

LET_THROUGH: Final = (
    "nginx:      location ^~ /.well-known/acme-challenge/ { auth_basic off; allow all; root /var/www/html; }\n"
    'Cloudflare: a WAF rule "skip" for: starts_with(http.request.uri.path, "/.well-known/acme-challenge/")'
)


@check(
    "caa-forbids-renewal",
    impact=Impact.MAJOR,
    customer_sees="Nothing yet; when the certificate runs out, a full-page warning.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc8659#section-3",
        "https://www.rfc-editor.org/rfc/rfc8659#section-4.2",
        "https://letsencrypt.org/docs/caa/",
    ),
    explains=("certificate-renewal-overdue",),
)
def caa_forbids_renewal(host: Host, caa: CaaRecords) -> Judgement:
    """CAA records name the authority that issued today's certificate, or leave the choice free.

    ## Why it matters at launch
    A CAA record in DNS lists who may issue certificates for the name. Where it leaves out the authority that you use,
    everything looks well until the certificate is to be renewed: then it is refused, and the site breaks on its last
    day. Old records of a former provider are the usual cause.

    ## How to fix
    Add a CAA record for the authority beside the others, or remove those that no longer apply. The record may also tie
    the authority to one account or one method; whether they are yours can't be seen from outside.
    """
    if not any(one.records for one in caa.sets):
        return Pass()
    if not caa.issuers:
        return NotApplicable("the host shows no certificate of an authority, which another check says")
    offenders: dict[str, str] = {}
    for issuer in caa.seen:
        for name in issuer.names or (host.name,):
            told, paste = _refusal(host, caa.sets, name, issuer.domains)
            if told:
                offenders[f"{name}: {told}; its certificate is from {issuer.organization}"] = paste
    if not offenders:
        return Pass()
    do = f"Allow the authority that issues the certificate of {host.name} to do it again"
    return Fail(tuple(offenders), Fix(do, "\n".join(dict.fromkeys(offenders.values()))))


def _refusal(host: Host, sets: tuple[CaaSet, ...], name: str, domains: tuple[str, ...]) -> tuple[str, str]:
    """Why an authority would refuse a name of the certificate, and the record to add or remove; empty where not."""
    is_wildcard = name.startswith("*.")
    base = name.removeprefix("*.")
    relevant = next((one for one in (sets if base == host.name else sets[1:]) if one.records), None)
    allowed = None if relevant is None else who_may_issue(relevant.records, wildcard=is_wildcard)
    if relevant is None or allowed is None or allowed & set(domains):
        return "", ""
    unknown = next((r for r in relevant.records if r.is_critical and r.tag not in UNDERSTOOD), None)
    if unknown is not None:
        told = f"{relevant.name} has the critical CAA property {unknown.tag!r}, which no authority knows"
        return told, f'Remove: {relevant.name}. CAA {unknown.flags} {unknown.tag} "…"'
    tag = "issuewild" if is_wildcard and any(r.tag == "issuewild" for r in relevant.records) else "issue"
    who = " and ".join(sorted(allowed)) or "nobody"
    return f"CAA at {relevant.name} allows {who}", f'{relevant.name}. CAA 0 {tag} "{domains[0]}"'


@check(
    "renewal-blocked",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing yet; when the certificate runs out, a full-page warning.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc8555#section-8.3",
        "https://letsencrypt.org/docs/challenge-types/#http-01-challenge",
    ),
    explains=("certificate-renewal-overdue",),
)
def renewal_blocked(host: Host, seen: Certificates, path: ProofPath) -> Judgement:
    """The path by which authorities check a domain before they renew its certificate is open.

    ## Why it matters at launch
    Most certificates renew themselves every two months: the authority asks your server over plain http for a small
    file as proof. A firewall, a bot protection or a redirect that came later turns it away, and nobody notices until
    the certificate runs out.

    ## How to fix
    Let `/.well-known/acme-challenge/` through over plain http, before every rule that refuses, asks for a password or
    redirects. If your certificates are proven by a DNS record alone, nothing is wrong here: waive this.
    """
    shown = [certificate for _, certificate in seen.seen if certificate.names]
    if shown and all(_is_by_wildcard_alone(host.name, certificate.names) for certificate in shown):
        return NotApplicable("the certificate is a wildcard, which is always renewed by a DNS record")
    closed = set(_closed_beside_open(path.seen))
    offenders = tuple(
        f"{host.name} on {address}: {TOLD[way.end].format(url=way.url)}"
        for address, way in path.seen
        if way.end in TOLD and (way.end is not ProofEnd.CLOSED or address in closed)
    )
    if not offenders:
        return Pass()
    return Fail(
        offenders, Fix(f"Let the proof for the certificate of {host.name} through over plain http", LET_THROUGH)
    )


def _is_by_wildcard_alone(host: str, names: tuple[str, ...]) -> bool:
    return host not in names and f"*.{host.partition('.')[2]}" in names


def _closed_beside_open(ways: tuple[tuple[str, ProofWay], ...]) -> Iterator[str]:
    """Addresses that are closed while others of their family answer: an authority comes to one of them, by chance.

    Where IPv6 takes no connection, it falls back to IPv4, so an IPv6 address counts only where there is no other.
    """
    old = [(address, way) for address, way in ways if ":" not in address]
    family = old or list(ways)
    if any(way.end is not ProofEnd.CLOSED for _, way in family):
        yield from (address for address, way in family if way.end is ProofEnd.CLOSED)
