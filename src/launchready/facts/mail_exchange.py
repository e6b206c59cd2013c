"""Servers that take mail, what senders are promised of them, and names of those that send it."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.product import Product
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain


@dataclass(frozen=True, slots=True)
class Encryption:
    """How a mail server encrypts. `fault` is what is wrong with its certificate, and empty where nothing is."""

    offered: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Exchanger:
    """One mail server, named by MX, of a contact's domain. `host` is empty where the MX could not be looked up."""

    domain: str
    host: str
    encryption: Measured[Encryption] | Unmeasured


@fact(about=Product, only=lambda product: bool(product.contacts), declare="the [[contacts]]")
class MailExchangers:
    """The mail servers of all contacts' domains; empty where no domain names one."""

    of: tuple[Exchanger, ...]


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """The MTA-STS policy as senders get it: its text, or the reason why they can't use it."""

    fault: str
    text: str


@fact(about=Domain)
class MtaSts:
    """What the domain promises senders of mail to it (MTA-STS, RFC 8461), and the servers that its MX names.

    Attributes:
        records: The TXT records at `_mta-sts` that count, sorted; one is right, several are as good as none.
        policy: The policy; None where there is no record, so that nobody asks for it.
        exchanges: The servers, most preferred first; empty without MX, and with a null MX.
    """

    records: tuple[str, ...]
    policy: Measured[StsPolicy] | Unmeasured | None
    exchanges: Measured[tuple[str, ...]] | Unmeasured


@fact(about=Domain)
class TlsReports:
    """The TXT records at `_smtp._tls` that count (TLS-RPT, RFC 8460), sorted; several are as good as none."""

    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressName:
    """A name that an address has (PTR), and whether the name has the address in turn."""

    name: str
    leads_back: bool


@dataclass(frozen=True, slots=True)
class SenderAddress:
    """One declared address of a sender, and its names."""

    sender: str
    address: str
    names: Measured[tuple[AddressName, ...]] | Unmeasured


@fact(about=Domain)
class SenderAddresses:
    """Every declared address of every sender; empty where none is declared."""

    of: tuple[SenderAddress, ...]
