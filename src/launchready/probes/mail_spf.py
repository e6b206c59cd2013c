"""Go through the domain's SPF policies as a receiver does."""

import asyncio
from collections.abc import Iterable
from typing import Final

from launchready.facts.mail_spf import (
    SenderSpf,
    SendersSpf,
    SpfPolicies,
    SpfPolicy,
    SpfPolicyOf,
    SpfReached,
    SpfVerdict,
)
from launchready.model.probe import Manner, probe
from launchready.model.reading import NotSeen, Why
from launchready.model.subject import Domain, Sender
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.parse.rfc7208 import VOID_LOOKUP_LIMIT, is_spf, valid_spf
from launchready.parse.rfc7208_evaluate import SpfOutcome, SpfResult, check_host
from launchready.parse.rfc7208_survey import SpfSurvey, spf_text, survey_spf
from launchready.probes.mail_questions import inquire
from launchready.probes.nested import all_at_once, reading_of

NOBODY: Final = "198.18.0.1"
"""An address for benchmarks (RFC 2544), from which nobody sends mail: a policy is gone through to its end for it."""


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
        survey = group.create_task(_survey(name, records, dns))
    outcome, seen = whole.result(), survey.result()
    _refuse_guesses(name, outcome)
    voids = tuple(question.name for question in outcome.void_lookups)
    reached = tuple(SpfReached(at, spf_text(record)) for at, record in seen.fetched)
    return SpfPolicy(
        records,
        outcome.result,
        outcome.reason,
        outcome.lookups,
        voids,
        terms=tuple(dict.fromkeys(seen.costs)),
        reached=reached,
        is_complete=seen.is_complete and not seen.unanswered,
    )


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


async def _survey(name: str, records: Iterable[str], dns: DnsClient) -> SpfSurvey:
    """What each term of all the records that can be read costs, and what it leads to."""
    readable = [record for record in map(valid_spf, records) if record is not None]
    return await inquire(survey_spf(name, readable), dns)


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
