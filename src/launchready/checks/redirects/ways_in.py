"""Every way into a host: scheme, path, query and slash, walked to its end."""

import re
from collections import Counter
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from launchready.checks.redirects.circles import ENDLESS, without_query
from launchready.facts.pages import LANDING
from launchready.facts.redirects import Hop, RedirectMatrix, Walk, origin_of
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.subject import Host, host_of

PERMANENT: Final = frozenset({301, 308})
"""The statuses that say "for ever" (RFC 9110 sections 15.4.2 and 15.4.9)."""

LOG_IN: Final = re.compile(
    r"//(?:accounts?|auth|login|sso|identity)\.|/(?:authorize|oauth2?|(?:log|sign)[-_]?(?:in|up)|sso|saml2?|handshake)\b",
    re.IGNORECASE,
)
"""How the addresses of log-ins are written, by the manuals of Auth0, Clerk, Cognito, Keycloak, Okta and WorkOS."""

MAX_REDIRECTS: Final = 2
"""Steps to the one address: one to https and one to the other host; browsers and crawlers ask anew at each."""


@check(
    "redirect-not-canonical",
    impact=Impact.BLOCKER,
    customer_sees="One address shows the site and another shows a copy, an old page or somebody else's.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-4.2.3",),
    when=(HAS_FILE,),
)
def redirect_not_canonical(host: Host, matrix: RedirectMatrix) -> Judgement:
    """Every way into the host ends at the one address that the owner declared.

    ## Why it matters at launch
    A second copy of the site splits log-ins, search results and statistics in two, and one of the two is forgotten.

    ## How to fix
    Redirect permanently to the declared address, keeping path and query.
    """
    astray = {start: end for start, walk in _seen(matrix) if (end := _astray(host, walk))}
    if not astray and any(walk.end in ENDLESS for walk in matrix.walks):
        return NotApplicable("some ways in go round in a circle, which another check says")
    if not astray:
        return Pass()
    shown = {
        f"{origin_of(start)} ends at {origin_of(end)}, not at {host.origin}": None for start, end in astray.items()
    }
    fix = Fix(f"Redirect {host.name} to {host.origin}, for ever and with path and query", _rule(host))
    return Fail(tuple(shown), fix)


@check(
    "redirect-loses-query",
    impact=Impact.BLOCKER,
    customer_sees="They clicked on one page and land on another; your statistics don't know the advertisement.",
    costs=(Cost.AD_SPEND, Cost.LEADS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://support.google.com/google-ads/answer/9012522",),
    when=(HAS_FILE,),
)
def redirect_loses_query(host: Host, matrix: RedirectMatrix) -> Judgement:
    """Redirects keep the path and the query.

    ## Why it matters at launch
    The query carries the campaign (`utm_source`) and the click (`gclid`). A redirect that drops it makes every paid
    click look like a direct visit, so nobody can tell which advertisement earns its money.

    ## How to fix
    Redirect to the same path with the same query, not to the front page.
    """
    lost = dict.fromkeys(f"{hop.url} sends to {hop.location}" for hop in _own_hops(host, matrix) if _loses(hop))
    if not lost:
        return Pass()
    return Fail(tuple(lost), Fix(f"Keep path and query in the redirects of {host.name}", _rule(host)))


@check(
    "redirect-temporary",
    impact=Impact.MAJOR,
    customer_sees="Nothing; search engines keep both addresses and rank neither well.",
    costs=(Cost.LEADS,),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.4.3",),
)
def redirect_temporary(host: Host, matrix: RedirectMatrix) -> Judgement:
    """Redirects to https and to the one address are permanent.

    ## Why it matters at launch
    Search engines and browsers keep asking the old address, and keep it in their index, as long as the redirect says
    that it may end.

    ## How to fix
    Use status 301 or 308 for redirects to https and to the one address.
    """
    hops = [hop for hop in _own_hops(host, matrix) if _changes_origin(hop)]
    temporary = dict.fromkeys(
        f"{without_query(hop.url)} answers {hop.status}" for hop in hops if hop.status not in PERMANENT
    )
    if temporary:
        return Fail(tuple(temporary), Fix(f"Answer 301 or 308 in the redirects of {host.name}", _rule(host)))
    return Pass() if hops else NotApplicable("no redirect leads to another scheme or host")


@check(
    "redirect-chain-long",
    impact=Impact.MINOR,
    customer_sees="A pause before the page begins, longest on a phone.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://developer.chrome.com/docs/lighthouse/performance/redirects",),
)
def redirect_chain_long(matrix: RedirectMatrix) -> Judgement:
    """Two redirects at most lead to the one address.

    ## Why it matters at launch
    Each step is a question and an answer over a phone's network before anything shows, and one more rule that can
    break.

    ## How to fix
    Send visitors to the final address at once: https, the right host and the right slash in one redirect.
    """
    long = {walk.hops[0].url: steps for walk in matrix.walks if len(steps := _steps(walk)) > MAX_REDIRECTS}
    if not long:
        return Pass()
    shown = dict.fromkeys(" → ".join(map(without_query, (start, *steps))) for start, steps in long.items())
    (start, *_), (steps, *_) = long, long.values()
    do = f"Let {without_query(start)} send to {without_query(steps[-1])} in one step"
    return Fail(
        tuple(shown), Fix(do, f"nginx: server_name {host_of(start)}; return 301 {origin_of(steps[-1])}$request_uri;")
    )


