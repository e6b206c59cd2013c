"""Ways in that come to no page, and which two layers send visitors round."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from launchready.facts.redirects import Hop, RedirectMatrix, Walk, WalkEnd
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host, host_of

ENDLESS: Final = frozenset({WalkEnd.LOOP, WalkEnd.TOO_MANY})
"""Walks that come to no page."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Which layers send a visitor round, in a sentence, and the change that ends it.

    `is_edge` is whether an edge that was seen is one of the two.
    """

    words: str
    fix: Fix
    is_edge: bool = False


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
    causes = [cause_of(walk) for walk in walks]
    shown: dict[str, str] = {}
    for walk, cause in zip(walks, causes, strict=True):
        circle = " → ".join(dict.fromkeys(without_query(hop.location) for hop in walk.hops))
        shown.setdefault(cause.words if cause else circle, circle + (f" ({cause.words})" if cause else ""))
    known = next((cause for cause in causes if cause is not None), None)
    do = f"Let one layer alone decide about https and www for {host.name}; two of them undo each other"
    offenders = tuple(f"round and round: {words}" for words in shown.values())
    return Fail(offenders, Fix(do, _look(walks[0].end_url)) if known is None else known.fix)


@check(
    "edge-origin-loop",
    impact=Impact.BLOCKER,
    confidence=Confidence.LIKELY,
    customer_sees="The browser says that the page redirected too many times.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=("https://developers.cloudflare.com/ssl/troubleshooting/too-many-redirects/",),
    explains=("redirect-loop",),
)
def edge_origin_loop(matrix: RedirectMatrix) -> Judgement:
    """The edge and the server behind it agree on whether a visitor is on https.

    ## Why it matters at launch
    Each looks right alone: the edge ends TLS and fetches over plain http, the server sends plain http to https.
    Together they send every visitor round until the browser gives up.

    ## How to fix
    Put a certificate on the server, then let the edge fetch over https and check it (Cloudflare: SSL/TLS mode Full
    (strict), not Flexible). Until then, let the server trust the edge's X-Forwarded-Proto.
    """
    if not any(walk.end in ENDLESS for walk in matrix.walks):
        return Pass()
    causes = [cause_of(walk) for walk in matrix.walks]
    by_edge = [cause for cause in causes if cause is not None and cause.is_edge]
    if len(by_edge) < len(causes):
        return NotApplicable("some ways in go round in a circle, but not all of them between an edge and its server")
    return Fail(tuple(dict.fromkeys(cause.words for cause in by_edge)), by_edge[0].fix)


def cause_of(walk: Walk) -> Cause | None:
    """Why a walk has no end, where its hops tell; None where they don't, and where it has one."""
    if walk.end not in ENDLESS:
        return None
    circle = circle_of(walk)
    urls = [hop.url for hop in circle]
    if walk.end is WalkEnd.TOO_MANY:
        return _growth(circle)
    if len(circle) == 1:
        return _alone(circle[0])
    for is_alike, cause in ((_without_scheme, _schemes), (_without_www, _www), (_without_slash, _slash)):
        if len({is_alike(url) for url in urls}) == 1:
            return cause(circle)
    return _case(circle) if len({url.lower() for url in urls}) == 1 else None


def circle_of(walk: Walk) -> tuple[Hop, ...]:
    """The part of a walk that comes again and again; all of it where nothing came back."""
    first = next((at for at, hop in enumerate(walk.hops) if hop.url == walk.end_url), 0)
    return walk.hops[first:]


def _alone(hop: Hop) -> Cause | None:
    """Why a URL sends to itself.

    Behind an edge, a cookie tells nothing: it may be the cause, or come along with a circle that the edge makes.
    """
    if hop.sets_cookies:
        return None if hop.edge else _cookie(hop)
    return _tls_taken_off(hop) if hop.url.startswith("https://") else None


