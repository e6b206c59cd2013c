"""The registry of `.example`: IANA's list of registries, and the server that tells about registrations (RDAP)."""

import datetime as dt
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from launchready_worlds.addresses import DOMAIN, REGISTRY

RDAP_MEDIA = "application/rdap+json"
REGISTRAR = "Harbour Names Ltd."
GOOD_DAYS_LEFT = 300
"""A registration that was renewed two months ago, for a year."""


def registration(now: dt.datetime, days_left: float = GOOD_DAYS_LEFT, *states: str) -> dict[str, Any]:
    """What the registry says of the founder's domain (RFC 9083 section 5.3)."""
    begins = now - dt.timedelta(days=400)
    return {
        "rdapConformance": ["rdap_level_0"],
        "objectClassName": "domain",
        "ldhName": DOMAIN.upper(),
        "status": list(states) or ["client transfer prohibited"],
        "events": [
            {"eventAction": "registration", "eventDate": _moment(begins)},
            {"eventAction": "expiration", "eventDate": _moment(now + dt.timedelta(days=days_left, hours=1))},
            {"eventAction": "last update of RDAP database", "eventDate": _moment(now)},
        ],
        "entities": [
            {
                "objectClassName": "entity",
                "roles": ["registrar"],
                "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", REGISTRAR]]],
            }
        ],
    }


def _moment(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def list_site() -> Starlette:
    """IANA's list (RFC 9224)."""

    async def bootstrap(_request: Request) -> Response:
        services = [[["net", "com"], ["https://rdap.nic.test/"]], [["example"], [f"https://{REGISTRY}/"]]]
        return JSONResponse({"version": "1.0", "publication": "2026-01-01T00:00:00Z", "services": services})

    return Starlette(routes=[Route("/rdap/dns.json", bootstrap)])


def registry_site(now: dt.datetime) -> Starlette:
    """The registry's own server (RFC 9082)."""

    async def domain(_request: Request) -> Response:
        return JSONResponse(registration(now), media_type=RDAP_MEDIA)

    return Starlette(routes=[Route(f"/domain/{DOMAIN}", domain)])
