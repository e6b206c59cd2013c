"""The sign-up mail as it arrives: what the founder's mail service makes of it on the way."""

from dataclasses import replace

from coachbot.letters import Letters
from coachbot.parts import Parts
from launchready_worlds.addresses import DOMAIN, NS_FARM
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.mail import MailMood
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import JOURNEY
from launchready_worlds.zones import quoted

STRANGER = "postmail.example"


def _bounces_to_the_mail_company(scene: Scene) -> None:
    """As services do before the domain is verified: the envelope is theirs, and SPF is good for them alone."""
    scene.relay = replace(scene.relay, bounces_to=STRANGER)
    scene.servers[NS_FARM].zones[STRANGER].put("@", "TXT", quoted("v=spf1 ip4:203.0.113.40 -all"))


@fault(
    {"received-mail-unauthenticated": (JOURNEY,)},
)
def signup_mail_unsigned(scene: Scene) -> None:
    """The records are right, and the mail service sends the sign-up mail unsigned and with its own name on it."""
    _bounces_to_the_mail_company(scene)
    scene.relay = replace(scene.relay, signs_for="")


@fault(
    {"received-mail-unauthenticated": (JOURNEY,)},
)
def signup_mail_signed_by_a_stranger(scene: Scene) -> None:
    """The sign-up mail is signed for the mail company, as it is before one has verified the domain there."""
    _bounces_to_the_mail_company(scene)
    scene.relay = replace(scene.relay, signs_for=STRANGER)
    key = scene.servers["203.0.113.1"].zones[DOMAIN].texts("s1._domainkey", "TXT")
    scene.servers[NS_FARM].zones[STRANGER].put("s1._domainkey", "TXT", *key)


@fault(
    {"received-mail-unauthenticated": (JOURNEY,)},
)
def signup_mail_changed_on_the_way(scene: Scene) -> None:
    """A scanner adds a line to the sign-up mail after it was signed, and the envelope is the mail company's."""
    _bounces_to_the_mail_company(scene)
    scene.relay = replace(scene.relay, breaks=True)


@blind(
    {"received-mail-unauthenticated": (JOURNEY,)},
)
def signup_mail_key_unanswered(scene: Scene) -> None:
    """The key that the sign-up mail is signed with can't be looked up just now."""
    _bounces_to_the_mail_company(scene)
    scene.resolver.failing.add((f"s1._domainkey.{DOMAIN}", "TXT"))


@blind(
    {"received-mail-unauthenticated": (JOURNEY,), "received-mail-off-brand": (JOURNEY,)},
)
def signup_mail_swallowed(scene: Scene) -> None:
    """The visitor's mailbox provider takes the sign-up mail and shows it nowhere."""
    scene.mail = MailMood.SWALLOWS


@decoy(
    {"received-mail-unauthenticated": (JOURNEY,)},
)
def signup_mail_signed_with_foreign_envelope(scene: Scene) -> None:
    """The sign-up mail has the mail company's name on its envelope, and a good signature of the domain."""
    _bounces_to_the_mail_company(scene)


@decoy(
    {"received-mail-unauthenticated": (JOURNEY,)},
)
def signup_mail_known_by_envelope_alone(scene: Scene) -> None:
    """A scanner breaks the signature of the sign-up mail, and the envelope still shows that it is the founder's."""
    scene.relay = replace(scene.relay, breaks=True)


def _letters_by(sender: str, scene: Scene) -> None:
    """Let coachbot's mails come from another address."""

    def rebuild(parts: Parts) -> None:
        base_url = parts.settings.base_url
        parts.letters = Letters(parts.templates, sender=sender, base_url=base_url, clock=parts.clock)

    scene.rebuild.append(rebuild)


@fault(
    {"received-mail-off-brand": (JOURNEY,)},
)
def signup_mail_from_a_shared_sender(scene: Scene) -> None:
    """The sign-up mail comes from the mail company's shared address, which no visitor has ever heard of."""
    _letters_by("Bright Path <notifications@postmail.example>", scene)
    scene.relay = replace(scene.relay, signs_for=STRANGER)
    _bounces_to_the_mail_company(scene)
    key = scene.servers["203.0.113.1"].zones[DOMAIN].texts("s1._domainkey", "TXT")
    scene.servers[NS_FARM].zones[STRANGER].put("s1._domainkey", "TXT", *key)


@decoy(
    {"received-mail-off-brand": (JOURNEY,)},
)
def signup_mail_from_a_name_below(scene: Scene) -> None:
    """The sign-up mail comes from a name below the domain, as mail services advise."""
    _letters_by(f"Bright Path <hello@send.{DOMAIN}>", scene)
