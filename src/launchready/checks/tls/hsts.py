"""The promise to be met over https alone (HSTS), kept and not kept."""

from collections.abc import Iterator
from typing import Final

from launchready.facts.hsts import DomainPromise, FirstAnswer
from launchready.facts.tls import Certificates
from launchready.facts.web import FrontPage
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.reading import Unmeasured, Why
from launchready.model.subject import Domain, Host
from launchready.parse.rfc6797 import Hsts, HstsError, parse_hsts

HALF_A_YEAR_S: Final = 15_768_000
"""Seconds; what is kept for less does not count for MDN's HTTP Observatory ("hsts-header-not-six-months")."""

YEAR_S: Final = 31_536_000
"""Seconds; what hstspreload.org asks for at least."""

PRELOADED_SUFFIXES: Final = frozenset(
    {"app", "bank", "boo", "channel", "dad", "day", "dev", "esq", "foo", "ing", "insurance", "meme", "mov", "new"}
    | {"nexus", "page", "phd", "prof", "rsvp", "zip"}
)
"""Top-level domains that are in browsers as a whole (Chromium, transport_security_state_static.json)."""

PASTE: Final = (
    'nginx:      add_header Strict-Transport-Security "max-age=31536000" always;\n'
    'Apache:     Header always set Strict-Transport-Security "max-age=31536000"\n'
    "Cloudflare: SSL/TLS, Edge Certificates, HTTP Strict Transport Security: on, 12 months"
)


@check(
    "hsts-missing",
    impact=Impact.MINOR,
    customer_sees="Nothing; but in a café's Wi-Fi, somebody else can show them your address without https.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6797#section-6.1",
        "https://hstspreload.org/#deployment-recommendations",
    ),
)
def hsts_missing(host: Host, page: FrontPage) -> Judgement:
    """Browsers are told to come back over https alone, for half a year at least.

    ## Why it matters at launch
    Whoever types your address comes over plain http first, where everybody in the same network can answer in your
    place. One header (HSTS) tells browsers to begin with https from the second visit on.

    ## How to fix
    Send the header with every answer over https. Begin with a few minutes if you are not sure that https works on
    every page, and raise it to a year.
    """
    if page.redirects_to:
        return NotApplicable("the host only sends its visitors on")
    if host.name.rpartition(".")[2] in PRELOADED_SUFFIXES:
        return NotApplicable("browsers come to names under this top-level domain over https alone")
    wrong = _weakness(page.transfer.values("strict-transport-security"))
    if not wrong:
        return Pass()
    return Fail((f"https://{host.name}/: {wrong}",), Fix(f"Send the HSTS header from {host.name}", PASTE))


def _weakness(fields: tuple[str, ...]) -> str:
    """Why browsers don't take the policy up, or not for long; of several fields they read the first (section 8.1)."""
    if not fields:
        return "no Strict-Transport-Security header"
    try:
        policy = parse_hsts(fields[0])
    except HstsError as error:
        return f"browsers ignore the Strict-Transport-Security header ({error})"
    if policy.max_age_s == 0:
        return "the Strict-Transport-Security header tells browsers to forget it (max-age=0)"
    if policy.max_age_s < HALF_A_YEAR_S:
        return f"browsers keep Strict-Transport-Security for {policy.max_age_s} seconds, less than half a year"
    return ""


def _policy(answer: FirstAnswer | None) -> Hsts | None:
    """The policy that browsers take up from an answer; None where there is none."""
    if answer is None or not answer.fields:
        return None
    try:
        return parse_hsts(answer.fields[0])
    except HstsError:
        return None


