"""Records that tell receivers whose mail is ours."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain


@dataclass(frozen=True, slots=True)
class SpfOf:
    """The SPF records of a name that the policy refers to, as they came; several are an error of the owner."""

    name: str
    records: Measured[tuple[str, ...]] | Unmeasured


@fact(about=Domain)
class SpfRecords:
    """The domain's own SPF records, and those of every name they include or redirect to."""

    records: tuple[str, ...]
    included: tuple[SpfOf, ...]


@dataclass(frozen=True, slots=True)
class DkimKeyOf:
    """The TXT records at one declared selector; none means that there is no key."""

    sender: str
    selector: str
    records: Measured[tuple[str, ...]] | Unmeasured


@fact(about=Domain)
class DkimKeys:
    """The keys at every selector that the senders declare."""

    keys: tuple[DkimKeyOf, ...]


@fact(about=Domain)
class DmarcRecords:
    """All TXT records at `_dmarc.DOMAIN` that begin with v=DMARC1."""

    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailExchange:
    """Where mail for one contact's domain goes: MX names, or the domain's own addresses (RFC 5321 section 5.1).

    A null MX (RFC 7505) is the single name ".". Both empty: nobody takes mail there.
    """

    contact: str
    domain: str
    mx: tuple[str, ...]
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
