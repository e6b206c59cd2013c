"""Every situation changes what it says it changes, seen from outside, and is gone when mended."""

import base64
import datetime as dt
import email
import email.utils
import hashlib
import itertools
import json
import re
import smtplib
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import dns.exception
import dns.message
import dns.name
import dns.query
import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key
from dns.rdatatype import RRSIG

from launchready_worlds.addresses import (
    APEX,
    APP,
    APP_EDGE,
    BOOKING,
    BOOKING_EDGE,
    BOOKING_URL,
    DOMAIN,
    EDGE,
    MAIL_EXCHANGE,
    NS1,
    NS2,
    NS2_V6,
    OLD_HOST,
    ORIGIN,
    REGISTRY,
    REGISTRY_EDGE,
    TOP_LEVEL,
    WWW,
)
from launchready_worlds.faults import all_faults
from launchready_worlds.faults.speed import SLOW_S
from launchready_worlds.faults.trust import (
    AD_URL,
    CAL_API,
    CALENDLY,
    LETTER_URL,
    LOOKUP,
    LOST_NAME,
    OTHER_NAME,
    RANGE,
    TRACKER,
    TRACKER_URL,
)
from launchready_worlds.repository import live_key

REGISTERED = f"https://{REGISTRY}/domain/{DOMAIN}"
SHORT_S = 0.15
"""Long enough for an answer on loopback, short enough to wait for silence."""
WEBHOOK = f"https://{APP}/webhooks/payments"
CSP = "content-security-policy"
SITE, CHAT_HOST, OLD_SITE = f"https://{APEX}", f"https://{APP}", f"https://{WWW}"


def _silent(look: Callable[[], object]) -> bool:
    try:
        look()
    except (dns.exception.Timeout, TimeoutError):
        return True
    return False


def _quiet_port(world, ip, port):
    """Whether a port says nothing for a moment after a request."""
    with socket.create_connection(world.address(ip, port), 2) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        raw.settimeout(SHORT_S)
        return _silent(lambda: raw.recv(1))


def _slammed_port(world, ip, port):
    """Whether a port resets the connection."""
    try:
        with socket.create_connection(world.address(ip, port), SHORT_S) as raw:
            return raw.recv(1) == b"never"
    except ConnectionResetError:
        return True


def _has_text(world, name, start):
    return any(text.startswith(f'"{start}') for text in world.records(name, "TXT"))


def _declares(world, url):
    """Whether an endpoint is declared."""
    return url in [endpoint["url"] for endpoint in world.declared()["endpoints"]]


def _canonicals(world, url):
    """What the page names as its own address."""
    return re.findall(r'rel="canonical" href="([^"]*)"', world.get(url).text)


def _redirects(world, url, to, status=301):
    answer = world.get(url)
    return (answer.status, answer.location) == (status, to)


def _wrong_logins(world, count, tag="a"):
    return [world.log_in(tag, "wrong password 123").status for _ in range(count)]


def _challenged(world, url):
    answer = world.get(url)
    return answer.status == 403 and "Just a moment" in answer.text


def _git(world, *arguments):
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=world.world.folder / "repository", capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def _history(world):
    """Every object in the repository, as text."""
    return _git(world, "cat-file", "--batch", "--batch-all-objects")


def _refs(world):
    return _git(world, "for-each-ref", "--format=%(refname)")


def _log(world):
    """Hashes on main, newest first."""
    return _git(world, "log", "--format=%H").split()


def _commit(world):
    return json.loads(world.get(f"{CHAT_HOST}/version").body)["commit"]


def _token(world):
    """The ownership token that the app shows, or the status when it shows none."""
    answer = world.get(f"{CHAT_HOST}/.well-known/launchready")
    return answer.text if answer.status == 200 else answer.status


def _style(world):
    return re.search(r'href="(/static/app\.[0-9a-f]+\.css)"', world.get(f"{CHAT_HOST}/").text).group(1)


def _state(world, dependency):
    """What the app says about a dependency; None when it does not name it."""
    states = json.loads(world.get(f"{CHAT_HOST}/readyz").body)["dependencies"]
    return states.get(dependency, {}).get("status")


def _hsts(world, origin):
    return world.get(f"{origin}/").headers["strict-transport-security"]


def _takes_tls_1_0(world, ip):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
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


def _spf_chain(world):
    """How many look-ups reading the SPF record takes."""
    text, count = world.records(DOMAIN, "TXT")[0], 0
    while target := re.search(r"include:(\S+)", text):
        text, count = world.records(target.group(1), "TXT")[0], count + 1
    return count


def _key(world):
    text = world.records(f"s1._domainkey.{DOMAIN}", "TXT")[0].replace('" "', "").strip('"')
    return base64.b64decode(text.partition("p=")[2])


def _key_bits(world):
    return load_der_public_key(_key(world)).key_size


def _key_is_cut(world):
    with pytest.raises(ValueError, match=r"base64|key"):
        _key_bits(world)
    return True


def _cookies(world, origin):
    """All Set-Cookie lines of a front page."""
    return "\n".join(world.get(f"{origin}/").headers.get_all("set-cookie", []))


def _login_cookies(world, tag):
    """All Set-Cookie lines of a new customer's log-in."""
    link = world.link_after_sign_up(tag)
    world.post(link.partition("?")[0], {"token": link.partition("=")[2]})
    lines = "\n".join(world.log_in(tag).headers.get_all("set-cookie", []))
    if "session=" not in lines:
        raise KeyError(tag)
    return lines


def _api_front(world):
    """The front page of the host whose purpose is an API."""
    if not world.declared()["hosts"][2]["purpose"].startswith("API"):
        raise KeyError(CHAT_HOST)
    return world.get(f"{CHAT_HOST}/")


def _lets_read(world, url, origin, **headers):
    """Whether the answer to a page's request names its origin."""
    return world.get(url, origin=origin, **headers).headers.get("access-control-allow-origin") == origin


def _cors(world, origin, path="", start=f"{CHAT_HOST}/api/chat"):
    """The headers of an answer to a page's request."""
    return world.get(f"{start}{path or ('/' if start in {SITE, CHAT_HOST} else '')}", origin=origin).headers


def _logins_at_once(world, count):
    with ThreadPoolExecutor(count) as pool:
        return [answer.status for answer in pool.map(world.log_in, map(str, range(count)))]


def _took(look: Callable[[], object]) -> float:
    start = time.monotonic()
    look()
    return time.monotonic() - start


def _registered(world):
    return json.loads(world.get(REGISTERED).body)


def _registered_days(world):
    (ends,) = (e["eventDate"] for e in _registered(world)["events"] if e["eventAction"] == "expiration")
    return (dt.datetime.fromisoformat(ends) - dt.datetime.now(dt.UTC)).days


def _days_to_change(world):
    return (world.declared()["product"]["dns_change"] - world.world.scene.now.date()).days


def _kept_s(world, name, kind):
    return world.dns(name, kind).answer[0].ttl


def _at(world, target):
    """What plain http at www shows, where its alias leads to a target; nothing where it does not."""
    return world.get(f"http://{WWW}/").text if world.records(WWW, "CNAME") == [target] else ""


def _preview(world):
    """What plain http at the preview's name shows, or where it leads; nothing where the name is not in DNS."""
    if world.records(f"staging.{DOMAIN}", "CNAME") != ["cname.vercel-dns.com."]:
        return ""
    answer = world.get(f"http://staging.{DOMAIN}/", ip="203.0.113.30")
    return answer.location or answer.text


def _trusts(world, server):
    """Whether a server's key is one of those in the parent's DS records."""
    digests = {text.rpartition(" ")[2].lower() for text in world.records(DOMAIN, "DS") if " " in text}
    keys = [rdata for rrset in world.dns(DOMAIN, "DNSKEY", server).answer for rdata in rrset]
    name = dns.name.from_text(DOMAIN).to_wire()
    return any(hashlib.sha256(name + key.to_wire()).hexdigest() in digests for key in keys)


def _until(world):
    """When the first server's signature over the SOA record ends."""
    query = dns.message.make_query(DOMAIN, "SOA", want_dnssec=True)
    address, port = world.address(NS1, 53)
    ends = [rrset[0].expiration for rrset in dns.query.udp(query, address, 5, port).answer if rrset.rdtype == RRSIG]
    if not ends:
        raise KeyError("unsigned")
    return dt.datetime.fromtimestamp(ends[0], dt.UTC)


