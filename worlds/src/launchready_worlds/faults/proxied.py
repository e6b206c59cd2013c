"""A proxy in front of a provider that renews certificates only when names lead to it directly."""

from launchready_worlds.addresses import APP, APP_EDGE, BOOKING_EDGE, HTTP_PORT, HTTPS_PORT
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.faults.aliases import company_zone
from launchready_worlds.faults.redirects import CLOUDFLARE
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APP
from launchready_worlds.wrapping import response_headers

NETLIFY = "netlify.app"


def _at_netlify(scene: Scene, address: str) -> None:
    """Declare that the app is at Netlify, whose name for it has an address; ours stays where it is."""
    company_zone(scene, NETLIFY, ("brightpath", "A", address))
    declared = next(host for host in scene.declaration["hosts"] if host["name"] == APP)
    declared.pop("addresses")
    declared["cname"] = f"brightpath.{NETLIFY}"


def _behind_cloudflare(scene: Scene) -> None:
    for secure in (True, False):
        scene.wrap(APP, response_headers(lambda headers: headers.update(CLOUDFLARE)), secure=secure)


@fault({"renewal-behind-proxy": (HOST_APP,)}, implies={"host-address-undeclared": (HOST_APP,)})
def app_proxied_before_netlify(scene: Scene) -> None:
    """Somebody switched Cloudflare's proxy on for the app, which is at Netlify: it works, and will for three months."""
    _at_netlify(scene, BOOKING_EDGE)
    _behind_cloudflare(scene)


@blind({"renewal-behind-proxy": (HOST_APP,)})
def app_at_netlify_and_silent(scene: Scene) -> None:
    """The app should be at Netlify and is somewhere else, where nothing answers."""
    _at_netlify(scene, BOOKING_EDGE)
    scene.doors |= {(APP_EDGE, port): Door.SILENT for port in (HTTP_PORT, HTTPS_PORT)}


@decoy({"renewal-behind-proxy": (HOST_APP,)})
def app_flattened_to_netlify(scene: Scene) -> None:
    """The app's record shows Netlify's addresses instead of its name, and a header of Cloudflare's passes through."""
    _at_netlify(scene, APP_EDGE)
    _behind_cloudflare(scene)
