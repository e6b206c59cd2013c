"""Keys in what the site gives to browsers."""

import json

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from launchready_worlds.addresses import APP
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.repository import History, live_key
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APP, PRODUCT, REPOSITORY
from launchready_worlds.wrapping import answer, at, html, response_headers

SCRIPT, CHUNK, MAP = "/widget.js", "/assets/pay-4f3a9c.js", "/widget.js.map"
SERVED = {"secret-served-to-browsers": (HOST_APP,)}
MAPPED = {"secret-in-source-map": (HOST_APP,)}
BOTH = {"one-key-in-code-and-page": (PRODUCT,)}
FORBIDDEN = 403


def _in_head(scene: Scene, text: str) -> None:
    scene.wrap(APP, html(lambda page: page.replace("</head>", f"{text}</head>")))


def _serve(scene: Scene, path: str, text: str, media_type: str = "text/javascript") -> None:
    headers = {"cache-control": "no-cache"}
    scene.wrap(APP, answer(lambda: Response(text, media_type=media_type, headers=headers), at(path)))


def _challenge(scene: Scene, path: str) -> None:
    headers = {"cf-mitigated": "challenge", "server": "cloudflare"}
    scene.wrap(APP, answer(lambda: Response("Just a moment...", FORBIDDEN, headers=headers), at(path)))


def _with_map(scene: Scene, source: str) -> None:
    """A script whose map holds a source."""

    def named(headers: MutableHeaders) -> None:
        headers["sourcemap"] = MAP

    _in_head(scene, f'<script src="{SCRIPT}" defer></script>')
    _serve(scene, SCRIPT, "console.log(1);")
    scene.wrap(APP, response_headers(named, at(SCRIPT)))
    content = {"version": 3, "file": "widget.js", "sources": ["../src/pay.ts"], "mappings": "AAAA"}
    _serve(scene, MAP, json.dumps(content | {"sourcesContent": [source]}), "application/json")


@fault(SERVED)
def key_in_lazy_chunk(scene: Scene) -> None:
    """The payment key is in a script that the chat's script loads only when somebody pays."""
    _in_head(scene, f'<script src="{SCRIPT}" defer></script>')
    _serve(scene, SCRIPT, 'const pay=()=>import("./assets/pay-4f3a9c.js");')
    _serve(scene, CHUNK, f'fetch("/pay",{{headers:{{authorization:"Bearer {live_key()}"}}}});')


@fault({**SERVED, **BOTH, "leaked-key-in-history": (REPOSITORY,)})
def key_from_code_on_page(scene: Scene) -> None:
    """The payment key was committed, and the page was built with it."""
    scene.history = History.KEY_DELETED_LATER
    _in_head(scene, f'<script>window.settings={{stripe:"{live_key()}"}}</script>')


@fault(MAPPED, implies={"source-map-exposed": (HOST_APP,)})
def key_in_source_map(scene: Scene) -> None:
    """The script is clean, and its map holds the source code with the payment key."""
    _with_map(scene, f'// for tests only\nconst key = "{live_key()}";\n')


@blind({**SERVED, **BOTH})
def chunk_behind_a_challenge(scene: Scene) -> None:
    """The script that is loaded later can't be fetched: a firewall asks whether we are a person."""
    _in_head(scene, f'<script src="{SCRIPT}" defer></script>')
    _serve(scene, SCRIPT, 'const pay=()=>import("./assets/pay-4f3a9c.js");')
    _challenge(scene, CHUNK)


@blind(MAPPED)
def map_behind_a_challenge(scene: Scene) -> None:
    """The script's map can't be looked for: a firewall asks whether we are a person."""
    _with_map(scene, "const a = 1;\n")
    _challenge(scene, MAP)


@decoy({**SERVED, **BOTH})
def keys_made_for_pages(scene: Scene) -> None:
    """The page shows the publishable key of payments, the address of error reports, and a placeholder."""
    publishable = live_key().replace("sk_", "pk_", 1)
    report = "https://0123456789abcdef0123456789abcdef@o17.ingest.sentry.io/4501"
    _in_head(scene, f'<script>window.settings={{stripe:"{publishable}",dsn:"{report}",k:"sk_live_xxxxxxxx"}}</script>')


@decoy(MAPPED, implies={"source-map-exposed": (HOST_APP,)})
def map_with_names_of_keys(scene: Scene) -> None:
    """The map holds source code that reads a key from the environment, and a placeholder."""
    _with_map(scene, 'const key = process.env.STRIPE_KEY; // like sk_live_your_key_here\nconst pk = "pk_live_51Nx";\n')


@good(MAPPED, Outcome.PASS)
def map_without_keys(scene: Scene) -> None:
    """The script's map can be read, and no key is in it."""
    _with_map(scene, "export const greet = () => 'Hello';\n")
