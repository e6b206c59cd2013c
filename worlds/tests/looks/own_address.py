"""What the site says of its own address."""

import re

from looking import CHAT_HOST, OLD_SITE, SITE, quiet_port, redirects

from launchready_worlds.addresses import APEX, EDGE


def _canonicals(world, url):
    """What the page names as its own address."""
    return re.findall(r'rel="canonical" href="([^"]*)"', world.get(url).text)


LOOKS = {
    "canonical-localhost": lambda w: "http://localhost:3000/" in _canonicals(w, f"{SITE}/"),
    "shares-lead-to-the-preview": lambda w: (
        'property="og:url" content="https://brightpath-git' in w.get(f"{SITE}/").text
    ),
    "sitemap-of-staging": lambda w: f"https://staging.{APEX}/" in w.get(f"{SITE}/map.xml").text,
    "canonical-without-https": lambda w: f"<http://{APEX}/>" in w.get(f"{SITE}/").headers.get("link", ""),
    "canonical-at-www": lambda w: f"{OLD_SITE}/" in _canonicals(w, f"{SITE}/"),
    "landing-silent": lambda w: quiet_port(w, EDGE, 443),
    "sitemap-unreadable": lambda w: w.get(f"{SITE}/map.xml").text.endswith("<loc>https://"),
    "addresses-written-short": lambda w: (
        "/" in _canonicals(w, f"{SITE}/") and "# ours" in w.get(f"{SITE}/robots.txt").text
    ),
    "page-in-place-of-a-sitemap": lambda w: "Oops" in w.get(f"{SITE}/sitemap.xml").text,
    "page-with-and-without-slash": lambda w: all(
        "for 30 days" in w.get(f"{SITE}/privacy{end}").text for end in ("", "/")
    ),
    "campaign-is-its-own-page": lambda w: f"{SITE}/?a" in _canonicals(w, f"{SITE}/?a"),
    "front-page-also-at-index-html": lambda w: (
        w.get(f"{SITE}/index.html").text == w.get(f"{SITE}/").text and not _canonicals(w, f"{SITE}/")
    ),
    "copies-that-name-the-page": lambda w: _canonicals(w, f"{SITE}/index.html") == [f"{SITE}/"],
    "same-words-for-what-is-missing": lambda w: "We looked everywhere" in w.get(f"{SITE}/privacy/").text,
    "app-shows-the-landing-page": lambda w: (
        not _canonicals(w, f"{CHAT_HOST}/") and w.get(f"{CHAT_HOST}/").status == 200
    ),
    "app-front-page-challenged": lambda w: w.get(f"{CHAT_HOST}/").status == 403,
    "app-hides-its-copy": lambda w: 'content="noindex"' in w.get(f"{CHAT_HOST}/").text,
    "www-and-landing-both-show-pages": lambda w: (
        w.get(f"{OLD_SITE}/").status == 200 and not any("redirects_to" in host for host in w.declared()["hosts"])
    ),
    "www-challenged": lambda w: w.get(f"{OLD_SITE}/").status == 403,
    "landing-moves-to-www": lambda w: redirects(w, f"{SITE}/a", f"{OLD_SITE}/a"),
}
