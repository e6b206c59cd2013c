"""What a found key is: whose, and whether it opens anything. Pure; the keys pass through and are not kept."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from launchready.facts.secrets import GENERIC
from launchready.probes.keys.generic import entropy_bits, is_generic_secret

MIN_ENTROPY_BITS: Final = 2.5
"""Bits a character below which the random part is a placeholder: a random UUID has over 3, "aaaabbbb" has 1."""

MAX_WORDY_CHARS: Final = 200
"""Longer keys (certificates, tokens with content) hold every short word by chance, so words say nothing in them."""

LOCAL_HOSTS: Final = re.compile(r"(localhost|127\.[\d.]+|\[?::1\]?|0\.0\.0\.0|[^.]+|.*\.(local|test|internal))(:\d+)?")
"""Hosts that only one machine or one network knows; a name without a dot is a container's neighbour."""

_PLACEHOLDER: Final = re.compile(
    r"x{4}|\*{3}|\.\.\.|…|example|placeholder|change.?me|replace|your[_-]|insert|dummy|fake|sample|redacted|"
    r"12345678|abcdefgh|deadbeef|0{8}|[<>{}$]",
    re.IGNORECASE,
)
_COMMON_PASSWORDS: Final = frozenset(
    {"admin", "pass", "passwd", "password", "postgres", "root", "secret", "test", "user", "mysql", "guest"}
)
_TEST: Final = re.compile(r"(?:[a-z]{1,6}_)?(?:test|sandbox)[_-]", re.IGNORECASE)
_PUBLIC_KEY: Final = re.compile(r"pk_|sb_publishable_|phc_|pk\.eyJ|6L[a-zA-Z0-9_-]{38}$|0x4AAAAAAA[\w-]{14}$")
_PUBLIC_RULE: Final = re.compile(
    r"client-id|app(?:lication)?-id|account-id|key-id|tenant-id|access-id|-pub-|public-|-public|username|account-name|"
    r"cloud-name|domain|-url|host|browser-api-token|project-api-key|client-sdk-key|mobile-sdk-key|polymarket-address|"
    r"token-name|auth-id"
)
_SECRET_RULE: Final = re.compile(r"webhook-url|sensitive-url|jfrog-url|supabase-project-api-key")
_DOCUMENTED: Final = frozenset(
    {
        # Stripe's own pages show these two to everybody (docs.stripe.com/keys)
        "sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "sk_test_" + "BQokikJOvBiI2HlWgH4olfQ2",
    }
)
_BROWSER_GOOGLE: Final = re.compile(
    rb"firebase|authdomain|maps\.googleapis|google-services|storagebucket", re.IGNORECASE
)
_PREFIX: Final = re.compile(r"[A-Za-z]{1,10}[_-](?:[A-Za-z]{1,10}[_-])?")
_OWN_RULES: Final = "launchready."
CREDENTIAL_URI: Final = "betterleaks.generic-credential-uri"
_OTHER_NAMES: Final = {
    "herokuplatformkey": "heroku",
    "cloudflareapitoken": "cloudflare",
    "digitaloceanapikey": "digitalocean",
    "npmjsaccesstoken": "npm",
    "grokxaiapikey": "xai",
    "sendinblue": "brevo",
    "langchain": "langsmith",
    "kimi": "openai",  # the same form: sk- and letters
}
"""Providers by what the catalogue calls them."""


@dataclass(frozen=True, slots=True)
class KeyKind:
    """Whose key it is, in a lower-case word, and what it opens."""

    provider: str
    is_public_by_design: bool
    is_test_key: bool


@dataclass(frozen=True, slots=True)
class Match:
    """What the scanner found: its rule, the text, the rule's named parts, the bytes around it and those before it."""

    rule_id: str
    text: str
    parts: Mapping[str, str]
    around: bytes
    before: bytes = b""

    def __repr__(self) -> str:
        """Without the key, so that no traceback shows it."""
        return f"Match({self.rule_id})"


def kind_of(match: Match) -> KeyKind | None:
    """What was found; None where it is a placeholder, or a token of a session and no key of a server."""
    if match.rule_id.startswith(_OWN_RULES):
        return _kind_of_own(match)
    rule = match.rule_id.partition(".")[2].removeprefix("secrets/")
    if match.rule_id == CREDENTIAL_URI:
        return _kind_of_uri(match)
    word = re.split(r"[-./]", rule)[0]
    provider = rule if rule == "private-key" else _OTHER_NAMES.get(word, word)
    if provider == "jwt" or (provider == "supabase" and match.text.count(".") == 2):
        return _kind_of_jwt(match.text)
    if _is_placeholder(match.text):
        return None
    is_public_rule = bool(_PUBLIC_RULE.search(rule)) and not _SECRET_RULE.search(rule)
    return KeyKind(provider, _is_public(match) or is_public_rule, _is_test(match))


def _kind_of_own(match: Match) -> KeyKind | None:
    """By our own rules, whose ids name the provider; what follows `--` tells rules of one provider apart."""
    provider = match.rule_id.removeprefix(_OWN_RULES).partition("--")[0]
    is_harmless = provider == GENERIC and not is_generic_secret(match.text, match.before)
    return None if is_harmless or _is_placeholder(match.text) else KeyKind(provider, _is_public(match), _is_test(match))


def _is_test(match: Match) -> bool:
    return bool(_TEST.match(match.text))


def _is_public(match: Match) -> bool:
    if _PUBLIC_KEY.match(match.text):
        return True
    return match.text.startswith("AIza") and bool(_BROWSER_GOOGLE.search(match.around))


def _is_placeholder(text: str) -> bool:
    if text in _DOCUMENTED:
        return True
    if len(text) > MAX_WORDY_CHARS:
        return "..." in text
    random_part = _PREFIX.sub("", text, count=1) or text
    return bool(_PLACEHOLDER.search(text)) or entropy_bits(random_part) < MIN_ENTROPY_BITS


def _kind_of_uri(match: Match) -> KeyKind | None:
    """A user's password in a URL: people choose it, so its entropy says nothing, and the host says much."""
    password = match.parts.get("password", match.text)
    if _PLACEHOLDER.search(password) or password.lower() in _COMMON_PASSWORDS:
        return None
    scheme = match.parts.get("scheme", "").lower() or "url"
    return KeyKind(f"{scheme}-password", False, bool(LOCAL_HOSTS.fullmatch(match.parts.get("host", ""))))


def _kind_of_jwt(text: str) -> KeyKind | None:
    """Supabase's keys name their role: `anon` is for browsers, `service_role` opens everything."""
    role = _jwt_claims(text).get("role")
    if role not in {"anon", "service_role"}:
        return None
    is_local = _jwt_claims(text).get("iss") == "supabase-demo"  # the same for everybody who runs it at home
    return KeyKind("supabase", role == "anon", is_local)


def _jwt_claims(text: str) -> Mapping[str, object]:
    """The claims of a JSON Web Token (RFC 7519 section 3); empty where it holds none that can be read."""
    payload = text.split(".")[1] if text.count(".") >= 1 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
