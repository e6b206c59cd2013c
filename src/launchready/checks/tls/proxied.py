"""Two layers that each look right: a proxy in front, and a provider behind it that renews the certificate."""

from typing import Final

from launchready.facts.domain import HostAddresses
from launchready.facts.redirects import RedirectMatrix
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import ADDRESS_IS_SAID
from launchready.model.subject import Host, host_of

NETLIFY: Final = "https://answers.netlify.com/t/138"
LEAD_CONNECTOR: Final = "https://help.leadconnectorhq.com/support/solutions/articles/155000004862"
PAGECORD: Final = "https://github.com/lylo/pagecord/issues/1244"

RENEW_ONLY_DIRECTLY: Final = {
    "netlify.app": ("Netlify", NETLIFY),
    "netlify.com": ("Netlify", NETLIFY),
    "leadconnectorhq.com": ("HighLevel", LEAD_CONNECTOR),
    "pagecord.com": ("Pagecord", PAGECORD),
}
"""Providers who say, or of whom it is known, that they can't issue or renew while another company's proxy answers for
the name: by the end of the names that they let customers point to, each with who says so."""

PROXIES: Final = frozenset(
    {"Cloudflare", "Sucuri", "Bunny", "Fastly", "Akamai", "Amazon CloudFront", "Azure Front Door"}
)
"""Edges that somebody puts in front of a provider; their names as the marks of answers give them."""


@check(
    "renewal-behind-proxy",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing yet; in some weeks, an error page of the proxy instead of the site.",
    costs=(Cost.LEADS, Cost.AD_SPEND, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(NETLIFY, LEAD_CONNECTOR, PAGECORD),
    when=(ADDRESS_IS_SAID,),
    explains=("host-address-undeclared",),
)
def renewal_behind_proxy(host: Host, seen: HostAddresses, matrix: RedirectMatrix) -> Judgement:
    """No proxy stands before a provider that can renew its certificate only when asked directly.

    ## Why it matters at launch
    The proxy shows visitors a certificate of its own, so everything looks well. Behind it, the provider sees that the
    name does not lead to it any more and cannot renew its own; about three months later the proxy gets no secure
    connection to the provider, and the site is gone.

    ## How to fix
    Switch the proxy off for this name and keep the record: at Cloudflare, the cloud beside it is to be grey ("DNS
    only"). If you want to keep the proxy, ask the provider which certificate it accepts behind one.
    """
    target = host.cname
    if target is None:
        return NotApplicable("launchready.toml names no provider's name that this host should lead to")
    provider = next((name for end, (name, _) in RENEW_ONLY_DIRECTLY.items() if f".{target}".endswith(f".{end}")), None)
    if provider is None:
        return NotApplicable(f"nothing is known of {target} that a proxy before it would break")
    if target in seen.cname_chain or set(seen.addresses) & set(seen.declared_target or ()):
        return Pass()
    edges = {hop.edge for walk in matrix.walks for hop in walk.hops if host_of(hop.url) == host.name} & PROXIES
    if not edges:
        return Pass()
    told = f"{host.name} is answered by {' and '.join(sorted(edges))}, and {provider} behind it can't renew"
    do = f"Switch the proxy off for {host.name}, so that it leads to {provider} directly"
    return Fail((told,), Fix(do, f"{host.name}. CNAME {target}.   (Cloudflare: proxy status DNS only)"))
