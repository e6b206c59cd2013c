"""Certificates that a browser refuses, or soon will."""

from launchready_worlds.addresses import APEX, APP, APP_EDGE, BOOKING_EDGE, EDGE, HTTPS_PORT, WWW
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import Findings, blind, decoy, fault
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APEX, HOST_APP, HOST_WWW, HOSTS

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
    {"tls-version-old": (HOST_APP,)},
)
def app_takes_old_tls(scene: Scene) -> None:
    """The app's server still takes TLS 1.0 and 1.1, as it was set up years ago."""
    scene.old_tls.add(APP_EDGE)


@blind(
    {
        "certificate-untrusted": (HOST_APP,),
        "certificate-renewal-overdue": (HOST_APP,),
        "caa-forbids-renewal": (HOST_APP,),
        "tls-version-old": (HOST_APP,),
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
    },
)
def landing_tls_slammed(scene: Scene) -> None:
    """The landing page's https port closes every connection at once."""
    scene.doors[EDGE, HTTPS_PORT] = Door.SLAMMED


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
