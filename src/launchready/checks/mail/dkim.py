"""The keys that signatures are checked with (DKIM, RFC 6376)."""

from typing import Final

from launchready.facts.mail import DkimKeyOf, DkimKeys
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.intent import DOMAIN_SENDS_MAIL
from launchready.model.reading import Measured
from launchready.parse.rfc6376 import (
    DKIM_RSA_MIN_BITS,
    DKIM_RSA_WANTED_BITS,
    DkimKey,
    DkimKeyError,
    KeyType,
    parse_dkim_key,
)

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


def usable_keys(seen: DkimKeys) -> tuple[tuple[DkimKeyOf, DkimKey], ...]:
    """The keys that receivers can use, each with where it stands."""
    found = [
        (key, key.records.value[0])
        for key in seen.keys
        if isinstance(key.records, Measured) and not _fault(key.records.value)
    ]
    return tuple((key, parse_dkim_key(record)) for key, record in found)


NO_KEY: Final = "no declared selector has a key that receivers can use, which another check says"


@check(
    "dkim-key-short",
    impact=Impact.MINOR,
    customer_sees="Nothing; a stranger with a large machine could sign mail in your name.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.OWNER,
    minutes=20,
    sources=("https://www.rfc-editor.org/rfc/rfc8301#section-3.2", "https://support.google.com/a/answer/81126"),
    when=(DOMAIN_SENDS_MAIL,),
)
def dkim_key_short(seen: DkimKeys) -> Judgement:
    """Each RSA key that mail is signed with has 2048 bits at least.

    ## Why it matters at launch
    Receivers take shorter keys for now. The standard asks for 2048 bits, and Gmail's guidelines advise them.

    ## How to fix
    Let the service that signs make a new key of 2048 bits under a new selector, enter its record, and switch over.
    """
    usable = usable_keys(seen)
    if not usable and all(isinstance(key.records, Measured) for key in seen.keys):
        return NotApplicable(NO_KEY)
    short = [
        f"{where.name} ({where.sender}): {key.key_bits} bits"
        for where, key in usable
        if key.key_type is KeyType.RSA and (key.key_bits or 0) < DKIM_RSA_WANTED_BITS
    ]
    if not short:
        return Pass()
    fix = f"Have a key of {DKIM_RSA_WANTED_BITS} bits made by the service that signs, and enter its record"
    return Fail(tuple(short), Fix(fix))


@check(
    "dkim-testing",
    impact=Impact.MINOR,
    customer_sees="Some of your mail is in the spam folder.",
    costs=(Cost.LEADS, Cost.TICKETS),
    fixer=Fixer.OWNER,
    minutes=5,
    sources=("https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1",),
    when=(DOMAIN_SENDS_MAIL,),
)
def dkim_testing(seen: DkimKeys) -> Judgement:
    """No signing key is marked as a test.

    ## Why it matters at launch
    The mark `t=y` tells receivers to treat signed mail as if it were not signed. Many don't mind; those that do have
    nothing left to know your mail by.

    ## How to fix
    Take `t=y` out of the record at the name in the finding.
    """
    usable = usable_keys(seen)
    if not usable and all(isinstance(key.records, Measured) for key in seen.keys):
        return NotApplicable(NO_KEY)
    testing = [where for where, key in usable if key.testing]
    if not testing:
        return Pass()
    first = testing[0]
    assert isinstance(first.records, Measured), "a usable key was read"
    offenders = tuple(f"{where.name} ({where.sender}) says t=y" for where in testing)
    fix = Fix(f"Replace the record at {first.name}", f'{first.name}. TXT "{_without_test(first.records.value[0])}"')
    return Fail(offenders, fix)


def _without_test(record: str) -> str:
    """The key record without `t=y`; other flags stay."""
    tags = [tag.strip() for tag in record.split(";") if tag.strip()]
    kept = [tag if tag.partition("=")[0].strip() != "t" else _flags(tag) for tag in tags]
    return "; ".join(tag for tag in kept if tag)


def _flags(tag: str) -> str:
    flags = [flag.strip() for flag in tag.partition("=")[2].split(":")]
    others = [flag for flag in flags if flag != "y"]
    return f"t={':'.join(others)}" if others else ""
