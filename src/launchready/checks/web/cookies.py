"""Who gets to see a visitor's cookies, and which of them browsers refuse or lose (RFC 6265bis)."""

from collections.abc import Iterator

from launchready.facts.journeys import LoginCookie, SignupWalk
from launchready.facts.web import CookieSeen, FrontPage, InnerPages
from launchready.model.check import Confidence, Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import HAS_FILE
from launchready.model.product import Product
from launchready.model.subject import Host, host_of
from launchready.parse.cookie_purpose import CookiePurpose, purpose_of
from launchready.parse.rfc6265 import SameSite


@check(
    "session-cookie-shared",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until somebody else is logged in as them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc6265#section-8.6", "https://owasp.org/www-project-top-ten/"),
    when=(HAS_FILE,),
)
def session_cookie_shared(product: Product, host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """The log-in cookie of one host is not sent to the others.

    ## Why it matters at launch
    A cookie with `Domain=` of the whole domain goes to every host below it: to the landing page's builder, to a help
    centre, to whoever gets hold of a forgotten subdomain. A log-in cookie there is a log-in for them.

    ## How to fix
    Leave the Domain attribute out when the cookie is set; then it stays with the host that set it.
    """
    sessions = (cookie for cookie in _cookies(page, inner) if _is_session(cookie))
    shared = [(cookie.name, _also_to(cookie, host, product)) for cookie in sessions]
    offenders = tuple(f"{name} of {host.name} is also sent to {', '.join(to)}" for name, to in shared if to)
    if not offenders:
        return Pass()
    return Fail(offenders, Fix("Set these cookies without Domain=, and give them the __Host- prefix"))


@check(
    "session-cookie-weak",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing, until somebody on the same Wi-Fi, or a script on the page, is logged in as them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.5",
        "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#cookies",
    ),
)
def session_cookie_weak(host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """A log-in cookie is for https alone, and out of reach of scripts.

    ## Why it matters at launch
    Without Secure, one request over plain http shows the cookie to everybody on the way. Without HttpOnly, any script
    on the page, an ad's or a widget's too, can read it. Who has the cookie is logged in.

    ## How to fix
    Set the cookie with Secure and HttpOnly. In most frameworks that is one line of the session's settings.
    """
    sessions = [cookie for cookie in _cookies(page, inner) if _is_session(cookie) and _is_kept(cookie)]
    if not sessions:
        return NotApplicable(f"no page of {host.name} sets a log-in cookie before somebody logs in")
    weak = [(cookie, lacking) for cookie in sessions if (lacking := _lacking(cookie))]
    if not weak:
        return Pass()
    offenders = tuple(f"{cookie.name} of {host.name} lacks {' and '.join(lacking)}" for cookie, lacking in weak)
    paste = "\n".join(f"Set-Cookie: {_secured(cookie)}" for cookie, _ in weak)
    return Fail(offenders, Fix("Set these cookies with Secure and HttpOnly", paste))


@check(
    "login-cookie-shared",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until somebody else is logged in as them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc6265#section-8.6", "https://owasp.org/www-project-top-ten/"),
)
def login_cookie_shared(product: Product, walk: SignupWalk) -> Judgement:
    """What logging in sets stays with the host that set it.

    ## Why it matters at launch
    The cookie of a log-in with `Domain=` of the whole domain goes to every host below it, and whoever runs one of them
    can use it.

    ## How to fix
    Leave the Domain attribute out when the cookie is set; then it stays with the host that set it.
    """
    if not walk.login_cookies:
        return NotApplicable("the walked journey got no cookie by logging in")
    hosts = {host.name: host for host in product.hosts}
    known = [(one, hosts[one.host]) for one in _that_log_in(walk) if one.host in hosts]
    shared = [(one, to) for one, host in known if (to := _also_to(one.cookie, host, product))]
    if not shared:
        return Pass()
    offenders = tuple(f"{one.cookie.name} of {one.host} is also sent to {', '.join(to)}" for one, to in shared)
    paste = "\n".join(f"Set-Cookie: {_secured(one.cookie)}" for one, _ in shared)
    return Fail(offenders, Fix("Set these cookies without Domain=", paste))


@check(
    "login-cookie-weak",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="Nothing, until somebody on the same Wi-Fi, or a script on the page, is logged in as them.",
    costs=(Cost.TICKETS, Cost.REFUNDS),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.5",
        "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#cookies",
    ),
)
def login_cookie_weak(walk: SignupWalk) -> Judgement:
    """What logging in sets is for https alone, and out of reach of scripts.

    ## Why it matters at launch
    Without Secure, one request over plain http shows the cookie to everybody on the way. Without HttpOnly, any script
    on the page can read it. Who has the cookie is logged in.

    ## How to fix
    Set the cookie with Secure and HttpOnly. In most frameworks that is one line of the session's settings.
    """
    if not walk.login_cookies:
        return NotApplicable("the walked journey got no cookie by logging in")
    weak = [(one, missing) for one in _that_log_in(walk) if (missing := _lacking(one.cookie))]
    if not weak:
        return Pass()
    offenders = tuple(f"{one.cookie.name} of {one.host} lacks {' and '.join(missing)}" for one, missing in weak)
    paste = "\n".join(f"Set-Cookie: {_secured(one.cookie)}" for one, _ in weak)
    return Fail(offenders, Fix("Set these cookies with Secure and HttpOnly", paste))


