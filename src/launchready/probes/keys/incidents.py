"""One key is one incident, however many places it stands in."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from launchready.facts.secrets import GENERIC, Accepted, Exposure, LeakedKey, Place
from launchready.parse.accepted_secrets import AcceptedSecret
from launchready.probes.keys.kinds import KeyKind
from launchready.probes.keys.search import Hit, hide_keys

MAX_PLACES: Final = 40
"""Places that are kept of one key; the others are counted."""

MAX_KEYS: Final = 2_000
"""Keys that are kept apart; a repository with more has lists of them for tests, and fails long before."""

TOO_MANY: Final = f"more than {MAX_KEYS} different keys were found; the others are not listed"


@dataclass(slots=True)
class _Incident:
    hint: str
    length: int
    kinds: set[KeyKind] = field(default_factory=set)
    places: dict[Place, int] = field(default_factory=dict)
    is_on_branch: bool = False


@dataclass(slots=True)
class Incidents:
    """What was found so far, by fingerprint; `is_full` once there were too many."""

    found: dict[str, _Incident] = field(default_factory=dict)
    is_full: bool = False

    def add(self, hit: Hit, place: Place, *, age: int = 0, is_on_branch: bool = False) -> None:
        """Put one hit down; `age` is the time of the commit that brought it, in seconds since 1970."""
        if hit.fingerprint not in self.found and len(self.found) >= MAX_KEYS:
            self.is_full = True
            return
        incident = self.found.setdefault(hit.fingerprint, _Incident(hit.hint, hit.length))
        incident.kinds.add(hit.kind)
        incident.places.setdefault(replace(place, path=hide_keys(place.path)), age)
        incident.is_on_branch |= is_on_branch

    def keys(self, accepted: tuple[AcceptedSecret, ...], today: date) -> tuple[LeakedKey, ...]:
        """All of them, by provider and fingerprint.

        Args:
            accepted: those that somebody answers for.
            today: the day after which their word may be over.
        """
        words = {one.fingerprint: one for one in accepted}
        keys = [_key(name, one, words.get(name), today) for name, one in self.found.items()]
        return tuple(sorted(keys, key=lambda key: (key.provider, key.fingerprint)))


def _key(fingerprint: str, one: _Incident, word: AcceptedSecret | None, today: date) -> LeakedKey:
    """Several rules may know one key; what one of them knows to be harmless is harmless."""
    places = sorted(one.places, key=lambda place: (place.exposure.rank, one.places[place], place.path, place.line))
    in_commits = [place for place in one.places if place.commit and one.places[place]]
    oldest = min(in_commits, key=lambda place: (one.places[place], place.commit), default=None)
    return LeakedKey(
        provider=min((kind.provider for kind in one.kinds), key=_how_vague),
        fingerprint=fingerprint,
        hint=one.hint,
        length=one.length,
        is_public_by_design=any(kind.is_public_by_design for kind in one.kinds),
        is_test_key=any(kind.is_test_key for kind in one.kinds),
        places=tuple(places[:MAX_PLACES]),
        place_count=len(places),
        brought_by=oldest.commit if oldest else "",
        is_on_branch=one.is_on_branch or any(place.exposure is Exposure.HEAD for place in places),
        accepted=None if word is None else Accepted(word.reason, word.owner, word.until, word.until < today),
    )


def _how_vague(provider: str) -> tuple[int, str]:
    """A provider says more than "password of a URL", and that says more than "some secret"."""
    return (2 if provider == GENERIC else 1 if provider.endswith("-password") else 0), provider