def _tls_taken_off(hop: Hop) -> Cause:
    host = host_of(hop.url)
    if not hop.edge:
        words = "something in front ends TLS and fetches over plain http, and the server sends plain http to https"
        return Cause(words, Fix(f"Let the server of {host} know that visitors are on https", _trust(host)))
    mode = " (SSL/TLS mode Flexible)" if hop.edge == "Cloudflare" else ""
    words = (
        f"{hop.edge} talks plain http to your server for {host}{mode}, and your server sends plain http back to https"
    )
    do = f"Put a certificate on the server of {host}, then let {hop.edge} fetch over https and check it"
    paste = _STRICT_AT_CLOUDFLARE if hop.edge == "Cloudflare" else _trust(host)
    return Cause(words, Fix(do, paste), is_edge=True)


_STRICT_AT_CLOUDFLARE: Final = (
    "# 1. SSL/TLS, Origin Server, Create certificate: install it on the server\n"
    "# 2. SSL/TLS, Overview, Configure: Full (strict); or in one line:\n"
    'curl -X PATCH "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/settings/ssl" '
    '-H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" -H "Content-Type: application/json" '
    """--data '{"value":"strict"}'"""
)


def _trust(host: str) -> str:
    return (
        f"nginx:  server_name {host}; "
        'if ($http_x_forwarded_proto = "http") { return 301 https://$host$request_uri; }\n'
        'Django: SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
    )


def _schemes(circle: tuple[Hop, ...]) -> Cause:
    host = host_of(circle[0].url)
    edge = next((hop.edge for hop in circle if hop.edge), "")
    words = (
        f"{edge} sends {host} to https, and your server sends it back to http"
        if edge
        else f"one layer sends {host} to https, and another sends it back to http"
    )
    do = f"Give the server https://{host} as its public address, and take its redirect to http out"
    return Cause(words, Fix(do, f"https://{host}"), is_edge=bool(edge))


def _www(circle: tuple[Hop, ...]) -> Cause:
    www, bare = sorted({host_of(hop.url) for hop in circle}, key=len, reverse=True)
    words = f"one rule sends {bare} to {www}, and another sends {www} back to {bare}"
    do = f"Keep one of the two rules for {www} and {bare}; look at the edge and at the web host"
    return Cause(words, Fix(do, _look(circle[0].url)))


def _slash(circle: tuple[Hop, ...]) -> Cause:
    words = "one rule adds the slash at the end, and another takes it away"
    do = f"Keep one of the two rules about the last slash of {host_of(circle[0].url)}; look at the edge and the server"
    return Cause(words, Fix(do, _look(circle[0].url)))


def _case(circle: tuple[Hop, ...]) -> Cause:
    words = "one rule changes small and capital letters of the path, and another changes them back"
    do = f"Keep one of the two rules about letters in paths of {host_of(circle[0].url)}"
    return Cause(words, Fix(do, _look(circle[0].url)))


def _cookie(hop: Hop) -> Cause:
    words = "it sets a cookie, asks again, and does not know the cookie that came back"
    do = f"Show the page at {host_of(hop.url)} to visitors without the cookie; look at its Path, Domain and Secure"
    return Cause(words, Fix(do, _look(hop.url)))


def _growth(circle: tuple[Hop, ...]) -> Cause | None:
    """A rule that adds something to what it has added to before: every URL on the way is longer than the last."""
    if not all(len(hop.location) > len(hop.url) and _goes_on(hop) for hop in circle):
        return None
    do = f"Let the rule on {host_of(circle[0].url)} leave alone what it has rewritten already"
    return Cause("one rule makes the address longer at each step", Fix(do, _look(circle[0].url)))


def _look(url: str) -> str:
    """What shows the steps, and by its Server lines which layer makes each; the quotes keep a shell from acting."""
    shown = url.replace("'", "%27")
    return f"curl -sIL --max-redirs 6 '{shown}' | grep -iE '^(HTTP|location|server|via|cf-ray)'"


def _goes_on(hop: Hop) -> bool:
    return host_of(hop.url) == host_of(hop.location)


def _without_scheme(url: str) -> str:
    return url.partition("://")[2]


def _without_www(url: str) -> str:
    return _without_scheme(url).removeprefix("www.")


def _without_slash(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=parts.path.rstrip("/")).geturl()


def without_query(url: str) -> str:
    """A URL without query, for a text that stands for several."""
    return url.partition("?")[0]