@check(
    "cookie-refused",
    impact=Impact.MAJOR,
    customer_sees="They log in, and are asked to log in again.",
    costs=(Cost.TICKETS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6265#section-5.3",
        "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.7",
    ),
)
def cookie_refused(host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """Browsers keep every log-in cookie and form key that pages set.

    ## Why it matters at launch
    A cookie whose name or domain promises what it does not keep is thrown away by browsers without a word. Everything
    that hangs on it, a log-in or a form, fails for everybody, while tools for developers often still accept it.

    ## How to fix
    Give a `__Host-` cookie Secure, Path=/ and no Domain, and a `__Secure-` one Secure. Leave Domain out, or name the
    host itself. Give a cookie with SameSite=None Secure.
    """
    reasons = [(cookie, _refusal(cookie)) for cookie in _cookies(page, inner)]
    offenders = tuple(f"{cookie.name} of {host.name}: {reason}" for cookie, reason in reasons if reason)
    if not offenders:
        return Pass()
    paste = "\n".join(f"Set-Cookie: {_secured(cookie)}" for cookie, reason in reasons if reason)
    return Fail(offenders, Fix("Set these cookies so that browsers keep them", paste))


@check(
    "session-lost-across-sites",
    impact=Impact.MAJOR,
    confidence=Confidence.LIKELY,
    customer_sees="They log in, and the next page or the chat does not know them: on iPhones always, elsewhere often.",
    costs=(Cost.TICKETS, Cost.LEADS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(
        "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.2",
        "https://webkit.org/blog/10218/full-third-party-cookie-blocking-and-more/",
    ),
)
def session_lost_across_sites(product: Product, host: Host, page: FrontPage, inner: InnerPages) -> Judgement:
    """A log-in cookie is not needed by pages of another site.

    ## Why it matters at launch
    Two hosts are one site only where they share a registered domain. From a page of another site, browsers hold back a
    cookie that does not say SameSite=None and Secure, and Safari on iPhones holds back every one that does not say
    Partitioned besides.

    ## How to fix
    Serve what the pages call below their own domain (api.example.com for app.example.com), or hand it through the
    pages' own host.
    """
    callers = _callers_from_other_sites(product, host)
    if not callers:
        return NotApplicable(f"no page of another site is declared to call {host.name}")
    sessions = [cookie for cookie in _cookies(page, inner) if _is_session(cookie) and _is_kept(cookie)]
    if not sessions:
        return NotApplicable(f"no page of {host.name} sets a log-in cookie before somebody logs in")
    where = f"of {host.name} does not reach it from {', '.join(callers)}"
    lost = [(cookie, reason) for cookie in sessions if (reason := _why_lost(cookie))]
    if not lost:
        return Pass()
    offenders = tuple(f"{cookie.name} {where}: {reason}" for cookie, reason in lost)
    own = next(h.domain for h in product.hosts if f"https://{h.name}" in callers)
    return Fail(offenders, Fix(f"Serve {host.name} as a host below {own}, such as api.{own}", f"api.{own}"))


def _that_log_in(walk: SignupWalk) -> tuple[LoginCookie, ...]:
    """Those that say who is logged in: by their names, or where none has such a name, all whose purpose is unknown."""
    kept = tuple(one for one in walk.login_cookies if _is_kept(one.cookie))
    named = tuple(one for one in kept if _is_session(one.cookie))
    return named or tuple(one for one in kept if purpose_of(one.cookie.name) is CookiePurpose.UNKNOWN)


def _cookies(page: FrontPage, inner: InnerPages) -> Iterator[CookieSeen]:
    """The cookies of all pages, each once; lines that take one away are left out."""
    seen = dict.fromkeys((*page.cookies, *(cookie for view in inner.views for cookie in view.cookies)))
    return (cookie for cookie in seen if not cookie.is_removed)


def _also_to(cookie: CookieSeen, host: Host, product: Product) -> tuple[str, ...]:
    """The other declared hosts that get a cookie.

    Browsers refuse one whose Domain does not cover the host that sets it (RFC 6265 section 5.3, step 6).
    """
    if purpose_of(cookie.name) is CookiePurpose.EDGE or not _covers(cookie.domain, host.name):
        return ()
    others = (other.name for other in product.hosts if other != host)
    return tuple(name for name in others if _covers(cookie.domain, name))


def _covers(domain: str, name: str) -> bool:
    """Whether a cookie's Domain matches a host (RFC 6265 section 5.1.3); an empty one stays where it was set."""
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def _is_session(cookie: CookieSeen) -> bool:
    return purpose_of(cookie.name) is CookiePurpose.SESSION


def _is_kept(cookie: CookieSeen) -> bool:
    return cookie.keeps_prefix and cookie.is_ours


def _lacking(cookie: CookieSeen) -> list[str]:
    return [name for name, there in (("Secure", cookie.secure), ("HttpOnly", cookie.http_only)) if not there]


def _refusal(cookie: CookieSeen) -> str:
    """Why browsers throw a cookie away; empty where they keep it, or nobody would miss it.

    Hosting companies set some for their own domain on purpose, so a foreign Domain counts only for what people need.
    """
    if not cookie.keeps_prefix:
        kept = "Secure, Path=/ and no Domain" if cookie.name.lower().startswith("__host-") else "Secure"
        return f"its name promises {kept}, which it lacks"
    if purpose_of(cookie.name) not in {CookiePurpose.SESSION, CookiePurpose.FORM_KEY}:
        return ""
    if not cookie.is_ours:
        return f"it is for {cookie.domain}, where this host has no say"
    if cookie.same_site is SameSite.NONE and not cookie.secure:
        return "it has SameSite=None without Secure"
    return ""


def _callers_from_other_sites(product: Product, host: Host) -> tuple[str, ...]:
    """The origins of declared hosts with another registered domain whose pages are declared to call a host."""
    journeys = [(journey.login, journey.chat) for journey in product.journeys]
    calling = {f"https://{host_of(login)}" for login, chat in journeys if host_of(chat) == host.name}
    calling |= set(host.allowed_origins or ())
    return tuple(
        sorted(f"https://{h.name}" for h in product.hosts if h.domain != host.domain and f"https://{h.name}" in calling)
    )


def _why_lost(cookie: CookieSeen) -> str:
    """Why browsers hold a cookie back from another site's pages; empty where they don't."""
    if cookie.same_site is SameSite.NONE and cookie.secure:
        return "" if cookie.partitioned else "Safari holds it back, for it is not Partitioned"
    if cookie.same_site is SameSite.NONE:
        return "SameSite=None counts only with Secure"
    said = "it has no SameSite" if cookie.same_site is SameSite.DEFAULT else f"SameSite={cookie.same_site.value}"
    return f"{said}, so browsers hold it back"


def _secured(cookie: CookieSeen) -> str:
    """The line as it should be, with the value left out."""
    site = SameSite.LAX if cookie.same_site is SameSite.DEFAULT else cookie.same_site
    is_read = purpose_of(cookie.name) is CookiePurpose.FORM_KEY and not cookie.http_only
    only = "" if is_read else " HttpOnly;"
    return f"{cookie.name}=…; Path=/; Secure;{only} SameSite={site.value}"
