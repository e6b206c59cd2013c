"""DMARC policy records, and the names of the DNS tree walk: RFC 9989 (May 2026), which replaces RFC 7489 and 9091."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from launchready.parse.rfc3986 import is_listed_uri
from launchready.parse.tag_list import Tag, TagListError, parse_tag_spec, split_tag_specs

MAX_RECORD_CHARS: Final = 65_535
"""A TXT record's data is at most 65,535 octets (RFC 1035 section 3.2.1, RDLENGTH); nothing longer came from the DNS."""

MAX_DOMAIN_CHARS: Final = 253
"""The longest domain name as text: 255 octets on the wire (RFC 1035 section 2.3.4), two of which are not shown."""

MAX_LABEL_CHARS: Final = 63
"""The longest label (RFC 1035 section 2.3.4)."""

TREE_WALK_QUERIES: Final = 8
"""A tree walk asks the DNS at most this often (RFC 9989 section 4.10)."""

TREE_WALK_JUMP_LABELS: Final = 7
"""The second query for a name of eight or more labels is for its last seven (RFC 9989 section 4.10, step 4)."""

HISTORIC_TAGS: Final = frozenset({"pct", "rf", "ri"})
"""Tags of RFC 7489 that receivers now treat as unknown (RFC 9989 section 9 and appendix C)."""


class DmarcError(ValueError):
    """The text is no DMARC policy record, or no domain name to walk from."""


class Policy(Enum):
    """What the owner asks receivers to do with mail that fails (RFC 9989 section 4.7, `p`), weakest first."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Alignment(Enum):
    """How closely an authenticated domain must match the From domain (RFC 9989 section 4.7, `adkim`, `aspf`)."""

    RELAXED = "r"
    STRICT = "s"


class PublicSuffix(Enum):
    """What the record says of its own name (RFC 9989 section 4.7, `psd`)."""

    YES = "y"
    NO = "n"
    UNSAID = "u"


@dataclass(frozen=True, slots=True)
class ReportUri:
    """One place reports are wanted at.

    Attributes:
        uri: The URI as published, without a size limit.
        mailbox_domain: For `mailto:`, the domain of the (first) address in lower case; None for another scheme.
        obsolete_size_limit_bytes: The limit of a `!10m` suffix, which receivers ignore now (RFC 9989 section 4.8).
    """

    uri: str
    mailbox_domain: str | None
    obsolete_size_limit_bytes: int | None


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A policy record. A tag that was absent or had no valid value shows its default.

    Attributes:
        policy: `p` as published; None where absent or invalid (`invalid` tells which).
        subdomain_policy: `sp`; None where absent or invalid.
        nonexistent_policy: `np`; None where absent or invalid.
        dkim_alignment: `adkim`.
        spf_alignment: `aspf`.
        failure_options: `fo`, split; ("0",) by default, and always where there is no `ruf` (section 4.7: ignored).
        aggregate_uris: The valid URIs of `rua`.
        failure_uris: The valid URIs of `ruf`.
        psd: `psd`.
        testing: `t=y`: receivers are asked to apply one step less than the policy.
        historic: Names of tags of RFC 7489 that no longer mean anything, in order.
        unknown: Names of tags that no standard knows, in order; receivers ignore them.
        invalid: Names of known tags whose value, or part of it, is outside the grammar, in order. A tag so broken
            that it has no name appears as the empty string.
    """

    policy: Policy | None
    subdomain_policy: Policy | None
    nonexistent_policy: Policy | None
    dkim_alignment: Alignment
    spf_alignment: Alignment
    failure_options: tuple[str, ...]
    aggregate_uris: tuple[ReportUri, ...]
    failure_uris: tuple[ReportUri, ...]
    psd: PublicSuffix
    testing: bool
    historic: tuple[str, ...]
    unknown: tuple[str, ...]
    invalid: tuple[str, ...]

    @property
    def counts_as_none(self) -> bool:
        """Whether `p` is absent or invalid, or `sp` or `np` invalid: at best `p=none` (RFC 9989 section 4.10.1)."""
        return self.policy is None or not {"sp", "np"}.isdisjoint(self.invalid)


