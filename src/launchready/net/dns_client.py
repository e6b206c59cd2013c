"""Asks DNS, each question once."""

import asyncio
import ipaddress
from collections import Counter, defaultdict
from collections.abc import Sequence

import dns.message
import dns.name
import dns.rcode

from launchready.model.reading import NotSeen, Why
from launchready.net.dns_dnssec import SignedSet, read_signed
from launchready.net.dns_message import DnsAnswer, DnsStatus, make_query, name_text, parse_name, read_answer
from launchready.net.dns_transport import RETRANSMIT_WAITS_S, NoReply, exchange
from launchready.net.network import Network

__all__ = ["QUERIES_AT_ONCE", "DnsAnswer", "DnsClient", "DnsStatus"]

QUERIES_AT_ONCE = 64
"""Sockets that are open at the same time, so that hundreds of questions don't use up a laptop's 256 files."""

ROOT = "."
"""The root zone, which every resolver that reaches the internet knows (RFC 8109)."""

_Question = tuple[str, str, str | None, int]


class DnsClient:
    """A client for one audit: what was answered once, or failed once, stays so for its lifetime.

    Args:
        network: whom to ask.
        waits_s: seconds to wait after each copy of a question.

    Attributes:
        queries: how many questions went to each server, by its address; a copy of a lost packet is not counted.
    """

    def __init__(self, network: Network, waits_s: Sequence[float] = RETRANSMIT_WAITS_S) -> None:
        self._network = network
        self._waits_s = waits_s
        self._settled: dict[_Question, DnsAnswer | NotSeen] = {}
        self._asking: defaultdict[_Question, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._gate = asyncio.Semaphore(QUERIES_AT_ONCE)
        self._silent: set[str] = set()
        self.queries: Counter[str] = Counter()

    async def query(self, name: str, rtype: str, *, server: str | None = None, again: int = 0) -> DnsAnswer:
        """Ask for the records of one type.

        Args:
            name: any spelling; international names are encoded.
            rtype: such as "TXT".
            server: the address of the server to ask; None asks the network's resolvers in turn. Asking a parent zone's
                server for "NS" gives the delegation that it holds, not authoritative.
            again: how many times this was asked before, where a new answer is wanted.

        Raises:
            NotSeen: NO_NAME for what is no name, NO_RESOLVER, TIMED_OUT (a named server is silent), REFUSED,
                UNREADABLE, PRIVATE_ADDRESS or OWN_NETWORK. A name that does not exist is an answer.
        """
        asked, rtype = parse_name(name), rtype.upper()
        question = (name_text(asked), rtype, server, again)
        async with self._asking[question]:
            if question not in self._settled:
                self._settled[question] = await self._settle(question)
        outcome = self._settled[question]
        if isinstance(outcome, NotSeen):
            raise NotSeen(outcome.why, outcome.detail)
        return outcome

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a host, IPv4 first, each family sorted. An address is its own.

        One family is enough: the other one's failure is only raised where there is no address at all.

        Raises:
            NotSeen: NO_NAME where it has none, or what `query` raises.
        """
        given = self._network.given_addresses(host) or _literal(host)
        if given:
            return given
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._try(host, rtype)) for rtype in ("A", "AAAA")]
        outcomes = [task.result() for task in tasks]
        found = tuple(a for answer in outcomes if isinstance(answer, DnsAnswer) for a in answer.records)
        if found:
            return found
        for failure in outcomes:
            if isinstance(failure, NotSeen):
                raise failure
        gone = any(isinstance(o, DnsAnswer) and o.status is DnsStatus.NXDOMAIN for o in outcomes)
        detail = f"{host} does not exist in DNS." if gone else f"{host} has no address in DNS."
        raise NotSeen(Why.NO_NAME, detail)

    async def _try(self, host: str, rtype: str) -> DnsAnswer | NotSeen:
        try:
            return await self.query(host, rtype)
        except NotSeen as failure:
            return failure

    async def _settle(self, question: _Question) -> DnsAnswer | NotSeen:
        name, rtype, server, _ = question
        try:
            return await (self._ask_resolvers(name, rtype) if server is None else self._ask(name, rtype, server))
        except NotSeen as failure:
            return failure

    async def _ask_resolvers(self, name: str, rtype: str) -> DnsAnswer:
        """The first resolver that can answer; those that were silent before are asked last."""
        failures: list[NotSeen] = []
        for resolver in sorted(self._network.resolvers, key=self._silent.__contains__):
            try:
                return await self._ask_believably(name, rtype, resolver)
            except NoReply as failure:
                self._silent.add(resolver)
                failures.append(failure)
            except NotSeen as failure:
                failures.append(failure)
        told = [failure for failure in failures if not isinstance(failure, NoReply)]
        if told:
            raise told[0]
        if failures and all(failure.why is Why.OWN_NETWORK for failure in failures):
            raise failures[0]
        raise NotSeen(Why.NO_RESOLVER, f"No resolver answered: {', '.join(self._network.resolvers) or 'none is set'}.")

    async def _ask_believably(self, name: str, rtype: str, resolver: str) -> DnsAnswer:
        """A resolver's answer; a denial counts only from one that knows the root.

        A resolver that denies everything is cut off from the internet, or is a portal's.
        """
        answer = await self._ask(name, rtype, resolver)
        if answer.status is DnsStatus.ANSWER or name == ROOT:
            return answer
        try:
            root = await self.query(ROOT, "NS", server=resolver)
        except NotSeen as failure:
            raise NotSeen(Why.NO_RESOLVER, f"{resolver} denies names, and of the root: {failure.detail}") from None
        if root.status is not DnsStatus.ANSWER:
            raise NotSeen(Why.NO_RESOLVER, f"{resolver} denies even the root of DNS, so its denials count for nothing.")
        return answer

    async def signed(self, name: str, rtype: str, *, server: str) -> SignedSet:
        """The records of one type as a server signs them, which may be none of either.

        Raises:
            NotSeen: as for `query`.
        """
        asked = parse_name(name)
        return read_signed(await self._reply(asked, rtype, server), asked, rtype, server)

    async def _ask(self, name: str, rtype: str, server: str) -> DnsAnswer:
        asked = parse_name(name)
        return read_answer(await self._reply(asked, rtype, server), asked, rtype, server)

    async def _reply(self, asked: dns.name.Name, rtype: str, server: str) -> dns.message.Message:
        endpoint = self._network.route_to_resolver(server)
        async with self._gate:
            self.queries[server] += 1
            reply = await exchange(make_query(asked, rtype), server, endpoint, self._waits_s)
            if reply.rcode() == dns.rcode.FORMERR and reply.edns < 0:  # a server from before EDNS (RFC 6891, 6.2.2)
                self.queries[server] += 1
                reply = await exchange(make_query(asked, rtype, edns=False), server, endpoint, self._waits_s)
        return reply


def _literal(host: str) -> tuple[str, ...]:
    try:
        return (str(ipaddress.ip_address(host.strip("[]"))),)
    except ValueError:
        return ()
