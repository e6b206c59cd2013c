"""Whether mail reaches the servers that take it, unread on the way, and comes from machines with a name."""

from launchready.facts.mail_exchange import (
    Exchanger,
    MailExchangers,
    MtaSts,
    SenderAddress,
    SenderAddresses,
    StsPolicy,
    TlsReports,
)
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain
from launchready.parse.rfc8460 import TlsRptError, parse_tls_rpt
from launchready.parse.rfc8461 import Mode, MtaStsError, MtaStsPolicy, parse_mta_sts_policy

NO_STS = "the domain makes no promise to senders (no MTA-STS record), which is no fault"


@check(
    "mail-exchange-insecure",
    impact=Impact.MINOR,
    customer_sees="Nothing; what they write to you can be read on its way.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://www.rfc-editor.org/rfc/rfc3207", "https://www.rfc-editor.org/rfc/rfc8461#section-4.1"),
)
def mail_exchange_insecure(seen: MailExchangers) -> Judgement:
    """The mail servers of every named contact encrypt, with a certificate that is good for their name.

    ## Why it matters at launch
    Customers write to you about payments and private matters. Without encryption anybody on the way can read it, and
    some large senders refuse to deliver.

    ## How to fix
    Switch on STARTTLS at the mail server, with a certificate for the name that the MX record gives it. A hosted mailbox
    has it, so a wrong MX name is the usual cause.
    """
    if not seen.of:
        return NotApplicable("no contact's domain names a mail server (MX), which another check says")
    wrong = [(one, fault) for one in seen.of if (fault := _insecurity(one))]
    if not wrong:
        return Pass()
    hosts = ", ".join(dict.fromkeys(one.host for one, _ in wrong))
    return Fail(
        tuple(f"{one.host} (for {one.domain}) {fault}" for one, fault in wrong),
        Fix(f"Switch on STARTTLS at {hosts}, with a certificate for that name, or correct the MX record"),
    )


def _insecurity(one: Exchanger) -> str:
    if not isinstance(one.encryption, Measured):
        return ""
    if not one.encryption.value.offered:
        return "does not offer to encrypt (STARTTLS)"
    fault = one.encryption.value.fault
    return fault and f"shows a certificate that senders can't trust: {fault}"


@check(
    "mta-sts-contradicts-mx",
    impact=Impact.BLOCKER,
    customer_sees="Their mail to you comes back as undeliverable, days later.",
    costs=(Cost.LEADS, Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc8461#section-4.1",
        "https://www.rfc-editor.org/rfc/rfc8461#section-5",
    ),
)
def mta_sts_contradicts_mx(domain: Domain, seen: MtaSts) -> Judgement:
    """The servers that take the domain's mail are among those that its policy tells senders to insist on.

    ## Why it matters at launch
    The policy (MTA-STS) says "deliver to these servers only". After a move to another mail provider it still names the
    old ones, and Gmail, Microsoft and others then deliver nothing at all.

    ## How to fix
    Replace the policy file by the one in the finding, and change the id in the record at `_mta-sts`.
    """
    if seen.policy is None:
        return NotApplicable(NO_STS)
    exchanges = seen.exchanges.value if isinstance(seen.exchanges, Measured) else ()
    if not isinstance(seen.policy, Measured):
        return Pass()
    policy = _read(seen.policy.value)
    if policy is None or policy.mode is not Mode.ENFORCE:
        return NotApplicable("no policy of the domain tells senders to insist on certain servers (mode: enforce)")
    if isinstance(seen.exchanges, Measured) and not exchanges:
        return NotApplicable("the domain names no mail server (MX)")
    if not exchanges or any(map(policy.allows, exchanges)):
        return Pass()
    do = f"Replace https://mta-sts.{domain.name}/.well-known/mta-sts.txt, and change the id at _mta-sts.{domain.name}"
    allowed = ", ".join(policy.mx)
    return Fail(
        tuple(f"{host} takes the mail, and the policy allows {allowed} alone" for host in exchanges),
        Fix(do, _policy_for(exchanges)),
    )


def _read(policy: StsPolicy) -> MtaStsPolicy | None:
    """The policy; None where senders can't use it."""
    try:
        return None if policy.fault else parse_mta_sts_policy(policy.text.encode("utf-8", "replace"))
    except MtaStsError:
        return None


def _policy_for(hosts: tuple[str, ...], mode: Mode = Mode.ENFORCE) -> str:
    """A policy file for servers; a week is what RFC 8461 section 3.2 has senders remember at least."""
    lines = ["version: STSv1", f"mode: {mode.value}", *(f"mx: {host}" for host in hosts), "max_age: 604800"]
    return "\n".join(lines) + "\n"


