"""Services that send in the founder's name, and what receivers make of their mail."""

from launchready_worlds.addresses import DOMAIN, MAIL_EXCHANGE, NS1, NS_FARM
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS
from launchready_worlds.zones import DKIM_SELECTOR, quoted

BOUNCES = f"bounces.{DOMAIN}"


def _sender(scene: Scene, **changed: object) -> None:
    """Change what the founder declares of her mail service."""
    scene.declaration["senders"][0] |= changed


def _bounces_to_a_name_of_its_own(scene: Scene, *values: str, kind: str = "TXT") -> None:
    _sender(scene, bounce_domain=BOUNCES)
    if values:
        scene.put("bounces", kind, *values)


@fault(
    {"spf-sender-refused": (BUSINESS,)},
)
def spf_leaves_sender_out(scene: Scene) -> None:
    """The list of who may send mail is valid, and the machine that sends the sign-up mail is not on it."""
    scene.put("@", "TXT", quoted("v=spf1 ip4:203.0.113.41 -all"))


@fault(
    {"spf-sender-refused": (BUSINESS,)},
)
def spf_holds_sender_for_forged(scene: Scene) -> None:
    """The list of who may send mail names the mail service's old address, and is soft on all others."""
    scene.servers[NS_FARM].zones["postmail.example"].put("spf", "TXT", quoted("v=spf1 ip4:203.0.113.41 ~all"))
    scene.put("@", "TXT", quoted("v=spf1 include:spf.postmail.example ~all"))


@fault(
    {"spf-sender-refused": (BUSINESS,), "bounce-domain-without-spf": (BUSINESS,)},
)
def bounce_policy_unreadable(scene: Scene) -> None:
    """The name that the mail service's bounces go to has a list of senders with a typo."""
    _bounces_to_a_name_of_its_own(scene, quoted(f"v=spf1 ipv4:{MAIL_EXCHANGE} -all"))


@fault(
    {"bounce-domain-without-spf": (BUSINESS,)},
)
def bounce_domain_absent(scene: Scene) -> None:
    """The mail service's name for bounces was never entered in DNS."""
    _bounces_to_a_name_of_its_own(scene)


@blind(
    {"spf-sender-refused": (BUSINESS,), "bounce-domain-without-spf": (BUSINESS,)},
)
def bounce_domain_unanswered(scene: Scene) -> None:
    """The name for bounces can't be looked up just now."""
    _bounces_to_a_name_of_its_own(scene)
    scene.resolver.failing.add((BOUNCES, "*"))


@good(
    {"spf-sender-refused": (BUSINESS,), "bounce-domain-without-spf": (BUSINESS,)},
    Outcome.PASS,
)
def bounces_to_a_name_of_its_own(scene: Scene) -> None:
    """The mail service's bounces go to a name of their own under the domain, with a list of senders."""
    _bounces_to_a_name_of_its_own(scene, quoted(f"v=spf1 ip4:{MAIL_EXCHANGE} -all"))


@decoy(
    {"bounce-domain-without-spf": (BUSINESS,), "spf-sender-refused": (BUSINESS,)},
)
def bounce_domain_behind_an_alias(scene: Scene) -> None:
    """The name for bounces has no list of its own: it is an alias of the mail company's, which has one."""
    scene.servers[NS_FARM].zones["postmail.example"].put("return", "TXT", quoted("v=spf1 a:smtp.postmail.example -all"))
    _bounces_to_a_name_of_its_own(scene, "return.postmail.example.", kind="CNAME")


@decoy(
    {"spf-missing": (BUSINESS,)},
    outcome=Outcome.NOT_APPLICABLE,
)
def spf_where_bounces_go(scene: Scene) -> None:
    """The domain has no list of senders, since the one mail service bounces to a name that has one."""
    _bounces_to_a_name_of_its_own(scene, quoted(f"v=spf1 ip4:{MAIL_EXCHANGE} -all"))
    scene.drop("@", "TXT")


@decoy(
    {"spf-sender-refused": (BUSINESS,), "spf-invalid": (BUSINESS,)},
)
def spf_asks_by_address(scene: Scene) -> None:
    """The list of who may send mail is made of one name for each address, as the largest companies do it."""
    farm = scene.servers[NS_FARM].zones["postmail.example"]
    farm.put(f"{MAIL_EXCHANGE}._ok", "A", "127.0.0.2")
    scene.put("@", "TXT", quoted("v=spf1 exists:%{i}._ok.postmail.example -all"))


@decoy(
    {"spf-sender-refused": (BUSINESS,)},
    outcome=Outcome.NOT_APPLICABLE,
)
def sender_addresses_unsaid(scene: Scene) -> None:
    """The founder does not know which addresses her mail service sends from."""
    _sender(scene, addresses=[])


def _another_key(scene: Scene, selector: str) -> None:
    """The founder's own key, once more, at another selector."""
    key = scene.servers[NS1].zones[DOMAIN].texts(f"{DKIM_SELECTOR}._domainkey", "TXT")
    scene.put(f"{selector}._domainkey", "TXT", *key)


@fault(
    {"sender-undeclared": (BUSINESS,)},
)
def forgotten_service_may_sign(scene: Scene) -> None:
    """A mail service that was tried out last year can still sign in the domain's name, and nobody remembers it."""
    _another_key(scene, "resend")


@blind(
    {"sender-undeclared": (BUSINESS,)},
)
def senders_unanswered(scene: Scene) -> None:
    """The list of who may send mail can't be looked up just now."""
    scene.resolver.failing.add((DOMAIN, "TXT"))


@decoy(
    {"sender-undeclared": (BUSINESS,)},
)
def keys_that_name_nobody(scene: Scene) -> None:
    """There are keys where many services have theirs, and one of a service that was taken back."""
    _another_key(scene, "k1")
    scene.put("mandrill._domainkey", "TXT", quoted("v=DKIM1; k=rsa; p="))
