"""Headers that guard nothing, or not everywhere."""

from starlette.datastructures import MutableHeaders

from launchready_worlds.addresses import APEX, APP, BOOKING, BOOKING_URL
from launchready_worlds.faults import decoy, fault
from launchready_worlds.scene import Scene, Wrapper
from launchready_worlds.subjects import HOST_APEX, HOST_APP
from launchready_worlds.wrapping import at, html, response_headers

POLICY = "content-security-policy"
PAGES = ("/", "/login", "/signup")


def _with(**headers: str) -> Wrapper:
    """Set headers of pages; an empty value takes one away."""

    def edit(sent: MutableHeaders) -> None:
        for name, value in headers.items():
            del sent[name.replace("_", "-")]
            if value:
                sent[name.replace("_", "-")] = value

    return response_headers(edit, media_type="text/html")


@fault(
    {"csp-ineffective": (HOST_APP,)},
)
def policy_allows_all_scripts(scene: Scene) -> None:
    """The app's policy was loosened until nothing complained: inline scripts, and scripts from everywhere."""
    policy = "default-src 'self'; script-src 'self' 'unsafe-inline' https:; frame-ancestors 'none'"
    scene.wrap(APP, _with(content_security_policy=policy))


@decoy(
    {"csp-ineffective": (HOST_APP,), "guards-missing": (HOST_APP,)},
)
def policy_for_old_browsers_too(scene: Scene) -> None:
    """The policy names unsafe-inline and https: for old browsers, and a nonce with strict-dynamic for all others."""
    policy = "script-src 'nonce-k3j4h5' 'strict-dynamic' 'unsafe-inline' https:; object-src 'none'"
    scene.wrap(APP, _with(content_security_policy=f"{policy}; frame-ancestors 'none'"))


@fault(
    {"framing-allowed": (HOST_APP,)},
)
def login_may_be_framed(scene: Scene) -> None:
    """The log-in page may be shown inside of any other site's page."""
    scene.wrap(APP, _with(content_security_policy="script-src 'self'", x_frame_options="ALLOW-FROM https://a.example"))


@decoy(
    {"framing-allowed": (HOST_APP,)},
)
def login_framed_by_the_landing_page(scene: Scene) -> None:
    """The landing page shows the log-in in a frame: its origin is named, and the older header is left out for that."""
    policy = f"script-src 'self'; frame-ancestors 'self' https://{APEX}"
    scene.wrap(APP, _with(content_security_policy=policy, x_frame_options=""))


@fault(
    {"guards-missing": (HOST_APP,)},
)
def policy_only_reports(scene: Scene) -> None:
    """The policy on scripts was tried in report-only and never sent in earnest; files may be taken for others."""

    def edit(headers: MutableHeaders) -> None:
        headers[f"{POLICY}-report-only"] = headers[POLICY]
        headers[POLICY] = "frame-ancestors 'none'"
        del headers["x-content-type-options"]

    scene.wrap(APP, response_headers(edit, media_type="text/html"))


@fault(
    {"headers-missing-on-errors": (HOST_APEX,)},
)
def errors_unguarded(scene: Scene) -> None:
    """The server adds its headers to pages that work, and leaves errors out."""

    def edit(headers: MutableHeaders) -> None:
        for name in (POLICY, "x-frame-options", "x-content-type-options", "strict-transport-security"):
            del headers[name]

    scene.wrap(APEX, response_headers(edit, lambda scope: not at(*PAGES)(scope)))


@decoy(
    {"headers-missing-on-errors": (HOST_APEX,)},
)
def errors_without_a_page(scene: Scene) -> None:
    """Errors come as plain text, with the headers that matter for text."""

    def edit(headers: MutableHeaders) -> None:
        if not headers["content-type"].startswith("text/html"):
            return
        headers["content-type"] = "text/plain; charset=utf-8"
        for name in (POLICY, "x-frame-options"):
            del headers[name]

    scene.wrap(APEX, response_headers(edit, lambda scope: str(scope["path"]).startswith("/launchready-probe")))


def _calendar(scene: Scene, policy: str) -> None:
    """Put the calendar into the landing page, under a policy."""
    frame = (
        f'<iframe src="{BOOKING_URL}" title="Book a call"></iframe><script src="https://{BOOKING}/e.js" nonce="k3j4">'
    )
    scene.wrap(APEX, html(lambda page: page.replace("</body>", f"{frame}</script></body>")))
    scene.wrap(APEX, _with(content_security_policy=policy))


@fault(
    {"csp-blocks-own-page": (HOST_APEX,)},
)
def policy_forgets_the_calendar(scene: Scene) -> None:
    """The calendar was put into the landing page, and the policy does not know it: its place stays empty."""
    _calendar(scene, "default-src 'self'; frame-ancestors 'none'")


@decoy(
    {"csp-blocks-own-page": (HOST_APEX,)},
)
def policy_knows_the_calendar(scene: Scene) -> None:
    """The calendar is in the landing page: its frame by a pattern, and its script by a nonce."""
    _calendar(scene, "default-src 'self'; script-src 'self' 'nonce-k3j4'; frame-src https://*.calendar.example")
