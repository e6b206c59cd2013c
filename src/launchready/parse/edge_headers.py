"""Recognises who passed an answer on, by the headers that edges and platforms leave on it.

What they leave is theirs to change and ours to look up; each mark names where it is documented. An answer without a
mark says nothing: there may be an edge that leaves none.
"""

import re
from collections.abc import Iterable
from typing import Final

_MARKS: Final = (
    # https://developers.cloudflare.com/fundamentals/reference/http-headers/ : on every proxied answer
    ("Cloudflare", "cf-ray", ""),
    ("Cloudflare", "server", r"cloudflare"),
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ : response headers that CloudFront adds
    ("Amazon CloudFront", "x-amz-cf-id", ""),
    ("Amazon CloudFront", "server", r"cloudfront"),
    # https://www.fastly.com/documentation/reference/http/http-headers/X-Served-By/
    ("Fastly", "x-fastly-request-id", ""),
    ("Fastly", "x-served-by", r"cache-"),
    # https://techdocs.akamai.com/property-mgr/docs/akamai-request-ids
    ("Akamai", "server", r"akamai"),
    ("Akamai", "akamai-grn", ""),
    # https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
    ("Azure Front Door", "x-azure-ref", ""),
    # https://docs.sucuri.net/website-firewall/
    ("Sucuri", "x-sucuri-id", ""),
    ("Bunny", "server", r"bunnycdn"),
    # https://vercel.com/docs/headers/response-headers
    ("Vercel", "x-vercel-id", ""),
    ("Vercel", "server", r"vercel"),
    # https://docs.netlify.com/ : x-nf-request-id is on every answer
    ("Netlify", "x-nf-request-id", ""),
    ("Netlify", "server", r"netlify"),
    # https://fly.io/docs/networking/request-headers/
    ("Fly.io", "fly-request-id", ""),
    ("Fly.io", "server", r"fly/"),
    # https://docs.railway.com/networking/public-networking
    ("Railway", "x-railway-request-id", ""),
    ("Railway", "x-railway-edge", ""),
    ("Render", "rndr-id", ""),
    ("Render", "x-render-origin-server", ""),
    # https://devcenter.heroku.com/articles/http-routing : the routers sign in Via
    ("Heroku", "via", r"\S+ (heroku-router|vegur)"),
    ("GitHub Pages", "x-github-request-id", ""),
    # https://cloud.google.com/load-balancing/docs/https#target-proxies : the load balancer signs in Via
    ("Google Cloud", "via", r"1\.1 google"),
    ("Google Cloud", "server", r"google frontend"),
)
"""Name, header, and how its value begins, in any case (empty: anything). Who stands in front comes first."""

_PATTERNS: Final = tuple((name, header, re.compile(begin, re.IGNORECASE)) for name, header, begin in _MARKS)


def recognise_edge(headers: Iterable[tuple[str, str]]) -> str:
    """The name of the network or platform that an answer came through; empty where no header tells.

    Where several have left a mark, it is the one nearer to the visitor, as far as their usual order tells.

    Args:
        headers: (lower-case name, value), as they came.
    """
    seen = tuple(headers)
    for name, header, begin in _PATTERNS:
        if any(key == header and begin.match(value.lstrip()) for key, value in seen):
            return name
    return ""
