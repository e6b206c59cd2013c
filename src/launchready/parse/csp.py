"""Content-Security-Policy, read and matched as browsers do (CSP Level 3, https://www.w3.org/TR/CSP3/).

A policy that is hard to read is never an error: what browsers ignore is left out here too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

# The grammar of section 2.2 and 2.3.1:
#
#   serialized-policy = serialized-directive *( optional-ascii-whitespace ";" [ … serialized-directive ] )
#   source-expression = scheme-source / host-source / keyword-source / nonce-source / hash-source
#   scheme-source     = scheme-part ":"
#   host-source       = [ scheme-part "://" ] host-part [ ":" port-part ] [ path-part ]
#   host-part         = "*" / [ "*." ] 1*host-char *( "." 1*host-char ) [ "." ]
#   nonce-source      = "'nonce-" base64-value "'"
#   hash-source       = "'" ( "sha256" / "sha384" / "sha512" ) "-" base64-value "'"
#   base64-value      = 1*( ALPHA / DIGIT / "+" / "/" / "-" / "_" ) *2( "=" )
_WHITESPACE: Final = "\t\n\f\r "
_WORDS: Final = re.compile(f"[^{_WHITESPACE}]+")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST: Final = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?"
    r"(?P<host>\*|(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?)"
    r"(?::(?P<port>[0-9]+|\*))?"
    r"(?P<path>/[^;,?#]*)?"
)
_NONCE: Final = re.compile(r"'nonce-([A-Za-z0-9+/_-]+={0,2})'", re.IGNORECASE)
_HASH: Final = re.compile(r"'(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})'", re.IGNORECASE)


class Keyword(Enum):
    """The keyword sources of section 2.3.1, as written in lower case."""

    SELF = "'self'"
    UNSAFE_INLINE = "'unsafe-inline'"
    UNSAFE_EVAL = "'unsafe-eval'"
    STRICT_DYNAMIC = "'strict-dynamic'"
    UNSAFE_HASHES = "'unsafe-hashes'"
    REPORT_SAMPLE = "'report-sample'"
    UNSAFE_ALLOW_REDIRECTS = "'unsafe-allow-redirects'"
    WASM_UNSAFE_EVAL = "'wasm-unsafe-eval'"
    TRUSTED_TYPES_EVAL = "'trusted-types-eval'"
    REPORT_SHA256 = "'report-sha256'"
    REPORT_SHA384 = "'report-sha384'"
    REPORT_SHA512 = "'report-sha512'"


@dataclass(frozen=True, slots=True)
class Nonce:
    """A nonce source, as written."""

    value: str


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash source; the algorithm in lower case."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme source such as `https:`, without the colon and in lower case."""

    name: str


@dataclass(frozen=True, slots=True)
class HostSource:
    """A host source. Scheme, port and path are empty where they are not given; scheme and host in lower case."""

    scheme: str
    host: str
    port: str
    path: str


Source = Keyword | Nonce | Hash | Scheme | HostSource


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive: its name in lower case, and the words of its value."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its directives in order, each name once."""

    directives: tuple[Directive, ...]

    def get(self, name: str) -> Directive | None:
        """The directive of a lower-case name; None where there is none."""
        return next((directive for directive in self.directives if directive.name == name), None)

    def governing(self, name: str) -> Directive | None:
        """The directive that decides on fetches of one kind, after the fallbacks of section 6.8.3; None: nothing does.

        Args:
            name: a fetch directive, such as `script-src-elem` or `img-src`.
        """
        return next(
            (found for step in (name, *_FALLBACKS.get(name, ("default-src",))) if (found := self.get(step))), None
        )


_FALLBACKS: Final = {
    "default-src": (),
    "script-src-elem": ("script-src", "default-src"),
    "script-src-attr": ("script-src", "default-src"),
    "style-src-elem": ("style-src", "default-src"),
    "style-src-attr": ("style-src", "default-src"),
    "worker-src": ("child-src", "script-src", "default-src"),
    "frame-src": ("child-src", "default-src"),
}
_NOT_IN_META: Final = frozenset({"report-uri", "frame-ancestors", "sandbox"})


