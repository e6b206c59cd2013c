"""Where a DMARC policy is found, beside the tree walk of checkdmarc, over thousands of generated trees."""

import random
from collections import Counter

import dns.resolver
import pytest
from checkdmarc import dmarc as theirs
from dns_zone import ZoneLookup

from launchready.parse.inquiry import answered
from launchready.parse.rfc9989_evaluate import discover_policy

TREES = 2_000
RECORDS = ("p=none", "p=reject; psd=n", "p=reject; psd=y", "p=reject; psd=u", "p=quarantine; sp=none", "psd=Y; p=none")
Zone = dict[str, dict[str, tuple[str, ...]]]


def tree(chance: random.Random) -> tuple[str, Zone]:
    """A name of one to ten labels, and records at some of the names above it."""
    labels = [chance.choice("abc") for _ in range(chance.randint(0, 9))] + ["com"]
    zone: Zone = {}
    for at in range(len(labels)):
        texts = tuple(f"v=DMARC1; {chance.choice(RECORDS)}" for _ in range(chance.choice((0, 0, 1, 1, 1, 2))))
        kept = texts if len(texts) < 2 or chance.random() < 0.2 else texts[:1]
        if kept:
            zone[f"_dmarc.{'.'.join(labels[at:])}"] = {"TXT": kept}
    return ".".join(labels), zone


def their_place(name: str, zone: Zone, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Where checkdmarc finds the record that applies; None where it finds none."""

    def query(target: str, rtype: str, **_: object) -> list[str]:
        found = zone.get(target, {}).get(rtype, ())
        if not found:
            raise dns.resolver.NoAnswer
        return list(found)

    monkeypatch.setattr(theirs, "query_dns", query)
    monkeypatch.setattr(theirs, "_dmarc_cname_conflict_warning", lambda *args, **kwargs: None)
    try:
        return str(theirs.query_dmarc_record(name)["location"])
    except theirs.DMARCRecordNotFound:
        return None


def test_checkdmarc_finds_the_policy_in_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, verdicts, refused = random.Random(9989), Counter[bool](), 0
    for _ in range(TREES):
        name, zone = tree(chance)
        ours = answered(discover_policy(name), ZoneLookup(zone))
        try:
            place = their_place(name, zone, monkeypatch)
        except theirs.MultipleDMARCRecords:
            # Section 4.10, steps 2 and 7: several records are all discarded, and the walk goes on.
            assert ours.walk.several
            refused += 1
            continue
        verdicts[place is None] += 1
        assert ours.found_at == place, (name, zone)
    assert min(verdicts.values()) > TREES // 40
    assert 0 < refused < TREES // 4
