"""DNS data of a test, as a look-up: CNAMEs are followed, names compare in any case, failures can be planted."""

from collections.abc import Mapping

from launchready.parse.inquiry import Answer, Status

TIMEOUT = "TIMEOUT"
Zone = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By lower-case name and type; the type TIMEOUT makes a name's missing types fail to answer."""


class ZoneLookup:
    """Answers from a zone, and remembers what was asked."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self.asked: list[tuple[str, str]] = []

    def __call__(self, name: str, rtype: str) -> Answer:
        self.asked.append((name, rtype))
        for _ in range(10):
            here = self._zone.get(name.lower())
            if here is None:
                return Answer(Status.NXDOMAIN)
            if TIMEOUT in here.get(rtype, ()) or (rtype not in here and TIMEOUT in here):
                return Answer(Status.TEMPFAIL)
            if rtype in here:
                return Answer(Status.ANSWER, here[rtype])
            if "CNAME" not in here:
                return Answer(Status.NODATA)
            name = here["CNAME"][0].rstrip(".")
        return Answer(Status.TEMPFAIL)
