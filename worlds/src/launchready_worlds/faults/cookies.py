"""Cookies that leak, that browsers throw away, or that don't get where they are needed."""

from starlette.datastructures import MutableHeaders

from launchready_worlds.addresses import APEX, APP, BOOKING, BOOKING_EDGE, DOMAIN
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.faults.web import challenge
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APP, JOURNEY
from launchready_worlds.wrapping import answer, at, response_headers

HOST_BOOKING = f"host:{BOOKING}"
"""A second site of the founder's, in the situations that need one."""


def _set(scene: Scene, *cookies: str, host: str = APP) -> None:
    def edit(headers: MutableHeaders) -> None:
        for cookie in cookies:
            headers.append("set-cookie", cookie)

    scene.wrap(host, response_headers(edit))


def _second_site(scene: Scene, session: str) -> None:
    """Declare the calendar's host as the app's API on another site; it sets a session of its own."""
    scene.declaration["hosts"].append(
        {
            "name": BOOKING,
            "purpose": "API of the app",
            "owner": "Maya Ortiz",
            "provider": "Render",
            "addresses": [BOOKING_EDGE],
            "allowed_origins": [f"https://{APP}"],
        }
    )
    _set(scene, session, host=BOOKING)


@good({"session-cookie-weak": (HOST_APP,), "cookie-refused": (HOST_APP,)}, Outcome.PASS)
def session_cookie_sound(scene: Scene) -> None:
    """The app's pages set a log-in cookie as it should be."""
    _set(scene, "__Host-session=k3j4h5k3j4h5; Path=/; Secure; HttpOnly; SameSite=Lax")


@fault(
    {"session-cookie-weak": (HOST_APP,)},
    implies={"login-cookie-weak": (JOURNEY,), "set-cookie-cacheable": (HOST_APP,)},
)
def session_cookie_readable(scene: Scene) -> None:
    """The log-in cookie also goes over plain http, and every script can read it."""
    _set(scene, "connect.sid=s%3Ak3j4h5k3j4h5; Path=/")


@fault(
    {"cookie-refused": (HOST_APP,)},
)
def session_cookie_breaks_its_prefix(scene: Scene) -> None:
    """The log-in cookie got a safer name and kept its Domain, so browsers throw it away."""
    _set(scene, f"__Host-session=k3j4h5k3j4h5; Domain={APP}; Path=/; Secure; HttpOnly; SameSite=Lax")


@fault(
    {"cookie-refused": (HOST_APP,)},
)
def session_cookie_for_the_old_domain(scene: Scene) -> None:
    """The log-in cookie still names the domain before the move as its own."""
    _set(scene, "session=k3j4h5k3j4h5; Domain=brightpath-beta.example; Path=/; Secure; HttpOnly; SameSite=Lax")


@fault(
    {"session-lost-across-sites": (HOST_BOOKING,)},
    implies={"security-txt-missing": (HOST_BOOKING,)},
)
def session_on_another_site(scene: Scene) -> None:
    """The app's pages call an API on another domain, whose log-in cookie browsers hold back."""
    _second_site(scene, "session=k3j4h5k3j4h5; Path=/; Secure; HttpOnly; SameSite=Lax")


@good({"session-lost-across-sites": (HOST_BOOKING,)}, Outcome.PASS)
def session_partitioned(scene: Scene) -> None:
    """The API on another domain sets its cookie for each site apart, which browsers send."""
    _second_site(scene, "session=k3j4h5k3j4h5; Path=/; Secure; HttpOnly; SameSite=None; Partitioned")


@blind(
    {"session-lost-across-sites": (HOST_BOOKING,)},
)
def second_site_challenged(scene: Scene) -> None:
    """The API on another domain has a bot protection that asks us to prove that we are human."""
    _second_site(scene, "session=k3j4h5k3j4h5; Path=/; Secure; HttpOnly; SameSite=Lax")
    scene.wrap(BOOKING, answer(challenge))


@decoy(
    {"session-lost-across-sites": (HOST_APP,)},
    Outcome.NOT_APPLICABLE,
    implies={"cors-blocks-own-app": (HOST_APP,)},
)
def session_on_the_same_site(scene: Scene) -> None:
    """The landing page calls the app's host, which is another name on the same site: cookies go along."""
    scene.declaration["hosts"][2]["allowed_origins"] = [f"https://{APEX}"]
    _set(scene, "session=k3j4h5k3j4h5; Path=/; Secure; HttpOnly; SameSite=Lax")


@decoy(
    {"session-cookie-weak": (HOST_APP,), "cookie-refused": (HOST_APP,)},
)
def cookies_that_measure(scene: Scene) -> None:
    """Beside a sound log-in cookie stand those of analytics, of forms, of the hosting company, and one taken away."""
    _set(
        scene,
        "__Host-session=k3j4h5k3j4h5; Path=/; Secure; HttpOnly; SameSite=Lax",
        "_ga=GA1.1.1234567890.1700000000; Path=/",
        "ai_session=abcdefgh; Path=/",
        "csrftoken=abcdefgh; Path=/; Secure; SameSite=Lax",
        "ARRAffinity=0123456789abcdef; Path=/; HttpOnly; Secure; Domain=brightpath.azurewebsites.net",
        "session=; Path=/; Max-Age=0",
    )


def _at_login(scene: Scene, old: str, new: str, *more: str) -> None:
    """Change what logging in sets, and set more."""

    def edit(headers: MutableHeaders) -> None:
        lines = [line.replace(old, new) for line in headers.getlist("set-cookie")]
        del headers["set-cookie"]
        for line in (*lines, *more):
            headers.append("set-cookie", line)

    scene.wrap(APP, response_headers(edit, at("/login", methods=("POST",))))


@fault(
    {"login-cookie-shared": (JOURNEY,)},
)
def login_cookie_for_all_hosts(scene: Scene) -> None:
    """Only after logging in there is a cookie, and it goes to every host of the domain."""
    _at_login(scene, "; Path=/", f"; Domain={DOMAIN}; Path=/")


@fault(
    {"login-cookie-weak": (JOURNEY,)},
)
def login_cookie_over_http(scene: Scene) -> None:
    """Only after logging in there is a cookie, and it goes over plain http as well."""
    _at_login(scene, "; Secure", "")


@decoy(
    {"login-cookie-weak": (JOURNEY,), "login-cookie-shared": (JOURNEY,)},
)
def login_sets_more_than_a_session(scene: Scene) -> None:
    """Logging in also sets a form's key that scripts read, and a counter of the edge for the whole domain."""
    edge = f"__cf_bm=abcdefgh; Domain={DOMAIN}; Path=/; Secure; HttpOnly"
    _at_login(scene, "", "", "csrftoken=abcdefgh; Path=/; SameSite=Lax", edge, "_ga=GA1.1.1.2; Path=/")
