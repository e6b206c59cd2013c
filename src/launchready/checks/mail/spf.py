"""Who may send the domain's mail (SPF, RFC 7208)."""

from launchready.checks.mail.spf_record import write_record
from launchready.facts.mail import SpfRecords
from launchready.facts.mail_services import services_called
from launchready.facts.mail_spf import SpfPolicies, SpfPolicy
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain, Sender
from launchready.parse.rfc7208 import LOOKUP_LIMIT, Qualifier, SpfError, parse_spf
from launchready.parse.rfc7208_evaluate import SpfResult
from launchready.parse.rfc7208_merge import MergedSpf, txt_strings

NO_RECORD = "there is no SPF record, which another check says"
ELSEWHERE = "receivers ask for SPF at the bounce domains of the declared senders, which another check looks at"
COSTS = (Cost.LEADS, Cost.TICKETS)


@check(
    "spf-missing",
    impact=Impact.BLOCKER,
    customer_sees="Your confirmation mail is in the spam folder, or nowhere.",
    costs=COSTS,
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc7208#section-3", "https://support.google.com/a/answer/81126"),
    when=(DOMAIN_SENDS_MAIL,),
)
def spf_missing(domain: Domain, spf: SpfRecords) -> Judgement:
    """The domain says who may send its mail.

    ## Why it matters at launch
    The large mailbox providers refuse or hide mail of domains that don't say it. Who can't confirm an address never
    becomes a customer.

    ## How to fix
    Add one TXT record at the domain itself that names each service which sends for it. Each service's help page has its
    part.
    """
    if spf.records:
        return Pass()
    if domain.senders and all(sender.bounce_domain not in {"", domain.name} for sender in domain.senders):
        return NotApplicable(ELSEWHERE)
    senders = ", ".join(sender.name for sender in domain.senders)
    fix = f"Add one TXT record at {domain.name} that begins with v=spf1 and includes {senders}, as its help page says"
    record = " ".join(["v=spf1", *filter(None, map(_include, domain.senders)), "~all"])
    return Fail(
        (f"{domain.name} has no TXT record that begins with v=spf1",),
        Fix(fix, f'{domain.name}. TXT "{record}"'),
    )


def _include(sender: Sender) -> str:
    """What lets a sender in: its address, its service's include, or a place for the founder to fill in."""
    if sender.addresses:
        return " ".join(f"{'ip6' if ':' in address else 'ip4'}:{address}" for address in sender.addresses)
    service = next((one for one in services_called(sender.name)), None)
    if service is None:
        return f"include:<the SPF name of {sender.name}>"
    return service.spf_include and f"include:{service.spf_include}"


@check(
    "spf-invalid",
    impact=Impact.BLOCKER,
    customer_sees="Your confirmation mail is in the spam folder, or nowhere.",
    costs=COSTS,
    fixer=Fixer.OWNER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc7208#section-4.5",
        "https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def spf_invalid(domain: Domain, spf: SpfRecords, seen: SpfPolicies) -> Judgement:
    """There is one SPF record, receivers can read it, and it needs at most ten DNS look-ups.

    ## Why it matters at launch
    Two records, a typo, an eleventh look-up or a third that finds nothing is a permanent error: receivers then treat
    all mail of the domain as if it had no record.

    ## How to fix
    Merge two records into one; mend the term that is named; take out the include of each service that no longer sends.
    """
    if not spf.records:
        return NotApplicable(NO_RECORD)
    policy = next((p.policy.value for p in seen.of if p.name == domain.name and isinstance(p.policy, Measured)), None)
    if len(spf.records) > 1:
        return _several(domain, spf.records, policy)
    try:
        parse_spf(spf.records[0])
    except SpfError as error:
        return Fail((f"{spf.records[0]}: {error}",), Fix(f"Mend the SPF record of {domain.name}: {error}"))
    if policy is None or policy.result is not SpfResult.PERMERROR:
        return Pass()
    return _broken(domain, policy)


def _several(domain: Domain, records: tuple[str, ...], policy: SpfPolicy | None) -> Fail:
    written = write_record(records, policy, domain.senders)
    do = f"Merge the {len(records)} SPF records of {domain.name} into one, and delete the others"
    offenders = tuple(f"one of {len(records)}: {record}" for record in records)
    return Fail(offenders, _written(do, written, domain))


def _broken(domain: Domain, policy: SpfPolicy) -> Fail:
    """One record that can be read, and that a receiver gives up on."""
    costs = "; ".join(f"{term.term} needs {term.lookups}{term.fault and f' ({term.fault})'}" for term in policy.terms)
    what = f"the SPF record of {domain.name}: {policy.reason}"
    in_sum = sum(term.lookups for term in policy.terms)
    at_least = "" if policy.is_complete else "at least "
    offenders = [what, f"{at_least}{in_sum} DNS look-ups in sum, {LOOKUP_LIMIT} are allowed: {costs}"]
    if policy.void_names:
        offenders.append(f"asked for, and not there: {', '.join(policy.void_names)}")
    do = f"Replace the SPF record of {domain.name} by one that receivers can go through"
    return Fail(tuple(offenders), _written(do, write_record(policy.records, policy, domain.senders), domain))


def _written(do: str, merged: MergedSpf | None, domain: Domain) -> Fix:
    if merged is None:
        return Fix(f"{do}; write it anew, since one of them can't be read")
    if merged.is_exact and merged.lookups:
        do += f"; it needs {merged.lookups} of {LOOKUP_LIMIT} DNS look-ups"
    shut_out = [term for term, why in merged.left_out if why.shuts_out]
    if shut_out:
        do += f". Look whether somebody still sends by what it leaves out: {', '.join(shut_out)}"
    strings = " ".join(f'"{part}"' for part in txt_strings(merged.text))
    return Fix(do, f"{domain.name}. TXT {strings}")


@check(
    "spf-allows-everyone",
    impact=Impact.BLOCKER,
    customer_sees="Mail in your name that you never sent.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.OWNER,
    minutes=5,
    sources=("https://www.rfc-editor.org/rfc/rfc7208#section-5.1",),
    when=(DOMAIN_SENDS_MAIL,),
)
def spf_allows_everyone(domain: Domain, spf: SpfRecords) -> Judgement:
    """The SPF record does not allow the whole world.

    ## Why it matters at launch
    `+all` says that every computer on earth may send your mail. Spammers look for such domains, and mailbox providers
    distrust them.

    ## How to fix
    End the record with `-all` or `~all`.
    """
    if not spf.records:
        return NotApplicable(NO_RECORD)
    open_ones = [record for record in spf.records if _allows_everyone(record)]
    if not open_ones:
        return Pass()
    return Fail(tuple(open_ones), Fix(f"End the SPF record of {domain.name} with ~all", _closed(open_ones[0])))


def _allows_everyone(record: str) -> bool:
    try:
        return parse_spf(record).all_qualifier is Qualifier.PASS
    except SpfError:
        return False  # nobody can read it, so it allows nothing; `spf-invalid` says so


def _closed(record: str) -> str:
    """The record with a soft no for everyone else; what stands behind `all` is never read, and goes."""
    words = record.split()
    end = next(at for at, word in enumerate(words) if word.lower() in {"all", "+all"})
    return " ".join([*words[:end], "~all"])
