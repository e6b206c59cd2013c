"""By which domains the certificate authorities know themselves in CAA records.

Each must publish them in section 4.2 of its Certification Practice Statement (CA/Browser Forum, Baseline Requirements,
section 2.2). The table holds those that issue nearly all certificates of the web; another one is said to be unknown,
and nothing is concluded. Names that an authority has taken over from others belong to it.
"""

from typing import Final

_LETS_ENCRYPT: Final = ("letsencrypt.org",)  # https://letsencrypt.org/docs/caa/
_GOOGLE: Final = ("pki.goog", "google.com")  # https://pki.goog/repository/ (CPS, section 4.2.1)
_SECTIGO: Final = ("sectigo.com", "usertrust.com", "trust-provider.com", "comodoca.com", "comodo.com")
# https://www.sectigo.com/faqs/detail/CAA-Record-Certification-Authority-Authorization-1527076091491/kA01N000000zFMO
_DIGICERT: Final = (  # https://docs.digicert.com/en/certcentral/manage-certificates/dns-caa-resource-record-check.html
    *("digicert.com", "www.digicert.com", "digicert.ne.jp", "cybertrust.ne.jp", "symantec.com", "thawte.com"),
    *("geotrust.com", "rapidssl.com", "digitalcertvalidation.com", "quovadisglobal.com"),
)
_AMAZON: Final = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "aws.amazon.com")
# https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
_GODADDY: Final = ("godaddy.com", "starfieldtech.com")  # https://certs.godaddy.com/repository/ (CPS, section 4.2)
_GLOBALSIGN: Final = ("globalsign.com",)  # https://www.globalsign.com/en/repository (CPS, section 4.2)
_SSL_COM: Final = ("ssl.com",)  # https://www.ssl.com/repository/ (CPS, section 4.2)
_ENTRUST: Final = ("entrust.net", "affirmtrust.com")  # https://www.entrust.net/CPS
_IDENTRUST: Final = ("identrust.com",)  # https://www.identrust.com/support/documents
_MICROSOFT: Final = ("microsoft.com",)  # https://www.microsoft.com/pkiops/docs/repository.htm
_BUYPASS: Final = ("buypass.com", "buypass.no")  # https://www.buypass.com/ (CPS, section 4.2)
_ACTALIS: Final = ("actalis.it",)  # https://www.actalis.com/ (CPS, section 4.2)
_HARICA: Final = ("harica.gr",)  # https://repo.harica.gr/

_BY_ORGANIZATION: Final = {
    "let's encrypt": _LETS_ENCRYPT,
    "internet security research group": _LETS_ENCRYPT,
    "google trust services": _GOOGLE,
    "google trust services llc": _GOOGLE,
    "sectigo limited": _SECTIGO,
    "comodo ca limited": _SECTIGO,
    "the usertrust network": _SECTIGO,
    "zerossl": _SECTIGO,  # its certificates are issued by Sectigo: https://zerossl.com/terms/
    "zerossl gmbh": _SECTIGO,
    "digicert inc": _DIGICERT,
    "digicert, inc.": _DIGICERT,
    "amazon": _AMAZON,
    "godaddy.com, inc.": _GODADDY,
    "starfield technologies, inc.": _GODADDY,
    "globalsign nv-sa": _GLOBALSIGN,
    "ssl corp": _SSL_COM,
    "ssl corporation": _SSL_COM,
    "entrust, inc.": _ENTRUST,
    "identrust": _IDENTRUST,
    "microsoft corporation": _MICROSOFT,
    "buypass as-983163327": _BUYPASS,
    "actalis s.p.a.": _ACTALIS,
    "hellenic academic and research institutions ca": _HARICA,
}


def caa_domains(organization: str) -> tuple[str, ...]:
    """The domains that stand for an authority, the usual one first; none where we don't know it.

    Args:
        organization: the O in the name of a certificate's issuer.
    """
    return _BY_ORGANIZATION.get(" ".join(organization.split()).lower(), ())
