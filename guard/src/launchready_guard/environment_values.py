"""What an environment variable should hold, and what is wrong with a value; the value itself is never repeated.

The same text stands in `launchready/model/environment.py` and `launchready_guard/environment_values.py`: a product
judges its own values, because they must not leave it, and needs no auditor for that. A test holds the two equal.
"""

import hashlib
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

MIN_SECRET_CHARS: Final = 8
"""Characters that a secret has at least: the least that NIST SP 800-63B section 5.1.1 allows a person to choose."""


class VariableType(StrEnum):
    """What a value has to look like."""

    URL = "url"
    EMAIL = "email"
    ENUM = "enum"
    INT = "int"
    BOOL = "bool"
    KEY = "key"
    SECRET = "secret"  # noqa: S105 - the name of a type
    TEXT = "text"


class RequiredIn(StrEnum):
    """Where a product can't do without the variable."""

    BUILD = "build"
    RUN = "run"
    BOTH = "both"
    NO = "no"


class Stage(StrEnum):
    """Whether customers use a deployment, or only the people who make it."""

    PRODUCTION = "production"
    TEST = "test"


class Mode(StrEnum):
    """What a value says of itself: a provider's live or test world, this machine alone, or nothing."""

    LIVE = "live"
    TEST = "test"
    LOCAL = "local"
    UNKNOWN = "unknown"


class Flaw(StrEnum):
    """What is wrong with a value."""

    MISSING = "missing"
    EMPTY = "empty"
    EDGES = "edges"
    LINE_BREAK = "line-break"
    QUOTED = "quoted"
    UNRESOLVED = "unresolved"
    PLACEHOLDER = "placeholder"
    NO_URL = "no-url"
    NO_EMAIL = "no-email"
    NO_CHOICE = "no-choice"
    NO_INT = "no-int"
    OUT_OF_RANGE = "out-of-range"
    NO_BOOL = "no-bool"
    NO_KEY = "no-key"
    PREFIX = "prefix"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    LOCAL_ADDRESS = "local-address"
    TEST_KEY = "test-key"
    LIVE_KEY = "live-key"


REASONS: Final[dict[Flaw, str]] = {
    Flaw.MISSING: "is not set",
    Flaw.EMPTY: "is empty",
    Flaw.EDGES: "begins or ends with a blank or a line break",
    Flaw.LINE_BREAK: "holds a line break or another control character",
    Flaw.QUOTED: "stands in quotes that are part of the value",
    Flaw.UNRESOLVED: "holds a reference that nothing filled in",
    Flaw.PLACEHOLDER: "still holds a placeholder",
    Flaw.NO_URL: "is not a URL",
    Flaw.NO_EMAIL: "is not a mail address",
    Flaw.NO_CHOICE: "is none of its choices",
    Flaw.NO_INT: "is not a whole number",
    Flaw.OUT_OF_RANGE: "is a number outside its range",
    Flaw.NO_BOOL: "is neither true nor false",
    Flaw.NO_KEY: "holds a character that no key has",
    Flaw.PREFIX: "does not begin as it should",
    Flaw.TOO_SHORT: "is too short",
    Flaw.TOO_LONG: "is too long",
    Flaw.LOCAL_ADDRESS: "points to a developer's own machine",
    Flaw.TEST_KEY: "is for the provider's test world",
    Flaw.LIVE_KEY: "is for the provider's live world",
}
"""Each flaw as words that go on after the variable's name."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the contract.

    `choices` are the values of an enum; `prefix` is what the value begins with; `min_chars` and `max_chars` bound its
    length in characters, and 0 means no bound; `minimum` and `maximum` bound an int. `may_be_local` allows an address
    on the same machine, such as that of a database beside the product. `is_public` says that browsers may see it.
    `purpose`, `owner`, `stored_in` and `example` are for people.
    """

    name: str
    type: VariableType = VariableType.TEXT
    required_in: RequiredIn = RequiredIn.RUN
    is_public: bool = False
    choices: tuple[str, ...] = ()
    prefix: str = ""
    min_chars: int = 0
    max_chars: int = 0
    minimum: int | None = None
    maximum: int | None = None
    may_be_local: bool = False
    purpose: str = ""
    owner: str = ""
    stored_in: str = ""
    example: str = ""

    @property
    def is_secret(self) -> bool:
        """Whether nobody outside may see its value."""
        return self.type is VariableType.SECRET or (self.type is VariableType.KEY and not self.is_public)

    def is_required(self, where: RequiredIn) -> bool:
        """Whether it must be there in the build or in the run."""
        return self.required_in in {where, RequiredIn.BOTH}


