"""Certificates that a browser refuses, or soon will."""

from starlette.responses import PlainTextResponse

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING_EDGE, EDGE, HTTP_PORT, HTTPS_PORT, WWW
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import Findings, Outcome, blind, decoy, fault, good
from launchready_worlds.faults.web import challenge
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.sites import redirect, requested
from launchready_worlds.subjects import BUSINESS, HOST_APEX, HOST_APP, HOST_WWW, HOSTS
from launchready_worlds.wrapping import answer, replace, under

PROOFS = "/.well-known/acme-challenge/"
"""Where an authority looks for its proof (RFC 8555 section 8.3)."""
OVERDUE_APP: Findings = {"certificate-renewal-overdue": (HOST_APP,)}


@fault(
    {"certificate-untrusted": (HOST_WWW,)},
)
def www_certificate_wrong_name(scene: Scene) -> None:
    """The www address shows the hosting company's certificate, so browsers warn before they show anything."""
    scene.certificates[WWW] = Certificate.WRONG_NAME


@fault(
    {"certificate-untrusted": (HOST_APP,)},
    implies=OVERDUE_APP,
)
def app_certificate_expired(scene: Scene) -> None:
    """The app's certificate ran out two days ago."""
    scene.certificates[APP] = Certificate.EXPIRED


@fault(
    {"certificate-untrusted": (HOST_APP,)},
)
def app_certificate_not_yet_valid(scene: Scene) -> None:
    """The app's certificate starts to be valid in two days."""
    scene.certificates[APP] = Certificate.NOT_YET_VALID


@fault(
    {"certificate-untrusted": (HOST_APP,)},
    implies=OVERDUE_APP,
)
def certificate_from_1970(scene: Scene) -> None:
    """The app shows a certificate from 1970, made by a machine whose clock was not set."""
    scene.certificates[APP] = Certificate.FROM_1970


@fault(
    {"certificate-untrusted": (HOST_APP,)},
)
def app_intermediate_missing(scene: Scene) -> None:
    """The app sends its certificate without the intermediate: fine on the founder's laptop, refused by phones."""
    scene.certificates[APP] = Certificate.MISSING_INTERMEDIATE


@fault(
    {"certificate-untrusted": (HOST_APEX,)},
)
def landing_certificate_self_signed(scene: Scene) -> None:
    """The landing page's certificate is signed by the server itself."""
    scene.certificates[APEX] = Certificate.SELF_SIGNED


@fault(
    {"certificate-renewal-overdue": (HOST_APP,)},
)
def app_renewal_overdue(scene: Scene) -> None:
    """The app's certificate was not renewed when it should have been: 29 of its 90 days are left."""
    scene.certificates[APP] = Certificate.DAYS_29_LEFT


@fault(
    {"caa-forbids-renewal": HOSTS},
)
def caa_names_a_former_authority(scene: Scene) -> None:
    """A CAA record from the time of the former provider allows DigiCert alone; the certificates are from another."""
    scene.put("@", "CAA", '0 issue "digicert.com"', '0 issuewild ";"')


@fault(
    {"caa-forbids-renewal": HOSTS, "certificate-renewal-overdue": (HOST_APP,)},
)
def caa_kept_the_app_from_renewing(scene: Scene) -> None:
    """The CAA records allow another authority alone, and the app's certificate was not renewed when it should be."""
    scene.put("@", "CAA", '0 issue "digicert.com"')
    scene.certificates[APP] = Certificate.DAYS_29_LEFT


@fault(
    {"renewal-blocked": (HOST_APP,)},
)
def proofs_denied(scene: Scene) -> None:
    """The app's web server refuses every path with a dot in front, and the proofs for certificates are under one."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Forbidden", 403), under("/.")), secure=False)


@fault(
    {"renewal-blocked": (HOST_APEX, HOST_WWW)},
)
def proofs_behind_a_bot_wall(scene: Scene) -> None:
    """A rule at the edge challenges whoever asks for a proof for the certificate."""
    for host in (APEX, WWW):
        scene.wrap(host, answer(challenge, under(PROOFS)), secure=False)


@fault(
    {"renewal-blocked": (HOST_APP,)},
)
def proofs_sent_to_another_port(scene: Scene) -> None:
    """The app's web server sends requests for proofs to port 8443, where no authority goes."""
    elsewhere = redirect(lambda asked: f"https://{APP}:8443{requested(asked)}")
    scene.wrap(APP, replace(elsewhere, under(PROOFS)), secure=False)


@fault(
    {"tls-version-old": (HOST_APP,)},
)
def app_takes_old_tls(scene: Scene) -> None:
    """The app's server still takes TLS 1.0 and 1.1, as it was set up years ago."""
    scene.old_tls.add(APP_EDGE)


@fault(
    {"hsts-missing": (HOST_APP,)},
)
def app_without_hsts(scene: Scene) -> None:
    """The app does not tell browsers to come back over https alone."""
    scene.hsts[APP] = ""


@fault(
    {"hsts-missing": (HOST_APEX,)},
)
def landing_hsts_garbled(scene: Scene) -> None:
    """Somebody wrote commas into the landing page's HSTS header, and browsers ignore all of it."""
    scene.hsts[APEX] = "max-age=31536000, includeSubDomains"


