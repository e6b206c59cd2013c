"""The session cookie."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from coachbot.accounts import SESSION_DAYS, Accounts, Customer

COOKIE = "session"

MAX_COOKIE_CHARS = 100
"""Longest value that is looked up; ours have 43 characters."""


class Sessions:
    """Ties a browser to a log-in.

    The cookie has no `Domain`, so no other host of the owner's sees it.

    Args:
        accounts: Knows the sessions.
        secure: Whether the cookie is sent over TLS only.
    """

    def __init__(self, accounts: Accounts, *, secure: bool) -> None:
        self._accounts = accounts
        self._secure = secure

    async def customer(self, request: Request) -> Customer | None:
        """Who is logged in; None when nobody is."""
        token = request.cookies.get(COOKIE, "")
        if not token or len(token) > MAX_COOKIE_CHARS:
            return None
        return await self._accounts.customer(token)

    async def owner(self, scope: Scope) -> str | None:
        """Whose talk a request belongs to: the customer's, in every browser that they are logged in with."""
        customer = await self.customer(Request(scope))
        return None if customer is None else str(customer.id)

    def begin(self, response: Response, token: str) -> None:
        """Give the browser its cookie."""
        lifetime_s = SESSION_DAYS * 24 * 3600
        response.set_cookie(COOKIE, token, max_age=lifetime_s, httponly=True, secure=self._secure, samesite="lax")

    async def end(self, request: Request, response: Response) -> None:
        """End the session and take the cookie away."""
        token = request.cookies.get(COOKIE, "")
        if token:
            await self._accounts.log_out(token)
        response.delete_cookie(COOKIE, httponly=True, secure=self._secure, samesite="lax")
