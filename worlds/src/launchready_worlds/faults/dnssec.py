"""A domain that is signed, rightly or wrongly."""

import datetime as dt

from launchready_worlds.addresses import NS2, NS2_V6, OLD_HOST
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.scene import Scene
from launchready_worlds.signing import SIGNED_DAYS, ZoneKey
from launchready_worlds.subjects import BUSINESS, HOST_APEX

ONE_DAY = dt.timedelta(days=1)


def _vouch(scene: Scene, *keys: ZoneKey) -> None:
    """Enter DS records at the registrar."""
    zone = next(scene.zones())
    scene.parent().put("brightpath", "DS", *(key.delegation_signer(zone) for key in keys))


def _sign(scene: Scene, key: ZoneKey, ends_in: dt.timedelta = ONE_DAY) -> None:
    """Sign every copy of the zone."""
    scene.put("@", "DNSKEY", key.public.to_text())
    for zone in scene.zones():
        zone.sign(key.signer(zone, scene.now + ends_in))


@good({"dnssec-broken": (BUSINESS,)}, Outcome.PASS)
def zone_signed(scene: Scene) -> None:
    """The domain is signed, and the registrar has the right DS record."""
    key = ZoneKey()
    _vouch(scene, key)
    _sign(scene, key)


@fault({"dnssec-broken": (BUSINESS,)})
def ds_left_behind(scene: Scene) -> None:
    """The DNS moved to a company that does not sign, and the old DS record stayed at the registrar."""
    _vouch(scene, ZoneKey())


@fault({"dnssec-broken": (BUSINESS,)})
def ds_of_an_old_key(scene: Scene) -> None:
    """The domain is signed with a new key, and the registrar still has the DS record of the old one."""
    _vouch(scene, ZoneKey())
    _sign(scene, ZoneKey())


@fault({"dnssec-broken": (BUSINESS,)})
def signatures_expired(scene: Scene) -> None:
    """Nothing signs the zone any more, and yesterday the last signatures ran out."""
    key = ZoneKey()
    _vouch(scene, key)
    _sign(scene, key, -ONE_DAY)


@fault(
    {"dnssec-broken": (BUSINESS,)},
    implies={"host-address-undeclared": (HOST_APEX,), "certificate-untrusted": (HOST_APEX,)},
)
def address_changed_unsigned(scene: Scene) -> None:
    """An address was added to a signed zone by hand, and the signature is still over the old ones."""
    key = ZoneKey()
    _vouch(scene, key)
    _sign(scene, key)
    scene.add("@", "A", OLD_HOST)


@fault({"dnssec-broken": (BUSINESS,)})
def second_nameserver_unsigned(scene: Scene) -> None:
    """One of the two name servers serves an unsigned copy of a signed zone."""
    key = ZoneKey()
    _vouch(scene, key)
    unsigned = next(scene.zones()).copy()
    _sign(scene, key)
    for address in (NS2, NS2_V6):
        scene.servers[address].zones[str(unsigned.origin).rstrip(".")] = unsigned.copy()


@blind({"dnssec-broken": (BUSINESS,)})
def signed_in_an_unknown_way(scene: Scene) -> None:
    """The registrar's DS record is of a kind that only private experiments use."""
    digest = "ab" * 32
    scene.parent().put("brightpath", "DS", f"12345 253 2 {digest}")


@decoy({"dnssec-broken": (BUSINESS,)})
def next_key_announced(scene: Scene) -> None:
    """The registrar already has the DS record of next month's key, besides the one of the present key."""
    key = ZoneKey()
    _vouch(scene, key, ZoneKey())
    _sign(scene, key)


@decoy({"dnssec-broken": (BUSINESS,)})
def signatures_fresh(scene: Scene) -> None:
    """The zone was signed this very minute, by a clock a little ahead of ours."""
    key = ZoneKey()
    _vouch(scene, key)
    _sign(scene, key, dt.timedelta(days=SIGNED_DAYS, minutes=1))