def digest_of(variables: Iterable[Variable]) -> str:
    """16 hexadecimal digits that are the same where values are judged in the same way; words for people don't count."""
    rows = sorted(
        repr((v.name, v.type.value, v.required_in.value, v.is_public, v.choices, v.prefix, *_bounds_of(v)))
        for v in variables
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def _bounds_of(variable: Variable) -> tuple[int | bool | None, ...]:
    v = variable
    return (v.min_chars, v.max_chars, v.minimum, v.maximum, v.may_be_local)


def flaw_at(variable: Variable, value: str | None, stage: Stage, where: RequiredIn = RequiredIn.RUN) -> Flaw | None:
    """What is wrong with a value where it is used; None where it is as it should be.

    Args:
        variable: What the contract says.
        value: Its value; None where it is not set.
        stage: Whether customers use this deployment.
        where: In the build or in the run.
    """
    flaw = flaw_of(variable, value, is_required=variable.is_required(where))
    return flaw or stage_flaw(variable, mode_of(variable, value), stage)


def flaw_of(variable: Variable, value: str | None, *, is_required: bool) -> Flaw | None:
    """What is wrong with a value wherever it is used."""
    if value is None:
        return Flaw.MISSING if is_required else None
    if not value.strip():
        return Flaw.EMPTY if is_required else None
    return _flaw_of_form(variable, value) or _flaw_of_type(variable, value) or _flaw_of_length(variable, value)


def stage_flaw(variable: Variable, mode: Mode, stage: Stage) -> Flaw | None:
    """What is wrong with a good value in this place: test keys before customers, live keys in tests."""
    match mode, stage:
        case Mode.LOCAL, Stage.PRODUCTION:
            return None if variable.may_be_local else Flaw.LOCAL_ADDRESS
        case Mode.TEST, Stage.PRODUCTION:
            return Flaw.TEST_KEY
        case Mode.LIVE, Stage.TEST:
            return Flaw.LIVE_KEY
        case _:
            return None


def mode_of(variable: Variable, value: str | None) -> Mode:
    """Which world a value belongs to, by the marks that providers put into keys and addresses."""
    if not value or variable.type not in _WITH_MODE:
        return Mode.UNKNOWN
    text = value.strip()
    if variable.type is VariableType.URL:
        return _mode_of_url(text)
    if _TEST_KEY.match(text):
        return Mode.TEST
    return Mode.LIVE if _LIVE_KEY.match(text) else Mode.UNKNOWN


_WITH_MODE: Final = frozenset({VariableType.URL, VariableType.KEY, VariableType.SECRET, VariableType.TEXT})

_TEST_KEY: Final = re.compile(
    r"(?:sk|pk|rk|rzp)_test_[A-Za-z0-9]"  # Stripe, Clerk, Paystack, Razorpay
    r"|test_[A-Za-z0-9]{30,}\Z"  # Mollie
    r"|sandbox-sq0[a-z]{3}-"  # Square
    r"|6LeIxAcTAAAAA"  # reCAPTCHA's published test keys
    r"|[123]x0{19,}"  # Turnstile's
    r"|[12]0000000-ffff-ffff-ffff-0{11}[0-9]\Z|0x0{40}\Z"  # hCaptcha's
)
_LIVE_KEY: Final = re.compile(
    r"(?:sk|pk|rk|rzp)_live_[A-Za-z0-9]|live_[A-Za-z0-9]{30,}\Z|sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20}"
)
_LOCAL_NAME: Final = re.compile(
    r"(?:.*\.)?localhost|0\.0\.0\.0|host\.docker\.internal"
    r"|.*\.(?:ngrok\.io|ngrok\.app|ngrok-free\.app|ngrok-free\.dev|loca\.lt|trycloudflare\.com)"
)
_SANDBOX_NAME: Final = re.compile(r"(?:.*\.)?sandbox\..+")

_VAULT_REFERENCE: Final = re.compile(r"op://|ENC\[AES256_GCM,|encrypted:[A-Za-z0-9+/=]{16}|ref\+[a-z0-9]+://")
_TEMPLATE: Final = re.compile(r"\$\{[^}]*\}|\{\{[^}]*\}\}|\$\([^)]*\)|<%[^%]*%>")
_WHOLE_TEMPLATE: Final = re.compile(
    r"\$\{[A-Za-z_]\w*\}|\{\{[^{}]*\}\}|\$\([^)]*\)|\$[A-Z][A-Z0-9_]+|%[A-Z][A-Z0-9_]+%"
)

_PLACEHOLDER: Final = re.compile(
    r"<[A-Za-z][A-Za-z0-9 _-]*>|(?:please[-_ ]?)?(?:change|replace)[-_ ]?(?:me|this|it)(?:[-_ !.].*)?"
    r"|your[-_ ].*|.*[-_ ](?:goes|put)[-_ ]?here|x{3,}|\*{3,}|\.{3,}|…|todo|fixme|changeit"
    r"|undefined|null|\[object object\]",
    re.IGNORECASE,
)
"""What stands for a value that somebody has still to fill in, or that a script failed to."""

_WEAK: Final = re.compile(
    r"(?:secret|password|passwd|passw0rd|admin|root|test|testing|example|sample|dummy|fake|demo|default|dev|local|foo|bar"
    r"|foobar|qwerty|letmein|token|key|api[-_]?key|supersecret|mysecret|insecure|placeholder|123456789?0?)"
    r"[-_ ]?(?:key|secret|token|password|value|123|1|!)?|none|nil|nan|n/a|tbd|(.)\1{5,}"
    r"|\[[a-z _-]+\]|my[-_](?:api[-_])?(?:key|secret|token|password).*"
    r"|(?:insert|put|add|enter|fill)[-_ ](?:me|this|it|in|your|here).*",
    re.IGNORECASE,
)
"""What nobody means as a secret, although it may be a fine text or choice."""

_FILLER: Final = re.compile(
    r"(?:[a-z]{2,6}[-_]){1,3}(?:live|test|proj)?[-_]?(?:x{4,}|\*{3,}|\.{3,}|…|0{8,}|your[-_].*)", re.IGNORECASE
)
"""A key's prefix with nothing behind it, as documentation shows it."""

_EXAMPLE_HOST: Final = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net)|(?:your|my)[-_]?(?:domain|site|app|host)\..+)")
"""Names that RFC 2606 section 3 keeps for documentation, and those that templates use in their place."""