DOMAIN_LOOKS = {
    "app-record-missing": lambda w: w.records(APP, "A") == ["NXDOMAIN"],
    "zone-empty": lambda w: w.records(APEX, "A") == [] and bool(w.records(APEX, "NS")),
    "domain-not-registered": lambda w: w.records(APEX, "A") == w.records(APEX, "NS") == ["NXDOMAIN"],
    "second-address-stale": lambda w: w.records(APEX, "A") == [EDGE, OLD_HOST],
    "address-stale": lambda w: w.records(WWW, "A") == [OLD_HOST],
    "stray-aaaa": lambda w: w.records(APEX, "AAAA") == ["2001:db8::99"],
    "cname-undeclared": lambda w: w.records(APP, "CNAME") != [] and w.records(APP, "A")[0] == OLD_HOST,
    "second-nameserver-stale": lambda w: w.records(APP, "A", NS1) != w.records(APP, "A", NS2),
    "second-nameserver-lame": lambda w: w.records(APP, "A", NS2) == ["REFUSED"],
    "resolver-dead": lambda w: _silent(lambda: w.dns(APEX, "A", timeout=SHORT_S)),
    "resolver-broken": lambda w: w.records(APEX, "A") == ["SERVFAIL"],
    "resolver-refuses": lambda w: w.records(APEX, "A") == ["REFUSED"],
    "app-lookup-fails": lambda w: w.records(APP, "A") == ["SERVFAIL"] and w.records(APEX, "A") == [EDGE],
    "all-nameservers-lame": lambda w: (
        w.records(APP, "A") == ["SERVFAIL"] and w.records(APP, "A", "203.0.113.3") == ["REFUSED"]
    ),
    "second-nameserver-stale-over-ipv6": lambda w: w.records(APP, "A", NS2) != w.records(APP, "A", NS2_V6),
    "third-nameserver-without-address": lambda w: f"ns3.{DOMAIN}." in w.records(DOMAIN, "NS"),
    "delegation-half-moved": lambda w: "ns.farm.example." in w.records(DOMAIN, "NS"),
    "apex-is-an-alias": lambda w: w.records(APEX, "CNAME") != [] and w.records(APEX, "A")[0] == EDGE,
    "dns-intercepted": lambda w: w.records("book.calendar.example", "A", NS1) == ["203.0.113.30"],
    "registry-blocked": lambda w: _silent(lambda: w.dns("example", "NS", TOP_LEVEL, timeout=SHORT_S)),
    "no-ipv6-from-here": lambda w: (
        w.records(APP, "A", NS2) == [APP_EDGE] and _silent(lambda: w.dns(APEX, "A", NS2_V6, timeout=SHORT_S))
    ),
    "delegation-in-another-order": lambda w: "NS2." in str(w.dns(DOMAIN, "NS", TOP_LEVEL).authority),
    "apex-flattened": lambda w: "cname" in w.declared()["hosts"][0] and w.records(APEX, "CNAME") == [],
    "nameservers-blocked": lambda w: (
        w.records(APEX, "A") == [EDGE] and _silent(lambda: w.dns(APEX, "A", NS1, timeout=SHORT_S))
    ),
    "cname-declared": lambda w: w.records(APP, "CNAME") == [w.declared()["hosts"][2].get("cname", "-") + "."],
    "wildcard-record": lambda w: w.records(f"anything.{DOMAIN}", "A") == w.records(APP, "A") == [APP_EDGE],
    "two-addresses-declared": lambda w: w.records(APEX, "A") == sorted(w.declared()["hosts"][0]["addresses"]) != [EDGE],
    "app-in-a-zone-of-its-own": lambda w: w.records(APP, "A") == [APP_EDGE] and w.records(APP, "A", NS1) == [],
    "addresses-by-turns": lambda w: sorted(w.records(APEX, "A", NS1) + w.records(APEX, "A", NS1)) == [EDGE, APP_EDGE],
    "second-nameserver-serial-behind": lambda w: w.records(APEX, "SOA", NS1) != w.records(APEX, "SOA", NS2),
}
DNSSEC_LOOKS = {
    "zone-signed": lambda w: _trusts(w, NS1) and _trusts(w, NS2) and w.records(f"gone.{DOMAIN}", "A") == ["NXDOMAIN"],
    "ds-left-behind": lambda w: w.records(DOMAIN, "DS") != [] and w.records(DOMAIN, "DNSKEY") == [],
    "ds-of-an-old-key": lambda w: not _trusts(w, NS1) and w.records(DOMAIN, "DS") != [] != w.records(DOMAIN, "DNSKEY"),
    "signatures-expired": lambda w: _until(w) < dt.datetime.now(dt.UTC),
    "address-changed-unsigned": lambda w: OLD_HOST in w.records(APEX, "A") and _until(w) > dt.datetime.now(dt.UTC),
    "second-nameserver-unsigned": lambda w: _trusts(w, NS1) and not _trusts(w, NS2),
    "signed-in-an-unknown-way": lambda w: any(text.startswith("12345 253 ") for text in w.records(DOMAIN, "DS")),
    "next-key-announced": lambda w: len(w.records(DOMAIN, "DS")) == 2 and _trusts(w, NS1),
    "signatures-fresh": lambda w: _until(w) - dt.timedelta(days=14) > dt.datetime.now(dt.UTC),
}
ALIAS_LOOKS = {
    "app-alias-dangling": lambda w: w.records(APP, "CNAME") != [] and w.records(APP, "A") == ["NXDOMAIN"],
    "app-alias-without-address": lambda w: w.records(APP, "CNAME") != [] and len(w.records(APP, "A")) == 1,
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
    "www-at-vercel-silent": lambda w: w.records(WWW, "CNAME") != [] and _slammed_port(w, EDGE, 80),
    "www-claimed-and-quiet": lambda w: _at(w, "cname.vercel-dns.com.") == "404: NOT_FOUND\n",
    "www-writes-about-takeovers": lambda w: (
        w.records(WWW, "CNAME") == [] and "DEPLOYMENT_NOT_FOUND" in w.get(f"{OLD_SITE}/").text
    ),
    "wildcard-alias-to-vercel": lambda w: (
        w.records(f"any.{DOMAIN}", "CNAME") == ["cname.vercel-dns.com."] and w.records(WWW, "A") == [EDGE]
    ),
    "preview-unclaimed-at-vercel": lambda w: "DEPLOYMENT_NOT_FOUND" in _preview(w),
    "preview-at-vercel-silent": lambda w: (
        w.records(f"staging.{DOMAIN}", "CNAME") == ["cname.vercel-dns.com."] and _slammed_port(w, "203.0.113.30", 80)
    ),
    "preview-alive-at-vercel": lambda w: _preview(w).startswith("https://staging."),
    "app-alias-alive": lambda w: len(w.records(APP, "A")) == 3 and APP_EDGE in w.records(APP, "A"),
}
NAME_LOOKS = {
    "app-name-doubled": lambda w: w.records(f"{APP}.{DOMAIN}", "A") == [APP_EDGE] != w.records(APP, "A"),
    "dkim-name-doubled": lambda w: (
        _has_text(w, f"s1._domainkey.{DOMAIN}.{DOMAIN}", "v=DKIM1") and not _has_text(w, f"s1._domainkey.{DOMAIN}", "v")
    ),
    "dkim-alias-doubled": lambda w: (
        w.records(f"s1._domainkey.{DOMAIN}.{DOMAIN}", "CNAME") == ["s1.dkim.postmail.example."]
    ),
    "dmarc-name-doubled": lambda w: (
        _has_text(w, f"_dmarc.{DOMAIN}.{DOMAIN}", "v=DMARC1") and not _has_text(w, f"_dmarc.{DOMAIN}", "v")
    ),
    "app-lives-by-wildcard": lambda w: (
        w.records(f"x.{DOMAIN}", "A") == [APP_EDGE] and "addresses" not in w.declared()["hosts"][2]
    ),
    "old-site-left-in-dns": lambda w: w.records(f"old.{DOMAIN}", "A") == [OLD_HOST],
    "preview-left-in-dns": lambda w: w.records(f"staging.{DOMAIN}", "CNAME") == ["gone.farm.example."],
    "usual-name-unanswered": lambda w: w.records(f"staging.{DOMAIN}", "A") == ["SERVFAIL"],
    "doubled-names-unanswered": lambda w: w.records(f"{APP}.{DOMAIN}", "A") == ["SERVFAIL"],
    "doubled-by-a-wildcard": lambda w: w.records(f"x.y.example.{DOMAIN}", "A") == [EDGE],
    "doubled-and-right": lambda w: w.records(f"{APP}.{DOMAIN}", "A") == [APP_EDGE] == w.records(APP, "A"),
    "wildcard-beside-own-records": lambda w: (
        w.records(f"x.{DOMAIN}", "A") == [EDGE] and w.records(APP, "A") == [APP_EDGE]
    ),
    "other-names-declared": lambda w: w.records(w.declared()["names"][0]["name"], "CNAME") == ["ns.farm.example."],
}
REGISTRATION_LOOKS = {
    "registration-ends-soon": lambda w: _registered_days(w) == 29,
    "registration-let-go": lambda w: _registered(w)["status"] == ["redemption period"],
    "registry-unreachable": lambda w: _slammed_port(w, REGISTRY_EDGE, 443),
    "registry-says-no-end": lambda w: len(_registered(w)["events"]) == 1,
    "registry-busy": lambda w: w.get(REGISTERED).status == 429,
    "registration-ends-in-a-month": lambda w: _registered_days(w) == 31,
    "https-record-right": lambda w: f'ipv4hint="{EDGE}"' in str(w.records(APEX, "HTTPS")),
    "https-record-stale": lambda w: f'ipv4hint="{OLD_HOST}"' in str(w.records(APEX, "HTTPS")),
    "https-record-to-former-company": lambda w: (
        "edge.shared-hosting.test." in str(w.records(APP, "HTTPS"))
        and w.records("edge.shared-hosting.test", "A") == [OLD_HOST]
    ),
    "https-record-unanswered": lambda w: w.records(APP, "HTTPS") == ["SERVFAIL"],
    "https-record-without-hints": lambda w: w.records(APEX, "HTTPS") == ['1 . alpn="h2"'],
    "change-planned": lambda w: _days_to_change(w) == 7,
    "change-planned-records-kept-a-day": lambda w: _days_to_change(w) == 7 and _kept_s(w, APP, "A") == 86_400,
    "change-planned-nameservers-blocked": lambda w: (
        _days_to_change(w) == 7 and _silent(lambda: w.dns(APEX, "A", NS1, timeout=SHORT_S))
    ),
    "change-planned-mail-kept-a-day": lambda w: _kept_s(w, DOMAIN, "MX") == 86_400 and _kept_s(w, APP, "A") == 3600,
    "records-kept-a-day-and-no-change": lambda w: _days_to_change(w) == 60 and _kept_s(w, APP, "A") == 86_400,
}
TLS_LOOKS = {
    "www-certificate-wrong-name": lambda w: "mismatch" in w.refusal(WWW),
    "app-certificate-expired": lambda w: "expired" in w.refusal(APP),
    "app-certificate-not-yet-valid": lambda w: "not yet valid" in w.refusal(APP),
    "certificate-from-1970": lambda w: "expired" in w.refusal(APP),
    "app-intermediate-missing": lambda w: "local issuer" in w.refusal(APP),
    "landing-certificate-self-signed": lambda w: "self-signed" in w.refusal(APEX),
    "app-renewal-overdue": lambda w: _days_left(w) < 30,
    "app-tls-silent": lambda w: _quiet_port(w, APP_EDGE, 443),
    "landing-tls-slammed": lambda w: _slammed_port(w, EDGE, 443),
    "app-certificate-wildcard": lambda w: w.certificate(APP)["subjectAltName"] == (("DNS", f"*.{DOMAIN}"),),
    "app-renewal-due-soon": lambda w: 30 < _days_left(w) < 32,
    "caa-names-a-former-authority": lambda w: w.records(DOMAIN, "CAA") == ['0 issue "digicert.com"', '0 issuewild ";"'],
    "app-takes-old-tls": lambda w: _takes_tls_1_0(w, APP_EDGE),
    "calendar-takes-old-tls": lambda w: _takes_tls_1_0(w, BOOKING_EDGE),
    "proofs-denied": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").status == 403,
    "proofs-behind-a-bot-wall": lambda w: _challenged(w, f"http://{WWW}/.well-known/acme-challenge/x"),
    "proofs-sent-to-another-port": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").location.startswith(
        f"https://{APP}:8443/"
    ),
    "plain-http-closed": lambda w: _slammed_port(w, EDGE, 80) and _slammed_port(w, APP_EDGE, 80),
    "proofs-only-while-renewing": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").status == 503,
    "proofs-answered-in-place": lambda w: w.get(f"http://{APP}/.well-known/acme-challenge/x").status == 404,
    "app-renewed-by-record": lambda w: w.certificate(APP)["subjectAltName"] == (("DNS", f"*.{DOMAIN}"),),
    "app-without-hsts": lambda w: "strict-transport-security" not in w.get(f"{CHAT_HOST}/").headers,
    "landing-hsts-garbled": lambda w: "," in _hsts(w, SITE),
    "domain-hsts-shuts-app-out": lambda w: "includeSub" in _hsts(w, SITE) and "expired" in w.refusal(APP),
    "preload-without-subdomains": lambda w: _hsts(w, SITE) == "max-age=31536000; preload",
    "hsts-written-in-another-way": lambda w: '"15768000"' in _hsts(w, SITE) + _hsts(w, CHAT_HOST),
    "hsts-preload-in-order": lambda w: _hsts(w, SITE) == "max-age=63072000; includeSubDomains; preload",
    "app-proxied-before-netlify": lambda w: w.get(f"{CHAT_HOST}/").headers["server"] == "cloudflare",
    "app-at-netlify-and-silent": lambda w: _quiet_port(w, APP_EDGE, 443) and _quiet_port(w, APP_EDGE, 80),
    "app-flattened-to-netlify": lambda w: w.records("brightpath.netlify.app", "A") == w.records(APP, "A"),
    "caa-kept-the-app-from-renewing": lambda w: _days_left(w) < 30 and "digicert.com" in w.records(DOMAIN, "CAA")[0],
    "caa-names-two-authorities": lambda w: len(w.records(DOMAIN, "CAA")) == 4,
}
REDIRECT_LOOKS = {
    "app-redirects-in-a-circle": lambda w: _redirects(w, f"{CHAT_HOST}/", f"http://{APP}/"),
    "www-and-landing-chase-each-other": lambda w: _redirects(w, f"{SITE}/", f"{OLD_SITE}/"),
    "www-goes-astray": lambda w: _redirects(w, f"{OLD_SITE}/", f"https://{BOOKING}/"),
    "www-shows-a-copy": lambda w: w.get(f"{OLD_SITE}/").status == 200,
    "https-redirect-loses-query": lambda w: _redirects(w, f"http://{APEX}/a?utm=b", f"{SITE}/a"),
    "www-redirect-to-front-page": lambda w: _redirects(w, f"{OLD_SITE}/a?utm=b", f"{SITE}/"),
    "www-redirect-temporary": lambda w: _redirects(w, f"{OLD_SITE}/a", f"{SITE}/a", 302),
    "https-redirect-temporary": lambda w: _redirects(w, f"http://{APP}/a", f"{CHAT_HOST}/a", 307),
    "app-silent": lambda w: _quiet_port(w, APP_EDGE, 80) and _quiet_port(w, APP_EDGE, 443),
    "edge-slammed": lambda w: _slammed_port(w, EDGE, 80) and _slammed_port(w, EDGE, 443),
    "edge-mode-flexible": lambda w: _redirects(w, f"{SITE}/a", f"{SITE}/a") and "cf-ray" in w.get(f"{SITE}/a").headers,
    "www-in-three-steps": lambda w: _redirects(w, f"{OLD_SITE}/a", f"http://{APEX}/a"),
    "landing-behind-cloudflare": lambda w: "cf-ray" in w.get(f"{SITE}/").headers and w.get(f"{SITE}/").status == 200,
    "app-asks-again-with-a-cookie": lambda w: (
        _redirects(w, f"{CHAT_HOST}/", f"{CHAT_HOST}/", 302) and w.get(f"{CHAT_HOST}/", cookie="seen=1").status == 200
    ),
    "www-writes-the-query-anew": lambda w: _redirects(w, f"{OLD_SITE}/?b=%20&a=1", f"{SITE}/?a=1&b=+"),
    "webhook-declared": lambda w: w.post(WEBHOOK, {}).status == 400 and _declares(w, WEBHOOK),
    "chat-declared": lambda w: _declares(w, f"{CHAT_HOST}/api/chat"),
    "webhook-gets-a-slash": lambda w: _declares(w, WEBHOOK) and w.post(WEBHOOK, {}).status == 308,
    "webhook-behind-the-log-in": lambda w: _declares(w, WEBHOOK) and w.post(WEBHOOK, {}).location == "/login",
    "webhook-challenged": lambda w: _declares(w, WEBHOOK) and w.post(WEBHOOK, {}).status == 403,
    "webhook-redirects-browsers": lambda w: w.post(WEBHOOK, {}).status == 400 and _redirects(w, WEBHOOK, "/", 302),
    "chat-gets-a-slash": lambda w: w.post(f"{CHAT_HOST}/api/chat/v2", {}).location == "/api/chat/v2/",
    "chat-challenged": lambda w: (
        _declares(w, f"{CHAT_HOST}/api/chat") and w.post(f"{CHAT_HOST}/api/chat", {}).status == 403
    ),
    "chat-sends-strangers-to-the-log-in": lambda w: (
        w.post(f"{CHAT_HOST}/api/chat/v2", {}).location == "/login"
        and w.post(f"{CHAT_HOST}/api/chat/v1", {}).status == 308
    ),
    "log-in-goes-on-anywhere": lambda w: _redirects(w, f"{CHAT_HOST}/login?next=//x.example", "//x.example", 302),
    "backslash-passes-the-check": lambda w: (
        _redirects(w, f"{SITE}/?return_to=/%5Cx.example", "/\\x.example", 302)
        and w.get(f"{SITE}/?return_to=//x.example").status == 200
    ),
    "slash-added-to-any-path": lambda w: _redirects(w, f"{SITE}//x.example", "//x.example/"),
    "log-in-challenged": lambda w: w.get(f"{CHAT_HOST}/login?next=/chat").status == 403,
    "address-to-go-on-to-is-passed-along": lambda w: (
        _redirects(w, f"{CHAT_HOST}/login?next=/x", "/signup?next=/x", 302)
        and "Leaving" in w.get(f"{SITE}/?url=x").text
    ),
    "redirects-308": lambda w: w.get(f"{OLD_SITE}/").status == w.get(f"http://{APP}/").status == 308,
    "www-takes-three-steps": lambda w: _redirects(w, f"http://{WWW}/a?b", f"http://{APEX}/a?b"),
}
OWN_ADDRESS_LOOKS = {
    "canonical-localhost": lambda w: "http://localhost:3000/" in _canonicals(w, f"{SITE}/"),
    "shares-lead-to-the-preview": lambda w: (
        'property="og:url" content="https://brightpath-git' in w.get(f"{SITE}/").text
    ),
    "sitemap-of-staging": lambda w: f"https://staging.{APEX}/" in w.get(f"{SITE}/map.xml").text,
    "canonical-without-https": lambda w: f"<http://{APEX}/>" in w.get(f"{SITE}/").headers.get("link", ""),
    "canonical-at-www": lambda w: f"{OLD_SITE}/" in _canonicals(w, f"{SITE}/"),
    "landing-silent": lambda w: _quiet_port(w, EDGE, 443),
    "sitemap-unreadable": lambda w: w.get(f"{SITE}/map.xml").text.endswith("<loc>https://"),
    "addresses-written-short": lambda w: (
        "/" in _canonicals(w, f"{SITE}/") and "# ours" in w.get(f"{SITE}/robots.txt").text
    ),
    "page-in-place-of-a-sitemap": lambda w: "Oops" in w.get(f"{SITE}/sitemap.xml").text,
    "page-with-and-without-slash": lambda w: w.get(f"{SITE}/privacy/").status == w.get(f"{SITE}/privacy").status == 200,
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
    "landing-moves-to-www": lambda w: _redirects(w, f"{SITE}/a", f"{OLD_SITE}/a"),
}
WEB_LOOKS = {
    "plain-http-shows-page": lambda w: w.get(f"http://{APEX}/").status == 200,
    "script-over-http": lambda w: 'src="http://' in w.get(f"{SITE}/").text,
    "form-over-http": lambda w: 'action="http://' in w.get(f"{CHAT_HOST}/").text,
    "session-cookie-for-all-hosts": lambda w: (
        f"Domain={DOMAIN};" in w.get(f"{CHAT_HOST}/").headers.get("set-cookie", "")
    ),
    "challenge-page": lambda w: all(_challenged(w, f"{host}/version") for host in (SITE, CHAT_HOST, OLD_SITE)),
    "plain-http-silent": lambda w: _quiet_port(w, EDGE, 80) and _quiet_port(w, APP_EDGE, 80),
    "redirect-with-a-page": lambda w: bool(w.get(f"http://{APEX}/").body),
    "http-only-in-links": lambda w: 'href="http://' in w.get(f"{SITE}/").text,
    "session-cookie-for-the-app": lambda w: f"Domain={APP};" in w.get(f"{CHAT_HOST}/").headers.get("set-cookie", ""),
    "page-of-a-gigabyte": lambda w: "content-length" not in w.ask("HEAD", f"{SITE}/", None, {}).headers,
    "redirect-to-private-address": lambda w: w.get(f"{SITE}/").location.startswith("http://169.254."),
    "config-typo": lambda w: "sends_mial" in w.world.config.read_text(),
}
MIXED_LOOKS = {
    "font-over-http-in-an-imported-style": lambda w: 'url("http://' in w.get(f"{SITE}/base.css").text,
    "image-over-http": lambda w: '<img src="http://' in w.get(f"{SITE}/").text,
    "login-posts-over-http": lambda w: 'action="http://' in w.get(f"{CHAT_HOST}/login").text,
    "chat-socket-open": lambda w: "ws://" in w.get(f"{CHAT_HOST}/widget.js").text,
    "http-upgraded-by-policy": lambda w: 'src="http://' in w.get(f"{SITE}/").text,
    "http-only-in-names": lambda w: "http://schema.org" in w.get(f"{SITE}/").text,
}
COOKIE_LOOKS = {
    "session-cookie-sound": lambda w: "__Host-session" in _cookies(w, CHAT_HOST),
    "session-cookie-readable": lambda w: "connect.sid" in _cookies(w, CHAT_HOST),
    "session-cookie-breaks-its-prefix": lambda w: f"Domain={APP}; Path=/" in _cookies(w, CHAT_HOST),
    "session-cookie-for-the-old-domain": lambda w: "brightpath-beta.example" in _cookies(w, CHAT_HOST),
    "session-on-another-site": lambda w: "SameSite=Lax" in _cookies(w, f"https://{BOOKING}"),
    "session-partitioned": lambda w: "Partitioned" in _cookies(w, f"https://{BOOKING}"),
    "second-site-challenged": lambda w: _challenged(w, f"https://{BOOKING}/"),
    "session-on-the-same-site": lambda w: (
        "allowed_origins" in w.declared()["hosts"][2] and "session=" in _cookies(w, CHAT_HOST)
    ),
    "login-cookie-for-all-hosts": lambda w: f"Domain={DOMAIN}" in _login_cookies(w, "dom"),
    "login-cookie-over-http": lambda w: "Secure" not in _login_cookies(w, "plain"),
    "login-sets-more-than-a-session": lambda w: "csrftoken" in _login_cookies(w, "more"),
    "cookies-that-measure": lambda w: "_ga=" in _cookies(w, CHAT_HOST),
}
CORS_LOOKS = {
    "landing-calls-the-chat": lambda w: _lets_read(w, f"{CHAT_HOST}/api/chat", SITE) and "vary" in _cors(w, SITE),
    "cors-star-with-credentials": lambda w: _lets_read(w, f"{CHAT_HOST}/", "https://stranger.example", cookie="a=1"),
    "cors-pattern-without-a-dot": lambda w: _lets_read(w, f"{CHAT_HOST}/", f"https://stranger{DOMAIN}"),
    "cors-null-listed": lambda w: _lets_read(w, f"{CHAT_HOST}/", "null"),
    "cors-star": lambda w: w.get(f"{CHAT_HOST}/api/x", origin=SITE).headers["access-control-allow-origin"] == "*",
    "cors-any-subdomain": lambda w: _lets_read(w, f"{CHAT_HOST}/", f"https://old.{DOMAIN}"),
    "cors-names-another-host": lambda w: _lets_read(w, f"{CHAT_HOST}/", OLD_SITE),
    "cors-origin-with-a-slash": lambda w: _lets_read(w, f"{CHAT_HOST}/", f"{SITE}/"),
    "cors-only-on-success": lambda w: (
        _lets_read(w, f"{CHAT_HOST}/api/chat", SITE) and "access-control-allow-origin" not in _cors(w, SITE, "/gone")
    ),
    "cors-answer-kept-for-others": lambda w: (
        _lets_read(w, f"{SITE}/", "null") and "origin" not in _cors(w, "null", "", SITE)["vary"].lower()
    ),
    "cors-answer-kept-for-each": lambda w: (
        _lets_read(w, f"{SITE}/", "null") and "origin" in _cors(w, "null", "", SITE)["vary"].lower()
    ),
    "cors-star-that-browsers-refuse": lambda w: _cors(w, "null", "", SITE)["access-control-allow-origin"] == "*",
    "cors-star-on-the-front-page": lambda w: _cors(w, "null", "", CHAT_HOST)["access-control-allow-origin"] == "*",
    "cors-errors-for-everybody": lambda w: _cors(w, SITE, "/gone")["access-control-allow-origin"] == "*",
    "api-challenged": lambda w: _challenged(w, f"{CHAT_HOST}/api/chat") and w.get(f"{CHAT_HOST}/").status == 200,
}
HEADER_LOOKS = {
    "policy-forgets-the-calendar": lambda w: (
        "<iframe" in w.get(f"{SITE}/").text and "frame-src" not in w.get(f"{SITE}/").headers[CSP]
    ),
    "policy-knows-the-calendar": lambda w: "calendar.example" in w.get(f"{SITE}/").headers[CSP],
    "policy-allows-all-scripts": lambda w: "unsafe-inline" in w.get(f"{CHAT_HOST}/").headers[CSP],
    "policy-for-old-browsers-too": lambda w: "strict-dynamic" in w.get(f"{CHAT_HOST}/").headers[CSP],
    "login-may-be-framed": lambda w: w.get(f"{CHAT_HOST}/login").headers["x-frame-options"].startswith("ALLOW-FROM"),
    "login-framed-by-the-landing-page": lambda w: SITE in w.get(f"{CHAT_HOST}/login").headers[CSP],
    "policy-only-reports": lambda w: f"{CSP}-report-only" in w.get(f"{CHAT_HOST}/").headers,
    "errors-unguarded": lambda w: CSP not in w.get(f"{SITE}/gone").headers and CSP in w.get(f"{SITE}/").headers,
    "errors-without-a-page": lambda w: (
        w.get(f"{SITE}/launchready-probe-x").headers["content-type"].startswith("text/plain")
    ),
}
PURPOSE_LOOKS = {
    "api-without-pages": lambda w: _api_front(w).text.startswith("The API"),
    "api-shows-the-landing-page": lambda w: "<title>" in _api_front(w).text and len(_api_front(w).body) > 2_000,
    "api-front-challenged": lambda w: _api_front(w).status == 403,
    "api-has-a-page-of-its-own": lambda w: "This is the API" in _api_front(w).text,
}
ERROR_LOOKS = {
    "debug-page-for-missing": lambda w: "DEBUG = True" in w.get(f"{CHAT_HOST}/launchready-probe-x").text,
    "trace-for-a-bad-method": lambda w: "Traceback" in w.ask("PROBE", f"{CHAT_HOST}/api/chat", None, {}).text,
    "trace-in-json": lambda w: "body-parser" in w.get(f"{SITE}/launchready-probe-x").text,
    "traces-in-a-manual": lambda w: w.get(f"{SITE}/launchready-probe-x").status == 200,
}
SPF = '"v=spf1 include:spf.postmail.example'
MAIL_LOOKS = {
    "spf-absent": lambda w: w.records(APEX, "TXT") == [],
    "spf-without-version": lambda w: w.records(APEX, "TXT")[0].startswith('"spf1 '),
    "spf-two-records": lambda w: w.records(APEX, "TXT") == [f'{SPF} -all"', f'{SPF} ~all"'],
    "spf-typo": lambda w: "inlcude:" in w.records(APEX, "TXT")[0],
    "spf-eleven-lookups": lambda w: _spf_chain(w) == 11,
    "spf-allows-all": lambda w: w.records(APEX, "TXT") == [f'{SPF} +all"'],
    "spf-allows-all-by-default": lambda w: w.records(APEX, "TXT") == [f'{SPF} all"'],
    "dkim-key-revoked": lambda w: w.records(f"s1._domainkey.{DOMAIN}", "TXT") == ['"v=DKIM1; k=rsa; p="'],
    "dkim-key-absent": lambda w: w.records(f"s1._domainkey.{DOMAIN}", "TXT") == ["NXDOMAIN"],
    "dkim-key-cut": _key_is_cut,
    "dkim-key-weak": lambda w: _key_bits(w) == 768,
    "dmarc-absent": lambda w: w.records(f"_dmarc.{DOMAIN}", "TXT") == ["NXDOMAIN"],
    "dmarc-two-records": lambda w: (
        len(w.records(f"_dmarc.{DOMAIN}", "TXT")) == 2 and not _has_text(w, f"_dmarc.{DOMAIN}", "note")
    ),
    "dmarc-unreadable": lambda w: _has_text(w, f"_dmarc.{DOMAIN}", "p=quarantine"),
    "support-mailbox-null-mx": lambda w: w.records(DOMAIN, "MX") == ["0 ."],
    "support-mailbox-no-mx": lambda w: (
        w.records(DOMAIN, "MX") == [] and w.declared()["contacts"][0]["email"] == f"help@{DOMAIN}"
    ),
    "mail-records-unanswered": lambda w: w.records(DOMAIN, "TXT") == w.records(DOMAIN, "MX") == ["SERVFAIL"],
    "spf-include-unanswered": lambda w: w.records("spf.postmail.example", "TXT") == ["SERVFAIL"],
    "spf-among-other-texts": lambda w: len(w.records(DOMAIN, "TXT")) == 3,
    "spf-ten-lookups": lambda w: _spf_chain(w) == 10,
    "spf-all-in-a-name": lambda w: w.records(DOMAIN, "TXT") == ['"v=spf1 include:all.postmail.example ~all"'],
    "dkim-key-behind-an-alias": lambda w: (
        len(w.dns(f"s1._domainkey.{DOMAIN}", "TXT").answer) == 2 and _key_bits(w) == 2048
    ),
    "dkim-key-of-1024-bits": lambda w: _key_bits(w) == 1024,
    "dmarc-only-watches": lambda w: (
        _has_text(w, f"_dmarc.{DOMAIN}", "v=DMARC1;p=none") and _has_text(w, f"_dmarc.{DOMAIN}", "note")
    ),
    "support-mailbox-elsewhere": lambda w: w.declared()["contacts"][0]["email"] == "maya@calendar.example",
}


