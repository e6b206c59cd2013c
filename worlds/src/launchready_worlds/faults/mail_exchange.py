"""Servers that take the founder's mail, and the machine that sends it."""

from starlette.responses import PlainTextResponse

from launchready_worlds.addresses import DOMAIN, EDGE, MAIL_EXCHANGE, NS_FARM, SMTP_PORT
from launchready_worlds.authority import Certificate
from launchready_worlds.faults import Outcome, blind, decoy, fault, good
from launchready_worlds.listener import Door
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import BUSINESS, PRODUCT
from launchready_worlds.wrapping import answer
from launchready_worlds.zones import REVERSE, quoted

STS_HOST = f"mta-sts.{DOMAIN}"
NOT_FOUND = 404
LAST_OCTET = MAIL_EXCHANGE.rpartition(".")[2]


def _policy(*mx: str, mode: str = "enforce") -> str:
    return "\n".join(["version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in mx), "max_age: 604800", ""])


def _promise(scene: Scene, policy: str, *, status: int = 200) -> None:
    """MTA-STS: a record, and a policy on a host of its own."""
    scene.put("_mta-sts", "TXT", quoted("v=STSv1; id=20260701T000000;"))
    scene.put("_smtp._tls", "TXT", quoted(f"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}"))
    scene.put("mta-sts", "A", EDGE)
    scene.certificates[STS_HOST] = Certificate.GOOD
    scene.wrap(STS_HOST, answer(lambda: PlainTextResponse(policy, status)))


def _reverse(scene: Scene, *names: str) -> None:
    zone = scene.servers[NS_FARM].zones[REVERSE]
    if names:
        zone.put(LAST_OCTET, "PTR", *names)
    else:
        zone.drop(LAST_OCTET, "PTR")


@fault(
    {"mail-exchange-insecure": (PRODUCT,)},
)
def mailbox_without_encryption(scene: Scene) -> None:
    """The mail server takes what customers write in the clear."""
    scene.starttls = None


@fault(
    {"mail-exchange-insecure": (PRODUCT,)},
)
def mailbox_certificate_expired(scene: Scene) -> None:
    """The mail server's certificate ran out two days ago."""
    scene.starttls = Certificate.EXPIRED


@blind(
    {"mail-exchange-insecure": (PRODUCT,)},
)
def mail_port_blocked(scene: Scene) -> None:
    """This network lets nobody through to mail servers, as most homes and clouds don't."""
    scene.doors[MAIL_EXCHANGE, SMTP_PORT] = Door.SILENT


@blind(
    {"mail-exchange-insecure": (PRODUCT,)},
)
def mail_port_refused(scene: Scene) -> None:
    """The mail server hangs up on us at once."""
    scene.doors[MAIL_EXCHANGE, SMTP_PORT] = Door.SLAMMED


@decoy(
    {"mail-exchange-insecure": (PRODUCT,)},
)
def mailbox_certificate_for_all_of_a_domain(scene: Scene) -> None:
    """The mail server's certificate is for all names of the mail company, and will soon be renewed."""
    scene.starttls = Certificate.WILDCARD


@good(
    {"mta-sts-contradicts-mx": (BUSINESS,), "mta-sts-unfit": (BUSINESS,), "tls-reports-missing": (BUSINESS,)},
    Outcome.PASS,
)
def mail_servers_promised(scene: Scene) -> None:
    """The domain tells senders to deliver to its own mail server only, over a connection that nobody can read."""
    _promise(scene, _policy("mx.postmail.example"))


@fault(
    {"mta-sts-contradicts-mx": (BUSINESS,)},
    implies={"mta-sts-unfit": (BUSINESS,)},
)
def mail_servers_moved_away(scene: Scene) -> None:
    """The mail moved to another company, and the domain still tells senders to insist on the old servers."""
    _promise(scene, _policy("mx1.oldmail.example", "*.oldmail.example"))


@fault(
    {"mta-sts-unfit": (BUSINESS,)},
)
def mail_promise_not_served(scene: Scene) -> None:
    """The domain promises encrypted delivery, and the page that says how is gone."""
    _promise(scene, "Not found.\n", status=NOT_FOUND)


@fault(
    {"mta-sts-unfit": (BUSINESS,)},
    implies={"tls-reports-missing": (BUSINESS,)},
)
def mail_promise_without_host(scene: Scene) -> None:
    """The domain promises encrypted delivery, and the host that says how does not exist."""
    scene.put("_mta-sts", "TXT", quoted("v=STSv1; id=20260701T000000;"))


@fault(
    {"mta-sts-unfit": (BUSINESS,)},
)
def mail_promise_leaves_one_out(scene: Scene) -> None:
    """The domain tells senders to insist on its first mail server, and says nothing of the second."""
    scene.add("@", "MX", "20 mx.inbox.example.")
    _promise(scene, _policy("mx.postmail.example"))


@blind(
    {"mta-sts-contradicts-mx": (BUSINESS,), "mta-sts-unfit": (BUSINESS,)},
)
def mail_promise_unanswered(scene: Scene) -> None:
    """Whether the domain promises anything to senders can't be looked up just now."""
    scene.resolver.failing.add((f"_mta-sts.{DOMAIN}", "TXT"))


@decoy(
    {"mta-sts-contradicts-mx": (BUSINESS,), "mta-sts-unfit": (BUSINESS,)},
)
def mail_servers_promised_by_pattern(scene: Scene) -> None:
    """The domain tells senders to insist on any server of the mail company, in capitals, among older texts."""
    _promise(scene, _policy("MX1.oldmail.example", "*.PostMail.example").replace("\n", "\r\n"))
    scene.add("_mta-sts", "TXT", quoted("v=STSv2; id=1"))


@fault(
    {"tls-reports-missing": (BUSINESS,)},
)
def mail_promise_without_reports(scene: Scene) -> None:
    """The domain insists on encrypted delivery, and hears from nobody when it fails."""
    _promise(scene, _policy("mx.postmail.example"))
    scene.put("_smtp._tls", "TXT", quoted("v=TLSRPTv1;rua=tls-reports"))


@blind(
    {"tls-reports-missing": (BUSINESS,)},
)
def mail_reports_unanswered(scene: Scene) -> None:
    """Whether anybody gets the reports about delivery can't be looked up just now."""
    _promise(scene, _policy("mx.postmail.example"))
    scene.resolver.failing.add((f"_smtp._tls.{DOMAIN}", "TXT"))


@decoy(
    {"tls-reports-missing": (BUSINESS,)},
)
def mail_reports_to_a_page(scene: Scene) -> None:
    """The reports about delivery are posted to a page, and a text of another kind stands beside the record."""
    _promise(scene, _policy("mx.postmail.example"))
    scene.put("_smtp._tls", "TXT", quoted("v=TLSRPTv1; rua=https://tls.inbox.example/post"), quoted("v=TLSRPTv2; x=y"))


@decoy(
    {"mta-sts-contradicts-mx": (BUSINESS,)},
    outcome=Outcome.NOT_APPLICABLE,
    implies={"mta-sts-unfit": (BUSINESS,)},
)
def mail_promise_on_trial(scene: Scene) -> None:
    """The domain names other mail servers than it has, and only asks senders for reports."""
    _promise(scene, _policy("mx1.oldmail.example", mode="testing"))


@fault(
    {"sender-address-without-name": (BUSINESS,)},
)
def sender_without_name(scene: Scene) -> None:
    """The machine that sends the sign-up mail has no name, so large providers don't trust it."""
    _reverse(scene)


@fault(
    {"sender-address-without-name": (BUSINESS,)},
)
def sender_name_leads_elsewhere(scene: Scene) -> None:
    """The machine that sends the sign-up mail claims a name that is another machine's."""
    _reverse(scene, f"{DOMAIN}.")


@blind(
    {"sender-address-without-name": (BUSINESS,)},
)
def sender_name_unanswered(scene: Scene) -> None:
    """The name of the machine that sends the sign-up mail can't be looked up just now."""
    scene.resolver.failing.add((f"{LAST_OCTET}.{REVERSE}", "PTR"))


@decoy(
    {"sender-address-without-name": (BUSINESS,)},
)
def sender_with_two_names(scene: Scene) -> None:
    """The machine that sends the sign-up mail has two names, and only one of them is its own."""
    _reverse(scene, f"a.{DOMAIN}.", "smtp.postmail.example.")
