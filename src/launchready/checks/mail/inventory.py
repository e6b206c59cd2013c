"""Which services may send in the domain's name, as DNS tells, against those that the owner names."""

from collections.abc import Iterator

from launchready.facts.mail import DkimDiscovered, FoundKey, SpfRecords
from launchready.facts.mail_services import SERVICES, MailService, services_called
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.subject import Domain
from launchready.parse.rfc6376 import DkimKeyError, parse_dkim_key
from launchready.parse.rfc7208 import Mechanism, SpfError, parse_spf


@check(
    "sender-undeclared",
    impact=Impact.NOTE,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing yet; mail of a forgotten service may land in spam, or be somebody else's.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc7208#section-5.2",
        "https://www.rfc-editor.org/rfc/rfc6376#section-3.6.2",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def sender_undeclared(domain: Domain, spf: SpfRecords, found: DkimDiscovered) -> Judgement:
    """Every well-known service that DNS lets send for the domain is among the declared senders.

    ## Why it matters at launch
    A newsletter tool, a CRM or an old mail service that may still send in your name is nobody's concern until its mail
    fails, and then the whole domain's standing suffers.

    ## How to fix
    Add the service under [[senders]], so that its mail is checked too; or take its records out of DNS.
    """
    if any(not services_called(sender.name) for sender in domain.senders):
        return NotApplicable("a declared sender is no service that we know, so what DNS names may be that one's")
    seen = dict(services_seen(spf, found))
    known = [service for sender in domain.senders for service in services_called(sender.name)]
    selectors = {selector for sender in domain.senders for selector in sender.dkim_selectors}
    undeclared = {
        service.name: how
        for service, how in seen.items()
        if not any(_may_be_same(service, other) for other in known) and not selectors & set(service.dkim_selectors)
    }
    if not undeclared:
        return Pass()
    name, *_ = undeclared
    paste = f'[[senders]]\nname = "{name}"\ndomain = "{domain.name}"\ndkim_selectors = []  # from its page on domains'
    return Fail(
        tuple(f"{service}: {how}" for service, how in undeclared.items()),
        Fix("Add this to launchready.toml, or take the records out of DNS", paste),
    )


def services_seen(spf: SpfRecords, found: DkimDiscovered) -> Iterator[tuple[MailService, str]]:
    """Services that records name, and how, for `launchready init` too; the last reason of each counts."""
    includes = set(included_in(spf))
    for service in SERVICES:
        if service.spf_include in includes:
            yield service, f"the SPF record includes {service.spf_include}"
        for key in found.keys:
            if _is_of(service, key):
                yield service, f"there is a signing key at {key.selector}._domainkey"


def included_in(spf: SpfRecords) -> Iterator[str]:
    """The names that a domain's SPF records include, as far as they can be read."""
    for record in spf.records:
        try:
            directives = parse_spf(record).directives
        except SpfError:
            continue
        for directive in directives:
            if directive.mechanism is Mechanism.INCLUDE and directive.domain_spec:
                yield directive.domain_spec.lower().removesuffix(".")


def _is_of(service: MailService, key: FoundKey) -> bool:
    """Whether a key that can still be used is certainly a service's."""
    try:
        if parse_dkim_key(key.record).revoked:
            return False
    except DkimKeyError:
        return False
    if service.dkim_target and key.alias:
        return key.alias.endswith(service.dkim_target)
    return not key.alias and key.selector in service.own_selectors


def _may_be_same(one: MailService, other: MailService) -> bool:
    """Whether one service may send by the records of another: some stand on the same machines."""
    return one is other or (one.spf_include != "" and one.spf_include == other.spf_include)