def _smtp(world, look):
    """What a caller learns from the mail server."""
    host, port = world.address(MAIL_EXCHANGE, 25)
    with smtplib.SMTP(host, port, local_hostname="caller.example", timeout=2) as caller:
        caller.ehlo()
        return look(caller)


def _starttls(world):
    """Why a careful sender would refuse the mail server's certificate; empty when it would not."""

    def shake(caller):
        caller._host = EXCHANGE  # the name that the certificate must be for
        try:
            caller.starttls(context=world.trust())
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        return ""

    return _smtp(world, shake)


def _certificate_names(world):
    def shake(caller):
        caller._host = EXCHANGE
        caller.starttls(context=world.trust())
        return [name for _, name in caller.sock.getpeercert()["subjectAltName"]]

    return _smtp(world, shake)


def _policy(world):
    """The MTA-STS policy with its status; nothing where the host is not in DNS."""
    if world.records(f"mta-sts.{DOMAIN}", "A") != [EDGE]:
        return 0, ""
    answer = world.get(f"https://mta-sts.{DOMAIN}/.well-known/mta-sts.txt", ip=EDGE)
    return answer.status, answer.text


def _reverse(world):
    return world.records(f"{MAIL_EXCHANGE.rpartition('.')[2]}.113.0.203.in-addr.arpa", "PTR")


