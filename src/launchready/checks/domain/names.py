"""Names that stand in DNS under the wrong name, by a wildcard only, or without anybody's knowing."""

from launchready.facts.domain import HostAddresses
from launchready.facts.names import DoubledHost, DoubledMailNames, NameInUse, NamesInUse, Wildcard
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.subject import Domain, Host

RFC_1034_RELATIVE = "https://www.rfc-editor.org/rfc/rfc1034#section-3.1"
TWICE = "The panel added your domain twice: type the name without {domain} there, or with a dot at its end"


@check(
    "host-name-doubled",
    impact=Impact.MAJOR,
    customer_sees="The browser says that the site can't be found.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=5,
    sources=(RFC_1034_RELATIVE, "https://github.com/sendgrid/docs/issues/3830"),
    explains=("domain-unresolved",),
)
def host_name_doubled(host: Host, seen: DoubledHost) -> Judgement:
    """The host's record does not stand under its name with the domain behind it once more.

    ## Why it matters at launch
    Many DNS panels add your domain to whatever you type. Who types the whole name makes a record for
    `app.example.com.example.com`; the panel shows it as done, and the real name leads nowhere.

    ## How to fix
    Make the record again with the short name that the panel wants, and delete the doubled one.
    """
    if not seen.records:
        return Pass()
    short = host.name.removesuffix(host.domain).rstrip(".") or "@"
    return Fail(
        (f"{host.name} has no record, and {seen.doubled} has: {', '.join(seen.records)}",),
        Fix(
            TWICE.format(domain=host.domain),
            "\n".join(f"{short} {_type_of(record)} {_value(record)}" for record in seen.records),
        ),
    )


@check(
    "name-doubled",
    impact=Impact.MAJOR,
    customer_sees="Mails of yours land in spam or bounce, although the mail service said that all is set up.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=5,
    sources=(RFC_1034_RELATIVE, "https://github.com/sendgrid/docs/issues/3830"),
    explains=("dkim-key-unusable", "dmarc-missing"),
)
def name_doubled(domain: Domain, seen: DoubledMailNames) -> Judgement:
    """No record that mail needs stands under its name with the domain behind it once more.

    ## Why it matters at launch
    Many DNS panels add your domain to whatever you type. Who pastes the whole name that the mail service shows makes
    a record that nobody looks at, and mail goes out without what proves that it is yours.

    ## How to fix
    Make the record again with the short name that the panel wants, and delete the doubled one.
    """
    if not seen.found:
        return Pass()
    return Fail(
        tuple(f"{one.name} has no {one.rtype} record, and {one.doubled} has" for one in seen.found),
        Fix(
            TWICE.format(domain=domain.name),
            "\n".join(
                f"{one.name.removesuffix(f'.{domain.name}')} {one.rtype} {_quoted(one.rtype, record)}"
                for one in seen.found
                for record in one.records
            ),
        ),
    )


@check(
    "wildcard-hides-missing",
    impact=Impact.MINOR,
    confidence=Confidence.LIKELY,
    customer_sees="Perhaps another page than the one meant: this name is answered like any made-up one.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc4592#section-3.3.1",),
    when=(HAS_FILE,),
)
def wildcard_hides_missing(host: Host, seen: HostAddresses, everything: Wildcard) -> Judgement:
    """The host has a record of its own, or the declaration says where it should point.

    ## Why it matters at launch
    Your domain answers every name, even one that nobody made, and this host gets the same answer. So its own record
    may be missing or misspelt, and no test would show it.

    ## How to fix
    Add a record for the host itself, or declare its addresses or cname in launchready.toml.
    """
    if not everything.records or host.addresses or host.cname is not None:
        return Pass()
    answer = seen.cname_chain[:1] or seen.addresses
    if answer != everything.records or everything.varies:
        return Pass()
    record = answer[0]
    return Fail(
        (f"{host.name} is answered as any made-up name is ({', '.join(answer)}), so it may have no record of its own",),
        Fix(f"Give {host.name} a record of its own", f"{host.name}. {_type_of(record)} {_value(record)}"),
    )


@check(
    "name-undeclared",
    impact=Impact.MINOR,
    customer_sees="An old or half-finished site under your name, when they come across it.",
    costs=(Cost.TICKETS, Cost.LEADS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://learn.microsoft.com/en-us/azure/security/fundamentals/subdomain-takeover",),
    when=(HAS_FILE,),
)
def name_undeclared(domain: Domain, seen: NamesInUse) -> Judgement:
    """Every name that was found under the domain is declared, with what it is for.

    ## Why it matters at launch
    A name that nobody remembers is a server that nobody updates, or an alias that a stranger may claim one day. It
    shares your good name, and often your cookies.

    ## How to fix
    Delete the records that you need no more. Declare the others: as a host where customers use it, else as a name.
    """
    if not seen.asked:
        return NotApplicable(f"every usual name under {domain.name} is declared")
    if not seen.found:
        return Pass()
    return Fail(
        tuple(f"{one.name} is in DNS and not declared ({_leads(one)})" for one in seen.found),
        Fix(
            "Delete the records that you don't need, and declare the other names in launchready.toml",
            "\n".join(f'[[names]]\nname = "{one.name}"\npurpose = "what it is for"' for one in seen.found),
        ),
    )


def _leads(one: NameInUse) -> str:
    return f"to {', '.join(one.records)}" + (", which leads nowhere" if one.leads_nowhere else "")


def _type_of(record: str) -> str:
    """The type of a record that is an address or else an alias's target."""
    if ":" in record:
        return "AAAA"
    return "A" if record.replace(".", "").isdigit() else "CNAME"


def _value(record: str) -> str:
    return f"{record}." if _type_of(record) == "CNAME" else record


def _quoted(rtype: str, record: str) -> str:
    return {"TXT": f'"{record}"', "CNAME": f"{record}."}.get(rtype, record)
