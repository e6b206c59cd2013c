"""Rules about forged mail, and whether the founder's own mail keeps them."""

from launchready_worlds.addresses import DOMAIN, NS1, NS_FARM
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS
from launchready_worlds.zones import DKIM_SELECTOR, quoted

NEWS = f"news.{DOMAIN}"
CONSENT = f"{DOMAIN}._report._dmarc"


def _rule(scene: Scene, text: str, at: str = "_dmarc") -> None:
    scene.put(at, "TXT", quoted(text))


def _newsletter(scene: Scene, **changed: object) -> None:
    """A second service, which sends the newsletter from a name under the domain and bounces to the mail company."""
    kit = {"name": "Kit", "domain": NEWS, "dkim_selectors": ["cka"], "bounce_domain": "bounces.postmail.example"}
    scene.declaration["senders"].append(kit | {"marketing": True} | changed)
    scene.put("news", "TXT", quoted("the newsletter"))
    scene.servers[NS_FARM].zones["postmail.example"].put("bounces", "TXT", quoted("v=spf1 ip4:203.0.113.40 -all"))


def _founders_key(scene: Scene) -> tuple[str, ...]:
    zone = scene.servers[NS1].zones[DOMAIN]
    return tuple(zone.texts(f"{DKIM_SELECTOR}._domainkey", "TXT"))


@fault(
    {"dmarc-sender-unaligned": (BUSINESS,)},
)
def newsletter_signs_for_another_name(scene: Scene) -> None:
    """The newsletter is signed for the domain, comes from a name under it, and the rule wants the two to be equal."""
    _newsletter(scene)
    scene.put("cka._domainkey", "TXT", *_founders_key(scene))
    _rule(scene, f"v=DMARC1; p=quarantine; adkim=s; rua=mailto:dmarc@{DOMAIN}")


@fault(
    {"dmarc-sender-unaligned": (BUSINESS,)},
    implies={"dkim-key-unusable": (BUSINESS,)},
)
def newsletter_unsigned(scene: Scene) -> None:
    """The newsletter service was never given a key, and its bounces go to the mail company: nothing ties it to us."""
    _newsletter(scene)


@blind(
    {
        "dmarc-sender-unaligned": (BUSINESS,),
        "dmarc-receivers-differ": (BUSINESS,),
        "dmarc-policy-none": (BUSINESS,),
        "dmarc-reports-unauthorised": (BUSINESS,),
    },
)
def dmarc_unanswered(scene: Scene) -> None:
    """The rule about forged mail can't be looked up just now."""
    scene.resolver.failing.add((f"_dmarc.{DOMAIN}", "TXT"))


@decoy(
    {"dmarc-sender-unaligned": (BUSINESS,), "dmarc-receivers-differ": (BUSINESS,)},
)
def newsletter_signs_for_the_domain(scene: Scene) -> None:
    """The newsletter comes from a name under the domain and is signed for the domain, which is related enough."""
    _newsletter(scene)
    scene.put("cka._domainkey", "TXT", *_founders_key(scene))


@decoy(
    {"dmarc-sender-unaligned": (BUSINESS,)},
    outcome=Outcome.NOT_APPLICABLE,
    implies={"dkim-key-unusable": (BUSINESS,), "dmarc-policy-none": (BUSINESS,)},
)
def newsletter_unsigned_and_only_watched(scene: Scene) -> None:
    """Nothing ties the newsletter to the domain, and the rule about forged mail only watches."""
    _newsletter(scene)
    _rule(scene, f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}")


@fault(
    {"dmarc-receivers-differ": (BUSINESS,)},
)
def dmarc_for_half_of_the_mail(scene: Scene) -> None:
    """The rule is for half of the forged mail, which the newer standard no longer knows."""
    _rule(scene, f"v=DMARC1; p=reject; pct=50; rua=mailto:dmarc@{DOMAIN}")


@fault(
    {"dmarc-receivers-differ": (BUSINESS,)},
)
def dmarc_on_trial(scene: Scene) -> None:
    """The rule is marked as a trial, which the older standard does not know."""
    _rule(scene, f"v=DMARC1; p=reject; t=y; rua=mailto:dmarc@{DOMAIN}")


@fault(
    {"dmarc-receivers-differ": (BUSINESS,)},
)
def dmarc_found_by_some(scene: Scene) -> None:
    """The newsletter's rule stands at a name above it that only receivers of the newer standard look at."""
    _newsletter(scene, domain=f"a.{NEWS}", bounce_domain=f"a.{NEWS}")
    scene.put("cka._domainkey.a.news", "TXT", *_founders_key(scene))
    scene.put("a.news", "TXT", quoted("v=spf1 ip4:203.0.113.40 -all"))
    _rule(scene, f"v=DMARC1; p=reject; psd=n; rua=mailto:dmarc@{DOMAIN}", at="_dmarc.news")


@decoy(
    {"dmarc-receivers-differ": (BUSINESS,)},
)
def dmarc_for_all_of_the_mail(scene: Scene) -> None:
    """The rule says that it is for all mail, no trial, and for names that are not there too: all receivers agree."""
    _rule(scene, f"v=DMARC1; p=reject; pct=100; t=n; np=reject; rua=mailto:dmarc@{DOMAIN}")


@fault(
    {"dmarc-policy-none": (BUSINESS,)},
)
def dmarc_watches_alone(scene: Scene) -> None:
    """The rule about forged mail only asks for reports."""
    _rule(scene, f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}")


@decoy(
    {"dmarc-policy-none": (BUSINESS,)},
)
def dmarc_watches_subdomains_alone(scene: Scene) -> None:
    """The rule only watches names under the domain; for the domain itself it refuses."""
    _rule(scene, f"v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@{DOMAIN}")


@fault(
    {"dmarc-reports-unauthorised": (BUSINESS,)},
)
def dmarc_reports_to_a_stranger(scene: Scene) -> None:
    """The reports go to another company, which never said that it wants them."""
    _rule(scene, f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{DOMAIN},mailto:reports@inbox.example")


@good(
    {"dmarc-reports-unauthorised": (BUSINESS,)},
    Outcome.PASS,
)
def dmarc_reports_to_a_company(scene: Scene) -> None:
    """The reports go to another company, which has said so."""
    _rule(scene, "v=DMARC1; p=quarantine; rua=mailto:reports@inbox.example")
    scene.servers[NS_FARM].zones["inbox.example"].put(CONSENT, "TXT", quoted("v=DMARC1;"))


@decoy(
    {"dmarc-reports-unauthorised": (BUSINESS,)},
)
def dmarc_reports_to_a_company_for_all(scene: Scene) -> None:
    """The reports go to another company, which takes those of all its customers by a wildcard."""
    _rule(scene, "v=DMARC1; p=quarantine; rua=mailto:reports@inbox.example!10m")
    scene.servers[NS_FARM].zones["inbox.example"].put("*._report._dmarc", "TXT", quoted("v=DMARC1"))