def _rule(world, at=f"_dmarc.{DOMAIN}"):
    """The DMARC record at a name, and the sender that the founder named last."""
    return "".join(world.records(at, "TXT")).strip('"'), world.declared()["senders"][-1]["name"]


def _has(world, name):
    return world.records(name, "TXT")[0].startswith('"v=DKIM1')


_VISITORS = itertools.count()


def _signup_mail(world):
    """The mail that a new visitor gets who signs up."""
    return world.mail_after_sign_up(f"look{next(_VISITORS)}")


def _signs(letter):
    """For whom a mail is signed, whose envelope it has, and who it is from."""
    read = email.message_from_string(letter)
    signature = re.search(r"\bd=([a-z.]+)", read.get("DKIM-Signature", ""))
    envelope = read.get("Return-Path", "").strip("<>").rpartition("@")[2]
    return signature and signature[1], envelope, email.utils.parseaddr(read.get("From", ""))[1].rpartition("@")[2]


def _scanned(letter):
    """The same of a mail that somebody added a line to."""
    return _signs(letter) if "Scanned by your friendly firewall" in letter else ()


COMPANY = "postmail.example"
EXCHANGE = f"mx.{COMPANY}"
BOUNCES = f"bounces.{DOMAIN}"
MAIL_SENDER_LOOKS = {
    "spf-leaves-sender-out": lambda w: w.records(DOMAIN, "TXT") == ['"v=spf1 ip4:203.0.113.41 -all"'],
    "spf-holds-sender-for-forged": lambda w: w.records(f"spf.{COMPANY}", "TXT")[0].endswith('41 ~all"'),
    "bounce-policy-unreadable": lambda w: "ipv4:" in w.records(BOUNCES, "TXT")[0],
    "bounce-domain-absent": lambda w: (
        w.declared()["senders"][0]["bounce_domain"] == BOUNCES and w.records(BOUNCES, "TXT") == ["NXDOMAIN"]
    ),
    "bounce-domain-unanswered": lambda w: w.records(BOUNCES, "TXT") == ["SERVFAIL"],
    "bounces-to-a-name-of-its-own": lambda w: w.records(BOUNCES, "TXT") == ['"v=spf1 ip4:203.0.113.40 -all"'],
    "spf-where-bounces-go": lambda w: (
        w.records(DOMAIN, "TXT") == [] and w.declared()["senders"][0]["bounce_domain"] == BOUNCES
    ),
    "bounce-domain-behind-an-alias": lambda w: w.records(BOUNCES, "CNAME") == [f"return.{COMPANY}."],
    "spf-asks-by-address": lambda w: "%{i}" in w.records(DOMAIN, "TXT")[0],
    "sender-addresses-unsaid": lambda w: w.declared()["senders"][0]["addresses"] == [],
    "forgotten-service-may-sign": lambda w: _has(w, f"resend._domainkey.{DOMAIN}"),
    "senders-unanswered": lambda w: w.records(DOMAIN, "TXT") == ["SERVFAIL"],
    "keys-that-name-nobody": lambda w: _has(w, f"k1._domainkey.{DOMAIN}") and _has(w, f"mandrill._domainkey.{DOMAIN}"),
    "dkim-key-shorter-than-wanted": lambda w: _key_bits(w) == 2040,
    "dkim-key-marked-as-test": lambda w: "t=y:s;" in w.records(f"s1._domainkey.{DOMAIN}", "TXT")[0],
    "dkim-key-of-another-kind": lambda w: "k=ed25519" in w.records(f"s1._domainkey.{DOMAIN}", "TXT")[0],
}
MAIL_EXCHANGE_LOOKS = {
    "mailbox-without-encryption": lambda w: not _smtp(w, lambda caller: caller.has_extn("starttls")),
    "mailbox-certificate-expired": lambda w: _starttls(w) == "certificate has expired",
    "mail-port-blocked": lambda w: _quiet_port(w, MAIL_EXCHANGE, 25),
    "mail-port-refused": lambda w: _slammed_port(w, MAIL_EXCHANGE, 25),
    "mailbox-certificate-for-all-of-a-domain": lambda w: _certificate_names(w) == [f"*.{COMPANY}"],
    "mail-servers-promised": lambda w: f"enforce\nmx: {EXCHANGE}\nmax_age" in _policy(w)[1],
    "mail-servers-moved-away": lambda w: "enforce\nmx: mx1.oldmail.example" in _policy(w)[1],
    "mail-promise-not-served": lambda w: _policy(w)[0] == 404,
    "mail-promise-without-host": lambda w: (
        w.records(f"_mta-sts.{DOMAIN}", "TXT")[0].startswith('"v=STSv1') and _policy(w)[0] == 0
    ),
    "mail-promise-leaves-one-out": lambda w: len(w.records(DOMAIN, "MX")) == 2 and _policy(w)[0] == 200,
    "mail-promise-unanswered": lambda w: w.records(f"_mta-sts.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "mail-servers-promised-by-pattern": lambda w: "*.PostMail.example" in _policy(w)[1],
    "mail-promise-on-trial": lambda w: "mode: testing" in _policy(w)[1],
    "mail-promise-without-reports": lambda w: "rua=tls-reports" in w.records(f"_smtp._tls.{DOMAIN}", "TXT")[0],
    "mail-reports-unanswered": lambda w: w.records(f"_smtp._tls.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "mail-reports-to-a-page": lambda w: len(w.records(f"_smtp._tls.{DOMAIN}", "TXT")) == 2,
    "sender-without-name": lambda w: _reverse(w) == ["NXDOMAIN"],
    "sender-name-leads-elsewhere": lambda w: _reverse(w) == [f"{DOMAIN}."],
    "sender-name-unanswered": lambda w: _reverse(w) == ["SERVFAIL"],
    "sender-with-two-names": lambda w: len(_reverse(w)) == 2,
}
MAIL_POLICY_LOOKS = {
    "newsletter-signs-for-another-name": lambda w: "adkim=s" in _rule(w)[0] and _rule(w)[1] == "Kit",
    "newsletter-unsigned": lambda w: (
        w.records(f"cka._domainkey.{DOMAIN}", "TXT") == ["NXDOMAIN"]
        and _rule(w) == (f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{DOMAIN}", "Kit")
    ),
    "dmarc-unanswered": lambda w: w.records(f"_dmarc.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "newsletter-signs-for-the-domain": lambda w: _has(w, f"cka._domainkey.{DOMAIN}") and "adkim" not in _rule(w)[0],
    "newsletter-unsigned-and-only-watched": lambda w: "p=none" in _rule(w)[0] and _rule(w)[1] == "Kit",
    "dmarc-for-half-of-the-mail": lambda w: "pct=50" in _rule(w)[0],
    "dmarc-on-trial": lambda w: "t=y" in _rule(w)[0],
    "dmarc-found-by-some": lambda w: "psd=n" in _rule(w, f"_dmarc.news.{DOMAIN}")[0],
    "dmarc-for-all-of-the-mail": lambda w: "pct=100" in _rule(w)[0],
    "dmarc-watches-alone": lambda w: _rule(w) == (f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}", "Postmark"),
    "dmarc-watches-subdomains-alone": lambda w: "sp=none" in _rule(w)[0],
    "dmarc-reports-to-a-stranger": lambda w: (
        "reports@inbox.example" in _rule(w)[0]
        and w.records(f"{DOMAIN}._report._dmarc.inbox.example", "TXT") == ["NXDOMAIN"]
    ),
    "dmarc-reports-to-a-company": lambda w: (
        w.records(f"{DOMAIN}._report._dmarc.inbox.example", "TXT") == ['"v=DMARC1;"']
    ),
    "dmarc-reports-to-a-company-for-all": lambda w: (
        w.records("any.example._report._dmarc.inbox.example", "TXT") == ['"v=DMARC1"']
    ),
}
MAIL_RECEIVED_LOOKS = {
    "signup-mail-unsigned": lambda w: _signs(_signup_mail(w)) == (None, COMPANY, DOMAIN),
    "signup-mail-signed-by-a-stranger": lambda w: _signs(_signup_mail(w)) == (COMPANY, COMPANY, DOMAIN),
    "signup-mail-changed-on-the-way": lambda w: _scanned(_signup_mail(w)) == (DOMAIN, COMPANY, DOMAIN),
    "signup-mail-key-unanswered": lambda w: w.records(f"s1._domainkey.{DOMAIN}", "TXT") == ["SERVFAIL"],
    "signup-mail-swallowed": lambda w: w.mail_after_sign_up("gone", 0.5) == "",
    "signup-mail-signed-with-foreign-envelope": lambda w: _signs(_signup_mail(w)) == (DOMAIN, COMPANY, DOMAIN),
    "signup-mail-known-by-envelope-alone": lambda w: _scanned(_signup_mail(w)) == (DOMAIN, DOMAIN, DOMAIN),
    "signup-mail-from-a-shared-sender": lambda w: _signs(_signup_mail(w)) == (COMPANY, COMPANY, COMPANY),
    "signup-mail-from-a-name-below": lambda w: _signs(_signup_mail(w))[2] == f"send.{DOMAIN}",
}
SECRET_LOOKS = {
    "key-deleted-later": lambda w: live_key() in _history(w) and _refs(w).split() == ["refs/heads/main"],
    "key-on-a-branch": lambda w: live_key() in _history(w) and "refs/heads/try-payments" in _refs(w),
    "key-under-a-tag": lambda w: live_key() in _history(w) and "refs/tags/v0.1-rc1" in _refs(w),
    "repository-missing": lambda w: not (w.world.folder / w.declared()["repository"]["path"]).exists(),
    "only-lookalike-keys": lambda w: "sk_live_xxxx" in _history(w) and live_key() not in _history(w),
    "vault-attestation-expired": lambda w: w.declared()["attestations"][0]["until"] < w.world.scene.now.date(),
    "vault-attested": lambda w: w.declared()["attestations"][0]["until"] > w.world.scene.now.date(),
    "deployed-commit-old": lambda w: _commit(w) == _log(w)[1],
    "deployed-commit-foreign": lambda w: _commit(w) not in _log(w) and len(_commit(w)) == 40,
    "deployed-commit-abbreviated": lambda w: _commit(w) == _log(w)[0][:12],
}
SPEED_LOOKS = {
    "pages-uncompressed": lambda w: "content-encoding" not in w.get(f"{SITE}/", accept_encoding="gzip").headers,
    "styles-uncompressed": lambda w: (
        "content-encoding" not in w.get(f"{CHAT_HOST}{_style(w)}", accept_encoding="gzip").headers
    ),
    "styles-never-cached": lambda w: w.get(f"{CHAT_HOST}{_style(w)}").headers["cache-control"] == "no-cache",
    "html-cached-a-year": lambda w: w.get(f"{SITE}/").headers["cache-control"] == "public, max-age=31536000",
    "html-cached-an-hour": lambda w: w.get(f"{SITE}/").headers["cache-control"] == "public, max-age=3600",
    "html-kept-but-revalidated": lambda w: w.get(f"{SITE}/").headers["cache-control"] == "max-age=31536000, no-cache",
    "small-text-uncompressed": lambda w: w.get(f"{SITE}/small.css").headers["cache-control"] == "public, max-age=3600",
    "unhashed-asset-uncached": lambda w: w.get(f"{SITE}/small.css").headers["cache-control"] == "no-cache",
    "health-slow": lambda w: max(_took(lambda: w.get(f"{CHAT_HOST}/healthz")) for _ in range(5)) >= SLOW_S,
    "health-rarely-slow": lambda w: sum(_took(lambda: w.get(f"{CHAT_HOST}/healthz")) >= 0.5 for _ in range(50)) == 1,
    "visitors-wait-a-little": lambda w: (
        _took(lambda: w.log_in("nobody")) >= SLOW_S and w.log_in("nobody").status == 401
    ),
    "three-at-a-time": lambda w: 500 in _logins_at_once(w, 8),
    "health-broken": lambda w: w.get(f"{CHAT_HOST}/healthz").status == 500,
    "health-gone": lambda w: w.get(f"{CHAT_HOST}/healthz").status == 404,
    "mail-relay-down": lambda w: _state(w, "mail") == "failing",
    "ready-silent-about-mail": lambda w: _state(w, "mail") is None and _state(w, "database") == "ok",
    "health-says-error-in-words": lambda w: "last_error" in w.get(f"{CHAT_HOST}/healthz").text,
    "undeclared-dependency-down": lambda w: _state(w, "newsletter") == "failing",
    "mail-down-and-said-so": lambda w: _state(w, "mail") == "failing",
}
JOURNEY_LOOKS = {
    "mail-swallowed": lambda w: _state(w, "mail") == "ok" and w.mail_after_sign_up("lost", 0.5) == "",
    "mail-rejected": lambda w: _state(w, "mail") == "ok" and w.mail_after_sign_up("no", 0.5) == "",
    "chat-broken-ready-ok": lambda w: w.post(f"{CHAT_HOST}/api/chat", {}).status == 500,
    "chat-broken": lambda w: w.post(f"{CHAT_HOST}/api/chat", {}).status == 500,
    "verification-link-localhost": lambda w: w.link_after_sign_up("x").startswith("http://localhost:8000/"),
    "verification-link-foreign": lambda w: "bright-path-git-main" in w.link_after_sign_up("x"),
    "verification-link-on-landing-host": lambda w: w.link_after_sign_up("x").startswith(f"{SITE}/verify"),
    "verification-gone": lambda w: w.get(f"{CHAT_HOST}/verify?token=x").status == 404,
    "login-broken": lambda w: w.log_in("x").status == 500,
    "mailbox-missing": lambda w: w.declared()["journeys"][0]["mailbox"] == "maildir:nowhere",
    "ownership-withdrawn": lambda w: _token(w) == 404 and not _has_text(w, f"_launchready.{DOMAIN}", "launchready="),
    "ownership-of-someone-else": lambda w: _token(w) == "0" * 32,
    "ownership-by-record": lambda w: _token(w) == 404 and _has_text(w, f"_launchready.{DOMAIN}", "launchready="),
    "provider-busy": lambda w: w.post_inside("/v1/chat/completions", {"stream": True}).status == 429,
    "answers-take-a-while": lambda w: _took(lambda: w.log_in("nobody")) >= 0.4,
    "login-throttle-off": lambda w: set(_wrong_logins(w, 8)) == {401},
    "login-throttle-locks-neighbours": lambda w: _wrong_logins(w, 4)[-1] == _wrong_logins(w, 1, "b")[0] == 429,
    "login-throttle-patient": lambda w: _wrong_logins(w, 11)[-2:] == [401, 429],
    "booking-link-gone": lambda w: w.get(BOOKING_URL).status == 404,
    "booking-page-broken": lambda w: w.get(BOOKING_URL).status == 500,
    "booking-host-unknown": lambda w: w.records(BOOKING, "A") == ["NXDOMAIN"],
    "booking-certificate-expired": lambda w: "expired" in w.refusal(BOOKING),
    "booking-challenge": lambda w: _challenged(w, BOOKING_URL),
    "booking-silent": lambda w: _quiet_port(w, "203.0.113.30", 443),
    "booking-link-moved": lambda w: _redirects(w, w.declared()["links"][0]["url"], BOOKING_URL),
    "booking-refuses-head": lambda w: (
        w.ask("HEAD", BOOKING_URL, None, {}).status == 405 and w.get(BOOKING_URL).status == 200
    ),
}


def _booked_at(world, url):
    """What a booking company answers; nothing where there is no such company."""
    return "" if world.refusal(urlsplit(url).hostname, BOOKING_EDGE) else world.get(url, ip=BOOKING_EDGE).text


def _linked(world, name):
    """How the landing page links to a name, and what DNS says of it."""
    return f"https://{name}/login" in world.get(f"{SITE}/").text, world.records(name, "A")


TRUST_LOOKS = {
    "booking-not-valid": lambda w: "This Calendly URL is not valid" in w.get(BOOKING_URL).text,
    "booking-times-over": lambda w: _day(60) in w.get(BOOKING_URL).text,
    "booking-switched-off-at-calendly": lambda w: "event_type_deleted" in _booked_at(w, f"https://{CALENDLY}{LOOKUP}"),
    "booking-full-at-calendly": lambda w: '"unavailable"' in _booked_at(w, f"https://{CALENDLY}{RANGE}"),
    "booking-open-at-calendly": lambda w: '"available"' in _booked_at(w, f"https://{CALENDLY}{RANGE}"),
    "booking-calendar-lost-at-calendly": lambda w: "calendar_error" in _booked_at(w, f"https://{CALENDLY}{RANGE}"),
    "booking-full-at-cal": lambda w: f"{_day(30)}T" in _booked_at(w, f"https://{CAL_API}/v2/slots"),
    "booking-open-at-cal": lambda w: f"{_day(3)}T" in _booked_at(w, f"https://{CAL_API}/v2/slots"),
    "booking-changed-at-cal": lambda w: '"slots"' in _booked_at(w, f"https://{CAL_API}/v2/slots"),
    "booking-drawn-by-script": lambda w: "<div id=root></div>" in w.get(BOOKING_URL).text,
    "campaign-links": lambda w: [link["kind"] for link in w.declared()["links"]] == ["booking", "ad", "newsletter"],
    "letter-parameters-lost": lambda w: _redirects(w, LETTER_URL, f"{SITE}/"),
    "letter-parameters-kept-elsewhere": lambda w: w.get(LETTER_URL).location.startswith(f"{CHAT_HOST}/moved/book?utm"),
    "letter-page-challenged": lambda w: _challenged(w, LETTER_URL),
    "ad-counter-without-https": lambda w: "mismatch" in w.refusal(TRACKER, BOOKING_EDGE) and _kinds(w)[-1] == "ad",
    "letter-counter-without-https": lambda w: (
        "mismatch" in w.refusal(TRACKER, BOOKING_EDGE) and _kinds(w)[-1] == "newsletter"
    ),
    "letter-counter-only-plain": lambda w: (
        "mismatch" in w.refusal(TRACKER, BOOKING_EDGE) and w.get(TRACKER_URL, ip=BOOKING_EDGE).status == 302
    ),
    "ad-counter-with-https": lambda w: not w.refusal(TRACKER, BOOKING_EDGE) and _kinds(w)[-1] == "ad",
    "letter-counter-with-https": lambda w: not w.refusal(TRACKER, BOOKING_EDGE) and _kinds(w)[-1] == "newsletter",
    "letter-link-plain": lambda w: w.declared()["links"][-1]["url"].startswith(f"http://{APEX}/book"),
    "ad-page-challenged": lambda w: _challenged(w, AD_URL) and _kinds(w)[-1] == "ad",
    "page-links-lost-name": lambda w: _linked(w, LOST_NAME) == (True, ["NXDOMAIN"]),
    "page-links-undeclared-name": lambda w: _linked(w, OTHER_NAME) == (True, [EDGE]),
    "page-links-unknown-name": lambda w: _linked(w, LOST_NAME) == (True, ["SERVFAIL"]),
}


def _kinds(world):
    return [link["kind"] for link in world.declared()["links"]]


def _day(days):
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()


def _control(world, url):
    return world.get(url).headers.get("cache-control", "")


def _chat_page(world, tag):
    """The Cache-Control of the chat's page, as a customer who is logged in gets it."""
    cookie = _login_cookies(world, tag).partition(";")[0]
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


CACHING_LOOKS = {
    "first-visitors-cookie-for-all": lambda w: (
        len(set(_cookie_values(w, f"{SITE}/"))) == 1 and "hit" in w.get(f"{SITE}/").headers["cache-status"]
    ),
    "first-visitors-form-for-all": lambda w: (
        len(set(map(tuple, _form_keys_of(w, f"{CHAT_HOST}/")))) == 1 and _form_keys_of(w, f"{CHAT_HOST}/")[0]
    ),
    "session-cookie-on-a-cacheable-page": lambda w: (
        _control(w, f"{CHAT_HOST}/") == "public, max-age=600" and len(set(_cookie_values(w, f"{CHAT_HOST}/"))) == 3
    ),
    "session-cookie-on-styles": lambda w: "session=" in w.get(f"{CHAT_HOST}{_style(w)}").headers["set-cookie"],
    "proxy-drops-conditions": lambda w: (
        w.get(f"{SITE}/", if_none_match=w.get(f"{SITE}/").headers["etag"]).status == 200
    ),
    "tag-made-from-the-time": lambda w: len(set(_tags(w, f"{SITE}/"))) == 2,
    "edge-told-to-keep-nothing": lambda w: "bypass" in _edge_word(w, f"{CHAT_HOST}{_style(w)}"),
    "html-of-unknown-age": lambda w: (
        not _control(w, f"{SITE}/") and "2021" in w.get(f"{SITE}/").headers["last-modified"]
    ),
    "customers-page-for-all-caches": lambda w: _chat_page(w, "public") == "public, max-age=60",
    "customers-page-for-their-browser": lambda w: _chat_page(w, "own") == "private, max-age=60",
    "sign-up-challenged": lambda w: _challenged(w, f"{CHAT_HOST}/signup") and w.get(f"{CHAT_HOST}/").status == 200,
    "web-silent": lambda w: _quiet_port(w, EDGE, 443) and _quiet_port(w, APP_EDGE, 443),
    "one-cookie-for-everybody": lambda w: (
        set(_cookie_values(w, f"{SITE}/")) == {"experiment=landing-page-2026-variant-a"}
    ),
    "a-cookie-for-each": lambda w: (
        _control(w, f"{CHAT_HOST}/") == "private, max-age=600" and len(set(_cookie_values(w, f"{CHAT_HOST}/"))) == 3
    ),
    "cookie-left-out-by-caches": lambda w: 'private="set-cookie"' in _control(w, f"{CHAT_HOST}/"),
    "cookie-of-the-server": lambda w: len(set(_cookie_values(w, f"{SITE}/"))) == 2,
    "known-by-its-date": lambda w: (
        w.get(f"{SITE}/", if_modified_since=w.get(f"{SITE}/").headers["last-modified"] or "").status == 304
    ),
    "page-changes-with-every-look": lambda w: w.get(f"{SITE}/").body != w.get(f"{SITE}/").body,
}
PACKING_LOOKS = {
    "page-labelled-and-not-packed": lambda w: (
        w.get(f"{SITE}/", accept_encoding="gzip").headers["content-encoding"] == "gzip"
        and b"<!doctype" in w.get(f"{SITE}/", accept_encoding="gzip").body
    ),
    "packed-styles-for-everybody": lambda w: not w.get(f"{CHAT_HOST}{_style(w)}").headers["vary"],
    "stream-of-events": lambda w: not _stream_head(w)["content-encoding"],
    "stream-packed": lambda w: _stream_head(w)["content-encoding"] == "gzip",
    "stream-behind-the-login": lambda w: w.get(f"{CHAT_HOST}/api/events").status == 401,
    "stream-says-identity": lambda w: _stream_head(w)["content-encoding"] == "identity",
    "page-says-x-gzip": lambda w: w.get(f"{SITE}/", accept_encoding="gzip").headers["content-encoding"] == "x-gzip",
    "unvaried-page-for-one": lambda w: (
        _control(w, f"{SITE}/") == "private, max-age=60" and not w.get(f"{SITE}/").headers["vary"]
    ),
}


def _stream_head(world):
    """The headers of the app's stream of events."""
    answer = world.get(f"{CHAT_HOST}/api/events")
    if not answer.headers["content-type"].startswith("text/event-stream"):
        raise KeyError("/api/events")
    return answer.headers


def _found(world, url, begin):
    answer = world.get(url)
    return answer.status == 200 and answer.body.startswith(begin)


def _front_door(world, url):
    answer = world.get(url)
    return answer.status, answer.location


EXPOSED_LOOKS = {
    "settings-published": lambda w: _found(w, f"{CHAT_HOST}/.env", b"MODEL_KEY="),
    "repository-published": lambda w: _found(w, f"{SITE}/.git/HEAD", b"ref: refs/heads/"),
    "backup-published": lambda w: _found(w, f"{CHAT_HOST}/backup.tar.gz", b"\x1f\x8b"),
    "uploads-listed": lambda w: _found(w, f"{CHAT_HOST}/uploads/", b"<html><head><title>Index of"),
    "macos-left-names": lambda w: _found(w, f"{SITE}/.DS_Store", b"\x00\x00\x00\x01Bud1"),
    "endpoints-described": lambda w: _found(w, f"{CHAT_HOST}/openapi.json", b'{"openapi"'),
    "scripts-with-their-source": lambda w: _found(w, f"{CHAT_HOST}/app.js.map", b'{"version": 3'),
    "front-page-for-every-path": lambda w: _found(w, f"{SITE}/no-such-page", b"<!doctype html>"),
    "settings-for-browsers-published": lambda w: _found(w, f"{CHAT_HOST}/.env", b"VITE_API_URL="),
    "trap-for-scanners": lambda w: _found(w, f"{CHAT_HOST}/no-such-page", b"API_KEY=made-up"),
}
LEFT_ON_LOOKS = {
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
    "privacy-not-linked": lambda w: "rivacy" not in w.get(f"{SITE}/").text,
    "privacy-linked-in-german": lambda w: 'href="/datenschutz"' in w.get(f"{SITE}/").text,
}


def _around(world, url):
    """An answer of the app's own server, around its edge; it takes no connection in the good world."""
    try:
        return world.get(url, ip=ORIGIN)
    except ConnectionError:
        raise KeyError(ORIGIN) from None


def _quiet_origin(world, port):
    try:
        return _quiet_port(world, ORIGIN, port)
    except ConnectionError:
        return False


EDGE_LOOKS = {
    "origin-open-to-all": lambda w: _around(w, f"{CHAT_HOST}/").body == w.get(f"{CHAT_HOST}/").body,
    "origin-open-in-plain-http": lambda w: "Bright Path" in _around(w, f"http://{APP}/").text,
    "origin-turns-strangers-away": lambda w: _around(w, f"{CHAT_HOST}/").status == 403,
    "origin-says-nothing": lambda w: _quiet_origin(w, 443) and _quiet_origin(w, 80),
    "origin-address-is-somebody-elses": lambda w: "ladders" in _around(w, f"{CHAT_HOST}/").text,
    "webhook-behind-a-challenge": lambda w: _challenged(w, f"{CHAT_HOST}/hooks/payments"),
    "webhook-wants-a-signature": lambda w: "no_signature" in w.get(f"{CHAT_HOST}/hooks/payments").text,
    "only-pages-challenged": lambda w: (
        _challenged(w, f"{CHAT_HOST}/signup") and w.get(f"{CHAT_HOST}/healthz").status == 200
    ),
}

TIMED = {
    "health-slow",
    "health-rarely-slow",
    "visitors-wait-a-little",
    "answers-take-a-while",
    "mail-swallowed",
    "mail-rejected",
    "signup-mail-swallowed",
}
"""Not looked for in the good world: waiting for what is not there costs seconds, and a busy machine is slow itself."""


def _safely(look, world):
    """A look that finds a part missing, or waits for a reset that does not come, has not seen its situation."""
    try:
        return look(world)
    except (KeyError, TimeoutError, pytest.fail.Exception):
        return False


LOOKS = {
    **DOMAIN_LOOKS,
    **DNSSEC_LOOKS,
    **ALIAS_LOOKS,
    **NAME_LOOKS,
    **REGISTRATION_LOOKS,
    **TLS_LOOKS,
    **REDIRECT_LOOKS,
    **WEB_LOOKS,
}
LOOKS |= {**MIXED_LOOKS, **COOKIE_LOOKS, **CORS_LOOKS, **HEADER_LOOKS, **ERROR_LOOKS, **PURPOSE_LOOKS}
LOOKS |= {**MAIL_SENDER_LOOKS, **MAIL_EXCHANGE_LOOKS, **MAIL_POLICY_LOOKS, **MAIL_RECEIVED_LOOKS}
LOOKS |= {**TRUST_LOOKS, **MAIL_LOOKS, **SECRET_LOOKS, **SPEED_LOOKS, **JOURNEY_LOOKS}
LOOKS |= {**CACHING_LOOKS, **PACKING_LOOKS, **EXPOSED_LOOKS, **LEFT_ON_LOOKS, **EDGE_LOOKS}


def test_there_is_a_look_for_every_situation():
    assert set(LOOKS) == {entry.name for entry in all_faults()}


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_situation_changes_what_it_says(any_world, name):
    any_world.reset(name)
    assert LOOKS[name](any_world)


def test_no_situation_shows_in_the_good_world(world):
    shown = {name for name, look in LOOKS.items() if name not in TIMED and _safely(look, world)}
    assert shown == set()
