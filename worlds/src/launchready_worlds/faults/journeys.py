"""A visitor who signs up, confirms, logs in and asks a question, and where that ends."""

from starlette.responses import JSONResponse, PlainTextResponse

from coachbot.letters import Letters
from coachbot.parts import Parts
from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import blind, decoy, fault
from launchready_worlds.mail import MailMood
from launchready_worlds.provider_moods import ProviderMood
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HEALTH, JOURNEY, LOGIN, PAGE, PRODUCT
from launchready_worlds.wrapping import answer, at, slow
from launchready_worlds.zones import quoted

BROKEN = {"signup-journey-broken": (JOURNEY,)}
TOGETHER = {"visitors-together-fail": (JOURNEY,)}
JOURNEY_CHECKS = {
    **BROKEN,
    **TOGETHER,
    "verification-link-wrong-host": (JOURNEY,),
    "health-untruthful": (PRODUCT,),
    "login-cookie-shared": (JOURNEY,),
    "login-cookie-weak": (JOURNEY,),
}


def _letters_from(scene: Scene, base_url: str) -> None:
    """Let coachbot's mails link to another address than where it runs."""

    def rebuild(parts: Parts) -> None:
        sender = parts.settings.mail_from
        parts.letters = Letters(parts.templates, sender=sender, base_url=base_url, clock=parts.clock)

    scene.rebuild.append(rebuild)


@fault(
    {"verification-link-wrong-host": (JOURNEY,)},
    implies={**BROKEN, **TOGETHER},
)
def verification_link_localhost(scene: Scene) -> None:
    """The link in the confirmation mail leads to the developer's own machine, so nobody can finish signing up."""
    _letters_from(scene, "http://localhost:8000")


@fault(
    {"verification-link-wrong-host": (JOURNEY,)},
    implies={**BROKEN, **TOGETHER},
)
def verification_link_foreign(scene: Scene) -> None:
    """The link in the confirmation mail leads to a preview of the app that was taken down."""
    _letters_from(scene, "https://bright-path-git-main.postmail.example")


@fault(
    BROKEN,
    implies={**TOGETHER, "health-untruthful": (PRODUCT,)},
)
def mail_rejected(scene: Scene) -> None:
    """The visitor's mailbox provider rejects the confirmation mail."""
    scene.mail = MailMood.REJECTS


@fault(
    BROKEN,
    implies=TOGETHER,
)
def verification_gone(scene: Scene) -> None:
    """The page behind the confirmation link does not exist."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Not Found", 404), at("/verify")))


@fault(
    BROKEN,
    implies={**TOGETHER, "login-unlimited": (LOGIN,)},
)
def login_broken(scene: Scene) -> None:
    """Customers with the right password can't log in."""
    scene.wrap(APP, answer(lambda: PlainTextResponse("Internal Server Error", 500), at("/login", methods=("POST",))))


@fault(
    BROKEN,
    implies={**TOGETHER, "health-untruthful": (PRODUCT,)},
)
def chat_broken(scene: Scene) -> None:
    """The chat answers every question with an error."""
    scene.wrap(APP, answer(lambda: JSONResponse({"code": "internal"}, 500), at("/api/chat")))


@blind(JOURNEY_CHECKS)
def mailbox_missing(scene: Scene) -> None:
    """The mailbox in which the test mail would arrive is not there."""
    scene.declaration["journeys"][0]["mailbox"] = "maildir:nowhere"


@blind(
    {**JOURNEY_CHECKS, "core-endpoint-slow": (HEALTH, PAGE), "login-unlimited": (LOGIN,)},
)
def ownership_withdrawn(scene: Scene) -> None:
    """The hosts do not show the token that proves whose they are, so nothing may be tried on them."""
    scene.product["launchready_token"] = ""


@blind(
    {**BROKEN, "login-unlimited": (LOGIN,)},
)
def ownership_of_someone_else(scene: Scene) -> None:
    """The hosts show another product's token."""
    scene.product["launchready_token"] = "0" * 32


@decoy(
    BROKEN,
)
def provider_busy(scene: Scene) -> None:
    """The model provider turns questions away, and the app says so and quotes the coach's own documents."""
    scene.provider = ProviderMood.BUSY


@decoy(
    {**BROKEN, "health-untruthful": (PRODUCT,)},
)
def answers_take_a_while(scene: Scene) -> None:
    """Log-in and chat take a moment, and arrive."""
    scene.wrap(APP, slow(0.4, at("/login", "/api/chat", methods=("POST",))))


@decoy(
    {**BROKEN, "verification-link-wrong-host": (JOURNEY,)},
)
def verification_link_on_landing_host(scene: Scene) -> None:
    """The link in the confirmation mail leads to the product's other host, which is declared and works."""
    _letters_from(scene, f"https://{APEX}")


@decoy(
    {"login-unlimited": (LOGIN,)},
)
def ownership_by_record(scene: Scene) -> None:
    """The hosts show no token; a record in the zone does."""
    scene.product["launchready_token"] = ""
    scene.put("_launchready", "TXT", quoted(f"launchready={scene.declaration['ownership']['token']}"))
