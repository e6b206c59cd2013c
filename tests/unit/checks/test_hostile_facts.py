"""Whatever strangers put into facts of domain, TLS, redirects, mail, web, links and contacts, each check judges."""

import launchready.checks.domain.addresses
import launchready.checks.domain.nameservers
import launchready.checks.handover.contacts
import launchready.checks.mail.dkim
import launchready.checks.mail.dmarc
import launchready.checks.mail.spf
import launchready.checks.redirects.ways_in
import launchready.checks.speed.caching
import launchready.checks.speed.compression
import launchready.checks.tls.certificate
import launchready.checks.trust.links
import launchready.checks.web.cookies
import launchready.checks.web.transport
from launchready.model.check import CHECKS

AREAS = {
    launchready.checks.domain.addresses,
    launchready.checks.domain.nameservers,
    launchready.checks.handover.contacts,
    launchready.checks.mail.dkim,
    launchready.checks.mail.dmarc,
    launchready.checks.mail.spf,
    launchready.checks.redirects.ways_in,
    launchready.checks.speed.caching,
    launchready.checks.speed.compression,
    launchready.checks.tls.certificate,
    launchready.checks.trust.links,
    launchready.checks.web.cookies,
    launchready.checks.web.transport,
}
HERE = [c for c in CHECKS.values() if c.ask is not None and c.ask.__module__ in {area.__name__ for area in AREAS}]
