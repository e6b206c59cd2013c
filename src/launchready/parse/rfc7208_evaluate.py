"""SPF evaluation: check_host() of RFC 7208 section 4, with RFC 8616 for addresses beyond ASCII."""

import ipaddress
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from launchready.parse.inquiry import Answer, Inquiry, Lookup, Question, Status, answered, as_a_labels, is_name
from launchready.parse.rfc7208 import (
    LOOKUP_LIMIT,
    VOID_LOOKUP_LIMIT,
    Directive,
    Mechanism,
    Qualifier,
    Spf,
    SpfError,
    is_spf,
    parse_spf,
)
from launchready.parse.rfc7208_macros import as_target, expand, is_explain_string, uses_macro

MX_LIMIT: Final = 10
"""Mail exchanges of one `mx` whose addresses may be asked for (RFC 7208 section 4.6.4); more are a permerror."""

PTR_LIMIT: Final = 10
"""Host names of one address that are looked at (RFC 7208 section 4.6.4); the others are ignored."""

MAX_ARGUMENT_CHARS: Final = 1_000
"""The longest sender or HELO that is evaluated; SMTP allows 256 and 255 (RFC 5321 section 4.5.3.1)."""


class SpfResult(Enum):
    """The results of RFC 7208 section 2.6."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class SpfOutcome:
    """What an evaluation came to.

    Attributes:
        result: The result.
        reason: Why, in a few words, for a person to read.
        domain: Whose record decided: the domain that was checked, or the one it redirects to.
        matched: The directive that matched in that record; None where none did, or the result is an error or none.
        explanation: What the domain says of a fail by `exp=`; None where it says nothing that can be used.
        lookups: Terms that cost a DNS lookup and were reached, over all records; at most LOOKUP_LIMIT + 1.
        void_lookups: The questions of such terms that were answered with nothing, in order, one a term.
    """

    result: SpfResult
    reason: str
    domain: str
    matched: Directive | None = None
    explanation: str | None = None
    lookups: int = 0
    void_lookups: tuple[Question, ...] = ()


_RESULT_OF: Final = {
    Qualifier.PASS: SpfResult.PASS,
    Qualifier.FAIL: SpfResult.FAIL,
    Qualifier.SOFTFAIL: SpfResult.SOFTFAIL,
    Qualifier.NEUTRAL: SpfResult.NEUTRAL,
}


def check_host(
    ip: str, sender: str, helo: str, *, receiver: str = "unknown", timestamp_s: int = 0
) -> Inquiry[SpfOutcome]:
    """Evaluate the SPF policy of a sender (RFC 7208 section 4).

    The domain that is checked is the sender's; for an empty sender (a bounce) it is the HELO name (section 2.4).
    Each question is yielded as it is needed, the same one possibly twice: the driver may answer from memory.

    Args:
        ip: The address of the SMTP client. An IPv4-mapped IPv6 address is an IPv4 address (section 5).
        sender: MAIL FROM without angle brackets; without a local part, `postmaster` is taken (section 4.3).
        helo: The name the client gave with HELO or EHLO.
        receiver: The receiving host, for the macro `r` of explanations.
        timestamp_s: Seconds since 1970, for the macro `t` of explanations.

    Raises:
        SpfError: `ip` is no address, or `sender` or `helo` has more than MAX_ARGUMENT_CHARS characters. Everything
            a domain may publish leads to a result.
    """
    check = _Check(_client(ip), sender, helo, receiver, timestamp_s)
    return (yield from check.run())


def evaluate_spf(
    ip: str, sender: str, helo: str, lookup: Lookup, *, receiver: str = "unknown", timestamp_s: int = 0
) -> SpfOutcome:
    """`check_host` with a look-up that answers at once."""
    return answered(check_host(ip, sender, helo, receiver=receiver, timestamp_s=timestamp_s), lookup)


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Matching = Generator[Question, Answer, bool]


class _Stop(Exception):  # noqa: N818 - it carries a result, which need not be an error
    """Ends the evaluation with a result that no term further out can change (RFC 7208 section 5.2's table)."""

    def __init__(self, result: SpfResult, reason: str) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason


def _client(ip: str) -> _Address:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        raise SpfError("the client's address is no IP address") from None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise SpfError("the client's address has a zone, which means nothing elsewhere")
        return address.ipv4_mapped or address
    return address


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The result of one record, before anything further out makes something else of it."""

    result: SpfResult
    reason: str
    domain: str
    matched: Directive | None = None
    record: Spf | None = None


class _Check:
    """One evaluation, over all the records it reaches."""

    def __init__(self, client: _Address, sender: str, helo: str, receiver: str, timestamp_s: int) -> None:
        if max(len(sender), len(helo)) > MAX_ARGUMENT_CHARS:
            raise SpfError(f"the sender or the HELO name is longer than {MAX_ARGUMENT_CHARS} characters")
        local, _, domain = sender.rpartition("@") if sender else ("", "", helo)
        self._client = client
        self._domain = as_a_labels(domain)
        self._fixed = _fixed_values(client, local or "postmaster", self._domain, helo)
        self._explained = {"c": str(client), "r": receiver, "t": str(timestamp_s)}
        self._lookups = 0
        self._void: list[Question] = []
        self._names: tuple[str, ...] | None = None

    def run(self) -> Inquiry[SpfOutcome]:
        try:
            verdict = yield from self._check(self._domain)
            explanation = None
            if verdict.result is SpfResult.FAIL and verdict.record is not None:
                explanation = yield from self._explanation(verdict.record, verdict.domain)
        except _Stop as stop:
            verdict, explanation = _Verdict(stop.result, stop.reason, self._domain), None
        return SpfOutcome(
            verdict.result,
            verdict.reason,
            verdict.domain,
            verdict.matched,
            explanation,
            self._lookups,
            tuple(self._void),
        )

    def _check(self, domain: str) -> Generator[Question, Answer, _Verdict]:
        """check_host() of one domain; `redirect` goes on in it, `include` begins another one."""
        if not _can_have_policy(domain):
            return _Verdict(SpfResult.NONE, f"{domain!a} is no domain name that could have a policy", domain)
        answer = yield Question(domain.lower(), "TXT")
        if answer.status is Status.TEMPFAIL:
            raise _Stop(SpfResult.TEMPERROR, f"no answer for the TXT records of {domain}")
        records = [text for text in answer.records if is_spf(text)]
        if not records:
            return _Verdict(SpfResult.NONE, f"{domain} has no SPF record", domain)
        if len(records) > 1:
            raise _Stop(SpfResult.PERMERROR, f"{domain} has {len(records)} SPF records")
        try:
            record = parse_spf(records[0])
        except SpfError as error:
            raise _Stop(SpfResult.PERMERROR, f"the SPF record of {domain}: {error}") from None
        return (yield from self._judge(record, domain))

    def _judge(self, record: Spf, domain: str) -> Generator[Question, Answer, _Verdict]:
        for directive in record.directives:
            if (yield from self._matches(directive, domain)):
                reason = f"{directive.mechanism.value} of {domain} matches"
                return _Verdict(_RESULT_OF[directive.qualifier], reason, domain, directive, record)
        if record.redirect is None:
            return _Verdict(SpfResult.NEUTRAL, f"nothing in the SPF record of {domain} matches", domain, None, record)
        self._count()
        target = yield from self._target(record.redirect, domain)
        verdict = (yield from self._check(target)) if target else None
        if verdict is None or verdict.result is SpfResult.NONE:
            raise _Stop(SpfResult.PERMERROR, f"{domain} redirects to a domain without an SPF record")
        return verdict

    def _matches(self, directive: Directive, domain: str) -> _Matching:
        mechanism = directive.mechanism
        if mechanism is Mechanism.ALL:
            return True
        if mechanism in {Mechanism.IP4, Mechanism.IP6}:
            return self._is_in(directive.ip or "", directive)
        self._count()
        target = yield from self._target(directive.domain_spec, domain)
        if mechanism is Mechanism.INCLUDE:
            return (yield from self._include(target, domain))
        if not target:
            return False  # no name, so nothing is found there; RFC 7208 section 4.8 leaves this case open
        return (yield from self._look(directive, target))

    def _look(self, directive: Directive, target: str) -> _Matching:
        void_before = len(self._void)
        match directive.mechanism:
            case Mechanism.EXISTS:
                return bool((yield from self._ask(target, "A", void_before)))  # A, also of IPv6 (section 5.7)
            case Mechanism.PTR:
                names = yield from self._validated_names(void_before)
                return any(_is_within(name, target) for name in names)
            case Mechanism.MX:
                hosts = yield from self._exchanges(target, void_before)
            case _:
                hosts = (target,)
        for host in hosts:
            addresses = yield from self._ask(host, self._address_type, void_before)
            if any(self._is_in(address, directive) for address in addresses):
                return True
        return False

    def _include(self, target: str, domain: str) -> _Matching:
        """RFC 7208 section 5.2: only a pass matches; no policy there is a permerror."""
        verdict = (yield from self._check(target)) if target else None
        if verdict is None or verdict.result is SpfResult.NONE:
            raise _Stop(SpfResult.PERMERROR, f"{domain} includes {target!a}, which has no SPF record")
        return verdict.result is SpfResult.PASS

    def _exchanges(self, target: str, void_before: int) -> Generator[Question, Answer, tuple[str, ...]]:
        records = yield from self._ask(target, "MX", void_before)
        if len(records) > MX_LIMIT:
            raise _Stop(SpfResult.PERMERROR, f"{target} has more than {MX_LIMIT} mail exchanges")
        by_preference = sorted((_preference(record), record.rpartition(" ")[2]) for record in records)
        names = (name.removesuffix(".").lower() for _, name in by_preference)
        return tuple(name for name in names if is_name(name))  # a null MX (RFC 7505) names nothing to ask for

    def _validated_names(self, void_before: int | None = None) -> Generator[Question, Answer, tuple[str, ...]]:
        """The names of the client that lead back to it (RFC 7208 section 5.5); none where the DNS can't say."""
        if self._names is not None:
            return self._names
        self._names = ()
        answer = yield from self._try(self._client.reverse_pointer, "PTR", void_before)
        found: list[str] = []
        for record in answer.records[:PTR_LIMIT]:
            name = record.removesuffix(".").lower()
            if is_name(name):
                back = yield from self._try(name, self._address_type, void_before)
                found += [name] if any(_parsed(one) == self._client for one in back.records) else []
        self._names = tuple(dict.fromkeys(found))
        return self._names

    def _ask(self, name: str, rtype: str, void_before: int) -> Generator[Question, Answer, tuple[str, ...]]:
        answer = yield from self._try(name, rtype, void_before)
        if answer.status is Status.TEMPFAIL:
            raise _Stop(SpfResult.TEMPERROR, f"no answer for the {rtype} records of {name}")
        return answer.records

    def _try(self, name: str, rtype: str, void_before: int | None) -> Generator[Question, Answer, Answer]:
        """Ask; an answer without records makes its term a void lookup (RFC 7208 section 4.6.4), once."""
        question = Question(name.lower(), rtype)
        answer = yield question
        is_void = answer.status in {Status.NODATA, Status.NXDOMAIN}
        if is_void and void_before is not None and len(self._void) == void_before:
            self._void.append(question)
            if len(self._void) > VOID_LOOKUP_LIMIT:
                raise _Stop(SpfResult.PERMERROR, f"more than {VOID_LOOKUP_LIMIT} look-ups found nothing")
        return answer

    def _count(self) -> None:
        self._lookups += 1
        if self._lookups > LOOKUP_LIMIT:
            raise _Stop(SpfResult.PERMERROR, f"more than {LOOKUP_LIMIT} DNS look-ups are needed")

    def _target(self, spec: str | None, domain: str) -> Generator[Question, Answer, str]:
        """The name a term is about; empty where what comes out is no name that could be asked for."""
        if spec is None:
            return domain
        values = yield from self._values(spec, domain)
        target = as_target(expand(spec, values))
        return target if is_name(target) else ""

    def _values(self, text: str, domain: str) -> Generator[Question, Answer, Mapping[str, str]]:
        name = "unknown"
        if uses_macro(text, "p"):
            names = yield from self._validated_names()
            name = _closest(names, domain.lower())
        return {**self._fixed, **self._explained, "d": domain, "p": name}

    def _explanation(self, record: Spf, domain: str) -> Generator[Question, Answer, str | None]:
        """RFC 7208 section 6.2: whatever goes wrong on the way, it is as if there were no `exp`."""
        if record.explanation is None:
            return None
        target = yield from self._target(record.explanation, domain)
        if not target:
            return None
        answer = yield Question(target.lower(), "TXT")
        if len(answer.records) != 1 or not is_explain_string(answer.records[0]):
            return None
        text = expand(answer.records[0], (yield from self._values(answer.records[0], domain)))
        return text if text.isascii() else None

    @property
    def _address_type(self) -> str:
        return "A" if self._client.version == 4 else "AAAA"

    def _is_in(self, address: str, directive: Directive) -> bool:
        """Whether the client is in the network of an address, of its own family (RFC 7208 section 5)."""
        parsed = _parsed(address)
        if parsed is None or parsed.version != self._client.version:
            return False
        bits = directive.cidr4 if self._client.version == 4 else directive.cidr6
        spare = 0 if bits is None else self._client.max_prefixlen - bits
        return int(parsed) >> spare == int(self._client) >> spare


def _fixed_values(client: _Address, local: str, domain: str, helo: str) -> dict[str, str]:
    """What the macros stand for that are the same in every record (RFC 7208 section 7.2).

    The hexadecimal digits of `i` are upper-case, as the public test suite has them; in a name it makes no difference.
    """
    dotted = str(client) if client.version == 4 else ".".join(client.exploded.replace(":", "").upper())
    family = "in-addr" if client.version == 4 else "ip6"
    return {"s": f"{local}@{domain}", "l": local, "o": domain, "i": dotted, "h": helo, "v": family}


def _can_have_policy(domain: str) -> bool:
    """RFC 7208 section 4.3: a well-formed name of several labels; a domain literal is none."""
    return "." in domain and is_name(domain) and not domain.startswith("[")


def _preference(record: str) -> int:
    digits = record.partition(" ")[0]
    return int(digits) if digits.isdecimal() and len(digits) <= len("65535") else 0


def _parsed(address: str) -> _Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _is_within(name: str, domain: str) -> bool:
    return f".{name}".endswith(f".{domain.lower()}")


def _closest(names: tuple[str, ...], domain: str) -> str:
    """The name for the macro `p`: the domain itself, else one below it, else any, else `unknown` (section 7.3)."""
    below = (name for name in names if _is_within(name, domain))
    return domain if domain in names else next(below, next(iter(names), "unknown"))