def read_policies(fields: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of all Content-Security-Policy fields of a response (section 2.2.2). All of them apply at once."""
    policies = (parse_policy(text) for field in fields for text in field.split(","))
    return tuple(policy for policy in policies if policy.directives)


def read_meta_policies(contents: Iterable[str]) -> tuple[Policy, ...]:
    """The policies of `meta http-equiv=content-security-policy` (HTML standard, section 4.2.5.3).

    A comma does not part policies here, and three directives don't count.
    """
    policies = (parse_policy(content) for content in contents)
    kept = (Policy(tuple(d for d in policy.directives if d.name not in _NOT_IN_META)) for policy in policies)
    return tuple(policy for policy in kept if policy.directives)


def parse_policy(text: str) -> Policy:
    """One serialized policy (section 2.2.1). Of directives with one name the first counts."""
    directives: dict[str, Directive] = {}
    for token in text.split(";"):
        words = _WORDS.findall(token)
        if words and token.isascii():
            directives.setdefault(words[0].lower(), Directive(words[0].lower(), tuple(words[1:])))
    return Policy(tuple(directives.values()))


def read_sources(words: Iterable[str]) -> tuple[Source, ...]:
    """The source expressions of a directive. A word that is none matches nothing, as `'none'` does, and is left out."""
    return tuple(source for word in words if (source := _source(word)) is not None)


def _source(word: str) -> Source | None:
    if word.startswith("'"):
        return _quoted(word)
    if scheme := _SCHEME.fullmatch(word):
        return Scheme(scheme[1].lower())
    host = _HOST.fullmatch(word)
    if host is None:
        return None
    parts = {name: value or "" for name, value in host.groupdict().items()}
    return HostSource(parts["scheme"].lower(), parts["host"].lower(), parts["port"], parts["path"])


def _quoted(word: str) -> Source | None:
    if nonce := _NONCE.fullmatch(word):
        return Nonce(nonce[1])
    if digest := _HASH.fullmatch(word):
        return Hash(digest[1].lower(), digest[2])
    return _KEYWORDS.get(word.lower())


_KEYWORDS: Final = {keyword.value: keyword for keyword in Keyword}


def allows_any_inline_script(sources: tuple[Source, ...]) -> bool:
    """Whether every inline script may run (section 6.7.3.2): 'unsafe-inline', undone by nonce, hash, strict-dynamic."""
    undone = any(isinstance(source, Nonce | Hash) or source is Keyword.STRICT_DYNAMIC for source in sources)
    return Keyword.UNSAFE_INLINE in sources and not undone


def allows_any_script_url(sources: tuple[Source, ...]) -> bool:
    """Whether a script from any place may be loaded: `*`, a whole scheme, or `data:`, unless strict-dynamic rules.

    'strict-dynamic' makes browsers ignore hosts and schemes (section 6.7.1.1).
    """
    if Keyword.STRICT_DYNAMIC in sources:
        return False
    return any(_is_any_place(source) for source in sources)


def _is_any_place(source: Source) -> bool:
    match source:
        case Scheme(name="http" | "https" | "data"):
            return True
        case HostSource(host="*", port="" | "*", path="" | "/"):
            return True
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Load:
    """Something that a page names: its absolute URL in ASCII, its nonce, and whether it has an integrity."""

    url: str
    nonce: str = ""
    has_integrity: bool = False


def blocks(policy: Policy, directive: str, load: Load, own_url: str) -> bool:
    """Whether a policy surely keeps a page from loading something (section 4.1.2, not counting redirects).

    Args:
        policy: one of the page's.
        directive: the kind of fetch, such as `script-src-elem`.
        load: what would be loaded by an element that stands in the page.
        own_url: the page's own URL.
    """
    governing = policy.governing(directive)
    if governing is None:
        return False
    sources = read_sources(governing.words)
    if load.nonce and Nonce(load.nonce) in sources:
        return False
    if load.has_integrity and any(isinstance(source, Hash) for source in sources):
        return False  # the hash may be the file's own
    if directive == "script-src-elem" and Keyword.STRICT_DYNAMIC in sources:
        return True
    return not matches(load.url, sources, own_url)


def matches(url: str, sources: tuple[Source, ...], own_url: str) -> bool:
    """Whether a URL matches a source list of a page (section 6.7.2.7), not counting redirects.

    Args:
        url: what would be fetched, absolute and in ASCII.
        sources: the list; an empty one matches nothing.
        own_url: the page's own URL, for 'self' and for what a host without a scheme means.
    """
    try:
        parts, own = urlsplit(url), urlsplit(own_url)
        return any(_matches(parts, _port(parts), source, own, _port(own)) for source in sources)
    except ValueError:  # a port that is none: a browser would not fetch it
        return False


def _matches(url: SplitResult, port: int | None, source: Source, own: SplitResult, own_port: int | None) -> bool:
    match source:
        case HostSource(scheme="", host="*", port="", path=""):
            return url.scheme in _NETWORK_SCHEMES or _scheme_matches(own.scheme, url.scheme)
        case Scheme(name):
            return _scheme_matches(name, url.scheme)
        case HostSource(scheme, host, wanted_port, path):
            return (
                _scheme_matches(scheme or own.scheme, url.scheme)
                and _host_matches(host, url.hostname or "")
                and _port_matches(wanted_port, port, url.scheme)
                and (not path or _path_matches(path, url.path or "/"))
            )
        case Keyword.SELF:
            is_upgrade = url.scheme in {"https", "wss"} or (own.scheme, url.scheme) == ("http", "ws")
            defaults = port == _PORTS.get(url.scheme) and own_port == _PORTS.get(own.scheme)
            is_same = url.scheme == own.scheme and port == own_port
            return url.hostname == own.hostname and (is_same or (is_upgrade and (port == own_port or defaults)))
        case _:
            return False


_NETWORK_SCHEMES: Final = frozenset({"http", "https", "ws", "wss"})
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_UPGRADES: Final = {
    "http": frozenset({"http", "https"}),
    "ws": frozenset({"ws", "wss", "http", "https"}),
    "wss": frozenset({"wss", "https"}),
}


def _port(parts: SplitResult) -> int | None:
    return parts.port if parts.port is not None else _PORTS.get(parts.scheme)


def _scheme_matches(wanted: str, scheme: str) -> bool:
    """Section 6.7.2.9: a scheme matches itself and its secure kind."""
    return scheme == wanted or scheme in _UPGRADES.get(wanted, ())


def _host_matches(wanted: str, host: str) -> bool:
    """Section 6.7.2.10. An address other than 127.0.0.1 never matches."""
    host = host.lower()
    if not host:
        return False
    if wanted == "*":
        return True
    if wanted.startswith("*."):
        return host.endswith(wanted[1:])
    return host == wanted and (wanted == "127.0.0.1" or re.fullmatch(r"[0-9.]+", wanted) is None)


def _port_matches(wanted: str, port: int | None, scheme: str) -> bool:
    """Section 6.7.2.11."""
    if wanted in {"", "*"}:
        return wanted == "*" or port == _PORTS.get(scheme)
    return _number(wanted) == port or (_number(wanted) == _PORTS["http"] and port == _PORTS["https"])


def _number(digits: str) -> int:
    """A port's digits as a number; beyond what a port can be, one that no port has."""
    digits = digits.lstrip("0")
    return int(digits or 0) if len(digits) <= len("65535") else -1


def _path_matches(wanted: str, path: str) -> bool:
    """Section 6.7.2.12: with a slash at the end the beginning counts, else all of it."""
    if wanted == "/":
        return True
    pieces, given = wanted.split("/"), path.split("/")
    exact = not wanted.endswith("/")
    if len(pieces) > len(given) or (exact and len(pieces) != len(given)):
        return False
    if not exact:
        pieces.pop()
    return all(unquote(piece) == unquote(other) for piece, other in zip(pieces, given, strict=False))
