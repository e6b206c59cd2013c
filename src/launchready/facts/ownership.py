"""Proof that a host is the owner's, which active looks need."""

from launchready.model.fact import fact
from launchready.model.subject import Host


@fact(about=Host)
class Ownership:
    """Whether the declared token was found, and where we looked. Without a declared token it is never proven."""

    proven: bool
    looked_at: tuple[str, ...]