# RFC 9989 section 4.8; the first tag alone decides whether a record is one, the others are read one by one:
#
#   dmarc-record  = dmarc-version *(dmarc-sep dmarc-tag) [dmarc-sep] *WSP
#   dmarc-version = "v" equals %s"DMARC1"        ; case sensitive
#   dmarc-sep     = *WSP ";" *WSP
#   equals        = *WSP "=" *WSP
#   dmarc-tag     = 1*ALPHA equals 1*dmarc-value
#   dmarc-value   = %x20-3A / %x3C-7E            ; printing characters but semicolon
#   dmarc-uri     = URI                          ; RFC 3986, "," and "!" encoded
#   obs-dmarc-uri = dmarc-uri "!" 1*DIGIT [ "k" / "m" / "g" / "t" ]    ; the limit is to be ignored
#   dmarc-urilist = dmarc-uri *(*WSP "," *WSP dmarc-uri)
#   dmarc-request = "none" / "quarantine" / "reject"
#   dmarc-yorn    = "y" / "n"
#   dmarc-psd     = "y" / "n" / "u"
#   dmarc-rors    = "r" / "s"
#   dmarc-fo      = "0" or "1", "d" and "s", each at most once, joined by ":"
#
# Names of tags and fixed values are ABNF strings, so their case is free (RFC 5234 section 2.3); DMARC1 is %s.
_VERSION: Final = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_MAILTO: Final = re.compile(r"mailto:(?P<local>[^@?#,]+)@(?P<domain>[A-Za-z0-9._-]+)(?:[?#].*)?", re.IGNORECASE)
_SIZE_LIMIT: Final = re.compile(r"([0-9]+)([kmgt]?)", re.IGNORECASE | re.ASCII)
_SIZE_LIMIT_DIGITS: Final = 18
"""More digits than these say an exabyte or more: read as that, for int() on a hostile length is slow."""
_SIZE_UNITS: Final = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_POLICIES: Final = {policy.value: policy for policy in Policy}
_ALIGNMENTS: Final = {mode.value: mode for mode in Alignment}
_SUFFIXES: Final = {said.value: said for said in PublicSuffix}
_YES_OR_NO: Final = {"y": True, "n": False}
_FAILURE_OPTIONS: Final = frozenset({"0", "1", "d", "s"})
_KNOWN_TAGS: Final = frozenset({"v", "p", "sp", "np", "adkim", "aspf", "fo", "rua", "ruf", "psd", "t"})


def is_dmarc(text: str) -> bool:
    """Whether a TXT record at a `_dmarc` name is a DMARC policy record (RFC 9989 section 4.7, `v`).

    The first tag must be `v` with precisely the value `DMARC1`. Two such records at one name are both discarded
    (section 4.10); that is for the caller to see.
    """
    return _VERSION.match(text) is not None


def parse_dmarc(text: str) -> Dmarc:
    """Read one policy record, its strings already joined (RFC 9989 sections 4.7 and 4.8).

    After the version, a tag that is unknown or broken is set aside and named, not an error, for that is how
    receivers read it.

    Raises:
        DmarcError: not a DMARC record (`is_dmarc`), a tag that occurs twice (RFC 6376 section 3.2, which section
            4.7 builds on: the whole list is invalid), or more than MAX_RECORD_CHARS characters.
    """
    if len(text) > MAX_RECORD_CHARS:
        raise DmarcError(f"longer than {MAX_RECORD_CHARS} characters")
    if not is_dmarc(text):
        raise DmarcError("does not begin with v=DMARC1")
    tags, broken = _tags(text)
    return _Reading(tags, broken).record()


def _tags(text: str) -> tuple[dict[str, str], list[str]]:
    """The tags by lower-case name, and the names of those outside the grammar ("" for one without a name)."""
    tags: dict[str, str] = {}
    broken: list[str] = []
    for piece in split_tag_specs(text):
        tag = _tag(piece)
        if tag is None:
            broken.append(_broken_name(piece))
        elif tag.name in tags:
            raise DmarcError(f"the tag {tag.name} occurs more than once")
        else:
            tags[tag.name] = tag.value
    return tags, broken


def _tag(piece: str) -> Tag | None:
    try:
        tag = parse_tag_spec(piece)
    except TagListError:
        return None
    return Tag(tag.name.lower(), tag.value)


def _broken_name(piece: str) -> str:
    name = piece.partition("=")[0].strip(" \t").lower()
    return name if name in _KNOWN_TAGS or name in HISTORIC_TAGS else ""


_Value = TypeVar("_Value")


