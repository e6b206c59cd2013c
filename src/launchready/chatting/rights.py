"""What may be done to a chat: on this machine everything, elsewhere only to what is shown to be the owner's."""

from dataclasses import dataclass
from typing import Final

from launchready.config.chat import is_on_this_machine
from launchready.model.chat import Chat
from launchready.model.product import Product
from launchready.model.reading import NotSeen
from launchready.model.subject import Host, host_of
from launchready.net.clock import Clock
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient
from launchready.probes.ownership import ownership_of

NOT_STAGING: Final = "the chat is not declared as a copy that no customer uses: declare staging = true under [chat]"


class NotOursError(Exception):
    """Nobody has shown that the chat is theirs; the text says how to."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Whether the chat may be broken: its model made to fail, and sent what no visitor sends; `detail` says why not."""

    may_break: bool
    detail: str = ""


async def rights_for(chat: Chat, product: Product, http: HttpClient, dns: DnsClient, clock: Clock) -> Rights:
    """What may be done.

    Raises:
        NotOursError: it is on another machine, and nothing shows that it is the owner's.
    """
    if is_on_this_machine(chat.url):
        return Rights(may_break=True)
    name = host_of(chat.url)
    host = next((host for host in product.hosts if host.name == name), Host(name, name))
    try:
        is_ours = (await ownership_of(host, product, http, dns, clock)).proven
        why = f"{name} does not show the token of [ownership]"
    except NotSeen as unseen:
        is_ours, why = False, unseen.detail
    if not is_ours:
        raise NotOursError(f"{why.rstrip('.')}: type `launchready own {host.domain}`, and do what it says.")
    return Rights(chat.staging, "" if chat.staging else NOT_STAGING)
