"""Names that point to a name of another company.

Hosting companies have their real names here, since an auditor knows them by name; in a world's own DNS they lead to
a world's own address.
"""

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from launchready_worlds.addresses import APP_EDGE, BOOKING_EDGE, DOMAIN, EDGE, HTTP_PORT, HTTPS_PORT, NS_FARM, ROOT, WWW
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import Findings, blind, decoy, fault
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS, HOST_APP, HOST_WWW, HOSTS
from launchready_worlds.wrapping import answer
from launchready_worlds.zone import Zone
from launchready_worlds.zones import FARM

GITHUB = "github.io"
VERCEL = "vercel-dns.com"
AZURE = "azurewebsites.net"
PREVIEW = f"staging.{DOMAIN}"
VERCEL_WORDS = "The deployment could not be found on Vercel.\n\nDEPLOYMENT_NOT_FOUND\n"
GITHUB_PAGE = (
    "<!doctype html><title>Site not found</title><p><strong>There isn&rsquo;t a GitHub Pages site here.</strong>"
)

WWW_SHOWS_SOMETHING_ELSE: Findings = {
    "redirect-not-canonical": (HOST_WWW,),
    "plain-http-served": (HOST_WWW,),
    "www-and-apex-both-answer": (BUSINESS,),
    "duplicate-pages": (HOST_WWW,),
    "placeholder-page": (HOST_WWW,),
}
"""What else is wrong where www shows a company's page instead of sending visitors on."""


def company_zone(scene: Scene, name: str, *records: tuple[str, ...]) -> None:
    """Let a company's zone exist in this world's DNS."""
    soa = ("@", "SOA", f"{FARM} hostmaster.{name}. 1 7200 900 1209600 300")
    scene.servers[NS_FARM].zones[name] = Zone(name, (soa, ("@", "NS", FARM), *records))
    root = scene.servers[ROOT].zones["."]
    root.put(f"{name}.", "NS", FARM)
    root.put(FARM, "A", NS_FARM)


def _alias(scene: Scene, label: str, target: str) -> None:
    scene.drop(label, "A")
    scene.put(label, "CNAME", f"{target}.")


def _shows(scene: Scene, response: Response) -> None:
    """Let www answer the same to everything, with and without TLS."""
    for secure in (True, False):
        scene.wrap(WWW, answer(lambda: response), secure=secure)


@fault({"alias-dangling": (HOST_APP,)}, implies={"domain-unresolved": (HOST_APP,)})
def app_alias_dangling(scene: Scene) -> None:
    """The app's name is an alias of a service at the hosting company that was deleted."""
    _alias(scene, "app", "brightpath.hosting.farm.example")


@fault({"alias-dangling": (HOST_APP,)}, implies={"domain-unresolved": (HOST_APP,)})
def app_alias_without_address(scene: Scene) -> None:
    """The app's name is an alias of a name that exists and has no address."""
    _alias(scene, "app", "brightpath.hosting.farm.example")
    scene.servers[NS_FARM].zones["farm.example"].put("brightpath.hosting", "TXT", '"reserved"')


@fault({"takeover-possible": (HOST_WWW,)}, implies=WWW_SHOWS_SOMETHING_ELSE)
def www_unclaimed_at_vercel(scene: Scene) -> None:
    """The www name still points to Vercel, where the project was deleted, so anybody can add the name to theirs."""
    company_zone(scene, VERCEL, ("cname", "A", EDGE))
    _alias(scene, "www", f"cname.{VERCEL}")
    _shows(scene, PlainTextResponse(VERCEL_WORDS, 404, {"x-vercel-error": "DEPLOYMENT_NOT_FOUND"}))


@fault({"takeover-possible": (HOST_WWW,)}, implies=WWW_SHOWS_SOMETHING_ELSE)
def www_unclaimed_at_github(scene: Scene) -> None:
    """The www name points to GitHub Pages, where the site is gone."""
    company_zone(scene, GITHUB, ("brightpath", "A", EDGE))
    _alias(scene, "www", f"brightpath.{GITHUB}")
    _shows(scene, HTMLResponse(GITHUB_PAGE, 404))


@fault(
    {"takeover-possible": (HOST_APP,)},
    implies={"alias-dangling": (HOST_APP,), "domain-unresolved": (HOST_APP,)},
)
def app_name_free_at_azure(scene: Scene) -> None:
    """The app's name is an alias of a web app at Azure that was deleted, and anybody can register that name there."""
    company_zone(scene, AZURE)
    _alias(scene, "app", f"brightpath-app.{AZURE}")


