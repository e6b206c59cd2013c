"""DKIM signatures of a message, verified: RFC 6376 sections 3.5 and 6.1, RFC 8301, RFC 8463."""

import base64
import hashlib
import re
from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from launchready.parse.inquiry import Answer, Inquiry, Lookup, Question, Status, answered, is_name
from launchready.parse.rfc5322_fields import Field, split_message
from launchready.parse.rfc6376 import DKIM_RSA_MIN_BITS, DkimKey, DkimKeyError, KeyType, parse_dkim_key, rsa_numbers
from launchready.parse.rfc6376_canonical import Form, canonical_body, canonical_field
from launchready.parse.tag_list import TagList, TagListError, parse_tag_list

MAX_SIGNATURES: Final = 20
"""Signatures of one message that are verified; a verifier may limit them (RFC 6376 section 6.1). Most mail has two."""

MAX_SIGNATURE_CHARS: Final = 16_384
"""The longest DKIM-Signature field that is read; one with all header fields copied in `z` has some 8,000."""

DKIM_RSA_MAX_BITS: Final = 8_192
"""The longest RSA key that is used: verifiers must take 4,096 bits (RFC 8301 section 3.2); longer ones cost time."""

FUTURE_ALLOWANCE_S: Final = 3_600
"""How far in the future a signature may have been made, in seconds: a clock in the wrong time zone."""


class DkimResult(Enum):
    """The results of RFC 8601 section 2.7.1 that a signature can have."""

    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class DkimOutcome:
    """What one signature came to. What could not be read of it is empty or None.

    Attributes:
        result: FAIL where a hash or the signature does not fit, PERMERROR where it could not be tried for good.
        reason: Why, in a few words, for a person to read.
        domain: `d`, in lower case.
        selector: `s`, in lower case.
        identity: `i`, or its default.
        algorithm: `a`.
        signed: `h`: names of the header fields that are signed, in lower case, in order, with repetitions.
        unsigned_bytes: Octets of the canonical body that `l` leaves unsigned, so that anybody may add to it; 0 without.
        key: The key record that was used.
    """

    result: DkimResult
    reason: str
    domain: str = ""
    selector: str = ""
    identity: str = ""
    algorithm: str = ""
    signed: tuple[str, ...] = ()
    unsigned_bytes: int = 0
    key: DkimKey | None = None

    @property
    def key_name(self) -> str:
        """Where the key stands."""
        return f"{self.selector}._domainkey.{self.domain}"


def verify_dkim(raw: bytes, *, now_s: int) -> Inquiry[tuple[DkimOutcome, ...]]:
    """Verify each DKIM signature of a message, from the top one down; a message without any has no outcomes.

    Args:
        raw: The message as it was received; a line feed alone is taken for a CRLF.
        now_s: The present, in seconds since 1970, for signatures that expire.

    Raises:
        FieldsError: the bytes are no message.
    """
    fields, body = split_message(raw)
    message = _Message(fields, body)
    outcomes: tuple[DkimOutcome, ...] = ()
    for field in message.signatures[:MAX_SIGNATURES]:
        outcomes += ((yield from _verify(message, field, now_s)),)
    not_tried = DkimOutcome(DkimResult.NEUTRAL, f"not tried: the message has over {MAX_SIGNATURES} signatures")
    return outcomes + (not_tried,) * len(message.signatures[MAX_SIGNATURES:])


def evaluate_dkim(raw: bytes, lookup: Lookup, *, now_s: int) -> tuple[DkimOutcome, ...]:
    """`verify_dkim` with a look-up that answers at once."""
    return answered(verify_dkim(raw, now_s=now_s), lookup)