@check(
    "mta-sts-unfit",
    impact=Impact.MINOR,
    customer_sees="Nothing; what they write to you is less protected than you think.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc8461#section-3.1",
        "https://www.rfc-editor.org/rfc/rfc8461#section-3.3",
    ),
)
def mta_sts_unfit(domain: Domain, seen: MtaSts) -> Judgement:
    """The policy that the MTA-STS record points to can be fetched and read, and covers every mail server.

    ## Why it matters at launch
    A record without a policy protects nothing. A policy that leaves a server out loses mail on the day the others are
    down.

    ## How to fix
    Serve the policy file over https at the address in the finding, with a line for each MX record, or take the
    `_mta-sts` record out.
    """
    if seen.policy is None:
        return NotApplicable(NO_STS)
    if not isinstance(seen.policy, Measured):
        return Pass()
    policy = _read(seen.policy.value)
    exchanges = seen.exchanges.value if isinstance(seen.exchanges, Measured) else ()
    wrong = _left_out(policy, exchanges) if policy else (seen.policy.value.fault or "the policy can't be read",)
    if not wrong:
        return Pass()
    address = f"https://mta-sts.{domain.name}/.well-known/mta-sts.txt"
    return Fail(wrong, Fix(f"Serve this at {address}, and change the id at _mta-sts.{domain.name}", _draft(exchanges)))


def _left_out(policy: MtaStsPolicy, exchanges: tuple[str, ...]) -> tuple[str, ...]:
    if policy.mode is Mode.NONE:
        return ()
    return tuple(f"{host} takes mail, and the policy does not name it" for host in exchanges if not policy.allows(host))


def _draft(exchanges: tuple[str, ...]) -> str:
    return _policy_for(exchanges, Mode.TESTING) if exchanges else ""


@check(
    "tls-reports-missing",
    impact=Impact.NOTE,
    customer_sees="Nothing; you are the last to learn that their mail to you fails.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=5,
    sources=("https://www.rfc-editor.org/rfc/rfc8460#section-3",),
)
def tls_reports_missing(domain: Domain, sts: MtaSts, seen: TlsReports) -> Judgement:
    """A domain that tells senders to insist on encryption is told by them when that fails.

    ## Why it matters at launch
    A policy (MTA-STS) that no longer fits keeps mail out, and the mail that does not come is seen by nobody. Senders
    write daily reports about it, to whoever asks for them.

    ## How to fix
    Add the record in the finding, with a mailbox that somebody reads.
    """
    if sts.policy is None:
        return NotApplicable(NO_STS)
    name = f"_smtp._tls.{domain.name}"
    fix = Fix(f"Add this record at {name}", f'{name}. TXT "v=TLSRPTv1; rua=mailto:tls-reports@{domain.name}"')
    if len(seen.records) != 1:
        return Fail((f"{len(seen.records)} records at {name}, one is needed",), fix)
    try:
        parse_tls_rpt(seen.records[0])
    except TlsRptError as error:
        return Fail((f"{seen.records[0]}: {error}",), fix)
    return Pass()


@check(
    "sender-address-without-name",
    impact=Impact.MAJOR,
    customer_sees="Your mail is refused, or in the spam folder.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://support.google.com/a/answer/81126",
        "https://www.rfc-editor.org/rfc/rfc1912#section-2.1",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def sender_address_without_name(seen: SenderAddresses) -> Judgement:
    """Every declared address that sends mail has a name in DNS, and that name leads back to it.

    ## Why it matters at launch
    Gmail and Yahoo ask for it of everybody, and refuse or hide mail from an address that can't say who it is.

    ## How to fix
    Ask whoever rents you the machine to set its reverse name (PTR), then give that name an A or AAAA record with the
    address. A mail service has done it: then the declared address is the wrong one.
    """
    if not seen.of:
        return NotApplicable("launchready.toml names no addresses that mail is sent from (addresses under [[senders]])")
    wrong = [(one, fault) for one in seen.of if (fault := _namelessness(one))]
    if not wrong:
        return Pass()
    addresses = ", ".join(one.address for one, _ in wrong)
    return Fail(
        tuple(f"{one.address} ({one.sender}) {fault}" for one, fault in wrong),
        Fix(f"Have a reverse name (PTR) set for {addresses}, and give that name the same address"),
    )


def _namelessness(one: SenderAddress) -> str:
    if not isinstance(one.names, Measured):
        return ""
    names = one.names.value
    if not names:
        return "has no name (no PTR record)"
    if any(name.leads_back for name in names):
        return ""
    return f"is called {names[0].name}, and that name does not lead back to it"
