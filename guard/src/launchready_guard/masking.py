"""Takes secrets, e-mail addresses, phone, card and account numbers out of a text before it is stored.

It masks what has a form of its own. It does not find names, places or what somebody told about their health: a masked
text is still a customer's text, and is kept as one (see `content_store`).
"""

import re
import unicodedata
from re import Match

SECRET = "[secret]"  # noqa: S105 - what is written in a secret's place
EMAIL = "[email]"
CARD = "[card]"
ACCOUNT = "[account]"
PHONE = "[phone]"
NUMBER = "[number]"

MAX_TEXT_CHARS = 32_000
"""Longest text that is kept, in characters; a message has 2,000 and an answer seldom 5,000. The rest is cut off."""

PHONE_DIGITS = range(7, 16)
"""Digits of a phone number: E.164 allows 15; below 7 it is rather a price or a year."""

CARD_DIGITS = range(13, 20)
"""Digits of a card number (ISO/IEC 7812-1)."""

_SECRETS = (
    # The body of a private key, to its end line or to the end of the text.
    re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL),
    # Keys that show by their beginning whose they are.
    re.compile(
        r"(?<![A-Za-z0-9])(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}"
        r"|(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AIza|ya29\.|hf_|gsk_|npm_|pypi-|SG\.|whsec_)"
        r"[A-Za-z0-9._-]{10,}"
        r"|(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"
    ),
    re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"),  # RFC 7519
    # Long runs of letters and digits mixed: tokens of any make.
    re.compile(r"(?<![A-Za-z0-9_/+-])(?=[A-Za-z_/+-]{0,60}\d)(?=[\d_/+-]{0,60}[A-Za-z])[A-Za-z0-9_/+-]{28,}={0,2}"),
)
_USERINFO = re.compile(r"(?<=://)[^\s/@]{1,200}@")
_AUTHORIZATION = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"\b(pass(?:word|wort|phrase|code|wd)|pwd|secret|token|api[ _-]?key|pin|cvv|cvc|kennwort|contraseña|mot de passe)"
    r"(\s{0,3}(?:is|ist|es|est|[:=])\s{0,3})[^\s,;]{3,200}",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"]{1,64}\s?(?:@|\[at\]|\(at\))\s?(?:[^\W_][\w-]{0,62}(?:\.|\[dot\])){1,8}\w{2,63}"
)
_DIGITS = re.compile(r"(?<!\w)\+?\(?\d(?:[ .()/\u2010-\u2015-]{0,3}\d){6,24}(?!\w)")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?|[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30})"
    r"(?![A-Za-z0-9])"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4}")


def mask(text: str) -> str:
    """The text with a mark such as `[email]` in the place of what was found; masking it again changes nothing.

    Look-alikes are brought to one form first (NFKC, no invisible characters), so that a digit of another script or a
    zero-width space hides nothing.
    """
    plain = _visible(text[:MAX_TEXT_CHARS])
    for pattern in _SECRETS:
        plain = pattern.sub(SECRET, plain)
    plain = _USERINFO.sub(f"{SECRET}@", plain)
    plain = _AUTHORIZATION.sub(rf"\1 {SECRET}", plain)
    plain = _ASSIGNED.sub(rf"\1\2{SECRET}", plain)
    plain = _EMAIL.sub(EMAIL, plain)
    plain = _IBAN.sub(_account, plain)
    return _DIGITS.sub(_number, plain)


def is_card(digits: str) -> bool:
    """Whether the digits have the length and the check digit of a card number (Luhn, ISO/IEC 7812-1 annex B)."""
    if len(digits) not in CARD_DIGITS:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether the text has the check digits of an account number (ISO 13616-1, modulo 97)."""
    moved = (text[4:] + text[:4]).upper()
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _account(found: Match[str]) -> str:
    return ACCOUNT if is_iban(found[0].replace(" ", "")) else found[0]


def _number(found: Match[str]) -> str:
    digits = "".join(char for char in found[0] if char.isdigit())
    if is_card(digits):
        return CARD
    if _DATE.fullmatch(found[0]):
        return found[0]
    return PHONE if len(digits) in PHONE_DIGITS else NUMBER


def _visible(text: str) -> str:
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() else char
        for char in unicodedata.normalize("NFKC", text)
        if unicodedata.category(char) != "Cf"
    )
