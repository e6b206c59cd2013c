"""Whatever strangers put into facts of domain, TLS, redirects, mail, web, links and contacts, each check judges."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from launchready.facts.links import Arrival
from launchready.facts.mail import DkimKeyOf, DmarcRecords, SpfOf, SpfRecords
from launchready.facts.redirects import Hop, Walk, WalkEnd
from launchready.facts.web import CookieSeen, FrontPage, PlainHttp, Transfer
from launchready.model.check import CHECKS, Check, Fail, NotApplicable, Pass
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.signature import Role
from launchready.model.subject import Domain, Host, Link, LinkKind, Sender
from launchready.probes.walking import hop_of

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