def _steps(walk: Walk) -> list[str]:
    """Where a walk is sent on its way to the one address: what a site does among its own pages is no part of it."""
    if walk.end in ENDLESS:
        return []
    return [hop.location for hop in walk.hops if hop.location and (_changes_origin(hop) or _is_same_page(hop))]


def _is_same_page(hop: Hop) -> bool:
    """Whether a step changes nothing but the slash at the end and small and capital letters."""
    before, after = urlsplit(hop.url).path, urlsplit(hop.location).path
    return before.rstrip("/").lower() == after.rstrip("/").lower()


def _seen(matrix: RedirectMatrix) -> list[tuple[str, Walk]]:
    starts = (walk.hops[0].url for walk in matrix.walks)
    return list(zip(starts, matrix.walks, strict=True))


def _astray(host: Host, walk: Walk) -> str:
    """Where a way into this host ends against the declaration; empty where it does not.

    A host answers for its own redirects: once it has handed a visitor over to the declared host, the rest is
    that one's.
    """
    if walk.end in ENDLESS:
        return ""
    leaving = next((hop for hop in walk.hops if hop.location and host_of(hop.location) != host.name), None)
    if leaving is not None:
        is_declared = host.redirects_to is not None and host_of(leaving.location) == host_of(host.origin)
        return "" if is_declared or _is_to_log_in(host, leaving) else leaving.location
    return "" if origin_of(walk.end_url) == host.origin else walk.end_url


def _is_to_log_in(host: Host, hop: Hop) -> bool:
    """Whether an app sends a stranger to a log-in elsewhere, for this once, as apps with such a service do."""
    if host.redirects_to is not None or LANDING.search(host.purpose) or hop.status in PERMANENT:
        return False
    values = (value for _, value in parse_qsl(urlsplit(hop.location).query))
    comes_back = any(value.startswith(f"https://{host.name}/") for value in values)
    return hop.url.startswith("https://") and (comes_back or bool(LOG_IN.search(hop.location)))


def _own_hops(host: Host, matrix: RedirectMatrix) -> list[Hop]:
    """The redirects that this host answers for: its own, within itself or to where the owner wants it to lead.

    Where an app sends its visitors besides (to a log-in elsewhere) is no step to the one address.
    """
    wanted = {host.name, host_of(host.origin)}
    hops = (hop for walk in matrix.walks for hop in walk.hops if host_of(hop.url) == host.name)
    return [hop for hop in hops if host_of(hop.location) in wanted]


def _loses(hop: Hop) -> bool:
    """Whether a redirect drops the query, or the path on the way to another origin; an app may move its own paths."""
    before, after = urlsplit(hop.url), urlsplit(hop.location)
    is_same_path = before.path.rstrip("/") == after.path.rstrip("/")
    is_query_lost = bool(_parameters(before.query) - _parameters(after.query))
    return (not is_same_path or is_query_lost) if _changes_origin(hop) else (is_same_path and is_query_lost)


def _parameters(query: str) -> Counter[tuple[str, str]]:
    """What a query says, however it is written: in any order, with `+` or `%20`, in any case of the percent code."""
    return Counter(parse_qsl(query, keep_blank_values=True))


def _changes_origin(hop: Hop) -> bool:
    return origin_of(hop.location) != origin_of(hop.url)


def _rule(host: Host) -> str:
    """The redirect as nginx and Cloudflare write it. The step to https on the same host must catch http alone."""
    if host.redirects_to is None:
        return (
            f"nginx:      listen 80; server_name {host.name}; return 301 https://$host$request_uri;\n"
            "Cloudflare: SSL/TLS, Edge Certificates, Always Use HTTPS: on"
        )
    return (
        f"nginx:      server_name {host.name}; return 301 {host.origin}$request_uri;\n"
        f'Cloudflare: when http.host eq "{host.name}", redirect 301 to concat("{host.origin}", http.request.uri.path), '
        "preserve query string: on"
    )
