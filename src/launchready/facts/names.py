"""Names that are in DNS and should not be, or not like this."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.subject import Domain, Host


@fact(about=Host)
class DoubledHost:
    """What stands under the host's name with the domain behind it once more, as `app.example.com.example.com`.

    `records` are its addresses or its alias; empty where there is no such name of its own, or the host itself exists.
    """

    doubled: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoubledName:
    """A name that is missing, and whose records of one type (CNAME for an alias) stand under the doubled name."""

    name: str
    rtype: str
    doubled: str
    records: tuple[str, ...]


@fact(about=Domain)
class DoubledMailNames:
    """The doubled ones among the names that mail needs: DKIM selectors, `_dmarc` and the senders' bounce domains."""

    found: tuple[DoubledName, ...]


@fact(about=Domain)
class Wildcard:
    """What a made-up name under the domain is answered with: its alias or its sorted addresses.

    Empty where it does not exist. `varies` is true where two made-up names are answered differently.
    """

    records: tuple[str, ...]
    varies: bool = False


@dataclass(frozen=True, slots=True)
class NameInUse:
    """A name with records of its own: its alias or its sorted addresses. One that `leads_nowhere` has no address.

    `cname_chain` are the aliases on the way; `exists` is False where the last of them does not exist.
    """

    name: str
    records: tuple[str, ...]
    leads_nowhere: bool
    cname_chain: tuple[str, ...] = ()
    exists: bool = True


@fact(about=Domain)
class NamesInUse:
    """The names under the domain that were found: usual ones that exist, and targets of the hosts' aliases.

    Declared hosts and other names, mail servers and name servers are left out, for those say what they are for; so is
    a name that is answered as any made-up one is. `asked` is how many usual names were asked for.
    """

    found: tuple[NameInUse, ...]
    asked: int
