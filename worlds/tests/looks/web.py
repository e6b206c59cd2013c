"""Pages as a browser gets them."""

from looking import CHAT_HOST, OLD_SITE, SITE, challenged, quiet_port

from launchready_worlds.addresses import APEX, APP, APP_EDGE, DOMAIN, EDGE


def _api_front(world):
    """The front page of the host whose purpose is an API."""
    if not world.declared()["hosts"][2]["purpose"].startswith("API"):
        raise KeyError(CHAT_HOST)
    return world.get(f"{CHAT_HOST}/")


LOOKS = {
    "plain-http-shows-page": lambda w: w.get(f"http://{APEX}/").status == 200,
    "script-over-http": lambda w: 'src="http://widgets.' in w.get(f"{SITE}/").text,
    "form-over-http": lambda w: 'action="http://' in w.get(f"{CHAT_HOST}/").text,
    "session-cookie-for-all-hosts": lambda w: (
        f"Domain={DOMAIN};" in w.get(f"{CHAT_HOST}/").headers.get("set-cookie", "")
    ),
    "challenge-page": lambda w: all(challenged(w, f"{host}/version") for host in (SITE, CHAT_HOST, OLD_SITE)),
    "plain-http-silent": lambda w: quiet_port(w, EDGE, 80) and quiet_port(w, APP_EDGE, 80),
    "redirect-with-a-page": lambda w: w.get(f"http://{APEX}/").status == 301 and bool(w.get(f"http://{APEX}/").body),
    "http-only-in-links": lambda w: 'href="http://' in w.get(f"{SITE}/").text,
    "language-for-all-hosts": lambda w: (
        f"lang=en; Domain={DOMAIN};" in "\n".join(w.get(f"{CHAT_HOST}/").headers.get_all("set-cookie", []))
    ),
    "session-cookie-for-the-app": lambda w: f"Domain={APP};" in w.get(f"{CHAT_HOST}/").headers.get("set-cookie", ""),
    "api-without-pages": lambda w: _api_front(w).text.startswith("The API"),
    "api-shows-the-landing-page": lambda w: "<title>" in _api_front(w).text and len(_api_front(w).body) > 2_000,
    "api-front-challenged": lambda w: _api_front(w).status == 403,
    "api-has-a-page-of-its-own": lambda w: "This is the API" in _api_front(w).text,
}