# RFC 6376 section 3.5, over the tag-list of section 3.2, whose values are case-sensitive:
#
#   sig-v-tag = "1"                                                       ; required
#   sig-a-tag = "rsa-sha1" / "rsa-sha256" / "ed25519-sha256" / others     ; required
#   sig-b-tag, sig-bh-tag = base64string                                  ; required
#   sig-c-tag = ("simple" / "relaxed") ["/" ("simple" / "relaxed")]       ; simple/simple, the body's part is simple
#   sig-d-tag = domain-name                                               ; required
#   sig-h-tag = hdr-name *( ":" hdr-name )                                ; required, From among them
#   sig-i-tag = [ Local-part ] "@" domain-name                            ; "@" and d
#   sig-l-tag = 1*76DIGIT
#   sig-q-tag = "dns/txt" / others, joined by ":"
#   sig-s-tag = sub-domain *( "." sub-domain )                            ; required
#   sig-t-tag, sig-x-tag = 1*12DIGIT
_REQUIRED: Final = ("v", "a", "b", "bh", "d", "h", "s")
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_FWS: Final = re.compile(r"[ \t\r\n]+")
_DOMAIN_CHARS: Final = re.compile(r"[a-z0-9._-]+")
_HEADER_NAME: Final = re.compile(r"[!-9;-~]+")
_LENGTH: Final = re.compile(r"[0-9]{1,76}")
_TIME: Final = re.compile(r"[0-9]{1,12}")
_KEY_TYPES: Final = {"rsa-sha256": KeyType.RSA, "ed25519-sha256": KeyType.ED25519}
_FORMS: Final = {form.value: form for form in Form}
_HASH: Final = "sha256"


class _Refused(Exception):  # noqa: N818 - one outcome among others, not an error of ours
    """Ends the verification of one signature."""

    def __init__(self, reason: str, result: DkimResult = DkimResult.PERMERROR) -> None:
        super().__init__(reason)
        self.reason = reason
        self.result = result


class _Message:
    """A message, and the canonical forms of its body, each made once."""

    def __init__(self, fields: tuple[Field, ...], body: bytes) -> None:
        self.fields = fields
        self.signatures = tuple(field for field in fields if field.name.lower() == "dkim-signature")
        self._body = body
        self._canonical: dict[Form, bytes] = {}

    def body(self, form: Form) -> bytes:
        if form not in self._canonical:
            self._canonical[form] = canonical_body(self._body, form)
        return self._canonical[form]

    def fields_signed_by(self, signature: Field, names: tuple[str, ...]) -> list[Field]:
        """The fields a signature covers: of a repeated name the lowest first, and none for a missing one (5.4.2)."""
        left: dict[str, list[Field]] = {name: [] for name in names}
        for field in self.fields:
            if field.name.lower() in left and field is not signature:
                left[field.name.lower()].append(field)
        return [left[name].pop() for name in names if left[name]]


@dataclass(frozen=True, slots=True)
class _Signature:
    """The tags of a signature, read; the header field it stands in."""

    field: Field
    domain: str
    selector: str
    identity: str
    algorithm: str
    key_type: KeyType
    header_form: Form
    body_form: Form
    signed: tuple[str, ...]
    body_hash: bytes
    signature: bytes
    length: int | None


def _verify(message: _Message, field: Field, now_s: int) -> Generator[Question, Answer, DkimOutcome]:
    tags = _tags(field)
    told = _claims(tags)
    try:
        signature = _read(field, tags, now_s)
        key = yield from _key(signature)
    except _Refused as refused:
        return DkimOutcome(refused.result, refused.reason, *told)
    body = message.body(signature.body_form)
    unsigned = 0 if signature.length is None else max(len(body) - signature.length, 0)
    try:
        _check_key(signature, key)
        _check_hashes(message, signature, key, body)
    except _Refused as refused:
        return DkimOutcome(refused.result, refused.reason, *told, unsigned, key)
    return DkimOutcome(DkimResult.PASS, "the signature fits", *told, unsigned, key)


