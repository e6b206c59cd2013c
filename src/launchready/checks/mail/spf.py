"""Who may send the domain's mail (SPF, RFC 7208)."""

from launchready.facts.mail import SpfIncluded, SpfRecords
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.model.subject import Domain
from launchready.parse.rfc7208 import LOOKUP_LIMIT, Qualifier, Spf, SpfError, count_lookups, parse_spf

NO_RECORD = "there is no SPF record, which another check says"
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
    senders = ", ".join(sender.name for sender in domain.senders)
    fix = f"Add one TXT record at {domain.name} that begins with v=spf1 and includes {senders}, as its help page says"
    includes = " ".join(f"include:<the SPF name of {sender.name}>" for sender in domain.senders)
    return Fail(
        (f"{domain.name} has no TXT record that begins with v=spf1",),
        Fix(fix, f'{domain.name}. TXT "v=spf1 {includes} ~all"'),
    )


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
def spf_invalid(domain: Domain, spf: SpfRecords, included: SpfIncluded) -> Judgement:
    """There is one SPF record, receivers can read it, and it needs at most ten DNS look-ups.

    ## Why it matters at launch
    Two records, a typo or an eleventh look-up is a permanent error: receivers then treat all mail of the domain as if
    it had no record.

    ## How to fix
    Merge two records into one; mend the term that is named; take out the include of each service that no longer sends.
    """
    if not spf.records:
        return NotApplicable(NO_RECORD)
    if len(spf.records) > 1:
        fix = Fix(
            f"Merge the {len(spf.records)} SPF records of {domain.name} into one, and delete the others", _merged(spf)
        )
        return Fail(tuple(f"one of {len(spf.records)}: {record}" for record in spf.records), fix)
    try:
        record = parse_spf(spf.records[0])
    except SpfError as error:
        return Fail((f"{spf.records[0]}: {error}",), Fix(f"Mend the SPF record of {domain.name}: {error}"))
    return _judge_included(domain, record, included)


def _judge_included(domain: Domain, record: Spf, included: SpfIncluded) -> Judgement:
    fetched: dict[str, Spf | None] = {}
    broken: list[str] = []
    for one in included.of:
        if isinstance(one.records, Measured):
            fetched[one.name], why = _only(one.records.value)
            broken += [f"include of {one.name}: {why}"] if why else []
    if broken:
        return Fail(
            tuple(broken), Fix(f"Take the broken include out of the SPF record of {domain.name}, or have it mended")
        )
    count = count_lookups(record, fetched)
    if count.exceeds_limit:
        what = f"the SPF record of {domain.name} needs more than {LOOKUP_LIMIT} DNS look-ups"
        fix = Fix("Take out the include of each service that no longer sends, until ten look-ups are enough")
        return Fail((what,), fix)
    return Pass()


def _only(records: tuple[str, ...]) -> tuple[Spf | None, str]:
    """The one valid record of an included name, or why there is none, a permanent error (RFC 7208 section 5.2)."""
    if len(records) != 1:
        return None, "no SPF record there" if not records else f"{len(records)} SPF records there"
    try:
        return parse_spf(records[0]), ""
    except SpfError as error:
        return None, str(error)


def _merged(spf: SpfRecords) -> str:
    """One record with the terms of all, for a person to look over; empty where one of them can't be read."""
    terms: dict[str, None] = {}
    for record in spf.records:
        try:
            is_closed = parse_spf(record).all_qualifier is not None
        except SpfError:
            return ""
        terms |= dict.fromkeys(_merging(term, is_closed=is_closed) for term in record.split()[1:])
    is_strict = any("-all" in record.lower().split() for record in spf.records)
    return " ".join(["v=spf1", *filter(None, terms), "-all" if is_strict else "~all"])


def _merging(term: str, *, is_closed: bool) -> str:
    """A term as it may stand beside those of other records; empty for what may not.

    `all` ends the merged record once. `redirect` would be void before it (RFC 7208 section 6.1), as it is in a record
    that is closed by one, so its target is included. `exp` may stand there once, and nobody's mail hangs on it.
    """
    name, _, value = term.partition("=")
    if name.lower() == "redirect":
        return "" if is_closed else f"include:{value}"
    return "" if name.lower() == "exp" or term.lower().lstrip("+-~?") == "all" else term


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
