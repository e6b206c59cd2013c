"""What HTTPS records (RFC 9460) tell browsers, beside the A and AAAA records that all others follow."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Host


@dataclass(frozen=True, slots=True)
class HttpsRecord:
    """One HTTPS record, with what has become of its target.

    `target` is empty where it is the host itself; else `target_addresses` are the target's, sorted. `hints` are the
    addresses that browsers may connect to before they have asked for any.
    """

    target: str
    hints: tuple[str, ...]
    target_addresses: tuple[str, ...] = ()


@fact(about=Host)
class HttpsRecords:
    """The HTTPS records of a host in the order of their texts; most hosts have none."""

    records: tuple[HttpsRecord, ...]