@fault(
    {"takeover-possible": (HOST_APP,)},
    implies={"alias-dangling": (HOST_APP,), "domain-unresolved": (HOST_APP,)},
)
def app_name_free_and_denied_compactly(scene: Scene) -> None:
    """As before, and Azure's DNS says "no such records" where it means "no such name", as large DNS companies do."""
    app_name_free_at_azure(scene)
    scene.servers[NS_FARM].zones[AZURE].deny_compactly()


@decoy(
    {"takeover-possible": (HOST_APP,)},
    implies={"alias-dangling": (HOST_APP,), "domain-unresolved": (HOST_APP,)},
)
def app_name_kept_at_azure(scene: Scene) -> None:
    """The app's name is an alias of a name at Azure that is the founder's still, and has no address just now."""
    company_zone(scene, AZURE, ("brightpath-app", "TXT", '"reserved"'))
    _alias(scene, "app", f"brightpath-app.{AZURE}")


@blind({"takeover-possible": (HOST_WWW,)})
def www_at_vercel_silent(scene: Scene) -> None:
    """The www name points to Vercel, and nothing answers there just now."""
    company_zone(scene, VERCEL, ("cname", "A", EDGE))
    _alias(scene, "www", f"cname.{VERCEL}")
    scene.doors |= {(EDGE, HTTP_PORT): Door.SLAMMED, (EDGE, HTTPS_PORT): Door.SLAMMED}


@decoy({"takeover-possible": (HOST_WWW,)}, implies=WWW_SHOWS_SOMETHING_ELSE)
def www_claimed_and_quiet(scene: Scene) -> None:
    """The www name points to the founder's own project at Vercel, which has no front page: a plain 404."""
    company_zone(scene, VERCEL, ("cname", "A", EDGE))
    _alias(scene, "www", f"cname.{VERCEL}")
    _shows(scene, PlainTextResponse("404: NOT_FOUND\n", 404))


@decoy({"takeover-possible": (HOST_WWW,)}, implies=WWW_SHOWS_SOMETHING_ELSE)
def www_writes_about_takeovers(scene: Scene) -> None:
    """The www name has a page about unclaimed sites, and points to no such company."""
    _shows(scene, HTMLResponse(f"<!doctype html><title>Beware</title><p>It reads: {VERCEL_WORDS} {GITHUB_PAGE}"))


@decoy({"takeover-possible": HOSTS, "alias-dangling": HOSTS})
def wildcard_alias_to_vercel(scene: Scene) -> None:
    """Every name that has no record of its own leads to Vercel, and each declared host has one."""
    company_zone(scene, VERCEL, ("cname", "A", APP_EDGE))
    scene.put("*", "CNAME", f"cname.{VERCEL}.")


@decoy({"alias-dangling": (HOST_APP,), "takeover-possible": (HOST_APP,)})
def app_alias_alive(scene: Scene) -> None:
    """The app's name is an alias of the hosting company's, over two steps, and the last one has the right address."""
    _alias(scene, "app", "brightpath.hosting.farm.example")
    farm = scene.servers[NS_FARM].zones["farm.example"]
    farm.put("brightpath.hosting", "CNAME", "edge.farm.example.")
    farm.put("edge", "A", APP_EDGE)


def _preview_at_vercel(scene: Scene) -> None:
    """A name that nobody declared, which leads to Vercel."""
    company_zone(scene, VERCEL, ("cname", "A", BOOKING_EDGE))
    scene.put("staging", "CNAME", f"cname.{VERCEL}.")
    scene.certificates[PREVIEW] = Certificate.GOOD


@fault({"forgotten-name-claimable": (BUSINESS,)}, implies={"name-undeclared": (BUSINESS,)})
def preview_unclaimed_at_vercel(scene: Scene) -> None:
    """A preview site was deleted at Vercel, its name is still in DNS, and anybody can add it to a project of theirs."""
    _preview_at_vercel(scene)
    gone = PlainTextResponse(VERCEL_WORDS, 404)
    for secure in (True, False):
        scene.wrap(PREVIEW, answer(lambda: gone), secure=secure)


@blind({"forgotten-name-claimable": (BUSINESS,)})
def preview_at_vercel_silent(scene: Scene) -> None:
    """A preview site's name leads to Vercel, and nothing answers there just now."""
    _preview_at_vercel(scene)
    scene.doors |= {(BOOKING_EDGE, HTTP_PORT): Door.SLAMMED, (BOOKING_EDGE, HTTPS_PORT): Door.SLAMMED}


@decoy({"forgotten-name-claimable": (BUSINESS,)}, implies={"name-undeclared": (BUSINESS,)})
def preview_alive_at_vercel(scene: Scene) -> None:
    """A preview site that nobody declared is still there, and somebody's."""
    _preview_at_vercel(scene)
