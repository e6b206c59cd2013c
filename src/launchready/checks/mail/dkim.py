"""The keys that signatures are checked with (DKIM, RFC 6376)."""

from typing import Final

from launchready.facts.mail import DkimKeys
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.parse.rfc6376 import DKIM_RSA_MIN_BITS, DkimKey, DkimKeyError, KeyType, parse_dkim_key

NEEDED_HASH: Final = "sha256"
"""The one hash that signers and receivers may use; sha1 is forbidden to both (RFC 8301 section 3.1)."""


@check(
    "dkim-key-unusable",
    impact=Impact.BLOCKER,
    customer_sees="Your mail is in the spam folder, or nowhere.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=15,
    sources=(
        "https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1",
        "https://www.rfc-editor.org/rfc/rfc8301#section-3.2",
    ),
    when=(DOMAIN_SENDS_MAIL,),
)
def dkim_key_unusable(seen: DkimKeys) -> Judgement:
    """At every declared selector there is one key that receivers can use.

    ## Why it matters at launch
    A signature whose key is missing, cut off, revoked or too short counts as no signature, and DMARC then has only
    SPF to lean on, which every forwarded mail breaks.

    ## How to fix
    Copy the record again from the service that signs, whole: many panels cut it at 255 characters.
    """
    wrong: dict[str, str] = {}
    for key in seen.keys:
        fault = _fault(key.records.value) if isinstance(key.records, Measured) else ""
        if fault:
            wrong[key.name] = f"{key.sender}: {fault}"
    if not wrong:
        return Pass()
    first = next(iter(wrong))
    fix = Fix(f"Copy the DKIM record at {first} again from the service that signs, whole")
    return Fail(tuple(f"{name} ({fault})" for name, fault in wrong.items()), fix)


def _fault(records: tuple[str, ...]) -> str:
    """Why receivers can't use what stands at a selector; empty where they can."""
    if len(records) != 1:
        return f"{len(records)} records, one is needed" if records else "no record"
    try:
        key = parse_dkim_key(records[0])
    except DkimKeyError as error:
        return str(error)
    return _weakness(key)


def _weakness(key: DkimKey) -> str:
    """Why a key that can be read counts for nothing."""
    if key.revoked:
        return "the key is revoked: p= is empty"
    if key.key_type is KeyType.RSA and (key.key_bits or 0) < DKIM_RSA_MIN_BITS:
        return f"an RSA key of {key.key_bits} bits; receivers want {DKIM_RSA_MIN_BITS} at least"
    if key.hash_algorithms is not None and NEEDED_HASH not in key.hash_algorithms:
        return f"the key allows no hash that receivers take: h= must name {NEEDED_HASH}"
    return "" if {"*", "email"} & set(key.services) else "the key is not for mail (s=)"
