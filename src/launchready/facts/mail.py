"""Records that tell receivers whose mail is ours."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain
from launchready.parse.rfc9990 import Consent


@fact(about=Domain)
class SpfRecords:
    """The TXT records of the domain that are SPF records, valid or not, sorted, as they came."""

    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DkimKeyOf:
    """The TXT records at one declared selector; none means that there is no key.

    The selector is empty where the sender declares none; then nothing could be looked at. `domain` is the one that the
    key is for: the sender's From domain, or the declared domain above it where the key stands there alone.
    """

    sender: str
    selector: str
    domain: str
    records: Measured[tuple[str, ...]] | Unmeasured

    @property
    def name(self) -> str:
        """Where the record stands in DNS."""
        return f"{self.selector}._domainkey.{self.domain}"


@fact(about=Domain)
class DkimKeys:
    """The keys at every selector that the senders declare."""

    keys: tuple[DkimKeyOf, ...]


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key record at a selector that services are known to use. `alias` is the CNAME it came through, or empty."""

    selector: str
    alias: str
    record: str


@fact(about=Domain)
class DkimDiscovered:
    """Keys found at well-known selectors, which only ever add to what is known.

    Selectors are secret names of a kind: that none of these has a key says nothing about the domain.
    """

    keys: tuple[FoundKey, ...]


@fact(about=Domain)
class DmarcRecords:
    """All TXT records at `_dmarc.DOMAIN` that begin with v=DMARC1 in any case, valid or not, sorted."""

    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DmarcTexts:
    """The TXT records at one name of a walk that begin with v=DMARC1 in any case, valid or not, sorted."""

    name: str
    records: Measured[tuple[str, ...]] | Unmeasured


@dataclass(frozen=True, slots=True)
class DmarcWalk:
    """What receivers find who look for the DMARC policy of one domain, from its own name upwards.

    `exists` is whether the domain itself is in DNS; a policy may say otherwise of names that are not.
    """

    domain: str
    exists: Measured[bool] | Unmeasured
    texts: tuple[DmarcTexts, ...]


@fact(about=Domain)
class DmarcWalks:
    """A walk from the domain, first, and from every From and bounce domain that a sender declares."""

    of: tuple[DmarcWalk, ...]


@dataclass(frozen=True, slots=True)
class ReportConsent:
    """Whether another organization's domain says that it takes the reports about this one, in a record at `name`."""

    target: str
    name: str
    consent: Measured[Consent] | Unmeasured


@fact(about=Domain)
class ReportConsents:
    """Every domain of somebody else that the DMARC record wants reports sent to; empty where there is none."""

    of: tuple[ReportConsent, ...]


@dataclass(frozen=True, slots=True)
class MailExchange:
    """Where mail for one contact's domain goes: MX names, or the domain's own addresses (RFC 5321 section 5.1).

    `is_null`: there is a null MX, which says that nobody takes mail there (RFC 7505). Both lists empty without one: it
    is the same, unsaid.
    """

    contact: str
    domain: str
    mx: tuple[str, ...]
    is_null: bool
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactExchange:
    """One contact's look-up."""

    email: str
    exchange: Measured[MailExchange] | Unmeasured


@fact(about=Product, only=lambda product: bool(product.contacts), declare="the [[contacts]]")
class ContactExchanges:
    """Where the mail of every declared contact goes."""

    contacts: tuple[ContactExchange, ...]
