"""What was right before the launch, and was left on."""

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import Outcome, decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.sites import redirect
from launchready_worlds.subjects import HOST_APEX, HOST_APP, HOST_WWW
from launchready_worlds.wrapping import HeaderEdit, answer, at, html, replace, response_headers

NGINX = """<!DOCTYPE html>
<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and working.</p>
</body></html>
"""
SECURITY_TXT = "/.well-known/security.txt"
SSO = "https://vercel.com/sso-api?url=https%3A%2F%2Fbrightpath.example%2F&nonce=5f2b"


def _robots_header(value: str) -> HeaderEdit:
    def edit(headers: MutableHeaders) -> None:
        headers["x-robots-tag"] = value

    return edit


def _robots_file(scene: Scene, *lines: str, status: int = 200) -> None:
    text = "\n".join(lines) + "\n"
    scene.wrap(APEX, answer(lambda: PlainTextResponse(text, status), at("/robots.txt")))


@fault(
    {"noindex-left-on": (HOST_APEX,)},
)
def noindex_header_left_on(scene: Scene) -> None:
    """The platform's header for previews, which keeps search engines away, is still sent with the landing page."""
    scene.wrap(APEX, response_headers(_robots_header("noindex, nofollow"), media_type="text/html"))


@fault(
    {"noindex-left-on": (HOST_APEX,)},
)
def noindex_element_left_on(scene: Scene) -> None:
    """The landing page asks Google not to show it."""
    element = '<meta name="googlebot" content="noindex"></head>'
    scene.wrap(APEX, html(lambda page: page.replace("</head>", element)))


@fault(
    {"noindex-left-on": (HOST_APEX,)},
)
def robots_keep_everybody_away(scene: Scene) -> None:
    """The file for crawlers still says that nobody may look at anything."""
    _robots_file(scene, "User-agent: *", "Disallow: /")


@fault(
    {"noindex-left-on": (HOST_APEX,)},
)
def robots_keep_ads_away(scene: Scene) -> None:
    """The file for crawlers shuts out Google's check of advertisements."""
    _robots_file(scene, "User-agent: *", "Disallow:", "", "User-agent: AdsBot-Google", "Disallow: /")


@fault(
    {"preview-protection-on": (HOST_APEX,)},
    implies={
        "redirect-not-canonical": (HOST_APEX, HOST_WWW),
        "redirect-loses-query": (HOST_APEX, HOST_WWW),
        "redirect-temporary": (HOST_APEX, HOST_WWW),
        "redirect-chain-long": (HOST_APEX, HOST_WWW),
    },
)
def preview_log_in_before_the_page(scene: Scene) -> None:
    """The landing page sends strangers to the platform's log-in, as it did with previews."""
    scene.wrap(APEX, replace(redirect(lambda _scope: SSO, 302), at("/")))


@fault(
    {"preview-protection-on": (HOST_APP,)},
)
def password_before_the_app(scene: Scene) -> None:
    """The app's front page asks everybody for the password that kept strangers out while it was built."""
    headers = {"www-authenticate": 'Basic realm="preview"'}
    scene.wrap(APP, answer(lambda: Response("Unauthorized\n", 401, headers), at("/")))


@fault(
    {"placeholder-page": (HOST_APEX,)},
    implies={"privacy-page-unlinked": (HOST_APEX,)},
)
def web_servers_own_page(scene: Scene) -> None:
    """The landing page's name leads to a web server's own welcome page."""
    scene.wrap(APEX, answer(lambda: HTMLResponse(NGINX), at("/")))


@fault(
    {"security-txt-missing": (HOST_APP,)},
)
def nobody_to_tell(scene: Scene) -> None:
    """Nothing says whom to tell of a weak spot in the app."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Not found\n", 404), at(SECURITY_TXT)))


@fault(
    {"security-txt-expired": (HOST_APP,)},
)
def address_out_of_date(scene: Scene) -> None:
    """The file that says whom to tell held until last year."""
    text = f"Contact: mailto:help@brightpath.example\nExpires: {scene.now.year - 1}-07-01T00:00:00Z\n"
    scene.wrap(APP, answer(lambda: PlainTextResponse(text), at(SECURITY_TXT)))


@fault(
    {"privacy-page-unlinked": (HOST_APEX,)},
)
def privacy_not_linked(scene: Scene) -> None:
    """The landing page asks for an address and says nowhere what happens with it."""

    def unlinked(page: str) -> str:
        return page.replace("/privacy", "/#top").replace(">Privacy<", ">More<")

    scene.wrap(APEX, html(unlinked))


@decoy(
    {"noindex-left-on": (HOST_APEX,)},
)
def robots_rules_for_others(scene: Scene) -> None:
    """Crawlers are kept from the cart and the drafts, one that nobody needs from everything; the pages stay open."""
    _robots_file(
        scene,
        "\ufeffUser-Agent: *",
        "Disallow: /cart  # not for search",
        "Disallow: /*?draft=",
        "Allow: /$",
        "",
        "User-agent: GreedyBot/2.0",
        "Disallow: /",
        "Sitemap: https://brightpath.example/sitemap.xml",
    )
    scene.wrap(APEX, response_headers(_robots_header("greedybot: noindex"), media_type="text/html"))


@decoy(
    {"noindex-left-on": (HOST_APP,)},
    outcome=Outcome.NOT_APPLICABLE,
)
def app_hidden_on_purpose(scene: Scene) -> None:
    """The app, which nobody should come to from a search, asks search engines to leave it out."""
    scene.wrap(APP, response_headers(_robots_header("noindex"), media_type="text/html"))


@decoy(
    {"preview-protection-on": (HOST_APP,)},
)
def app_opens_with_its_own_log_in(scene: Scene) -> None:
    """The app's front page sends strangers to its own log-in page."""
    scene.wrap(APP, replace(redirect(lambda _scope: "/login", 303), at("/")))


@decoy(
    {"placeholder-page": (HOST_APEX,)},
)
def page_about_nginx(scene: Scene) -> None:
    """The landing page tells how to set nginx up, and quotes its welcome page."""
    quote = "<p>You should see “Welcome to nginx!”: the web server is successfully installed.</p></body>"
    scene.wrap(APEX, html(lambda page: page.replace("</body>", quote)))


@decoy(
    {"security-txt-missing": (HOST_APP,), "security-txt-expired": (HOST_APP,)},
)
def signed_by_somebody(scene: Scene) -> None:
    """The file that says whom to tell is signed, and its lines come in another order."""
    lines = (
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "Hash: SHA256",
        "",
        "# Thank you",
        f"Expires: {scene.now.year + 1}-01-01T00:00:00+01:00",
        "Contact: https://brightpath.example/#contact",
        "-----BEGIN PGP SIGNATURE-----",
        "",
        "iQIzBAEBCAAdFiEE",
        "-----END PGP SIGNATURE-----",
    )
    scene.wrap(APP, answer(lambda: PlainTextResponse("\r\n".join(lines)), at(SECURITY_TXT)))


@decoy(
    {"privacy-page-unlinked": (HOST_APEX,)},
)
def privacy_linked_in_german(scene: Scene) -> None:
    """The landing page links to its privacy notice and imprint in German."""

    def german(page: str) -> str:
        footer = '<a href="/datenschutz">Datenschutz</a> <a href="/impressum">Impressum</a></body>'
        return page.replace("/privacy", "/#top").replace(">Privacy<", ">Mehr<").replace("</body>", footer)

    scene.wrap(APEX, html(german))