@check(
    "hsts-breaks-host",
    impact=Impact.BLOCKER,
    customer_sees="The browser shows a full-page warning, and there is no button to go on.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6797#section-8.4",
        "https://www.rfc-editor.org/rfc/rfc6797#section-14.4",
    ),
    explains=("certificate-untrusted",),
)
def hsts_breaks_host(domain: Domain, host: Host, promise: DomainPromise, seen: Certificates) -> Judgement:
    """No host is shut out by the promise of https that its domain makes for all subdomains.

    ## Why it matters at launch
    The domain's HSTS header says `includeSubDomains`. Whoever has been on the domain once, an ad's visitor for
    example, can then reach no subdomain that has no good certificate, not even over plain http and not by a click. For
    names under some endings, such as .app and .dev, browsers hold to that from the first visit on.

    ## How to fix
    Give the host a good certificate. If that takes time, take `includeSubDomains` out of the domain's header; browsers
    that were there keep it until its time is over, or until they come by and see a new one.
    """
    policy = _policy(promise.secure)
    ending = host.name.rpartition(".")[2]
    fix = Fix(f"Give {host.name} a good certificate", f"certbot certonly -d {host.name}")
    if ending in PRELOADED_SUFFIXES:
        forbids = f"browsers go to names under .{ending} over https alone"
    elif policy is not None and policy.include_subdomains and policy.max_age_s and host.name != domain.name:
        forbids = f"{domain.name} forbids to go on for {policy.max_age_s // 86_400} days"
        do = f"{fix.do}; until it has one, send this header from {domain.name}"
        fix = Fix(do, f"Strict-Transport-Security: max-age={policy.max_age_s}")
    else:
        return Pass()
    broken = tuple(f"{host.name} on {what}, and {forbids}" for what in _broken(seen))
    return Fail(broken, fix) if broken else Pass()


def _broken(seen: Certificates) -> Iterator[str]:
    """Addresses without TLS that a browser accepts; where nothing takes connections, only if that is so on all."""
    for address, certificate in seen.seen:
        if certificate.fault is not None:
            yield f"{address}: {certificate.fault.value}"
    unseen = [served for served in seen.served if isinstance(served.certificate, Unmeasured)]
    if len(unseen) == len(seen.served) and all(_is_closed(served.certificate) for served in unseen):
        yield from (f"{served.address}: no https there" for served in unseen)


def _is_closed(certificate: object) -> bool:
    return isinstance(certificate, Unmeasured) and certificate.why is Why.REFUSED


@check(
    "hsts-preload-unready",
    impact=Impact.MINOR,
    customer_sees="Nothing; the domain is not taken into browsers, or is taken out again.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://hstspreload.org/#submission-requirements",),
)
def hsts_preload_unready(domain: Domain, promise: DomainPromise) -> Judgement:
    """A domain that asks to be built into browsers (HSTS preload) meets their conditions.

    ## Why it matters at launch
    The word `preload` in the header lets anybody hand your domain in. If the rest is not in order, it is refused or
    taken out later; and if you don't mean it, nobody can undo it for months.

    ## How to fix
    Meet the conditions in the finding, or take the word `preload` out of the header, which is what most products want.
    """
    policy = _policy(promise.secure)
    if policy is None or not policy.preload:
        return NotApplicable("the domain does not ask to be built into browsers")
    missing = tuple(f"{domain.name}: {what}" for what in _unmet(domain, policy, promise))
    if not missing:
        return Pass()
    do = f"Take preload out of the HSTS header of {domain.name}, or meet the conditions in the finding"
    return Fail(missing, Fix(do, f"Strict-Transport-Security: max-age={policy.max_age_s}"))


def _unmet(domain: Domain, policy: Hsts, promise: DomainPromise) -> Iterator[str]:
    """The conditions that are not met. That the certificate is valid is known: there was an answer over https."""
    if policy.max_age_s < YEAR_S:
        yield f"max-age is {policy.max_age_s} seconds, less than a year ({YEAR_S})"
    if not policy.include_subdomains:
        yield "includeSubDomains is missing"
    if promise.plain is None or isinstance(promise.plain, Unmeasured):
        return
    plain = promise.plain.value
    if not plain.location.startswith(f"https://{domain.name}/"):
        leads = f"sends to {plain.location}" if plain.location else f"answers with {plain.status}"
        yield f"http://{domain.name}/ {leads} in the place of https on the same name"
