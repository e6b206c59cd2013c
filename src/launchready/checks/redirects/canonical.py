"""What the site says of its own addresses, against the address that it has."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import combinations
from typing import Final

from launchready.facts.canonical import PageVersion, PageVersions, Place, Sitemaps, Variation
from launchready.facts.redirects import origin_of
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.fact import Each
from launchready.model.product import Product
from launchready.model.reading import Measured
from launchready.model.subject import Host, host_of

PREVIEW_SUFFIXES: Final = (
    *(".vercel.app", ".netlify.app", ".pages.dev", ".workers.dev", ".onrender.com", ".herokuapp.com", ".fly.dev"),
    *(".up.railway.app", ".web.app", ".firebaseapp.com", ".azurewebsites.net", ".github.io", ".webflow.io"),
    *(".framer.app", ".framer.website", ".ngrok.io", ".ngrok.app", ".ngrok-free.app", ".trycloudflare.com"),
    *(
        ".replit.app",
        ".lovable.app",
        ".bolt.host",
        ".surge.sh",
        ".wixsite.com",
        ".squarespace.com",
        ".ondigitalocean.app",
    ),
)
"""Under these a provider puts what is not on its own domain yet; each documents it as the project's first address."""

STAGING_LABELS: Final = frozenset({"staging", "stage", "preview", "dev", "test", "uat", "qa"})
"""How copies for trying out are called."""

LOCAL_NAMES: Final = (".localhost", ".local", ".internal", ".test")
"""Names that mean a machine or network of one's own (RFC 6761, RFC 6762, and ICANN's .internal)."""

MIN_SHOWN_CHARS: Final = 200
"""Less text than two sentences is the frame of an application that draws itself: many are alike and none is a copy."""

SHOWN: Final = 10
"""Addresses that are named; a sitemap may hold thousands of the same kind."""


@dataclass(frozen=True, slots=True)
class Said:
    """An address that the site gives as its own, where it stands, and what is wrong with it (empty: nothing)."""

    where: str
    url: str
    wrong: str = ""


@check(
    "canonical-contradicts",
    impact=Impact.MAJOR,
    customer_sees="A search or a shared link shows them a test copy, an insecure address or nothing.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6596",
        "https://www.sitemaps.org/protocol.html",
        "https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls",
    ),
)
def canonical_contradicts(host: Host, product: Product, versions: PageVersions, sitemaps: Sitemaps) -> Judgement:
    """Canonical tags, share tags and the sitemap name the address that visitors end at.

    ## Why it matters at launch
    They tell search engines and social networks which address to show. A `localhost` or a preview address left over
    from building the site takes it out of search, or sends people to a copy that nobody looks after.

    ## How to fix
    Set the site's public address in the settings of the framework (often SITE_URL or metadataBase), and build again.
    """
    if not versions.pages:
        return NotApplicable("this host shows no page of its own")
    said = [*_by_pages(versions), *_by_sitemaps(sitemaps)]
    judged = [Said(one.where, one.url, _wrong(one.url, host, product)) for one in said]
    wrong = list(dict.fromkeys(f"{one.where} says {one.url}: {one.wrong}" for one in judged if one.wrong))
    wrong += _at_odds(versions)
    if wrong:
        do = f"Let every page and the sitemap of {host.name} name {host.origin}"
        return Fail(tuple(wrong[:SHOWN]), Fix(do, f'<link rel="canonical" href="{host.origin}/">'))
    return Pass() if said else NotApplicable("the site says nowhere which address is its own")


@check(
    "duplicate-pages",
    impact=Impact.MINOR,
    customer_sees="Nothing; search engines split what one page earns among several addresses.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls",),
)
def duplicate_pages(versions: PageVersions) -> Judgement:
    """Each page has one address: other ways to write it redirect there, or name it as canonical.

    ## Why it matters at launch
    Links, shares and statistics of one page are counted apart for each of its addresses, and search engines choose
    among them as they like.

    ## How to fix
    Redirect the other way of writing to the one, or put one canonical tag with the full address into the page.
    """
    if not versions.pages:
        return NotApplicable("this host shows no page of its own")
    twins = [(page, other) for page, kind, other in _pairs(versions) if _is_twin(page, kind, other)]
    if not twins:
        return Pass()
    shown = tuple(f"{other.url} shows the same page as {page.url}" for page, other in twins)
    tag = f'<link rel="canonical" href="{twins[0][0].url}">'
    return Fail(shown, Fix("Redirect to the one address, or name it in the page", tag))


