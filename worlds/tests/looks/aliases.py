"""Names that point to other companies, as DNS and those companies show them."""

from looking import OLD_SITE, slammed_port

from launchready_worlds.addresses import APP, APP_EDGE, DOMAIN, EDGE, WWW


def _at(world, target):
    """What plain http at www shows, where its alias leads to a target; nothing where it does not."""
    return world.get(f"http://{WWW}/").text if world.records(WWW, "CNAME") == [target] else ""


def _preview(world):
    """What plain http at the preview's name shows, or where it leads; nothing where the name is not in DNS."""
    if world.records(f"staging.{DOMAIN}", "CNAME") != ["cname.vercel-dns.com."]:
        return ""
    answer = world.get(f"http://staging.{DOMAIN}/", ip="203.0.113.30")
    return answer.location or answer.text


LOOKS = {
    "app-alias-dangling": lambda w: w.records(APP, "CNAME") != [] and w.records(APP, "A") == ["NXDOMAIN"],
    "app-alias-without-address": lambda w: w.records(APP, "A") == w.records(APP, "CNAME") != ["NXDOMAIN"],
    "www-unclaimed-at-vercel": lambda w: "DEPLOYMENT_NOT_FOUND" in _at(w, "cname.vercel-dns.com."),
    "www-unclaimed-at-github": lambda w: "GitHub Pages site here" in _at(w, "brightpath.github.io."),
    "app-name-free-at-azure": lambda w: (
        w.records(APP, "CNAME") == ["brightpath-app.azurewebsites.net."] and w.records(APP, "A") == ["NXDOMAIN"]
    ),
    "app-name-free-and-denied-compactly": lambda w: (
        "NXNAME" in str(w.dns("brightpath-app.azurewebsites.net", "A").authority)
        and w.records("brightpath-app.azurewebsites.net", "A") == []
    ),
    "app-name-kept-at-azure": lambda w: w.records("brightpath-app.azurewebsites.net", "TXT") == ['"reserved"'],
    "www-at-vercel-silent": lambda w: w.records(WWW, "CNAME") != [] and slammed_port(w, EDGE, 80),
    "www-claimed-and-quiet": lambda w: _at(w, "cname.vercel-dns.com.") == "404: NOT_FOUND\n",
    "www-writes-about-takeovers": lambda w: (
        w.records(WWW, "CNAME") == [] and "DEPLOYMENT_NOT_FOUND" in w.get(f"{OLD_SITE}/").text
    ),
    "wildcard-alias-to-vercel": lambda w: (
        w.records(f"any.{DOMAIN}", "CNAME") == ["cname.vercel-dns.com."] and w.records(WWW, "A") == [EDGE]
    ),
    "preview-unclaimed-at-vercel": lambda w: "DEPLOYMENT_NOT_FOUND" in _preview(w),
    "preview-at-vercel-silent": lambda w: (
        w.records(f"staging.{DOMAIN}", "CNAME") == ["cname.vercel-dns.com."] and slammed_port(w, "203.0.113.30", 80)
    ),
    "preview-alive-at-vercel": lambda w: _preview(w).startswith("https://staging."),
    "app-alias-alive": lambda w: len(w.records(APP, "A")) == 3 and APP_EDGE in w.records(APP, "A"),
}
