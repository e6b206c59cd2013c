"""The mail view: the checks of mail alone, what stands in DNS, and what the large providers ask."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from launchready.app.audit import utc_now
from launchready.app.mail_records import records_in
from launchready.app.registry import Registry
from launchready.checks.mail.message import lines_of
from launchready.checks.mail.receivers import READ_ON, REQUIREMENTS, state_of
from launchready.engine.judge import judge
from launchready.facts.received_mail import MessageLine
from launchready.model.check import Check, Fail, Impact, Layer, NotMeasured, Outcome, Pass
from launchready.model.evidence import Evidence
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Journey, Sender
from launchready.model.verdict import Decision, Result
from launchready.net.dns_client import DnsClient
from launchready.net.network import Network
from launchready.parse.inquiry import is_name
from launchready.probes.received_mail import Origin, examine
from launchready.report.finding import Finding
from launchready.report.mail import MailFound, MailGap, MailView, ReceiverLine

RECEIVING: Final = ("support-mailbox-unreachable",)
"""Checks of mail that live elsewhere."""

SOMEBODY: Final = Sender("your mail service", ())
"""Who sends for a domain of which only the name was typed."""


def checks_of_mail(registry: Registry, *, journey: bool) -> tuple[str, ...]:
    """Ids of the checks about mail; those that walk the sign-up only where that is wanted."""
    return tuple(
        check.id
        for check in registry.checks.values()
        if (check.layer is Layer.MAIL or check.id in RECEIVING) and (journey or check.about is not Journey)
    )


def as_sender(product: Product) -> Product:
    """A product of which only the name was typed, as one whose domain sends mail: the question says so."""
    if product.has_file:
        return product
    domains = tuple(replace(domain, senders=(SOMEBODY,)) for domain in product.domains)
    return replace(product, sends_mail=True, domains=domains)


def view_of(evidence: Evidence, registry: Registry, only: tuple[str, ...]) -> MailView:
    """What evidence says of mail; touches nothing."""
    results = judge(evidence, registry.chosen(only), evidence.at)
    outcomes: dict[str, list[Outcome]] = {}
    for result in results:
        outcomes.setdefault(result.check.id, []).append(result.outcome)
    receivers = tuple(
        ReceiverLine(one.receiver, one.asks, one.of.value, one.since, state_of(one, outcomes).value, one.source)
        for one in REQUIREMENTS
    )
    return MailView(
        name=evidence.product.name,
        decision=decision_of(results).value,
        findings=tuple(sorted(_findings(results), key=lambda one: (-one.impact, one.check, one.subject))),
        gaps=tuple(_gaps(results)),
        passed=sum(isinstance(result.outcome, Pass) for result in results),
        found=tuple(_found(evidence)),
        receivers=receivers,
        read_on=READ_ON,
    )


def decision_of(results: tuple[Result, ...]) -> Decision:
    """May this mail be sent, by the checks of mail alone?"""
    failed = {result.check.impact for result in results if isinstance(result.outcome, Fail) and result.waiver is None}
    unknown = {result.check.impact for result in results if isinstance(result.outcome, NotMeasured)}
    blocked = any(isinstance(r.outcome, Fail) and r.check.impact is Impact.BLOCKER for r in results)
    if blocked:
        return Decision.NO_GO
    if Impact.BLOCKER in unknown:
        return Decision.UNDETERMINED
    return Decision.GO_WITH_RISKS if Impact.MAJOR in failed | unknown else Decision.GO


def _findings(results: tuple[Result, ...]) -> Iterator[Finding]:
    for result in results:
        if isinstance(result.outcome, Fail):
            check, fix = result.check, result.outcome.fix
            offenders = result.outcome.offenders
            yield Finding(check.id, check.impact, check.title, result.subject, offenders, fix.do, fix.paste)


def _gaps(results: tuple[Result, ...]) -> Iterator[MailGap]:
    for result in results:
        if isinstance(result.outcome, NotMeasured):
            check: Check = result.check
            yield MailGap(check.id, check.title, result.subject, result.outcome.detail, result.outcome.need)


def _found(evidence: Evidence) -> Iterator[MailFound]:
    """The records themselves, as they were seen."""
    for entry in evidence.entries:
        if isinstance(entry.reading, Measured):
            yield from records_in(entry.reading.value, evidence.product)


async def judge_message(
    raw: bytes, network: Network, origin: Origin, product: Product | None = None
) -> tuple[MessageLine, ...]:
    """What is to be said of a received message.

    Args:
        raw: The message as it was received.
        network: Through which to look.
        origin: What is known of where it came from.
        product: The product that it is of; None where nobody says.

    Raises:
        MailError: It is no message that can be judged.
    """
    mail = await examine(
        raw,
        DnsClient(network),
        now_s=int(utc_now().timestamp()),
        registrable=_registrable,
        origin=origin,
        known_hosts=frozenset(host.name for host in product.hosts) if product else (),
    )
    return lines_of(mail, tuple(domain.name for domain in product.domains) if product else ())


def _registrable(name: str) -> str | None:
    """By the public suffix list; None for a name that nobody can register."""
    suffix = _suffixes().privatesuffix(name) if is_name(name) else None
    return suffix if isinstance(suffix, str) else None


@cache
def _suffixes() -> PublicSuffixList:
    """The list that came with the installed package; read once, in about 40 ms, and only when needed."""
    return PublicSuffixList()
