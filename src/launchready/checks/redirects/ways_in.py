"""Every way into a host: scheme, path, query and slash, walked to its end."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from launchready.facts.redirects import Hop, RedirectMatrix, Walk, WalkEnd, origin_of
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.subject import Host, host_of

PERMANENT: Final = frozenset({301, 308})
"""The statuses that say "for ever" (RFC 9110 sections 15.4.2 and 15.4.9)."""

ENDLESS: Final = frozenset({WalkEnd.LOOP, WalkEnd.TOO_MANY})
"""Walks that come to no page."""


@check(
    "redirect-loop",
    impact=Impact.BLOCKER,
    customer_sees="The browser says that the page redirected too many times.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.4",),
)
def redirect_loop(host: Host, matrix: RedirectMatrix) -> Judgement:
    """No way into the host goes round in a circle.

    ## Why it matters at launch
    A loop is a site that is down. Two layers that each look right make one: the edge fetches over http, the server
    sends to https, and so on for ever.

    ## How to fix
    Let one layer decide. Behind an edge, set its mode to full (strict), so that it fetches over https; or let the
    server trust the edge's X-Forwarded-Proto.
    """
    walks = [walk for walk in matrix.walks if walk.end in ENDLESS]
    if not walks:
        return Pass()
    circles = dict.fromkeys(" → ".join(dict.fromkeys(_bare(h.location) for h in walk.hops)) for walk in walks)
    fix = f"Let one layer alone decide about https and www for {host.name}; two of them undo each other"
    return Fail(tuple(f"round and round: {circle}" for circle in circles), Fix(fix))


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
    temporary = dict.fromkeys(f"{_bare(hop.url)} answers {hop.status}" for hop in hops if hop.status not in PERMANENT)
    if temporary:
        return Fail(tuple(temporary), Fix(f"Answer 301 or 308 in the redirects of {host.name}", _rule(host)))
    return Pass() if hops else NotApplicable("no redirect leads to another scheme or host")


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
    leaving = next((hop.location for hop in walk.hops if hop.location and host_of(hop.location) != host.name), "")
    if leaving:
        is_declared = host.redirects_to is not None and host_of(leaving) == host_of(host.origin)
        return "" if is_declared else leaving
    return "" if origin_of(walk.end_url) == host.origin else walk.end_url


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
    is_query_lost = not set(parse_qsl(before.query)) <= set(parse_qsl(after.query))
    return (not is_same_path or is_query_lost) if _changes_origin(hop) else (is_same_path and is_query_lost)


def _changes_origin(hop: Hop) -> bool:
    return origin_of(hop.location) != origin_of(hop.url)


def _bare(url: str) -> str:
    """A URL without query, for a text that stands for several."""
    return url.partition("?")[0]


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