@check(
    "hosts-show-same-page",
    impact=Impact.MINOR,
    customer_sees="The same page at two of your addresses, and a log-in that works at one of them.",
    costs=(Cost.LEADS,),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls",),
)
def hosts_show_same_page(versions: Each[PageVersions]) -> Judgement:
    """Each host has a front page of its own, or says which host its page belongs to.

    ## Why it matters at launch
    Two hosts with one page compete in search, and half of the visitors land at the one that was not meant for them.

    ## How to fix
    Redirect one of the hosts to the other, or let both pages name the same canonical address.
    """
    fronts = [pages.pages[0].version for _, pages in versions if pages.pages]
    shown = [one.value for one in fronts if isinstance(one, Measured) and one.value.shown_chars >= MIN_SHOWN_CHARS]
    if len(shown) < 2:
        return NotApplicable("there are no two hosts with a page that can be compared")
    twins = [(one, other) for one, other in combinations(shown, 2) if _are_copies(one, other)]
    if not twins:
        return Pass()
    pairs = tuple(f"{one.url} and {other.url} show the same page" for one, other in twins)
    tag = f'<link rel="canonical" href="{twins[0][0].url}">'
    return Fail(pairs, Fix("Redirect one of the two to the other, or name one address in both pages", tag))


def _are_copies(one: PageVersion, other: PageVersion) -> bool:
    """Whether two hosts' pages are one and none says so; a name and its www are another check's."""
    names = sorted((host_of(one.url), host_of(other.url)), key=len)
    if names[1] == f"www.{names[0]}" or one.is_hidden or other.is_hidden:
        return False
    return one.fingerprint == other.fingerprint and (not one.canonical or one.canonical != other.canonical)


def _by_pages(versions: PageVersions) -> Iterator[Said]:
    """Every claim of a page that is shown and may be in search, at its own address; variants repeat it."""
    for asked in versions.pages:
        if isinstance(asked.version, Measured) and not asked.version.value.is_hidden:
            page = asked.version.value
            yield from (Said(f"{claim.place.value} of {page.url}", claim.url) for claim in page.claims)


def _at_odds(versions: PageVersions) -> Iterator[str]:
    """Pages that name several canonical addresses: search engines believe none of them."""
    for asked in versions.pages:
        if isinstance(asked.version, Measured):
            page = asked.version.value
            named = dict.fromkeys(claim.url for claim in page.claims if claim.place is not Place.OG_URL)
            if len(named) > 1:
                yield f"{page.url} names several addresses as its own: {' and '.join(named)}"


def _by_sitemaps(sitemaps: Sitemaps) -> Iterator[Said]:
    for sitemap in sitemaps.seen:
        if isinstance(sitemap.origins, Measured):
            yield from (Said(sitemap.url, listed.example) for listed in sitemap.origins.value if listed.origin)


def _wrong(url: str, host: Host, product: Product) -> str:
    """What is wrong with an address that the site gives as its own; empty where nothing is, or nobody can tell."""
    name = host_of(url)
    if name != host.name and (kind := _kind_of_leftover(name, product)):
        return kind
    if url.startswith("http://") and name in {h.name for h in product.hosts}:
        return "that is the address without https"
    if not product.has_file:
        return ""
    named = next((h for h in product.hosts if h.name == name), None)
    if named is None:
        return "launchready.toml names no such host"
    if named.redirects_to is not None:
        return f"that host sends visitors on to {named.redirects_to}"
    return "" if origin_of(url) == f"https://{name}" else "that is another port"


def _kind_of_leftover(name: str, product: Product) -> str:
    """What a name says that is not the product's: an address from building and trying out the site."""
    if name in {host.name for host in product.hosts}:
        return ""
    if name == "localhost" or name.endswith(LOCAL_NAMES) or _is_own_address(name):
        return "that is the computer that it was built on"
    if name.endswith(PREVIEW_SUFFIXES):
        return "that is a provider's address for trying out"
    is_ours = any(name.endswith(f".{domain.name}") for domain in product.domains)
    if is_ours and STAGING_LABELS & set(name.partition(".")[0].split("-")):
        return "that is a copy for trying out"
    return ""


def _is_own_address(name: str) -> bool:
    try:
        return not ip_address(name).is_global
    except ValueError:
        return False


def _pairs(versions: PageVersions) -> Iterator[tuple[PageVersion, Variation, PageVersion]]:
    """Each page beside each other way to ask for it, where both were seen."""
    for asked in versions.pages:
        if not isinstance(asked.version, Measured):
            continue
        for variant in asked.variants:
            if isinstance(variant.version, Measured):
                yield asked.version.value, variant.variation, variant.version.value


def _is_twin(page: PageVersion, kind: Variation, other: PageVersion) -> bool:
    """Whether the other address shows the same page, and both may stand in search as pages of their own.

    The address of a campaign is one of many that nobody redirects: there, only a page that names it as its own counts.
    """
    is_same = other.status == page.status == 200 and bool(page.fingerprint) and other.fingerprint == page.fingerprint
    if not is_same or page.is_hidden or other.is_hidden:
        return False
    if kind is Variation.CAMPAIGN and not other.canonical:
        return False
    return not other.canonical or other.canonical != page.canonical
