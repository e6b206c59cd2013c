"""The promise that a domain makes to browsers: to be met over https alone."""

from dataclasses import dataclass

from launchready.model.fact import fact
from launchready.model.reading import Measured, Unmeasured
from launchready.model.subject import Domain


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The first answer to a domain's front page; `fields` are its Strict-Transport-Security headers, in order.

    `location` is the absolute URL that it sends to, and empty where it sends nowhere.
    """

    status: int
    location: str
    fields: tuple[str, ...]


@fact(about=Domain)
class DomainPromise:
    """What the domain itself answers, over https and over plain http.

    `secure` is None where the domain has no address, so that nobody is promised anything. `plain` is None then, too,
    and where nothing takes connections on port 80.
    """

    secure: FirstAnswer | None
    plain: Measured[FirstAnswer] | Unmeasured | None
