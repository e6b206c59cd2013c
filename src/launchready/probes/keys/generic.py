"""Is a value that a name calls secret one? For keys whose own form says nothing. Pure."""

import math
import re
from collections import Counter
from typing import Final

MIN_SECRET_CHARS: Final = 16
MIN_PASSWORD_CHARS: Final = 10
"""Shorter ones are words and versions more often than they are secrets."""

MIN_SECRET_BITS: Final = 3.5
"""Bits a character, at least, of something random: 32 random hex digits have 3.6 on average, a sentence's words 3."""

MIN_HEX_BITS: Final = 3.0
MIN_PASSWORD_BITS: Final = 3.0

_HARMLESS_NAME: Final = re.compile(
    rb"publi[cs]|anon|site.?key|search|measurement|client.?id|dsn|firebase|maps|posthog|analytic|captcha|turnstile|"
    rb"mapbox|write.?key|csrf|xsrf|nonce|max.?tokens?|token.?(?:limit|count|type|url|name|len|id\b)|tokeni[sz]|hash|"
    rb"digest|checksum|integrity|sha\d|md5|etag|example|sample|dummy|placeholder|mock|fake|fixture|path|file|arn|"
    rb"public.?key|key.?id|cache.?key|primary.?key|foreign.?key|i18n|label|message|version|commit|resolved|"
    rb"secret.?name|secret.?key.?ref|password.?(?:hash|reset|field|hint|policy)|(?<![a-z])ids?\b",
    re.IGNORECASE,
)
_PASSWORD_NAME: Final = re.compile(rb"passw(?:or)?d|pwd|passphrase", re.IGNORECASE)
_REFERENCE: Final = re.compile(
    r"(?:op|vault|ref\+\w+|aws-sm|gcp-sm|awssm|file|https?|s3|gs)://|ENC\[|encrypted:|vault:|arn:|projects/|\$2[aby]\$|"
    r"\$argon2|\$scrypt|pbkdf2|\{\{|\$\{|\$\(|%\(|process\.|os\.|env\.|import\.|config\.|self\.|this\.|secrets\.|"
    r"settings\.|sha(?:1|256|384|512)[-:]|[/.~]|age1|ssh-|AAAA[BCE]3N|MI[IG]|data:|urn:",
    re.IGNORECASE,
)
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HEX: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_CODE: Final = re.compile(r"[(){}\[\];,<>\s]|::|->|\w\.\w+\.\w")
_WORD: Final = re.compile(r"[A-Za-z][a-z]{2,}")

_SETTING: Final = re.compile(rb"^[\s\-]*(?:(?:export|set|ENV|ARG)\s+)?[\"']?[\w.-]+[\"']?\s*[:=]\s*$")
_IDENTIFIER: Final = re.compile(r"[A-Za-z]+[0-9]*(?:_[A-Za-z]+[0-9]*)*")

MAX_WORDY_SHARE: Final = 0.6
"""Share of a value that may be words of three letters and more: names of things are made of words, keys are not."""


def entropy_bits(text: str) -> float:
    """Shannon entropy in bits a character: 0 for one character repeated."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)


def is_generic_secret(value: str, before: bytes) -> bool:
    """Whether a value is random enough to be a secret, and its name does not say that it is something else.

    Args:
        value: what is assigned.
        before: the line up to it, with the name.
    """
    if not before.endswith((b'"', b"'", b"`")) and not _is_setting(value, before):
        return False
    if _HARMLESS_NAME.search(before) or _REFERENCE.match(value) or _UUID.fullmatch(value) or _CODE.search(value):
        return False
    if _PASSWORD_NAME.search(before) and len(value) < MIN_SECRET_CHARS:
        return _is_password(value)
    if len(value) < MIN_SECRET_CHARS or sum(map(str.isdigit, value)) < 2 or not any(map(str.isalpha, value)):
        return False
    if _HEX.fullmatch(value):
        return len(value) >= 32 and entropy_bits(value) >= MIN_HEX_BITS
    words = sum(map(len, _WORD.findall(value)))
    return entropy_bits(value) >= MIN_SECRET_BITS and words <= MAX_WORDY_SHARE * len(value)


def _is_setting(value: str, before: bytes) -> bool:
    """Without quotes it may be a name in code: then only a line of settings counts, with a value that is no name."""
    return bool(_SETTING.search(before)) and not _IDENTIFIER.fullmatch(value)


def _is_password(value: str) -> bool:
    """What people choose: long enough, with a digit, a letter and something else."""
    others = sum(not (c.isalnum() or c == "_") or c.isupper() for c in value)
    has_all = any(map(str.isdigit, value)) and any(map(str.islower, value)) and others > 0
    is_numbered_word = re.fullmatch(r"[A-Za-z]+[0-9]+[!?.]?", value) is not None
    return (
        len(value) >= MIN_PASSWORD_CHARS
        and has_all
        and not is_numbered_word
        and entropy_bits(value) >= (MIN_PASSWORD_BITS)
    )