def _flaw_of_form(variable: Variable, value: str) -> Flaw | None:
    """What is wrong whatever the type; a PEM block ends with a line break by its grammar (RFC 7468 section 3)."""
    text = value.strip()
    is_block = text.startswith("-----BEGIN ") and variable.type in {VariableType.SECRET, VariableType.TEXT}
    if text != value and not is_block:
        return Flaw.EDGES
    is_free = variable.type in {VariableType.SECRET, VariableType.TEXT}
    if not is_free and any(ord(character) < 32 or ord(character) == 127 for character in value):
        return Flaw.LINE_BREAK
    if variable.type is not VariableType.TEXT and len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'`":
        return Flaw.QUOTED
    if _is_unresolved(variable, text):
        return Flaw.UNRESOLVED
    return Flaw.PLACEHOLDER if _is_placeholder(variable, text) else None


def _is_unresolved(variable: Variable, text: str) -> bool:
    if _VAULT_REFERENCE.match(text) or _WHOLE_TEMPLATE.fullmatch(text):
        return True
    is_free = variable.type in {VariableType.SECRET, VariableType.TEXT}
    return not is_free and _TEMPLATE.search(text) is not None


def _is_placeholder(variable: Variable, text: str) -> bool:
    if variable.type in {VariableType.INT, VariableType.BOOL} or text in variable.choices:
        return False
    if _PLACEHOLDER.fullmatch(text):
        return True
    match variable.type:
        case VariableType.KEY | VariableType.SECRET:
            rest = text.removeprefix(variable.prefix)
            return bool(_FILLER.fullmatch(text) or _WEAK.fullmatch(rest) or _PLACEHOLDER.fullmatch(rest))
        case VariableType.URL:
            parts = _split(text)
            return parts is not None and _EXAMPLE_HOST.fullmatch(parts.hostname or "") is not None
        case VariableType.EMAIL:
            return _EXAMPLE_HOST.fullmatch(text.rpartition("@")[2].rstrip(">").lower()) is not None
        case _:
            return False


