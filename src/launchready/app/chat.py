"""A test of the chat, judged at once by the same checks that an audit asks of its record later."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from launchready.app.audit import utc_now
from launchready.app.chat_rows import rows_of
from launchready.app.judged import judged_record
from launchready.app.registry import Registry
from launchready.chatting.control import ControlError, ProviderControl
from launchready.chatting.restarting import Restart
from launchready.chatting.rights import rights_for
from launchready.chatting.stage import Stage
from launchready.chatting.testing import ChatTest
from launchready.config.chat import ChatPlan
from launchready.config.chat_target import target_of
from launchready.model.chat import Chat
from launchready.model.product import Product
from launchready.model.reading import NotSeen, Why
from launchready.net.chat_client import ChatClient, network_for
from launchready.net.clock import Clock
from launchready.net.cookies import Cookies
from launchready.net.dns_client import DnsClient
from launchready.net.http_client import HttpClient, Visitor
from launchready.net.network import Network
from launchready.probes.chat_record import FILE_NAME, ChatRecord, RecordState
from launchready.probes.chat_trials import FACTS_OF_RECORD
from launchready.probes.customers import new_customer
from launchready.probes.environment import read_token
from launchready.report.chat import ChatView
from launchready.store.book import Book


@dataclass(slots=True)
class Sofar:
    """The record of a test that is under way; None before it began."""

    record: ChatRecord | None = None


async def try_chat(
    product: Product, chat: Chat, plan: ChatPlan, network: Network, narrate: Callable[[str], None], sofar: Sofar
) -> ChatRecord:
    """Test the declared chat, and write down what came of it.

    Args:
        product: whose chat it is.
        chat: the chat.
        plan: what an audit does not know.
        network: the way to it; a chat on this machine is reached on any.
        narrate: told what is tried.
        sofar: holds what was seen, also where the test is broken off.

    Raises:
        MissingSecretError: a header's value is not set.
        NotOursError: nobody has shown that the chat is theirs.
        ControlError: the provider can't be switched.
        NotSeen: no visitor could be signed up.
        BookError: nothing can be written down.
    """
    clock = Clock(utc_now, time.monotonic)
    target, book = target_of(chat), Book(Path(chat.records), FILE_NAME, "launchready chat test")
    own = network_for(network, chat.url, chat.version, chat.provider_control)
    dns = DnsClient(own)
    with book.alone():
        async with HttpClient(own, dns) as http, ChatClient(http) as client:
            rights = await rights_for(chat, product, http, dns, clock)
            control = _control(chat, http)

            async def enter(_visitor: str) -> Cookies:
                return await _sign_up(chat, product, http, clock)

            stage = Stage(client, target, enter, control, narrate)
            restart = None if plan.restart is None else Restart(plan.restart, plan.base)
            test = ChatTest(stage, http, book, clock, rights, restart)
            try:
                await test.run()
            finally:
                sofar.record = test.record
            return test.record


def view_of(record: ChatRecord, product: Product, registry: Registry) -> ChatView:
    """What a record says, in the words of the checks; touches nothing."""
    return ChatView(
        url=record.url,
        commit=record.commit,
        took_s=record.took_s,
        is_whole=record.state is RecordState.ENDED,
        rows=tuple(rows_of(record)),
        record=msgspec.to_builtins(record),
        judged=judged_record(record, FACTS_OF_RECORD, "chat", "chat", product, registry),
    )


def _control(chat: Chat, http: HttpClient) -> ProviderControl | None:
    if not chat.provider_control:
        return None
    try:
        return ProviderControl(http, chat.provider_control, read_token(chat.provider_token))
    except NotSeen as unseen:
        raise ControlError(unseen.detail.replace("the token of the report", "the token of the provider")) from None


async def _sign_up(chat: Chat, product: Product, http: HttpClient, clock: Clock) -> Cookies:
    """The cookies of a visitor: a customer's, where somebody has to be one."""
    journey = next((journey for journey in product.journeys if journey.name == chat.login), None)
    if journey is None:
        return Cookies()
    async with Visitor(http) as visitor:
        try:
            customer = await new_customer(journey, product, visitor, clock)
        except NotSeen as unseen:
            raise NotSeen(
                Why.DEPENDENCY, f"The journey {journey.name} does not lead to the chat: {unseen.detail}"
            ) from None
        return customer.visitor.cookies
