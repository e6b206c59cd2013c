"""Certificates, and what stands around them."""

import datetime as dt
import socket
import ssl

import pytest
from cryptography import x509
from looking import CHAT_HOST, SITE, challenged, quiet_port, slammed_port

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING_EDGE, DOMAIN, EDGE, WWW


def _careless():
    """A client that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _begins(world):
    """When the app's certificate begins to be valid, whether or not a browser takes it."""
    raw = socket.create_connection(world.address(APP_EDGE, 443), 2)
    with raw, _careless().wrap_socket(raw, server_hostname=APP) as wrapped:
        return x509.load_der_x509_certificate(wrapped.getpeercert(binary_form=True)).not_valid_before_utc


def _hsts(world, origin):
    return world.get(f"{origin}/").headers["strict-transport-security"]


def _takes_tls_1_0(world, ip):
    context = _careless()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    with socket.create_connection(world.address(ip, 443), 2) as raw:
        try:
            with context.wrap_socket(raw, server_hostname=APP) as wrapped:
                return wrapped.version() == "TLSv1"
        except (ssl.SSLError, ConnectionError):
            return False


def _days_left(world):
    ends = ssl.cert_time_to_seconds(world.certificate(APP)["notAfter"])
    return (ends - dt.datetime.now(dt.UTC).timestamp()) / 86400


LOOKS = {
    "www-certificate-wrong-name": lambda w: "mismatch" in w.refusal(WWW),
    "app-certificate-expired": lambda w: "expired" in w.refusal(APP),
    "app-certificate-not-yet-valid": lambda w: "not yet valid" in w.refusal(APP),
    "certificate-from-1970": lambda w: _begins(w).year == 1970,
    "app-intermediate-missing": lambda w: "local issuer" in w.refusal(APP),
    "landing-certificate-self-signed": lambda w: "self-signed" in w.refusal(APEX),
    "app-renewal-overdue": lambda w: _days_left(w) < 30,
    "app-tls-silent": lambda w: quiet_port(w, APP_EDGE, 443),
    "landing-tls-slammed": lambda w: slammed_port(w, EDGE, 443),
    "app-certificate-wildcard": lambda w: w.certificate(APP)["subjectAltName"] == (("DNS", f"*.{DOMAIN}"),),
    "app-renewal-due-soon": lambda w: 30 < _days_left(w) < 32,
    "caa-names-a-former-authority": lambda w: w.records(DOMAIN, "CAA") == ['0 issue "digicert.com"', '0 issuewild ";"'],
    "app-takes-old-tls": lambda w: _takes_tls_1_0(w, APP_EDGE),
    "calendar-takes-old-tls": lambda w: _takes_tls_1_0(w, BOOKING_EDGE),
    "proofs-denied": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").status == 403,
    "proofs-behind-a-bot-wall": lambda w: challenged(w, f"http://{WWW}/.well-known/acme-challenge/x"),
    "proofs-sent-to-another-port": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").location.startswith(
        f"https://{APP}:8443/"
    ),
    "plain-http-closed": lambda w: slammed_port(w, EDGE, 80) and slammed_port(w, APP_EDGE, 80),
    "proofs-only-while-renewing": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").status == 503,
    "proofs-answered-in-place": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").status == 404,
    "app-renewed-by-record": lambda w: w.certificate(APP)["subjectAltName"] == (("DNS", f"*.{DOMAIN}"),),
    "app-without-hsts": lambda w: "strict-transport-security" not in w.get(f"{CHAT_HOST}/").headers,
    "landing-hsts-garbled": lambda w: "," in _hsts(w, SITE),
    "domain-hsts-shuts-app-out": lambda w: "includeSub" in _hsts(w, SITE) and "expired" in w.refusal(APP),
    "preload-without-subdomains": lambda w: _hsts(w, SITE) == "max-age=31536000; preload",
    "hsts-written-in-another-way": lambda w: '"15768000"' in _hsts(w, SITE) + _hsts(w, CHAT_HOST),
    "hsts-preload-in-order": lambda w: _hsts(w, SITE) == "max-age=63072000; includeSubDomains; preload",
    "caa-kept-the-app-from-renewing": lambda w: _days_left(w) < 30 and "digicert.com" in w.records(DOMAIN, "CAA")[0],
    "caa-names-two-authorities": lambda w: len(w.records(DOMAIN, "CAA")) == 4,
}
