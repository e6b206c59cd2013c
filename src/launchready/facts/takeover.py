"""Names that a stranger could claim."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain, Host


@fact(about=Host)
class Claimable:
    """What the hosting company that a host's alias leads to says of the host.

    `provider` is empty where the host has no alias, or one to none of the companies in our list. `words` are those of
    the company's page for names that nobody has claimed; empty where the host is claimed. `is_name_free` is true where
    the target itself does not exist and anybody can register it there. `is_certain` is false where the company asks
    some customers for proof first. `source` is where it was shown that strangers can claim such names.
    """

    provider: str = ""
    target: str = ""
    words: str = ""
    is_name_free: bool = False
    is_certain: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClaimableName:
    """The same of a name that nobody declared."""

    name: str
    seen: Measured[Claimable] | Unmeasured


@fact(about=Domain)
class ClaimableNames:
    """The undeclared names that were found and lead to a hosting company of our list."""

    names: tuple[ClaimableName, ...]
