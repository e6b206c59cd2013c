"""Where redirects lead, and what they keep."""

from looking import CHAT_HOST, OLD_SITE, SITE, quiet_port, redirects, slammed_port

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING, EDGE, WWW

WEBHOOK = f"https://{APP}/webhooks/payments"


def _declares(world, url):
    """Whether an endpoint is declared."""
    return url in [endpoint["url"] for endpoint in world.declared()["endpoints"]]


LOOKS = {
    "app-redirects-in-a-circle": lambda w: redirects(w, f"{CHAT_HOST}/", f"http://{APP}/"),
    "www-and-landing-chase-each-other": lambda w: redirects(w, f"{SITE}/", f"{OLD_SITE}/"),
    "www-goes-astray": lambda w: redirects(w, f"{OLD_SITE}/", f"https://{BOOKING}/"),
    "www-shows-a-copy": lambda w: w.get(f"{OLD_SITE}/").status == 200,
    "https-redirect-loses-query": lambda w: redirects(w, f"http://{APEX}/a?utm=b", f"{SITE}/a"),
    "www-redirect-to-front-page": lambda w: redirects(w, f"{OLD_SITE}/a?utm=b", f"{SITE}/"),
    "www-redirect-temporary": lambda w: redirects(w, f"{OLD_SITE}/a", f"{SITE}/a", 302),
    "https-redirect-temporary": lambda w: redirects(w, f"http://{APP}/a", f"{CHAT_HOST}/a", 307),
    "app-silent": lambda w: quiet_port(w, APP_EDGE, 80) and quiet_port(w, APP_EDGE, 443),
    "edge-slammed": lambda w: slammed_port(w, EDGE, 80) and slammed_port(w, EDGE, 443),
    "edge-mode-flexible": lambda w: redirects(w, f"{SITE}/a", f"{SITE}/a") and "cf-ray" in w.get(f"{SITE}/a").headers,
    "www-in-three-steps": lambda w: redirects(w, f"{OLD_SITE}/a", f"http://{APEX}/a"),
    "landing-behind-cloudflare": lambda w: "cf-ray" in w.get(f"{SITE}/").headers and w.get(f"{SITE}/").status == 200,
    "app-asks-again-with-a-cookie": lambda w: (
        redirects(w, f"{CHAT_HOST}/", f"{CHAT_HOST}/", 302) and w.get(f"{CHAT_HOST}/", cookie="seen=1").status == 200
    ),
    "www-writes-the-query-anew": lambda w: redirects(w, f"{OLD_SITE}/?b=%20&a=1", f"{SITE}/?a=1&b=+"),
    "webhook-declared": lambda w: w.post(WEBHOOK, {}).status == 400 and _declares(w, WEBHOOK),
    "chat-declared": lambda w: _declares(w, f"{CHAT_HOST}/api/chat"),
    "webhook-gets-a-slash": lambda w: _declares(w, WEBHOOK) and w.post(WEBHOOK, {}).status == 308,
    "webhook-behind-the-log-in": lambda w: _declares(w, WEBHOOK) and w.post(WEBHOOK, {}).location == "/login",
    "webhook-challenged": lambda w: _declares(w, WEBHOOK) and w.post(WEBHOOK, {}).status == 403,
    "webhook-redirects-browsers": lambda w: w.post(WEBHOOK, {}).status == 400 and redirects(w, WEBHOOK, "/", 302),
    "chat-gets-a-slash": lambda w: w.post(f"{CHAT_HOST}/api/chat/v2", {}).location == "/api/chat/v2/",
    "chat-challenged": lambda w: (
        _declares(w, f"{CHAT_HOST}/api/chat") and w.post(f"{CHAT_HOST}/api/chat", {}).status == 403
    ),
    "chat-sends-strangers-to-the-log-in": lambda w: (
        w.post(f"{CHAT_HOST}/api/chat/v2", {}).location == "/login"
        and w.post(f"{CHAT_HOST}/api/chat/v1", {}).status == 308
    ),
    "log-in-goes-on-anywhere": lambda w: redirects(w, f"{CHAT_HOST}/login?next=//x.example", "//x.example", 302),
    "backslash-passes-the-check": lambda w: (
        redirects(w, f"{SITE}/?return_to=/%5Cx.example", "/\\x.example", 302)
        and w.get(f"{SITE}/?return_to=//x.example").status == 200
    ),
    "slash-added-to-any-path": lambda w: redirects(w, f"{SITE}//x.example", "//x.example/"),
    "log-in-challenged": lambda w: w.get(f"{CHAT_HOST}/login?next=/chat").status == 403,
    "address-to-go-on-to-is-passed-along": lambda w: (
        redirects(w, f"{CHAT_HOST}/login?next=/x", "/signup?next=/x", 302) and "Leaving" in w.get(f"{SITE}/?url=x").text
    ),
    "app-sends-strangers-to-a-log-in-elsewhere": lambda w: w.get(f"{CHAT_HOST}/").location.startswith(
        "https://brightpath.auth.example/authorize?"
    ),
    "app-goes-to-its-preview": lambda w: redirects(w, f"{CHAT_HOST}/", "https://brightpath.preview.example/", 302),
    "redirects-308": lambda w: w.get(f"{OLD_SITE}/").status == w.get(f"http://{APP}/").status == 308,
    "www-takes-three-steps": lambda w: redirects(w, f"http://{WWW}/a?b", f"http://{APEX}/a?b"),
}
