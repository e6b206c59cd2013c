"""The registration of a domain."""

from datetime import datetime

from launchready.model.fact import fact
from launchready.model.subject import Domain


@fact(about=Domain)
class Registration:
    """What the registry says of a domain: until when, at which registrar (empty: not said), and in which states."""

    expires_at: datetime
    registrar: str
    states: tuple[str, ...]
    seen_at: datetime
