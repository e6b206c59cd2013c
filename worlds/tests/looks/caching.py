"""What caches keep and whom they give it to, packed or not."""

import re

from looking import CHAT_HOST, SITE, cache_control, challenged, login_cookies, quiet_port, style

from launchready_worlds.addresses import APP_EDGE, EDGE


def _chat_page(world, tag):
    """The Cache-Control of the chat's page, as a customer who is logged in gets it."""
    cookie = login_cookies(world, tag).partition(";")[0]
    return _control_with(world, cookie)


def _control_with(world, cookie):
    answer = world.get(f"{CHAT_HOST}/chat", cookie=cookie)
    assert answer.status == 200
    return answer.headers["cache-control"]


def _cookie_values(world, url):
    """What three visitors in a row are given as cookies."""
    return [(world.get(url).headers["set-cookie"] or "").partition(";")[0] for _ in range(3)]


def _form_keys_of(world, url):
    return [re.findall(r'name="csrf_token" value="([0-9a-f]+)"', world.get(url).text) for _ in range(2)]


def _edge_word(world, url):
    world.get(url)
    return world.get(url).headers["cache-status"]


def _tags(world, url):
    return [world.get(url).headers["etag"] for _ in range(2)]


LOOKS = {
    "first-visitors-cookie-for-all": lambda w: (
        len(set(_cookie_values(w, f"{SITE}/"))) == 1 and "hit" in w.get(f"{SITE}/").headers["cache-status"]
    ),
    "first-visitors-form-for-all": lambda w: (
        len(set(map(tuple, _form_keys_of(w, f"{CHAT_HOST}/")))) == 1 and _form_keys_of(w, f"{CHAT_HOST}/")[0]
    ),
    "session-cookie-on-a-cacheable-page": lambda w: (
        cache_control(w, f"{CHAT_HOST}/") == "public, max-age=600" and len(set(_cookie_values(w, f"{CHAT_HOST}/"))) == 3
    ),
    "session-cookie-on-styles": lambda w: "session=" in w.get(f"{CHAT_HOST}{style(w)}").headers.get("set-cookie", ""),
    "proxy-drops-conditions": lambda w: (
        w.get(f"{SITE}/", if_none_match=w.get(f"{SITE}/").headers["etag"]).status == 200
    ),
    "tag-made-from-the-time": lambda w: len(set(_tags(w, f"{SITE}/"))) == 2,
    "edge-told-to-keep-nothing": lambda w: "bypass" in _edge_word(w, f"{CHAT_HOST}{style(w)}"),
    "html-of-unknown-age": lambda w: (
        not cache_control(w, f"{SITE}/") and "2021" in w.get(f"{SITE}/").headers["last-modified"]
    ),
    "customers-page-for-all-caches": lambda w: _chat_page(w, "public") == "public, max-age=60",
    "customers-page-for-their-browser": lambda w: _chat_page(w, "own") == "private, max-age=60",
    "sign-up-challenged": lambda w: challenged(w, f"{CHAT_HOST}/signup") and w.get(f"{CHAT_HOST}/").status == 200,
    "web-silent": lambda w: quiet_port(w, EDGE, 443) and quiet_port(w, APP_EDGE, 443),
    "one-cookie-for-everybody": lambda w: (
        set(_cookie_values(w, f"{SITE}/")) == {"experiment=landing-page-2026-variant-a"}
    ),
    "a-cookie-for-each": lambda w: (
        cache_control(w, f"{CHAT_HOST}/") == "private, max-age=600"
        and len(set(_cookie_values(w, f"{CHAT_HOST}/"))) == 3
    ),
    "cookie-left-out-by-caches": lambda w: 'private="set-cookie"' in cache_control(w, f"{CHAT_HOST}/"),
    "cookie-of-the-server": lambda w: len(set(_cookie_values(w, f"{SITE}/"))) == 2,
    "known-by-its-date": lambda w: (
        w.get(f"{SITE}/", if_modified_since=w.get(f"{SITE}/").headers["last-modified"] or "").status == 304
    ),
    "page-changes-with-every-look": lambda w: w.get(f"{SITE}/").body != w.get(f"{SITE}/").body,
}