class _Reading:
    """One pass over the tags, which gathers the names of those whose value is not valid."""

    def __init__(self, tags: Mapping[str, str], broken: list[str]) -> None:
        self._tags = tags
        self._invalid = broken

    def record(self) -> Dmarc:
        aggregate, failure = self._uris("rua"), self._uris("ruf")
        return Dmarc(
            policy=self._one_of("p", _POLICIES),
            subdomain_policy=self._one_of("sp", _POLICIES),
            nonexistent_policy=self._one_of("np", _POLICIES),
            dkim_alignment=self._one_of("adkim", _ALIGNMENTS) or Alignment.RELAXED,
            spf_alignment=self._one_of("aspf", _ALIGNMENTS) or Alignment.RELAXED,
            failure_options=self._failure_options() if "ruf" in self._tags else ("0",),
            aggregate_uris=aggregate,
            failure_uris=failure,
            psd=self._one_of("psd", _SUFFIXES) or PublicSuffix.UNSAID,
            testing=self._one_of("t", _YES_OR_NO) or False,
            historic=tuple(name for name in self._tags if name in HISTORIC_TAGS),
            unknown=tuple(name for name in self._tags if name not in _KNOWN_TAGS | HISTORIC_TAGS),
            invalid=tuple(dict.fromkeys(self._invalid)),
        )

    def _one_of(self, name: str, values: Mapping[str, _Value]) -> _Value | None:
        """The value of a tag with fixed values; None where it is absent, or invalid, which is noted."""
        if name not in self._tags:
            return None
        value = values.get(self._tags[name].lower())
        if value is None:
            self._invalid.append(name)
        return value

    def _failure_options(self) -> tuple[str, ...]:
        if "fo" not in self._tags:
            return ("0",)
        options = tuple(self._tags["fo"].lower().split(":"))
        chosen = set(options)
        if chosen <= _FAILURE_OPTIONS and len(chosen) == len(options) and not {"0", "1"} <= chosen:
            return options
        self._invalid.append("fo")
        return ("0",)

    def _uris(self, name: str) -> tuple[ReportUri, ...]:
        if name not in self._tags:
            return ()
        read = [_report_uri(item.strip(" \t")) for item in self._tags[name].split(",")]
        if None in read:
            self._invalid.append(name)
        return tuple(uri for uri in read if uri is not None)


def _report_uri(text: str) -> ReportUri | None:
    """One item of a dmarc-urilist; None where it is no URI, or a `mailto:` without an address."""
    uri, marked, limit = text.partition("!")
    size = _SIZE_LIMIT.fullmatch(limit)
    if not is_listed_uri(uri) or (marked and size is None):
        return None
    address = _MAILTO.fullmatch(uri)
    if address is None and uri.lower().startswith("mailto:"):
        return None
    domain = address["domain"].lower() if address else None
    return ReportUri(uri, domain, None if size is None else _bytes(*size.groups()))


def _bytes(digits: str, unit: str) -> int:
    count = int(digits) if len(digits) <= _SIZE_LIMIT_DIGITS else 10**_SIZE_LIMIT_DIGITS
    return count * _SIZE_UNITS[unit.lower()]


def effective_policy(dmarc: Dmarc, *, subdomain: bool, exists: bool) -> Policy | None:
    """What a receiver is asked to do with failing mail (RFC 9989 sections 4.7 and 4.10.1).

    Args:
        dmarc: The record that applies.
        subdomain: Whether the From domain is a subdomain of the name the record was found at.
        exists: Whether the From domain exists in the DNS (it is not NXDOMAIN); of no account without `subdomain`.

    Returns:
        The policy after `t=y` has taken it one step down; None where the record is so incomplete that receivers
        apply no DMARC at all (no valid `p`, or a bad `sp` or `np`, and no valid `rua`).
    """
    if dmarc.counts_as_none:
        return Policy.NONE if dmarc.aggregate_uris else None
    asked = dmarc.policy
    if subdomain:
        asked = dmarc.subdomain_policy or asked
        asked = asked if exists else dmarc.nonexistent_policy or asked
    return _ONE_STEP_DOWN[asked] if dmarc.testing and asked else asked


_ONE_STEP_DOWN: Final = {
    Policy.REJECT: Policy.QUARANTINE,
    Policy.QUARANTINE: Policy.NONE,
    Policy.NONE: Policy.NONE,
}


def tree_walk_names(domain: str) -> tuple[str, ...]:
    """The names a full tree walk asks for a TXT record, in order (RFC 9989 section 4.10).

    The first is the domain's own; a walk stops early at a record with `psd=y` or `psd=n`. Each begins with
    `_dmarc.`, is in lower case and has no closing dot.

    Raises:
        DmarcError: no domain name (an empty or over-long label, or over-long in sum).
    """
    return tuple(f"_dmarc.{name}" for name in _walk(domain))


def organizational_domain(domain: str, found: Mapping[str, Dmarc]) -> str:
    """The organizational domain, from what a tree walk found (RFC 9989 section 4.10.2).

    Args:
        domain: Where the walk began.
        found: The single valid record at each name of `tree_walk_names(domain)` that has one.

    Raises:
        DmarcError: no domain name.
    """
    names = _walk(domain)
    labels = names[0].split(".")
    highest = names[0]
    for name in names:
        record = found.get(f"_dmarc.{name}")
        if record is None:
            continue
        if record.psd is PublicSuffix.NO:
            return name
        if record.psd is PublicSuffix.YES and name != names[0]:
            return ".".join(labels[-name.count(".") - 2 :])
        highest = name
    return highest


def _walk(domain: str) -> tuple[str, ...]:
    name = domain.removesuffix(".").lower()
    labels = name.split(".")
    if len(name) > MAX_DOMAIN_CHARS or not all(0 < len(label) <= MAX_LABEL_CHARS for label in labels):
        raise DmarcError("not a domain name")
    parents = range(min(len(labels) - 1, TREE_WALK_JUMP_LABELS), 0, -1)
    return (name, *(".".join(labels[-count:]) for count in parents))
