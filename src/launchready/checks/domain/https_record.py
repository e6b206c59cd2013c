"""Whether browsers are sent where all others go."""

import ipaddress

from launchready.facts.domain import HostAddresses
from launchready.facts.https_record import HttpsRecords
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host


@check(
    "https-record-differs",
    impact=Impact.MAJOR,
    customer_sees="The site fails or looks old in some browsers, and is fine in others.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc9460#section-7.3",
        "https://www.rfc-editor.org/rfc/rfc9460#section-3",
    ),
)
def https_record_differs(host: Host, seen: HostAddresses, https: HttpsRecords) -> Judgement:
    """The HTTPS record of the host leads to the same servers as its A and AAAA records.

    ## Why it matters at launch
    Safari, Chrome and Firefox read the HTTPS record first. One that was left behind by a former provider sends their
    users to the old server, while every tool that you test with goes to the new one.

    ## How to fix
    Delete the HTTPS record; browsers do without one. Or write the present addresses into its hints.
    """
    if not https.records:
        return NotApplicable(f"{host.name} has no HTTPS record")
    if not seen.addresses:
        return NotApplicable(f"{host.name} has no address at all, which another check says")
    own = {_plain(address) for address in (*seen.addresses, *host.addresses)}
    offenders: list[str] = []
    for record in https.records:
        targets = {_plain(address) for address in record.target_addresses}
        if record.target and record.target not in seen.cname_chain and not targets & own:
            offenders.append(_astray(host, record.target, record.target_addresses))
        strangers = [hint for hint in record.hints if _plain(hint) not in own | targets]
        if strangers and (host.addresses or len(strangers) == len(record.hints)):
            offenders.append(
                f"the HTTPS record of {host.name} hints at {', '.join(strangers)}, which is no address of it"
            )
    if not offenders:
        return Pass()
    hints = [f"{'ipv6hint' if ':' in address else 'ipv4hint'}={address}" for address in _by_family(seen.addresses)]
    return Fail(
        tuple(dict.fromkeys(offenders)),
        Fix(
            f"Delete the HTTPS record of {host.name}, or replace it by this one",
            f"{host.name}. HTTPS 1 . alpn=h2 {' '.join(hints)}",
        ),
    )


def _astray(host: Host, target: str, addresses: tuple[str, ...]) -> str:
    where = f"at {', '.join(addresses)}, where its other records don't lead" if addresses else "which has no address"
    return f"the HTTPS record of {host.name} sends browsers to {target}, {where}"


def _by_family(addresses: tuple[str, ...]) -> list[str]:
    """All addresses of a family, joined as a hint wants them, IPv4 first."""
    families = [[a for a in addresses if ":" not in a], [a for a in addresses if ":" in a]]
    return [",".join(family) for family in families if family]


def _plain(address: str) -> str:
    """One spelling for each address; what is none stays as it is."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address
