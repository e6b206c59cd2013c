"""Keys in what the app gives to browsers: its page, its scripts, and their maps."""

import json

from looking import CHAT_HOST, challenged, git

from launchready_worlds.faults.served_keys import CHUNK, MAP, SCRIPT
from launchready_worlds.repository import live_key


def _page(world):
    return world.get(f"{CHAT_HOST}/").text


def _script(world):
    """The script that the page loads; empty where it loads none of that name."""
    return world.get(f"{CHAT_HOST}{SCRIPT}").text if f'src="{SCRIPT}"' in _page(world) else ""


def _source(world):
    """The source that the script's map holds; empty where no header names the map."""
    if world.get(f"{CHAT_HOST}{SCRIPT}").headers["sourcemap"] != MAP:
        return ""
    return "".join(json.loads(world.get(f"{CHAT_HOST}{MAP}").body)["sourcesContent"])


LOOKS = {
    "key-in-lazy-chunk": lambda w: (
        CHUNK.removeprefix("/") in _script(w)
        and live_key() not in _script(w)
        and live_key() in w.get(f"{CHAT_HOST}{CHUNK}").text
    ),
    "key-from-code-on-page": lambda w: live_key() in _page(w) and live_key() in git(w, "log", "--patch"),
    "key-in-source-map": lambda w: live_key() in _source(w) and live_key() not in _script(w),
    "chunk-behind-a-challenge": lambda w: (
        CHUNK.removeprefix("/") in _script(w) and challenged(w, f"{CHAT_HOST}{CHUNK}")
    ),
    "map-behind-a-challenge": lambda w: (
        w.get(f"{CHAT_HOST}{SCRIPT}").headers["sourcemap"] == MAP and challenged(w, f"{CHAT_HOST}{MAP}")
    ),
    "keys-made-for-pages": lambda w: (
        live_key().replace("sk_", "pk_", 1) in _page(w) and "sentry.io" in _page(w) and live_key() not in _page(w)
    ),
    "map-with-names-of-keys": lambda w: "process.env.STRIPE_KEY" in _source(w) and live_key() not in _source(w),
    "map-without-keys": lambda w: "greet" in _source(w) and "key" not in _source(w).lower(),
}
