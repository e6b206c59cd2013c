"""Recognises an answer that is not the product's: a bot challenge, a firewall's refusal, a captive portal.

What such a page looks like says nothing of the product, so nothing may be judged on it. A product that merely uses
one of these services, or writes about it, is not blocked: a body alone counts only beside a status code these
services block with, and only by marks that no ordinary page of the product carries.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

MAX_SCANNED_BYTES: Final = 262_144
"""What is read of a body: block pages have 1 to 100 KB, and carry their marks near the top."""


class BlockKind(Enum):
    """Why the product did not answer."""

    CHALLENGE = "challenge"
    DENIED = "denied"
    CAPTIVE_PORTAL = "captive portal"


class Blocker(Enum):
    """Who answered in its place."""

    CLOUDFLARE = "Cloudflare"
    VERCEL = "Vercel"
    AWS_WAF = "AWS WAF"
    AKAMAI = "Akamai"
    IMPERVA = "Imperva"
    DATADOME = "DataDome"
    HUMAN = "HUMAN (PerimeterX)"
    SUCURI = "Sucuri"
    NETWORK = "the network we are in"


@dataclass(frozen=True, slots=True)
class Block:
    """Who answered, why, and the mark it was recognised by (a constant of this module, never the target's text)."""

    blocker: Blocker
    kind: BlockKind
    marker: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """All that is given must hold: a status among `statuses` (empty: any), the header, the body."""

    block: Block
    statuses: frozenset[int] = frozenset()
    header: tuple[str, re.Pattern[str]] | None = None
    body: re.Pattern[bytes] | None = None


def _text(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _bytes(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.IGNORECASE)


_ANYTHING: Final = _text(r"")
_BLOCKS: Final = frozenset({403, 405, 429})
_CLOUDFLARE_BLOCKS: Final = frozenset({403, 429, 503})

_RULES: Final = (
    # RFC 6585 section 6: the status exists for captive portals, and an origin must not send it.
    _Rule(
        Block(Blocker.NETWORK, BlockKind.CAPTIVE_PORTAL, "status 511"),
        statuses=frozenset({511}),
    ),
    # Wi-Fi Alliance, WISPr 1.0 appendix D: the element a hotspot puts into its redirect for roaming clients.
    _Rule(
        Block(Blocker.NETWORK, BlockKind.CAPTIVE_PORTAL, "WISPAccessGatewayParam element"),
        body=_bytes(rb"<WISPAccessGatewayParam[\s>]"),
    ),
    # Cloudflare, "Detect a Challenge Page response": on every challenge page, and on nothing else.
    # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
    _Rule(
        Block(Blocker.CLOUDFLARE, BlockKind.CHALLENGE, "cf-mitigated: challenge"),
        header=("cf-mitigated", _text(r"^\s*challenge\b")),
    ),
    # The challenge page's own script and options. An ordinary page, an error page too, may carry the passive
    # detection script of the same folder (scripts/jsd), which is no challenge.
    # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/javascript-detections/
    _Rule(
        Block(Blocker.CLOUDFLARE, BlockKind.CHALLENGE, "challenge-platform script"),
        statuses=_CLOUDFLARE_BLOCKS,
        body=_bytes(rb"/cdn-cgi/challenge-platform/(?!(?:h/[a-z0-9]+/)?scripts/)|window\._cf_chl_opt"),
    ),
    _Rule(
        Block(Blocker.CLOUDFLARE, BlockKind.CHALLENGE, "title of the challenge page"),
        statuses=_CLOUDFLARE_BLOCKS,
        body=_bytes(rb"<title>\s*Just a moment\.\.\.\s*</title>"),
    ),
    # Cloudflare 1xxx errors: a rule of the owner's refused us.
    # https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/
    _Rule(
        Block(Blocker.CLOUDFLARE, BlockKind.DENIED, "error 1005 to 1020"),
        statuses=_CLOUDFLARE_BLOCKS,
        header=("server", _text(r"^cloudflare$")),
        body=_bytes(
            rb"\A\s*error code: 10(?:0[5-9]|1\d|20)\s*\Z"
            rb"|<title>\s*Attention Required! \| Cloudflare\s*</title>"
            rb"|<title>\s*Access denied \| [^<]{1,200} used Cloudflare to restrict access\s*</title>"
        ),
    ),
    # Vercel's firewall and its Attack Challenge Mode: the header is set on what the firewall answered itself.
    _Rule(
        Block(Blocker.VERCEL, BlockKind.CHALLENGE, "x-vercel-mitigated: challenge"),
        header=("x-vercel-mitigated", _text(r"^\s*challenge\b")),
    ),
    _Rule(
        Block(Blocker.VERCEL, BlockKind.DENIED, "x-vercel-mitigated"),
        header=("x-vercel-mitigated", _text(r"\S")),
    ),
    # AWS WAF, "How the CAPTCHA and Challenge rule actions work": with status 202 (challenge) or 405 (captcha).
    # https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
    _Rule(
        Block(Blocker.AWS_WAF, BlockKind.CHALLENGE, "x-amzn-waf-action: challenge or captcha"),
        header=("x-amzn-waf-action", _text(r"^\s*(?:challenge|captcha)\b")),
    ),
    # CloudFront's page for a request that a WAF rule blocked; the product's own 403 passes with its own body.
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html
    _Rule(
        Block(Blocker.AWS_WAF, BlockKind.DENIED, "CloudFront: Request blocked."),
        statuses=_BLOCKS,
        header=("x-cache", _text(r"^error from cloudfront")),
        body=_bytes(rb"Request blocked\.[\s\S]{0,400}Generated by cloudfront"),
    ),
    # DataDome's CAPTCHA and device check come from one host of its own, named in the page as served.
    _Rule(
        Block(Blocker.DATADOME, BlockKind.CHALLENGE, "captcha-delivery.com"),
        statuses=_BLOCKS,
        body=_bytes(rb"\b(?:geo\.|ct\.|interstitial\.)?captcha-delivery\.com\b"),
    ),
    # HUMAN's block page, as served: the container its script fills. Ordinary pages carry its sensor, not this.
    _Rule(
        Block(Blocker.HUMAN, BlockKind.CHALLENGE, "px-captcha"),
        statuses=_BLOCKS,
        body=_bytes(rb"\bid=[\"']px-captcha[\"']"),
    ),
    # Akamai's refusal, as served: a short page with a reference number (18 means denied) and its support host. The
    # punctuation is written as character references.
    _Rule(
        Block(Blocker.AKAMAI, BlockKind.DENIED, "Access Denied with an edgesuite.net reference"),
        statuses=_BLOCKS,
        body=_bytes(
            rb"<title>\s*Access Denied\s*</title>[\s\S]{0,2000}"
            rb"(?:errors(?:\.|&#46;)edgesuite(?:\.|&#46;)net|Reference(?: |&#32;)(?:#|&#35;)[0-9]+)"
        ),
    ),
    # Imperva's block page, as served: one sentence with an incident number. It sends the challenge with status 200
    # too, and then the page is hardly more than a frame around that sentence. Pages that pass may load a script of
    # the same path, so the path alone says nothing.
    _Rule(
        Block(Blocker.IMPERVA, BlockKind.DENIED, "Incapsula incident ID"),
        statuses=_BLOCKS,
        body=_bytes(rb"Incapsula incident ID"),
    ),
    _Rule(
        Block(Blocker.IMPERVA, BlockKind.CHALLENGE, "frame of _Incapsula_Resource"),
        body=_bytes(
            rb"<iframe[^>]{0,200}src=[\"']/_Incapsula_Resource\?[^>]{0,2000}>"
            rb"\s*Request unsuccessful\. Incapsula incident ID"
        ),
    ),
    # Sucuri's block page, as served: a header names the rule, the title the firewall.
    _Rule(
        Block(Blocker.SUCURI, BlockKind.DENIED, "x-sucuri-block"),
        statuses=_BLOCKS,
        header=("x-sucuri-block", _ANYTHING),
    ),
    _Rule(
        Block(Blocker.SUCURI, BlockKind.DENIED, "title of the Sucuri block page"),
        statuses=_BLOCKS,
        body=_bytes(rb"<title>\s*Sucuri WebSite Firewall"),
    ),
)


def recognise_block(status: int, headers: Mapping[str, str], body: bytes) -> Block | None:
    """Whether something else answered in the product's place; None where nothing says so.

    Args:
        status: The HTTP status code.
        headers: By lower-case name.
        body: The body, content coding removed; what lies beyond MAX_SCANNED_BYTES is not read.
    """
    scanned = body[:MAX_SCANNED_BYTES]
    return next((rule.block for rule in _RULES if _holds(rule, status, headers, scanned)), None)


def _holds(rule: _Rule, status: int, headers: Mapping[str, str], body: bytes) -> bool:
    if rule.statuses and status not in rule.statuses:
        return False
    if rule.header is not None:
        name, pattern = rule.header
        if name not in headers or not pattern.search(headers[name]):
            return False
    return rule.body is None or rule.body.search(body) is not None
