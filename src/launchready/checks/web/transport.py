"""Whether anything still goes over plain http."""

from launchready.facts.redirects import WalkEnd
from launchready.facts.web import PlainHttp
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.subject import Host
from launchready.parse.rfc9110 import CLIENT_ERROR


@check(
    "plain-http-served",
    impact=Impact.BLOCKER,
    customer_sees="The browser says “Not secure” beside your name, or warns before it shows anything.",
    costs=(Cost.LEADS, Cost.AD_SPEND),
    fixer=Fixer.OWNER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6797#section-7.2",
        "https://developer.mozilla.org/docs/Web/Security/Practical_implementation_guides/TLS",
    ),
)
def plain_http_served(host: Host, seen: PlainHttp) -> Judgement:
    """Who types the name without https is sent to https.

    ## Why it matters at launch
    Links in old mails, on cards and in some advertisements start with http. Whatever a visitor types on such a page
    can be read and changed on the way.

    ## How to fix
    Redirect every http request to https, with status 301, at the edge or the server.
    """
    status, end_url = seen.walk.hops[-1].status, seen.walk.end_url
    if seen.walk.end in {WalkEnd.LOOP, WalkEnd.TOO_MANY}:
        return NotApplicable("plain http goes round in a circle, and shows nothing")
    if seen.walk.end is WalkEnd.LEFT and end_url.startswith("https://"):
        return Pass()
    if status >= CLIENT_ERROR:
        return NotApplicable(f"plain http answers {status}, and shows nothing")
    paste = (
        f"nginx:   listen 80; server_name {host.name}; return 301 https://$host$request_uri;\n"
        "Cloudflare: SSL/TLS, Edge Certificates, Always Use HTTPS: on"
    )
    what = f"answers {status} over plain http" if seen.walk.end is WalkEnd.ANSWERED else "is where plain http leads"
    return Fail((f"{end_url} {what}",), Fix(f"Redirect http://{host.name} to https", paste))
