"""Headers of pages, log-ins and errors."""

from looking import CHAT_HOST, SITE

CSP = "content-security-policy"


LOOKS = {
    "policy-forgets-the-calendar": lambda w: (
        "<iframe" in w.get(f"{SITE}/").text and "frame-src" not in w.get(f"{SITE}/").headers[CSP]
    ),
    "policy-knows-the-calendar": lambda w: "calendar.example" in w.get(f"{SITE}/").headers[CSP],
    "policy-allows-all-scripts": lambda w: (
        "unsafe-inline" in w.get(f"{CHAT_HOST}/").headers[CSP]
        and "strict-dynamic" not in w.get(f"{CHAT_HOST}/").headers[CSP]
    ),
    "policy-for-old-browsers-too": lambda w: "strict-dynamic" in w.get(f"{CHAT_HOST}/").headers[CSP],
    "login-may-be-framed": lambda w: w.get(f"{CHAT_HOST}/login").headers["x-frame-options"].startswith("ALLOW-FROM"),
    "login-framed-by-the-landing-page": lambda w: SITE in w.get(f"{CHAT_HOST}/login").headers[CSP],
    "policy-only-reports": lambda w: f"{CSP}-report-only" in w.get(f"{CHAT_HOST}/").headers,
    "errors-unguarded": lambda w: CSP not in w.get(f"{SITE}/gone").headers and CSP in w.get(f"{SITE}/").headers,
    "errors-without-a-page": lambda w: (
        w.get(f"{SITE}/launchready-probe-x").headers["content-type"].startswith("text/plain")
    ),
}
