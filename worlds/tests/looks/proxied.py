"""Who answers for the app, and where its name leads."""

from looking import CHAT_HOST, quiet_port

from launchready_worlds.addresses import APP, APP_EDGE

LOOKS = {
    "app-proxied-before-netlify": lambda w: w.get(f"{CHAT_HOST}/").headers["server"] == "cloudflare",
    "app-at-netlify-and-silent": lambda w: quiet_port(w, APP_EDGE, 443) and quiet_port(w, APP_EDGE, 80),
    "app-flattened-to-netlify": lambda w: w.records("brightpath.netlify.app", "A") == w.records(APP, "A"),
}