@fault(
    {"hsts-breaks-host": (HOST_APP,), "certificate-untrusted": (HOST_APP,)},
    implies=OVERDUE_APP,
)
def domain_hsts_shuts_app_out(scene: Scene) -> None:
    """The landing page promises https for all subdomains, and the app's certificate has run out."""
    scene.hsts[APEX] = "max-age=31536000; includeSubDomains"
    scene.certificates[APP] = Certificate.EXPIRED


@fault(
    {"hsts-preload-unready": (BUSINESS,)},
)
def preload_without_subdomains(scene: Scene) -> None:
    """The landing page asks to be built into browsers, without the promise for subdomains that this needs."""
    scene.hsts[APEX] = "max-age=31536000; preload"


@blind(
    {
        "certificate-untrusted": (HOST_APP,),
        "certificate-renewal-overdue": (HOST_APP,),
        "caa-forbids-renewal": (HOST_APP,),
        "tls-version-old": (HOST_APP,),
        "hsts-missing": (HOST_APP,),
    },
)
def app_tls_silent(scene: Scene) -> None:
    """The app's https port takes connections and says nothing."""
    scene.doors[APP_EDGE, HTTPS_PORT] = Door.SILENT


@blind(
    {
        "certificate-untrusted": (HOST_APEX, HOST_WWW),
        "certificate-renewal-overdue": (HOST_APEX, HOST_WWW),
        "tls-version-old": (HOST_APEX, HOST_WWW),
        "hsts-missing": (HOST_APEX, HOST_WWW),
        "hsts-breaks-host": (HOST_WWW, HOST_APP),
        "hsts-preload-unready": (BUSINESS,),
    },
)
def landing_tls_slammed(scene: Scene) -> None:
    """The landing page's https port closes every connection at once."""
    scene.doors[EDGE, HTTPS_PORT] = Door.SLAMMED


@blind(
    {"renewal-blocked": HOSTS},
)
def plain_http_closed(scene: Scene) -> None:
    """Nothing takes connections on port 80, so certificates are renewed in another way, or not at all."""
    for address in (EDGE, APP_EDGE):
        scene.doors[address, HTTP_PORT] = Door.SLAMMED


@blind(
    {"renewal-blocked": (HOST_APP,)},
)
def proofs_only_while_renewing(scene: Scene) -> None:
    """Requests for proofs go to a server that runs only while a certificate is renewed."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("No server", 503), under(PROOFS)), secure=False)


@decoy(
    {"certificate-untrusted": (HOST_APP,), "certificate-renewal-overdue": (HOST_APP,)},
)
def app_certificate_wildcard(scene: Scene) -> None:
    """The app's certificate is for *.brightpath.example and does not name the app itself."""
    scene.certificates[APP] = Certificate.WILDCARD


@decoy(
    {"certificate-untrusted": (HOST_APP,), "certificate-renewal-overdue": (HOST_APP,)},
)
def app_renewal_due_soon(scene: Scene) -> None:
    """31 of the 90 days of the app's certificate are left: it is about to be renewed, not late."""
    scene.certificates[APP] = Certificate.DAYS_31_LEFT


@decoy(
    {"caa-forbids-renewal": HOSTS},
)
def caa_names_two_authorities(scene: Scene) -> None:
    """The CAA records name DigiCert too, forbid wildcards, and tie the authority in use to one way of proof."""
    own = '0 issue "letsencrypt.org; validationmethods=http-01"'
    scene.put(
        "@", "CAA", '0 issue "digicert.com"', own, '0 issuewild ";"', '128 iodef "mailto:help@brightpath.example"'
    )


@decoy(
    {"tls-version-old": HOSTS},
)
def calendar_takes_old_tls(scene: Scene) -> None:
    """The calendar company's server takes TLS 1.0; it is theirs, and the founder's own servers don't."""
    scene.old_tls.add(BOOKING_EDGE)


@decoy(
    {"renewal-blocked": (HOST_APP,)},
)
def proofs_answered_in_place(scene: Scene) -> None:
    """The app answers requests for proofs over plain http itself, and everything else is sent to https."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Not found", 404), under(PROOFS)), secure=False)


@good(
    {"renewal-blocked": (HOST_APP,)},
    Outcome.NOT_APPLICABLE,
)
def app_renewed_by_record(scene: Scene) -> None:
    """The app has a wildcard certificate, which is renewed by a record in DNS and not over http."""
    scene.certificates[APP] = Certificate.WILDCARD


@decoy(
    {"hsts-missing": (HOST_APEX, HOST_APP)},
)
def hsts_written_in_another_way(scene: Scene) -> None:
    """The HSTS headers have quotes, odd spaces, capitals and a word of the future; browsers understand them."""
    for host in (APEX, APP):
        scene.hsts[host] = 'MAX-AGE = "15768000" ;; x-future="a;b"'


@decoy(
    {"hsts-breaks-host": (HOST_WWW, HOST_APP), "hsts-preload-unready": (BUSINESS,)},
)
def hsts_preload_in_order(scene: Scene) -> None:
    """The landing page promises https for all subdomains and asks to be built into browsers; every host keeps it."""
    scene.hsts[APEX] = "max-age=63072000; includeSubDomains; preload"