def _tags(field: Field) -> TagList | None:
    if len(field.raw) > MAX_SIGNATURE_CHARS:
        return None
    try:
        return parse_tag_list(field.raw_value.decode("latin-1"))
    except TagListError:
        return None


def _claims(tags: TagList | None) -> tuple[str, str, str, str, tuple[str, ...]]:
    """Domain, selector, identity, algorithm and signed names, as far as they are there to be read."""
    if tags is None:
        return "", "", "", "", ()
    domain, selector = (tags.value("d") or "").lower(), (tags.value("s") or "").lower()
    names = tuple(name.strip(" \t\r\n").lower() for name in (tags.value("h") or "").split(":"))
    identity = tags.value("i") or f"@{domain}"
    return domain, selector, identity, tags.value("a") or "", tuple(filter(None, names))


def _read(field: Field, tags: TagList | None, now_s: int) -> _Signature:
    """RFC 6376 section 6.1.1."""
    if tags is None:
        raise _Refused("the DKIM-Signature header can't be read")
    missing = [name for name in _REQUIRED if not tags.value(name)]
    if missing:
        raise _Refused(f"the signature has no tag {missing[0]}=")
    if tags.value("v") != "1":
        raise _Refused("the signature's version is not 1")
    domain, selector, identity, algorithm, signed = _claims(tags)
    _check_names(domain, selector, identity, signed)
    _check_times(tags, now_s)
    if "dns/txt" not in [method.strip(" \t\r\n") for method in (tags.value("q") or "dns/txt").split(":")]:
        raise _Refused("the signature asks for a way to find the key that nobody knows (q=)")
    header_form, body_form = _forms(tags.value("c") or "simple")
    return _Signature(
        field=field,
        domain=domain,
        selector=selector,
        identity=identity,
        algorithm=algorithm,
        key_type=_key_type(algorithm),
        header_form=header_form,
        body_form=body_form,
        signed=signed,
        body_hash=_base64(tags, "bh"),
        signature=_base64(tags, "b"),
        length=_length(tags.value("l")),
    )


def _check_names(domain: str, selector: str, identity: str, signed: tuple[str, ...]) -> None:
    key_name = f"{selector}._domainkey.{domain}"
    if not is_name(key_name) or not _DOMAIN_CHARS.fullmatch(key_name):
        raise _Refused("d= and s= make no domain name")
    _, at, of = identity.rpartition("@")
    if not at or not f".{of.lower()}".endswith(f".{domain}"):
        raise _Refused("the domain of i= is neither that of d= nor below it")
    if not all(_HEADER_NAME.fullmatch(name) for name in signed):
        raise _Refused("h= is no list of header names")
    if "from" not in signed:
        raise _Refused("the From header is not signed")


def _check_times(tags: TagList, now_s: int) -> None:
    made, expires = tags.value("t"), tags.value("x")
    for value in (made, expires):
        if value is not None and not _TIME.fullmatch(value):
            raise _Refused("t= or x= is no number of seconds")
    if expires is not None and made is not None and int(expires) <= int(made):
        raise _Refused("the signature expired before it was made")
    if expires is not None and int(expires) < now_s:
        raise _Refused("the signature has expired")
    if made is not None and int(made) > now_s + FUTURE_ALLOWANCE_S:
        raise _Refused("the signature was made in the future")


def _key_type(algorithm: str) -> KeyType:
    if algorithm == "rsa-sha1":
        raise _Refused("rsa-sha1 is not accepted any more (RFC 8301)")
    if algorithm not in _KEY_TYPES:
        raise _Refused("a= names an algorithm that nobody knows")
    return _KEY_TYPES[algorithm]


def _forms(text: str) -> tuple[Form, Form]:
    header, _, body = text.partition("/")
    if header not in _FORMS or (body or "simple") not in _FORMS or text.endswith("/"):
        raise _Refused("c= names a form that nobody knows")
    return _FORMS[header], _FORMS[body or "simple"]


