"""What front pages and the usual files say to search engines and strangers."""

import datetime as dt

from looking import CHAT_HOST, SITE


def _front_door(world, url):
    answer = world.get(url)
    return answer.status, answer.location


LOOKS = {
    "noindex-header-left-on": lambda w: w.get(f"{SITE}/").headers["x-robots-tag"] == "noindex, nofollow",
    "noindex-element-left-on": lambda w: '<meta name="googlebot" content="noindex">' in w.get(f"{SITE}/").text,
    "robots-keep-everybody-away": lambda w: w.get(f"{SITE}/robots.txt").text == "User-agent: *\nDisallow: /\n",
    "robots-keep-ads-away": lambda w: "AdsBot-Google" in w.get(f"{SITE}/robots.txt").text,
    "robots-rules-for-others": lambda w: "GreedyBot" in w.get(f"{SITE}/robots.txt").text,
    "preview-log-in-before-the-page": lambda w: "vercel.com/sso-api" in _front_door(w, f"{SITE}/")[1],
    "password-before-the-app": lambda w: _front_door(w, f"{CHAT_HOST}/") == (401, ""),
    "app-opens-with-its-own-log-in": lambda w: _front_door(w, f"{CHAT_HOST}/") == (303, "/login"),
    "app-hidden-on-purpose": lambda w: w.get(f"{CHAT_HOST}/").headers["x-robots-tag"] == "noindex",
    "web-servers-own-page": lambda w: "<title>Welcome to nginx!</title>" in w.get(f"{SITE}/").text,
    "page-about-nginx": lambda w: "“Welcome to nginx!”" in w.get(f"{SITE}/").text,
    "nobody-to-tell": lambda w: w.get(f"{CHAT_HOST}/.well-known/security.txt").status == 404,
    "address-out-of-date": lambda w: (
        f"Expires: {dt.datetime.now(dt.UTC).year - 1}-" in w.get(f"{CHAT_HOST}/.well-known/security.txt").text
    ),
    "signed-by-somebody": lambda w: "PGP" in w.get(f"{CHAT_HOST}/.well-known/security.txt").text,
    "privacy-not-linked": lambda w: ">More<" in w.get(f"{SITE}/").text and "rivacy" not in w.get(f"{SITE}/").text,
    "privacy-linked-in-german": lambda w: 'href="/datenschutz"' in w.get(f"{SITE}/").text,
}
