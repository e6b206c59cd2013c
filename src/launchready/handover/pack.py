"""The eleven sections of the handover pack, each from what was seen, never from a template's blanks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from launchready.facts.domain import HostAddresses, Nameservers
from launchready.facts.endpoints import HealthAnswer, ReadyAnswer, VersionAnswer
from launchready.facts.mail import DkimKeys, DmarcRecords, SpfRecords
from launchready.facts.redirects import RedirectMatrix, Walk
from launchready.facts.release import Comeback, ReleaseHistory
from launchready.facts.secrets import RepositorySecrets
from launchready.facts.tls import Certificate, Certificates
from launchready.handover.lookup import Seen
from launchready.model.check import Fail, Layer
from launchready.model.environment import RequiredIn, Variable
from launchready.model.evidence import Evidence
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.model.verdict import Verdict
from launchready.report import markdown
from launchready.report.environment import WHERE, form
from launchready.report.hostile import printable

NEXT_STEPS = 5  # more than a hand's fingers is a backlog, not a next step


@dataclass(slots=True)
class Section:
    """One section: what is live, how to check it oneself, and what is open with who must close it."""

    title: str
    intro: str
    live: list[str] = field(default_factory=list)
    check_yourself: tuple[str, ...] = ()
    open_items: list[str] = field(default_factory=list)


def render_pack(verdict: Verdict, evidence: Evidence) -> str:
    """The pack as one Markdown page."""
    seen = Seen.of(evidence)
    sections = [write(seen, verdict) for write in SECTIONS]
    missing = sum(len(section.open_items) for section in sections)
    lines = [
        f"# How to run {prose(evidence.product.name)}",
        "",
        prose(verdict.sentence),
        "",
        f"Written from what was live on {_day(evidence.at)}. {missing} items are open; each says who closes it.",
        "Write it again after every change: `launchready handover`.",
        "",
        *_contacts(evidence.product),
    ]
    for number, section in enumerate(sections, 1):
        lines += _lines(number, section)
    return "\n".join(lines).rstrip() + "\n"


def open_items(verdict: Verdict, evidence: Evidence) -> tuple[str, ...]:
    """Everything that the pack leaves open, in its order."""
    seen = Seen.of(evidence)
    return tuple(item for write in SECTIONS for item in write(seen, verdict).open_items)


def _lines(number: int, section: Section) -> Iterable[str]:
    yield from (f"## {number}. {section.title}", "", section.intro, "")
    for fact in section.live:
        yield f"- {fact}"
    if section.live:
        yield ""
    if section.check_yourself:
        yield from ("Check it yourself:", "", *markdown.fenced("\n".join(section.check_yourself)))
    for item in section.open_items:
        yield f"- **Open:** {item}"
    yield ""


def _contacts(product: Product) -> Iterable[str]:
    if not product.contacts:
        return ("**Open:** nobody is named to call. The owner adds `[[contacts]]` to launchready.toml.", "")
    people = [f"- {prose(c.role)}: {prose(c.name)}, {code(c.email)}" for c in product.contacts]
    return ("Who to call:", "", *people, "")


def _dns(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("DNS", "Which names exist, and which servers answer for them.")
    for host in seen.product.hosts:
        found = seen.of_subject(HostAddresses, host.id)
        if isinstance(found, HostAddresses) and found.addresses:
            section.live.append(f"{code(host.name)} points to {_codes(found.addresses)}")
        else:
            section.open_items.append(
                f"where {code(host.name)} points was not seen; {_owner(host)} looks at the DNS panel"
            )
    for domain in seen.product.domains:
        servers = seen.of_subject(Nameservers, domain.id)
        if isinstance(servers, Nameservers):
            section.live.append(
                f"{code(domain.name)} is answered by {_codes(dict.fromkeys(s.name for s in servers.servers))}"
            )
        section.open_items.append(f"where {code(domain.name)} is registered, and until when: the owner writes it here")
    section.check_yourself = tuple(f"dig +short {host.name} A {host.name} AAAA" for host in seen.product.hosts)
    return section


def _redirects(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Redirects", "Where visitors end up, whatever they type.")
    for host in seen.product.hosts:
        matrix = seen.of_subject(RedirectMatrix, host.id)
        walks = matrix.entries if isinstance(matrix, RedirectMatrix) else ()
        for entry in walks:
            if isinstance(entry.walk, Measured) and len(entry.walk.value.hops) > 1 and _is_plain(entry.start_url):
                section.live.append(_redirect_sentence(entry.start_url, entry.walk.value))
        if not walks:
            section.open_items.append(f"the redirects of {code(host.name)} were not seen; {_owner(host)}")
    section.check_yourself = tuple(f"curl -sIL http://{host.name}/ | grep -i location" for host in seen.product.hosts)
    return section


def _is_plain(url: str) -> bool:
    return url.count("/") == 3 and "?" not in url  # the front page; the rest of the matrix says the same


def _redirect_sentence(start: str, walk: Walk) -> str:
    return f"Anyone who opens {code(start)} ends at {code(walk.end_url)} (status {walk.hops[0].status})"


def _subdomains(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Subdomains", "One purpose for each name, and who answers for it.")
    for host in seen.product.hosts:
        purpose = prose(host.purpose) or "no purpose is declared"
        section.live.append(
            f"{code(host.name)}: {purpose}; owner {_or_nobody(host.owner)}; at {_or_nobody(host.provider)}"
        )
        lacks = [what for what in ("purpose", "owner", "provider") if not getattr(host, what)]
        if lacks:
            section.open_items.append(
                f"{code(host.name)} has no {', '.join(lacks)} in launchready.toml: the owner adds it"
            )
    return section


def _edge(_seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Edge (Cloudflare or another)", "What stands between your visitors and your server.")
    section.open_items.append("this version can't read an edge's settings: whoever set it up writes them here")
    return section


def _tls(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("TLS", "The certificates that browsers see.")
    for host in seen.product.hosts:
        served = seen.of_subject(Certificates, host.id)
        measured = [
            (one.address, one.certificate.value)
            for one in (served.served if isinstance(served, Certificates) else ())
            if isinstance(one.certificate, Measured)
        ]
        section.live += [_certificate_sentence(host.name, address, c) for address, c in measured]
        if not measured:
            section.open_items.append(f"the certificate of {code(host.name)} was not seen; {_owner(host)}")
    section.check_yourself = tuple(
        f"openssl s_client -connect {h.name}:443 -servername {h.name} </dev/null | openssl x509 -noout -enddate"
        for h in seen.product.hosts
    )
    return section


def _certificate_sentence(host: str, address: str, certificate: Certificate) -> str:
    until = _day(certificate.not_after) if certificate.not_after else "an unknown day"
    state = "trusted by browsers" if certificate.fault is None else f"NOT trusted: {prose(certificate.words)}"
    issuer = _or_nobody(certificate.issuer)
    return f"{code(host)} on {code(address)}: {state}, until {until}, issued by {issuer}"


def _deployment(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Deployment", "Which release is live.")
    for url, answer in seen.each(VersionAnswer):
        section.live.append(f"{code(url)} says that commit {code(answer.commit or 'unknown')} is live")
        section.check_yourself += (f"curl -s {url}",)
    if not section.live:
        section.open_items.append("no version endpoint was seen: an engineer adds `/version` and declares it")
    history = seen.of_subject(ReleaseHistory, seen.product.id)
    if history is None:
        section.open_items.append("the command that deploys: an engineer writes it here")
        return section
    section.live.append(f"{history.releases} releases are on record, beside launchready.toml in `.launchready/`")
    section.check_yourself += ("launchready drift",)
    if history.cut_off:
        section.open_items.append(f"{prose(history.cut_off)}: an engineer releases again with `launchready deploy`")
    return section


def _secrets(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Secrets", "What must never be in the code.")
    for _, found in seen.each(RepositorySecrets):
        live = [key for key in found.keys if key.is_live and not key.is_accepted]
        section.live.append(
            f"{found.objects_read} objects of the repository were read; {len(live)} live keys were found"
        )
        section.open_items += [f"revoke the {prose(k.provider)} key {code(k.fingerprint)}: its owner" for k in live]
    if not section.live:
        section.open_items.append("the repository was not seen: an engineer declares `[repository] path`")
    section.live += [_variable(variable) for variable in seen.product.environment]
    kept = [v for v in seen.product.environment if v.is_secret]
    section.open_items += [
        f"where {code(v.name)} is kept, and who can read it: the owner adds `stored_in` and `owner`"
        for v in kept
        if not (v.stored_in and v.owner)
    ]
    if not kept:
        section.open_items.append("where production secrets are kept, and who can read them: the owner writes it here")
    if seen.product.environment:
        section.check_yourself += ("launchready env check --file FILE",)
    return section


def _variable(variable: Variable) -> str:
    kept = f"; kept in {prose(variable.stored_in)}" if variable.stored_in else ""
    what = f" ({prose(variable.purpose)})" if variable.purpose else ""
    need = "optional" if variable.required_in is RequiredIn.NO else f"needed {WHERE[variable.required_in]}"
    return f"{code(variable.name)}{what}: {prose(form(variable))}; {need}{kept}; owner {_or_nobody(variable.owner)}"


def _monitoring(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Monitoring", "How you hear of trouble before your customers do.")
    for url, health in seen.each(HealthAnswer):
        section.live.append(f"{code(url)} answered {health.status}")
        section.check_yourself += (f"curl -s -o /dev/null -w '%{{http_code}}' {url}",)
    for url, ready in seen.each(ReadyAnswer):
        names = ", ".join(f"{prose(d.name)} {prose(d.word)}" for d in ready.dependencies) or "no dependency"
        section.live.append(f"{code(url)} answered {ready.status} and names {names}")
    section.open_items.append("who is told when the product is down, and how: the owner writes it here")
    return section


def _mail(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("Email", "What shows receivers that your mail is yours.")
    for domain in seen.product.domains:
        spf, dkim = seen.of_subject(SpfRecords, domain.id), seen.of_subject(DkimKeys, domain.id)
        dmarc = seen.of_subject(DmarcRecords, domain.id)
        records = [("SPF", spf.records if isinstance(spf, SpfRecords) else ())]
        records.append(("DMARC", dmarc.records if isinstance(dmarc, DmarcRecords) else ()))
        for kind, texts in records:
            section.live += [f"{kind} of {code(domain.name)}: {code(text)}" for text in texts]
            if not texts:
                section.open_items.append(f"no {kind} record of {code(domain.name)} was seen: the owner of its DNS")
        for key in dkim.keys if isinstance(dkim, DkimKeys) else ():
            where = code(f"{key.selector}._domainkey.{domain.name}")
            section.live.append(f"DKIM of {prose(key.sender)} at {where}")
        section.check_yourself += (f"dig +short TXT {domain.name} _dmarc.{domain.name}",)
    return section


def _way_back(seen: Seen, _verdict: Verdict) -> Section:
    section = Section("The way back", "What to do when a release is bad.")
    history = seen.of_subject(ReleaseHistory, seen.product.id)
    if history is None:
        section.open_items.append(
            "the command that brings back the previous release: an engineer writes and rehearses it"
        )
    elif history.comeback is None or not history.comeback.is_good:
        section.open_items.append(
            "the way back was not walked: an engineer types `launchready rollback` in a quiet hour"
        )
    else:
        section.live.append(_comeback_sentence(history.comeback))
    if history is not None:
        section.check_yourself = ("launchready rollback",)
    section.open_items.append("where the backups are, and when one was last restored: an engineer writes it here")
    return section


def _comeback_sentence(last: Comeback) -> str:
    met = (
        f"; {last.failed} of {last.asked} requests failed meanwhile, for {last.down_s:.1f} s at most"
        if last.asked
        else ""
    )
    return f"{code(last.commit[:12])} was brought back on {_day(last.at)}, which took {last.took_s:.0f} s{met}"


def _next_steps(_seen: Seen, verdict: Verdict) -> Section:
    section = Section("Next steps", prose(verdict.next_step))
    for finding in verdict.findings[:NEXT_STEPS]:
        fix = next(r.outcome.fix for r in finding.results if isinstance(r.outcome, Fail))
        who = f"{finding.check.fixer}, about {finding.check.minutes} minutes"
        section.live.append(f"{prose(fix.do)} ({who}; {Layer(finding.check.layer).word})")
    hidden = len(verdict.findings) - NEXT_STEPS
    if hidden > 0:
        section.open_items.append(f"{hidden} more findings are in the report")
    return section


SECTIONS: tuple[Callable[[Seen, Verdict], Section], ...] = (
    _dns,
    _redirects,
    _subdomains,
    _edge,
    _tls,
    _deployment,
    _secrets,
    _monitoring,
    _mail,
    _way_back,
    _next_steps,
)


def prose(text: str) -> str:
    """Text of the target or the owner, shown and never obeyed."""
    return markdown.prose(printable(text))


def code(text: str) -> str:
    """The same as a code span."""
    return markdown.code(printable(text))


def _owner(host: Host) -> str:
    return f"{prose(host.owner)} closes it" if host.owner else "the owner closes it"


def _or_nobody(name: str) -> str:
    return prose(name) if name else "nobody named"


def _codes(things: Iterable[str]) -> str:
    return ", ".join(code(thing) for thing in things)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
