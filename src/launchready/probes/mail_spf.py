"""Go through the domain's SPF policies as a receiver does."""

import asyncio
from collections.abc import Iterable
from typing import Final

from launchready.facts.mail_spf import SenderSpf, SendersSpf, SpfPolicies, SpfPolicy, SpfPolicyOf, SpfTerm, SpfVerdict
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Sender
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.parse.inquiry import Question, Status, is_name
from launchready.parse.rfc7208 import (
    VOID_LOOKUP_LIMIT,
    Directive,
    Mechanism,
    Modifier,
    SpfError,
    is_spf,
    parse_spf,
)
from launchready.parse.rfc7208_evaluate import SpfOutcome, SpfResult, check_host
from launchready.probes.mail_questions import answer_to, inquire
from launchready.probes.nested import all_at_once, reading_of

NOBODY: Final = "198.18.0.1"
"""An address for benchmarks (RFC 2544), from which nobody sends mail: a policy is gone through to its end for it."""

MAX_TERMS: Final = 24
"""Terms whose cost is measured one by one: over twice the limit of ten look-ups (RFC 7208 section 4.6.4)."""


@probe(manner=Manner.PASSIVE, timeout_s=12.0)
async def spf_policies(domain: Domain, dns: DnsClient, clock: Clock) -> SpfPolicies:
    """Read the policy of the domain and of each declared bounce domain."""
    names = tuple(dict.fromkeys((domain.name, *(sender.bounce_domain for sender in domain.senders))))
    wanted = [name for name in names if name]
    policies = await all_at_once(reading_of(_policy(name, dns), clock) for name in wanted)
    return SpfPolicies(tuple(SpfPolicyOf(name, policy) for name, policy in zip(wanted, policies, strict=True)))


async def _policy(name: str, dns: DnsClient) -> SpfPolicy:
    """Raises NotSeen where a part can't be looked up, or hangs on who sends."""
    records = await spf_texts(name, dns)
    async with asyncio.TaskGroup() as group:
        whole = group.create_task(_walk(name, dns))
        terms = [group.create_task(_term(text, term, name, dns)) for text, term in _costly(records)]
    outcome = whole.result()
    _refuse_guesses(name, outcome)
    voids = tuple(question.name for question in outcome.void_lookups)
    measured = tuple(term.result() for term in terms)
    return SpfPolicy(records, outcome.result, outcome.reason, outcome.lookups, voids, measured)


def _refuse_guesses(name: str, outcome: SpfOutcome) -> None:
    if outcome.result is SpfResult.TEMPERROR:
        raise NotSeen(Why.TIMED_OUT, f"the SPF policy of {name}: {outcome.reason}")
    by_message = [question.name for question in outcome.void_lookups if _hangs_on_us(question.name)]
    gave_up = outcome.result is SpfResult.PERMERROR and len(outcome.void_lookups) > VOID_LOOKUP_LIMIT
    if gave_up and by_message:
        detail = f"the SPF policy of {name} asks for names made of the sender's address, such as {by_message[0]}"
        raise NotSeen(Why.UNREADABLE, detail)


def _hangs_on_us(name: str) -> bool:
    """Whether a name was made of the address or the sender that we took, by a macro."""
    backwards = ".".join(reversed(NOBODY.split(".")))
    return NOBODY in name or backwards in name or "postmaster" in name


async def _walk(name: str, dns: DnsClient) -> SpfOutcome:
    return await inquire(check_host(NOBODY, f"postmaster@{name}", name), dns)


async def _term(text: str, term: Directive | Modifier, name: str, dns: DnsClient) -> SpfTerm:
    """What a term costs: one look-up, and those of the record that it leads to."""
    match term:
        case Directive(mechanism=Mechanism.INCLUDE, domain_spec=str(target)) | Modifier(value=target) if (
            "%" not in target
        ):
            if not is_name(target.removesuffix(".")):
                return SpfTerm(text, 1, "no name that can be asked for")
            outcome = await _walk(target, dns)
            fault = outcome.reason if outcome.result in {SpfResult.PERMERROR, SpfResult.NONE} else ""
            return SpfTerm(text, 1 + outcome.lookups, fault)
        case Directive(mechanism=Mechanism.A | Mechanism.MX, domain_spec=spec) if "%" not in (spec or ""):
            kinds = ("MX",) if term.mechanism is Mechanism.MX else ("A", "AAAA")
            answers = await all_at_once(answer_to(Question(spec or name, kind), dns) for kind in kinds)
            is_void = all(answer.status in {Status.NODATA, Status.NXDOMAIN} for answer in answers)
            return SpfTerm(text, 1, "finds nothing" if is_void else "")
        case _:
            return SpfTerm(text, 1, "")


def _costly(records: Iterable[str]) -> tuple[tuple[str, Directive | Modifier], ...]:
    """The terms of all records that cost look-ups, as they stand there and as they are read, each once."""
    found: dict[str, Directive | Modifier] = {}
    for record in records:
        try:
            spf = parse_spf(record)
        except SpfError:
            continue
        asking = frozenset(spf.lookups)
        words = filter(None, record[len("v=spf1") :].split(" "))
        found |= {word: term for word, term in zip(words, spf.terms, strict=True) if term in asking}
    return tuple(found.items())[:MAX_TERMS]


@probe(manner=Manner.PASSIVE, timeout_s=12.0)
async def senders_spf(domain: Domain, dns: DnsClient, clock: Clock) -> SendersSpf:
    """Judge each declared address of each sender."""
    pairs = [(sender, address) for sender in domain.senders for address in sender.addresses]
    return SendersSpf(await all_at_once(_sender_spf(sender, address, domain, dns, clock) for sender, address in pairs))


async def _sender_spf(sender: Sender, address: str, domain: Domain, dns: DnsClient, clock: Clock) -> SenderSpf:
    envelope = sender.bounce_domain or sender.from_domain or domain.name
    return SenderSpf(sender.name, address, envelope, await reading_of(_verdict(address, envelope, dns), clock))


async def _verdict(address: str, envelope: str, dns: DnsClient) -> SpfVerdict:
    outcome = await inquire(check_host(address, f"postmaster@{envelope}", envelope), dns)
    if outcome.result is SpfResult.TEMPERROR:
        raise NotSeen(Why.TIMED_OUT, f"the SPF policy of {envelope}: {outcome.reason}")
    return SpfVerdict(outcome.result, outcome.reason, await spf_texts(envelope, dns))


async def spf_texts(name: str, dns: DnsClient) -> tuple[str, ...]:
    """The TXT records of a name that receivers take for SPF (RFC 7208 section 4.5), sorted."""
    return tuple(sorted(text for text in (await dns.query(name, "TXT")).records if is_spf(text)))
