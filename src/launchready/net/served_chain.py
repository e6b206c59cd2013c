"""The certificates that a server sent, for which Python has a public way only from 3.13 on."""

import ssl
from operator import attrgetter

_DER = 2
"""`_ssl.ENCODING_DER`."""


def served_chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates as DER, leaf first, as they were served and not as they were verified."""
    if hasattr(tls, "get_unverified_chain"):
        return tuple(tls.get_unverified_chain())
    served = attrgetter("_sslobj")(tls).get_unverified_chain() or ()
    return tuple(certificate.public_bytes(_DER) for certificate in served)
