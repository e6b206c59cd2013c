"""Names that stand in DNS and should not, or not like this."""

from launchready_worlds.addresses import APP, APP_EDGE, DOMAIN, EDGE, OLD_HOST
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.faults.domain import declared_host
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS, HOST_APP, HOSTS
from launchready_worlds.zones import DKIM_SELECTOR, quoted

DKIM_NAME = f"{DKIM_SELECTOR}._domainkey"


@fault({"host-name-doubled": (HOST_APP,)}, implies={"domain-unresolved": (HOST_APP,)})
def app_name_doubled(scene: Scene) -> None:
    """The app's whole name was typed into a panel that adds the domain by itself."""
    scene.drop("app", "A")
    scene.put(APP, "A", APP_EDGE)


@fault({"name-doubled": (BUSINESS,)}, implies={"dkim-key-unusable": (BUSINESS,)})
def dkim_name_doubled(scene: Scene) -> None:
    """The whole name of the mail service's key was pasted into a panel that adds the domain by itself."""
    texts = next(scene.zones()).texts(DKIM_NAME, "TXT")
    scene.drop(DKIM_NAME, "TXT")
    scene.put(f"{DKIM_NAME}.{DOMAIN}", "TXT", *texts)


@fault({"name-doubled": (BUSINESS,)}, implies={"dkim-key-unusable": (BUSINESS,)})
def dkim_alias_doubled(scene: Scene) -> None:
    """The whole name of an alias to the mail service's key was pasted into a panel that adds the domain by itself."""
    scene.drop(DKIM_NAME, "TXT")
    scene.put(f"{DKIM_NAME}.{DOMAIN}", "CNAME", "s1.dkim.postmail.example.")


@fault({"name-doubled": (BUSINESS,)}, implies={"dmarc-missing": (BUSINESS,)})
def dmarc_name_doubled(scene: Scene) -> None:
    """The whole name of the DMARC record was pasted into a panel that adds the domain by itself."""
    texts = next(scene.zones()).texts("_dmarc", "TXT")
    scene.drop("_dmarc", "TXT")
    scene.put(f"_dmarc.{DOMAIN}", "TXT", *texts)


@fault({"wildcard-hides-missing": (HOST_APP,)})
def app_lives_by_wildcard(scene: Scene) -> None:
    """The app's record was never made, and a wildcard left by a former provider answers for it by chance."""
    scene.drop("app", "A")
    scene.put("*", "A", APP_EDGE)
    del declared_host(scene, APP)["addresses"]


@fault({"name-undeclared": (BUSINESS,)})
def old_site_left_in_dns(scene: Scene) -> None:
    """The shop of three years ago still has its name and its server."""
    scene.put("old", "A", OLD_HOST)


@fault({"name-undeclared": (BUSINESS,)})
def preview_left_in_dns(scene: Scene) -> None:
    """A preview site was deleted at the hosting company, and its alias was forgotten in DNS."""
    scene.put("staging", "CNAME", "gone.farm.example.")


@blind({"name-undeclared": (BUSINESS,)})
def usual_name_unanswered(scene: Scene) -> None:
    """The resolver can't look up one of the usual names just now."""
    scene.resolver.failing.add((f"staging.{DOMAIN}", "*"))


@blind({"name-doubled": (BUSINESS,), "host-name-doubled": (HOST_APP,)})
def doubled_names_unanswered(scene: Scene) -> None:
    """The resolver can't look up doubled names just now."""
    for name in (f"{DKIM_NAME}.{DOMAIN}", APP):
        scene.resolver.failing.add((f"{name}.{DOMAIN}", "*"))


@decoy({"host-name-doubled": (HOST_APP,)}, implies={"domain-unresolved": (HOST_APP,)})
def doubled_by_a_wildcard(scene: Scene) -> None:
    """The app has no record, and a wildcard that is meant for something else answers the doubled name too."""
    scene.drop("app", "A")
    scene.put("*.example", "A", EDGE)


@decoy({"name-doubled": (BUSINESS,), "host-name-doubled": HOSTS})
def doubled_and_right(scene: Scene) -> None:
    """The doubled names of a first attempt are still there, and the right ones are there too."""
    scene.put(APP, "A", APP_EDGE)
    scene.put(f"{DKIM_NAME}.{DOMAIN}", "TXT", *next(scene.zones()).texts(DKIM_NAME, "TXT"))
    scene.put(f"_dmarc.{DOMAIN}", "TXT", quoted("v=DMARC1; p=none"))


@decoy({"wildcard-hides-missing": (HOST_APP,), "name-undeclared": (BUSINESS,)})
def wildcard_beside_own_records(scene: Scene) -> None:
    """Every made-up name leads to the landing page, and the app has a record of its own."""
    scene.put("*", "A", EDGE)
    del declared_host(scene, APP)["addresses"]


@decoy({"name-undeclared": (BUSINESS,)})
def other_names_declared(scene: Scene) -> None:
    """The mail server and the status page have names in DNS, and the declaration says what for."""
    scene.put("mail", "A", OLD_HOST)
    scene.put("@", "MX", f"10 mail.{DOMAIN}.", "20 mx.postmail.example.")
    scene.put("status", "CNAME", "ns.farm.example.")
    scene.declaration["names"] = [{"name": f"status.{DOMAIN}", "purpose": "status page"}]