def _flaw_of_type(variable: Variable, value: str) -> Flaw | None:
    match variable.type:
        case VariableType.ENUM:
            return None if value in variable.choices else Flaw.NO_CHOICE
        case VariableType.INT:
            return _flaw_of_int(variable, value)
        case VariableType.BOOL:
            return None if value.lower() in _BOOLS else Flaw.NO_BOOL
        case _:
            return _flaw_of_grammar(variable.type, value)


def _flaw_of_grammar(kind: VariableType, value: str) -> Flaw | None:
    if kind is VariableType.URL and not _is_url(value):
        return Flaw.NO_URL
    if kind is VariableType.EMAIL and not _EMAIL.fullmatch(value):
        return Flaw.NO_EMAIL
    return Flaw.NO_KEY if kind is VariableType.KEY and not _KEY.fullmatch(value) else None


_BOOLS: Final = frozenset({"true", "false", "1", "0", "yes", "no", "on", "off"})
_KEY: Final = re.compile(r"[\x21-\x7e]+")
_EMAIL: Final = re.compile(r"([^<>\x00-\x1f]*<)?[A-Za-z0-9.!#$%&'*+/=?^_`|~-]+@(?:[^\s@<>.]+\.)+[^\s@<>.]{2,}(?(1)>)")
_INT: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_HOST: Final = re.compile(r"(?:[^\s.@/\\<>\"'%,;:]{1,63}\.)*[^\s.@/\\<>\"'%,;:]{1,63}\.?")


def _flaw_of_int(variable: Variable, value: str) -> Flaw | None:
    if not _INT.fullmatch(value):
        return Flaw.NO_INT
    number = int(value)
    too_small = variable.minimum is not None and number < variable.minimum
    too_large = variable.maximum is not None and number > variable.maximum
    return Flaw.OUT_OF_RANGE if too_small or too_large else None


def _flaw_of_length(variable: Variable, value: str) -> Flaw | None:
    if variable.type in {VariableType.ENUM, VariableType.INT, VariableType.BOOL}:
        return None
    if variable.prefix and not value.startswith(variable.prefix):
        return Flaw.PREFIX
    least = variable.min_chars or (MIN_SECRET_CHARS if variable.type is VariableType.SECRET else 0)
    if len(value) < least:
        return Flaw.TOO_SHORT
    return Flaw.TOO_LONG if variable.max_chars and len(value) > variable.max_chars else None


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname  # raise where they can't be read
    except ValueError:
        return None
    return parts


def _is_url(text: str) -> bool:
    """Whether it has a scheme and a host (RFC 3986 section 3); databases in a file have a path alone."""
    parts = _split(text)
    if parts is None or "://" not in text or not _SCHEME.fullmatch(parts.scheme) or re.search(r"\s", text):
        return False
    if parts.scheme.startswith(("sqlite", "file")) and not parts.netloc:
        return bool(parts.path)
    host = parts.hostname or ""
    if parts.port == 0 or host in {"http", "https"}:
        return False
    return ":" in host or _HOST.fullmatch(host) is not None


def _mode_of_url(text: str) -> Mode:
    parts = _split(text)
    host = (parts.hostname or "").rstrip(".") if parts is not None else ""
    if _LOCAL_NAME.fullmatch(host) or _is_loopback(host):
        return Mode.LOCAL
    return Mode.TEST if _SANDBOX_NAME.fullmatch(host) else Mode.UNKNOWN


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
