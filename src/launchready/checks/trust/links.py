"""Links that customers are sent."""

from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from launchready.facts.links import Arrival, DeadEnd, LinkVisit, PlainHops
from launchready.facts.redirects import WalkEnd
from launchready.model.check import (
    Confidence,
    Cost,
    Fail,
    Fix,
    Fixer,
    Impact,
    Judgement,
    NotApplicable,
    Pass,
    check,
)
from launchready.model.intent import Intent
from launchready.model.reading import Measured
from launchready.model.subject import Link, LinkKind, host_of
from launchready.parse.rfc9110 import CLIENT_ERROR

PLAIN: Final = "http://"

PARAMETERS: Final = frozenset(
    {"gclid", "gbraid", "wbraid", "dclid", "gad_source", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id", "mc_cid"}
)
"""What Google, Meta, Microsoft, TikTok, X, LinkedIn and Mailchimp put behind a link to know it again."""

CAMPAIGN: Final = "utm_"
"""How the names begin by which analytics programs tell campaigns apart (Google, "URL builders")."""

IS_CAMPAIGN: Final = Intent(
    lambda _product, subject: isinstance(subject, Link) and subject.kind in {LinkKind.AD, LinkKind.NEWSLETTER},
    "",
    "this link is in no advertisement and no newsletter",
)
IS_AD: Final = Intent(
    lambda _product, subject: isinstance(subject, Link) and subject.kind is LinkKind.AD,
    "",
    "this link is in no advertisement",
)
IS_NO_AD: Final = Intent(
    lambda _product, subject: isinstance(subject, Link) and subject.kind is not LinkKind.AD,
    "",
    "this link is in an advertisement: `ad-link-over-http` is about it",
)


@check(
    "link-broken",
    impact=Impact.BLOCKER,
    customer_sees="They click to book a call or to buy, and get an error.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=("https://www.rfc-editor.org/rfc/rfc9110#section-15.5",),
)
def link_broken(link: Link, visit: LinkVisit) -> Judgement:
    """Links in advertisements, mails and on booking buttons lead to a page that works.

    ## Why it matters at launch
    This is the last step before money. Whoever gets an error here had decided already.

    ## How to fix
    Open the link in a private window. Renew it at the service it belongs to, and replace it wherever it is used.
    """
    fix = Fix(f"Renew this {link.kind.value} link, and replace it wherever it is used", link.url)
    match visit.went:
        case DeadEnd(words=words):
            return Fail((f"{link.url}: {words}",), fix)
        case Arrival(walk=walk) if walk.end is not WalkEnd.ANSWERED:
            return Fail((f"{link.url} leads round in a circle, or nowhere",), fix)
        case Arrival(status=status, walk=walk) if status >= CLIENT_ERROR:
            return Fail((f"{link.url} ends at {walk.end_url} with {status}",), fix)
        case _:
            return Pass()


@check(
    "link-loses-parameters",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing. You see customers come, and can't tell which advertisement or letter brought them.",
    costs=(Cost.AD_SPEND,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=(
        "https://support.google.com/analytics/answer/10917952",
        "https://support.google.com/google-ads/answer/3095550",
    ),
    when=(IS_CAMPAIGN,),
)
def link_loses_parameters(link: Link, visit: LinkVisit) -> Judgement:
    """The parameters of a campaign's link are still there on the page where it ends.

    ## Why it matters at launch
    `utm_source`, `gclid` and their like are how a sale is traced to what was paid for it. A redirect that drops what
    stands behind the question mark makes paid visitors look like strangers, and the advertisement learns nothing.

    ## How to fix
    Let the redirect keep the query, or put the address where the link ends into the campaign.
    """
    given = _campaign(link.url)
    if not given:
        return NotApplicable("the link carries no parameter of a campaign")
    match visit.went:
        case Arrival(walk=walk) if walk.end is WalkEnd.ANSWERED:
            missing = [pair for pair in given if pair not in _campaign(walk.end_url)]
        case _:
            return NotApplicable("the link leads to no page, so nothing can be lost on the way")
    if not missing:
        return Pass()
    names = ", ".join(name for name, _ in missing)
    fix = Fix(
        "Let this redirect keep what stands behind the question mark, or use the address where it ends",
        _with(walk.end_url, missing),
    )
    return Fail((f"{link.url} ends at {walk.end_url} without {names}",), fix)


CHROME: Final = "https://security.googleblog.com/2025/10/https-by-default.html"


@check(
    "ad-link-over-http",
    impact=Impact.BLOCKER,
    customer_sees="They click your advertisement, and the browser asks whether they want to go to an unsafe site.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(CHROME,),
    when=(IS_AD,),
)
def ad_link_over_http(link: Link, plain: PlainHops) -> Judgement:
    """Links in advertisements never pass a host that answers over plain http alone.

    ## Why it matters at launch
    From version 154 on, Chrome asks before it opens a public page that has no https. Every click that meets this
    question is paid for, and many turn back.

    ## How to fix
    Give the host a valid certificate, or use an address in the advertisement that has one.
    """
    return _warned(link, plain)


@check(
    "link-over-http",
    impact=Impact.MAJOR,
    customer_sees="They click in your letter, and the browser asks whether they really want to go to an unsafe page.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=30,
    sources=(CHROME,),
    when=(IS_NO_AD,),
)
def link_over_http(link: Link, plain: PlainHops) -> Judgement:
    """Links in newsletters and on booking buttons never pass a host that answers over plain http alone.

    ## Why it matters at launch
    From version 154 on, Chrome asks before it opens a public page that has no https. Many who meet this question turn
    back.

    ## How to fix
    Give the host a valid certificate, or use an address that has one wherever the link is used.
    """
    return _warned(link, plain)


@check(
    "link-begins-over-http",
    impact=Impact.MINOR,
    customer_sees="Nothing, unless somebody on the same Wi-Fi sends them to another page.",
    costs=(Cost.LEADS,),
    fixer=Fixer.OWNER,
    minutes=5,
    sources=(CHROME,),
)
def link_begins_over_http(link: Link, plain: PlainHops) -> Judgement:
    """Links that customers are sent stay on https from the click to the page.

    ## Why it matters at launch
    A step over plain http can be led elsewhere by whoever runs the network, and it costs a redirect before the page.

    ## How to fix
    Write `https://` wherever the link is used.
    """
    for hop in plain.hops:
        if isinstance(hop.answers_https, Measured) and hop.answers_https.value:
            fix = Fix(f"Write this address into the {link.kind.value} link", f"https://{hop.url.removeprefix(PLAIN)}")
            return Fail((f"{link.url} goes over {hop.url}",), fix)
    return Pass()


def _warned(link: Link, plain: PlainHops) -> Judgement:
    """Where a browser warns: https was asked for, and nothing that it accepts answered."""
    for hop in plain.hops:
        if isinstance(hop.answers_https, Measured) and not hop.answers_https.value:
            do = f"Give {host_of(hop.url)} a valid certificate, or replace this link wherever it is used"
            return Fail((f"{link.url} goes over {hop.url}, and there is no https there",), Fix(do, link.url))
    return Pass()


def _campaign(url: str) -> list[tuple[str, str]]:
    """The parameters of campaigns behind a URL, decoded."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return [(name, value) for name, value in pairs if name.startswith(CAMPAIGN) or name in PARAMETERS]


def _with(url: str, missing: list[tuple[str, str]]) -> str:
    parts = urlsplit(url)
    return parts._replace(query="&".join(filter(None, (parts.query, urlencode(missing))))).geturl()
