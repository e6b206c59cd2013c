"""Templates to responses, with the caching that each kind of page needs."""

import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from coachbot.assets import Assets
from coachbot.settings import Settings

PRIVATE = {"Cache-Control": "private, no-store"}
REVALIDATE = {"Cache-Control": "no-cache"}
"""A browser may keep the page but asks each time; the ETag makes asking cheap (RFC 9110 8.8.3)."""


def template_environment() -> Environment:
    """The package's templates; a name that is missing is an error, and HTML is escaped."""
    return Environment(
        loader=PackageLoader("coachbot"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Renderer:
    """Renders pages.

    Args:
        templates: The templates.
        settings: Shown on pages: links and hosts.
        assets: Names of static files.
        booking_link: Where a call is booked.
    """

    def __init__(self, templates: Environment, settings: Settings, assets: Assets, *, booking_link: str) -> None:
        self._templates = templates
        self._common: dict[str, object] = {
            "asset": assets.path,
            "site_url": settings.site_url,
            "app": _prefix(settings.base_url, settings),
            "site": _prefix(settings.site_url, settings),
            "booking_link": booking_link,
            "mail_folder": settings.mail_folder,
        }

    def public(self, request: Request, template: str, **values: object) -> Response:
        """A page that is the same for everyone: kept by browsers, revalidated with an ETag."""
        body = self._body(template, values)
        # Weak, because compression changes the bytes and not the page.
        etag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        headers = REVALIDATE | {"ETag": etag}
        if etag.removeprefix("W/") in _etags(request):
            return Response(status_code=304, headers=headers | {"Vary": "Accept-Encoding"})
        return HTMLResponse(body, headers=headers)

    def private(
        self, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: object
    ) -> Response:
        """A page for one person, or about what one person just did: never kept."""
        return HTMLResponse(self._body(template, values), status_code=status, headers=PRIVATE | (headers or {}))

    def _body(self, template: str, values: dict[str, object]) -> str:
        return self._templates.get_template(template).render(self._common | values)


def _prefix(origin: str, settings: Settings) -> str:
    """Links stay relative when one origin serves everything: they then work under any name a developer uses."""
    return "" if settings.site_url == settings.base_url else origin


def _etags(request: Request) -> set[str]:
    """The tags the browser has, compared weakly (RFC 9110 13.1.2)."""
    return {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
