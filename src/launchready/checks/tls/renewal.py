"""What keeps a certificate from being renewed."""

from launchready.facts.renewal import CaaRecords, CaaSet
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host
from launchready.parse.rfc8659 import UNDERSTOOD, who_may_issue


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
