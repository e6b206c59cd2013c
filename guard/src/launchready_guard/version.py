"""Which build is running: the line a deploy, a monitor and a bug report agree on."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def version_route(*, name: str, version: str, commit: str, built_at: str | None) -> Route:
    """The route `/version`.

    Args:
        name: The product's name.
        version: Its released version.
        commit: The full commit it was built from.
        built_at: RFC 3339 time of the build; None when the build did not say.
    """
    body = {"name": name, "version": version, "commit": commit, "built_at": built_at}

    async def endpoint(_request: Request) -> Response:
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    return Route("/version", endpoint, name="version")
