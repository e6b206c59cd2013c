"""The pages: landing, sign-up, verification, log-in and chat. They work without JavaScript, except the chat itself."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from coachbot.accounts import TOKEN_BYTES, Accounts, LinkState
from coachbot.clock import Clock
from coachbot.conversations import Conversations
from coachbot.forms import Form, lead_form, login_form, signup_form
from coachbot.leads import Leads
from coachbot.letters import LeadText
from coachbot.passwords import MIN_PASSWORD_CHARS
from coachbot.rendering import PRIVATE, Renderer
from coachbot.sessions import Sessions
from launchready_guard.client import ClientAddresses
from launchready_guard.throttle import LoginThrottle, ThrottledError

NO_REFERRER = {"Referrer-Policy": "no-referrer"}
"""The address of a verification page is a key; no other page learns it."""

MAX_TOKEN_CHARS = 4 * TOKEN_BYTES

CONFIRMED = "confirmed"
CONFIRMED_S = 60
"""A cookie that lives for a minute carries "your address is confirmed" over the redirect to the log-in page."""

WRONG_LOGIN = (
    "That e-mail address and password don't belong together. If you have just signed up, please confirm your "
    "address first: the link is in your mail."
)


class Pages:
    """The endpoints that answer with HTML.

    Args:
        render: Renders pages.
        accounts: Customers.
        sessions: Their cookies.
        leads: Messages to the coach.
        conversations: For the history on the chat page.
        throttle: Slows down guessing.
        addresses: Finds the client's address.
        clock: The time of day.
    """

    def __init__(  # noqa: PLR0913 - the parts that pages show
        self,
        *,
        render: Renderer,
        accounts: Accounts,
        sessions: Sessions,
        leads: Leads,
        conversations: Conversations,
        throttle: LoginThrottle,
        addresses: ClientAddresses,
        clock: Clock,
    ) -> None:
        self._render = render
        self._accounts = accounts
        self._sessions = sessions
        self._leads = leads
        self._conversations = conversations
        self._throttle = throttle
        self._addresses = addresses
        self._clock = clock

    def routes(self) -> list[Route]:
        """The routes of all pages."""
        return [
            Route("/", self.landing),
            Route("/leads", self.lead, methods=["POST"]),
            Route("/leads/sent", self.lead_sent),
            Route("/privacy", self.privacy),
            Route("/signup", self.signup),
            Route("/signup", self.sign_up, methods=["POST"]),
            Route("/signup/sent", self.signup_sent),
            Route("/verify", self.verification),
            Route("/verify", self.verify, methods=["POST"]),
            Route("/login", self.login),
            Route("/login", self.log_in, methods=["POST"]),
            Route("/logout", self.log_out, methods=["POST"]),
            Route("/chat", self.chat),
        ]

    async def landing(self, request: Request) -> Response:
        """What is offered, what it costs, and the form to the coach."""
        return self._render.public(request, "landing.html", form=Form({}))

    async def lead(self, request: Request) -> Response:
        """Keep a message to the coach."""
        async with request.form() as data:
            form = lead_form(data)
        if not form.ok:
            return self._render.private("lead.html", status=422, form=form)
        await self._leads.save(LeadText(**form.values))
        return _see("/leads/sent")

    async def lead_sent(self, request: Request) -> Response:
        """Say that the message arrived and what comes next."""
        return self._render.public(request, "lead_sent.html")

    async def privacy(self, request: Request) -> Response:
        """What is kept about whom."""
        return self._render.public(request, "privacy.html")

    async def signup(self, request: Request) -> Response:
        """The sign-up form."""
        return self._render.public(request, "signup.html", form=Form({}), min_password=MIN_PASSWORD_CHARS)

    async def sign_up(self, request: Request) -> Response:
        """Send a verification link; the answer is the same for an address that has an account."""
        async with request.form() as data:
            form = signup_form(data)
        if not form.ok:
            return self._render.private("signup.html", status=422, form=form, min_password=MIN_PASSWORD_CHARS)
        await self._accounts.sign_up(**form.values)
        return _see("/signup/sent")

    async def signup_sent(self, request: Request) -> Response:
        """Say where the link went."""
        return self._render.public(request, "signup_sent.html")

    async def verification(self, request: Request) -> Response:
        """Show the button that uses the link; looking does not use it."""
        token = request.query_params.get("token", "")[:MAX_TOKEN_CHARS]
        state = await self._accounts.link_state(token)
        return self._verification_page(token, state)

    def _verification_page(self, token: str, state: LinkState) -> Response:
        status = 410 if state is LinkState.DEAD else 200
        values = {"token": token, "state": state.value}
        return self._render.private("verify.html", status=status, headers=NO_REFERRER, **values)

    async def verify(self, request: Request) -> Response:
        """Use the link; clicking twice is as good as once."""
        async with request.form() as data:
            token = str(data.get("token", ""))[:MAX_TOKEN_CHARS]
        state = await self._accounts.verify(token)
        if state is LinkState.DEAD:
            return self._verification_page(token, state)
        response = _see("/login")
        response.set_cookie(CONFIRMED, "1", max_age=CONFIRMED_S, path="/login", httponly=True, samesite="lax")
        return response

    async def login(self, request: Request) -> Response:
        """The log-in form."""
        if CONFIRMED not in request.cookies:
            return self._render.public(request, "login.html", form=Form({}), confirmed=False)
        response = self._render.private("login.html", form=Form({}), confirmed=True)
        response.delete_cookie(CONFIRMED, path="/login", httponly=True, samesite="lax")
        return response

    async def log_in(self, request: Request) -> Response:
        """Open a session, or say that address and password don't belong together."""
        async with request.form() as data:
            form = login_form(data)
        email, address = form.values["email"], self._addresses.of(request.scope)
        try:
            async with self._throttle.attempt(
                account=email, address=address, now_s=self._clock().timestamp()
            ) as attempt:
                token = await self._accounts.log_in(email=email, password=form.values["password"])
                await (attempt.failed() if token is None else attempt.succeeded())
        except ThrottledError as throttled:
            return self._throttled(throttled.retry_after_s)
        if token is None:
            form.errors["email"] = WRONG_LOGIN
            return self._render.private("login.html", status=401, form=form, confirmed=False)
        response = _see("/chat")
        self._sessions.begin(response, token)
        return response

    def _throttled(self, retry_after_s: int) -> Response:
        minutes = -(-retry_after_s // 60)
        headers = {"Retry-After": str(retry_after_s)}
        return self._render.private("throttled.html", status=429, headers=headers, minutes=minutes)

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        response = _see("/login")
        await self._sessions.end(request, response)
        return response

    async def chat(self, request: Request) -> Response:
        """The chat with its history."""
        customer = await self._sessions.customer(request)
        if customer is None:
            return _see("/login")
        history = await self._conversations.history(customer.id)
        return self._render.private("chat.html", customer=customer, history=history)


def _see(path: str) -> Response:
    """Send the browser on with GET, so that reloading repeats nothing (RFC 9110 15.4.4)."""
    return RedirectResponse(path, 303, headers=PRIVATE)
