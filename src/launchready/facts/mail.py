"""Records that tell receivers whose mail is ours."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain


@fact(about=Domain)
class SpfRecords:
    """The TXT records of the domain that are SPF records, valid or not, sorted, as they came."""

    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpfOf:
    """The SPF records of a name that the policy refers to, as they came; one is right, several are an error."""

    name: str
    records: Measured[tuple[str, ...]] | Unmeasured


@fact(about=Domain)
class SpfIncluded:
    """Every name that the domain's SPF records include or redirect to, at any depth, in the order they were reached.

    Bounded: whoever names more than these is beyond the limit of look-ups by those alone. Names with macros, which
    depend on the message, are not among them.
    """

    of: tuple[SpfOf, ...]


@dataclass(frozen=True, slots=True)
class DkimKeyOf:
    """The TXT records at one declared selector; none means that there is no key.

    The selector is empty where the sender declares none; then nothing could be looked at.
    """

    sender: str
    selector: str
    records: Measured[tuple[str, ...]] | Unmeasured


@fact(about=Domain)
class DkimKeys:
    """The keys at every selector that the senders declare."""

    keys: tuple[DkimKeyOf, ...]


@fact(about=Domain)
class DmarcRecords:
    """All TXT records at `_dmarc.DOMAIN` that begin with v=DMARC1 in any case, valid or not, sorted."""

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
