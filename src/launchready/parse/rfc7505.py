"""Null MX: a domain that takes no mail says so (RFC 7505)."""

from collections.abc import Sequence
from dataclasses import dataclass


class MxError(ValueError):
    """A text is no MX record."""


@dataclass(frozen=True, slots=True)
class MailExchanges:
    """Where a domain takes its mail.

    Attributes:
        hosts: The exchanges in lower case without the last dot, most preferred first, those alike sorted by name.
        is_null: There is a null MX, whose exchange is the root.
        is_contradiction: There are other records beside the null MX, which section 3 forbids.
        has_odd_preference: The null MX has a preference other than 0, which section 3 demands.
    """

    hosts: tuple[str, ...]
    is_null: bool
    is_contradiction: bool
    has_odd_preference: bool


def read_mx(records: Sequence[str]) -> MailExchanges:
    """Read the MX records of one name, such as "10 mail.example.com" and, for a null MX, "0 .".

    No record at all means that mail goes to the name's own addresses (RFC 5321 section 5.1).

    Raises:
        MxError: a text is no preference of 0 to 65,535 and a name.
    """
    read = sorted(_record(text) for text in records)
    null = [preference for preference, host in read if not host]
    return MailExchanges(
        hosts=tuple(host for _, host in read if host),
        is_null=bool(null),
        is_contradiction=bool(null) and len(read) > 1,
        has_odd_preference=any(null),
    )


def _record(text: str) -> tuple[int, str]:
    preference, space, host = text.partition(" ")
    is_number = preference.isascii() and preference.isdigit() and len(preference) <= len("65535")
    if not is_number or int(preference) > 0xFFFF or not space or not host or " " in host:
        raise MxError("not a preference and a host name")
    return int(preference), host.removesuffix(".").lower()
