"""What a registry says of a domain (RFC 9083, section 5.3), as far as a launch hangs on it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

MAX_TEXT_CHARS = 200
"""Longer names and states are cut: they are shown in a line of a report."""


LEAP_SECOND = re.compile(r":60(?=[.Z+-])")
"""The seconds of a time, where they are those of a leap second (RFC 3339, section 5.7)."""


class RdapError(ValueError):
    """The text is no RDAP answer about the domain."""


@dataclass(frozen=True, slots=True)
class RdapDomain:
    """A registered domain.

    Attributes:
        expires_at: when the registration ends unless it is renewed (event "expiration", RFC 9083, section 10.2.3); the
            last one where there are several, None where the registry does not say.
        registrar: the name of the registrar; empty where it is not said.
        states: as they came, lower-case, such as "client transfer prohibited" (RFC 8056).
    """

    expires_at: datetime | None
    registrar: str
    states: tuple[str, ...]


def read_rdap_domain(text: str, name: str) -> RdapDomain:
    """Read an answer about one domain.

    Args:
        text: the body of the answer.
        name: the domain that was asked for, as A-labels.

    Raises:
        RdapError: it is something else, or about another domain.
    """
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise RdapError("it is no JSON") from None
    if not isinstance(read, dict) or str(read.get("objectClassName", "")).lower() != "domain":
        raise RdapError("it is not about a domain")
    if str(read.get("ldhName", "")).lower().rstrip(".") != name.lower():
        raise RdapError("it is about another domain")
    ends = [_moment(event) for event in _objects(read.get("events")) if event.get("eventAction") == "expiration"]
    return RdapDomain(
        expires_at=max(ends, default=None),
        registrar=next(
            (_full_name(e) for e in _objects(read.get("entities")) if "registrar" in _texts(e, "roles")), ""
        ),
        states=tuple(state.lower() for state in _texts(read, "status")),
    )


def _moment(event: Mapping[str, object]) -> datetime:
    """A date and time of RFC 3339; a leap second counts as the second before it."""
    text = str(event.get("eventDate", "")).upper()
    try:
        moment = datetime.fromisoformat(LEAP_SECOND.sub(":59", text))
    except ValueError:
        raise RdapError("its date of expiration can't be read") from None
    if moment.tzinfo is None:
        raise RdapError("its date of expiration has no time zone")
    return moment


def _full_name(entity: Mapping[str, object]) -> str:
    """The `fn` of a jCard (RFC 7095): ["vcard", [["fn", {}, "text", "Name"], …]]."""
    match entity.get("vcardArray"):
        case ["vcard", list(fields)]:
            for field in fields:
                match field:
                    case ["fn", _, "text", str(name), *_]:
                        return name[:MAX_TEXT_CHARS]
    return ""


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    """The objects in a list; a list may hold anything else beside them, and be no list at all."""
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _texts(read: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = read.get(key)
    return tuple(one[:MAX_TEXT_CHARS] for one in value if isinstance(one, str)) if isinstance(value, list) else ()