def _base64(tags: TagList, name: str) -> bytes:
    text = _FWS.sub("", tags.value(name) or "")
    if not _BASE64.fullmatch(text):
        raise _Refused(f"{name}= is not valid base64")
    return base64.b64decode(text)


def _length(digits: str | None) -> int | None:
    if digits is None:
        return None
    if not _LENGTH.fullmatch(digits):
        raise _Refused("l= is no number")
    return int(digits)


def _key(signature: _Signature) -> Generator[Question, Answer, DkimKey]:
    """RFC 6376 section 6.1.2; where several records stand at a selector, the first that can be used counts."""
    answer = yield Question(f"{signature.selector}._domainkey.{signature.domain}", "TXT")
    if answer.status is Status.TEMPFAIL:
        raise _Refused("the DNS gave no answer for the key", DkimResult.TEMPERROR)
    if not answer.records:
        raise _Refused("there is no key at the selector")
    error = ""
    for text in answer.records:
        try:
            return parse_dkim_key(text)
        except DkimKeyError as reason:
            error = error or str(reason)
    raise _Refused(f"the key record: {error}")


def _check_key(signature: _Signature, key: DkimKey) -> None:
    if key.revoked:
        raise _Refused("the key is revoked")
    if key.key_type is not signature.key_type:
        raise _Refused("the key is of another type than a= says")
    if key.hash_algorithms is not None and _HASH not in key.hash_algorithms:
        raise _Refused("the key is not for this hash (h=)")
    if not {"*", "email"} & set(key.services):
        raise _Refused("the key is not for mail (s=)")
    if "s" in key.flags and signature.identity.rpartition("@")[2].lower() != signature.domain:
        raise _Refused("the key demands that i= and d= name the same domain (t=s)")
    bits = key.key_bits or 0
    if key.key_type is KeyType.RSA and not DKIM_RSA_MIN_BITS <= bits <= DKIM_RSA_MAX_BITS:
        raise _Refused(f"an RSA key of {bits} bits; {DKIM_RSA_MIN_BITS} to {DKIM_RSA_MAX_BITS} are taken")


def _check_hashes(message: _Message, signature: _Signature, key: DkimKey, body: bytes) -> None:
    """RFC 6376 sections 3.7 and 6.1.3."""
    if signature.length is not None and signature.length > len(body):
        raise _Refused("l= says more than there is of the body")
    if hashlib.sha256(body[: signature.length]).digest() != signature.body_hash:
        raise _Refused("the body was changed after it was signed", DkimResult.FAIL)
    form = signature.header_form
    digest = hashlib.sha256()
    for field in message.fields_signed_by(signature.field, signature.signed):
        digest.update(canonical_field(field, form))
    digest.update(canonical_field(_without_signature(signature.field), form).removesuffix(b"\r\n"))
    if not _fits(key, signature.signature, digest.digest()):
        raise _Refused("the headers were changed after they were signed, or the key is another one", DkimResult.FAIL)


def _without_signature(field: Field) -> Field:
    """The field with the value of `b` taken out, white space around it included (RFC 6376 section 3.7)."""
    name, colon, value = field.raw.removesuffix(b"\r\n").partition(b":")
    pieces = value.split(b";")
    for at, piece in enumerate(pieces):
        tag, equals, _ = piece.partition(b"=")
        if tag.strip(b" \t\r\n") == b"b":
            pieces[at] = tag + equals
    return Field(field.name, name + colon + b";".join(pieces) + b"\r\n")


def _fits(key: DkimKey, signature: bytes, digest: bytes) -> bool:
    try:
        if key.key_type is KeyType.ED25519:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, digest)  # RFC 8463 section 3
        else:
            modulus, exponent = rsa_numbers(key.public)
            public = RSAPublicNumbers(exponent, modulus).public_key()
            public.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
    except InvalidSignature:
        return False
    except ValueError:
        raise _Refused("the numbers in the key are no key") from None
    return True
