"""Whether resolvers that verify signatures accept the domain."""

from typing import Final

from launchready.facts.dnssec import Dnssec, Signing
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Domain

SAID: Final = {
    Signing.NO_KEYS: "the registrar says that the domain is signed, and {server} has no keys for it",
    Signing.NO_MATCHING_KEY: "none of the keys on {server} is one that the registrar vouches for",
    Signing.UNSIGNED: "the {rtype} records on {server} are not signed",
    Signing.EXPIRED: "the signature over the {rtype} records on {server} has run out",
    Signing.NOT_YET: "the signature over the {rtype} records on {server} is not valid yet",
    Signing.WRONG: "the signature over the {rtype} records on {server} does not fit them",
}

AT_THE_REGISTRAR: Final = frozenset({Signing.NO_KEYS, Signing.NO_MATCHING_KEY})
"""Faults that are mended at the registrar; the others are mended where the DNS is kept."""


@check(
    "dnssec-broken",
    impact=Impact.BLOCKER,
    customer_sees="The browser says that the site can't be found, on about every third network.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=20,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc4035#section-5",
        "https://www.rfc-editor.org/rfc/rfc6781#section-4.3.5",
        "https://cabforum.org/working-groups/server/baseline-requirements/",
    ),
)
def dnssec_broken(domain: Domain, seen: Dnssec) -> Judgement:
    """A domain that is signed (DNSSEC) is signed as the registrar says.

    ## Why it matters at launch
    Resolvers that verify signatures, Google's and Cloudflare's among them, treat a domain with a broken one as if it
    did not exist: no site and no mail for their users. Since March 2026 certificate authorities verify too, so no
    new certificate is issued either. It happens most often when DNS moves to another company and the old DS record
    stays at the registrar.

    ## How to fix
    If the DNS moved, delete the DS record at the registrar, or replace it by the one that the new company shows. If a
    signature ran out, let the DNS company sign the zone again.
    """
    if not seen.delegation_signers:
        return NotApplicable(f"{domain.name} is not signed (no DS record at the registrar)")
    if not seen.servers:
        return NotApplicable(f"{domain.name} has no name server that could be asked")
    broken = [
        (f"{server.name} ({server.address})", one)
        for server in seen.servers
        if isinstance(server.records, Measured)
        for one in server.records.value
        if one.signing is not Signing.VALID
    ]
    if not broken:
        return Pass()
    offenders = tuple(SAID[one.signing].format(server=server, rtype=one.rtype) for server, one in broken)
    records = "\n".join(f"{domain.name}. DS {text}" for text in seen.delegation_signers)
    if any(one.signing in AT_THE_REGISTRAR for _, one in broken):
        return Fail(
            offenders, Fix("Delete this DS record at the registrar, or replace it by your DNS company's", records)
        )
    do = f"Let your DNS company sign {domain.name} again; until it has, delete this DS record at the registrar"
    return Fail(offenders, Fix(do, records))
