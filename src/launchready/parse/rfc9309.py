"""robots.txt: RFC 9309, the Robots Exclusion Protocol."""

import re
from dataclasses import dataclass
from typing import Final

MAX_FILE_BYTES: Final = 500 * 1024
"""What is read of a file: the least that crawlers must read (section 2.5), and what Google reads."""

# RFC 9309 section 2.2, which readers are to take loosely (section 2.2: "crawlers may interpret other records"):
#
#   robotstxt       = *(group / emptyline)
#   group           = startgroupline *(startgroupline / emptyline) *(rule / emptyline)
#   startgroupline  = *WS "user-agent" *WS ":" *WS product-token EOL
#   rule            = *WS ("allow" / "disallow") *WS ":" *WS (path-pattern / empty-pattern) EOL
#   product-token   = identifier / "*"          ; identifier = 1*(%x2D / %x41-5A / %x5F / %x61-7A)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_-]+")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: whether it allows, and its pattern, its escapes in one form; an empty pattern matches nothing."""

    allows: bool
    pattern: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rules for some crawlers, whose product tokens are in lower case; "*" is for all that no other group names."""

    agents: frozenset[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Robots:
    """A robots.txt, group by group."""

    groups: tuple[Group, ...]

    def names(self, agent: str) -> bool:
        """Whether a group is for this crawler by name."""
        return any(agent.lower() in group.agents for group in self.groups)

    def allows(self, agent: str, path: str) -> bool:
        """Whether a crawler may fetch a path with its query (sections 2.2.1 to 2.2.3).

        All groups of the crawler's name count together, and only where there is none, those of "*". The longest
        pattern that matches decides, and of two as long the one that allows. robots.txt itself is always allowed.

        Args:
            agent: the crawler's product token, in any case.
            path: begins with "/".
        """
        wanted = agent.lower() if self.names(agent) else _EVERYBODY
        rules = [rule for group in self.groups if wanted in group.agents for rule in group.rules]
        target = _normal(path)
        if target == "/robots.txt":
            return True
        matching = [rule for rule in rules if rule.pattern and _matches(rule.pattern, target)]
        best = max(matching, key=lambda rule: (len(rule.pattern.encode()), rule.allows), default=None)
        return best is None or best.allows


def parse_robots(content: bytes) -> Robots:
    """Read any bytes as robots.txt, which has no syntax errors: what is not understood is passed over.

    A byte order mark is skipped, and what lies beyond MAX_FILE_BYTES is not read; a line that is cut there neither.
    """
    kept = content[:MAX_FILE_BYTES]
    if len(content) > MAX_FILE_BYTES:
        kept = kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1]
    text = kept.decode("utf-8", errors="replace").removeprefix("\ufeff")
    groups: list[Group] = []
    agents: set[str] = set()
    rules: list[Rule] = []
    for line in _LINE_END.split(text):
        name, colon, value = line.partition("#")[0].partition(":")
        key, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if rules:
                groups.append(Group(frozenset(agents), tuple(rules)))
                agents, rules = set(), []
            agents |= _agent(value)
        elif key in {"allow", "disallow"} and agents:
            rules.append(Rule(key == "allow", _normal(value)))
    if agents:
        groups.append(Group(frozenset(agents), tuple(rules)))
    return Robots(tuple(groups))


def _agent(value: str) -> set[str]:
    """The product token that a line begins with, as crawlers read `Googlebot/2.1`."""
    if value.startswith(_EVERYBODY):
        return {_EVERYBODY}
    match = _IDENTIFIER.match(value)
    return {match[0].lower()} if match else {""}


def _normal(text: str) -> str:
    """A path or pattern with its octets in one form (section 2.2.2).

    Escapes of plain characters are undone; all others, and whatever is not ASCII, are escapes in capitals.
    """

    def form(match: re.Match[str]) -> str:
        character = chr(int(match[0][1:], 16))
        return character if character in _UNRESERVED else match[0].upper()

    ascii_only = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text)
    return _ESCAPE.sub(form, ascii_only)


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches from the begin of a path (section 2.2.3): "*" is anything, "$" at its end the end."""
    is_anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if is_anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not is_anchored or at == len(path)
    last = rest.pop() if is_anchored else ""
    for piece in rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not is_anchored or (path.endswith(last) and len(path) - len(last) >= at)
