"""Shakes hands over TLS as a browser would, and says what is wrong with the certificate where it would not go on."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from launchready.model.reading import NotSeen, Why
from launchready.net.certificate import Certificate, is_incomplete, read_chain
from launchready.net.dns_message import name_text, parse_name
from launchready.net.gates import HostGates
from launchready.net.network import Endpoint, Network, ca_file
from launchready.net.old_tls import takes
from launchready.net.served_chain import served_chain
from launchready.net.socket_errors import socket_failure
from launchready.parse.rfc4346 import OldVersion, TlsReplyError

_NO_TIME_OUT_S = 24 * 3600.0
"""asyncio's own limit on a handshake, set out of reach: the engine ends a look."""

HTTPS_PORT = 443

BROWSER_CIPHERS = ":".join(
    (
        "ECDHE+AESGCM",
        "ECDHE+CHACHA20",
        *(f"ECDHE-{signature}-{cipher}-SHA" for signature in ("ECDSA", "RSA") for cipher in ("AES128", "AES256")),
        *("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA"),
        "@SECLEVEL=2",
    )
)
"""What Chrome, Firefox and Safari offer below TLS 1.3, and no key or signature that they refuse.

Python's own list is shorter (no RSA key exchange, no SHA-1 in a cipher), so it would call servers broken that every
browser opens; it has DHE besides, which no browser offers any more.
"""


class TlsFault(StrEnum):
    """Why a browser would not go on."""

    EXPIRED = "expired"
    CHAIN_EXPIRED = "expired intermediate"
    NOT_YET_VALID = "not yet valid"
    WRONG_NAME = "wrong name"
    MISSING_INTERMEDIATE = "missing intermediate"
    SELF_SIGNED = "self-signed"
    UNTRUSTED_ROOT = "untrusted root"
    WEAK = "weak"
    NO_CERTIFICATE = "no certificate for the name"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a server showed, and whether a browser would go on.

    Attributes:
        trusted: whether the handshake ended well and the certificate is good for the host.
        reason: what is wrong; None where it is trusted. OpenSSL stops at the first fault that it meets.
        words: what OpenSSL said of it; empty where it is trusted.
        not_before: the leaf is valid from then; None where no certificate was shown (NO_CERTIFICATE).
        not_after: the leaf is valid until then; None as above.
        names: the DNS names of the leaf, lower-case, in its order.
        issuer: of the leaf, as RFC 4514 writes it.
        issuer_organization: the O of the issuer; empty where it has none.
        serial: of the leaf, in lower-case hexadecimal.
        protocol: such as "TLSv1.3"; empty where no handshake came about.
        chain_length: how many certificates were served.
    """

    trusted: bool
    reason: TlsFault | None
    words: str
    not_before: datetime | None
    not_after: datetime | None
    names: tuple[str, ...]
    issuer: str
    issuer_organization: str
    serial: str
    protocol: str
    chain_length: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """What one handshake brought: the protocol, and the chain, leaf first."""

    protocol: str
    chain: tuple[Certificate, ...]


# X509_V_ERR codes of OpenSSL's x509_vfy.h.
_NO_ISSUER = frozenset({2, 20, 21})
_EXPIRED = 10  # the leaf, or what stands above it: OpenSSL tells the two apart by depth, which Python does not pass on
_FAULTS = {
    9: TlsFault.NOT_YET_VALID,
    _EXPIRED: TlsFault.EXPIRED,
    18: TlsFault.SELF_SIGNED,
    19: TlsFault.UNTRUSTED_ROOT,
    62: TlsFault.WRONG_NAME,
    64: TlsFault.WRONG_NAME,
    66: TlsFault.WEAK,  # the leaf's key is too small
    67: TlsFault.WEAK,  # a CA's key is too small
    68: TlsFault.WEAK,  # a signature's digest is too weak
}

# Alerts by which a server says that it has nothing to show for this name: many edges send handshake_failure.
_NAME_ALERTS = frozenset({"TLSV1_UNRECOGNIZED_NAME", "SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV1_ALERT_INTERNAL_ERROR"})


Connector = Callable[[Endpoint, str, ssl.SSLContext], Awaitable[ssl.SSLObject]]
"""Makes a handshake with a named server, and leaves no connection open."""


async def _connect(endpoint: Endpoint, name: str, context: ssl.SSLContext) -> ssl.SSLObject:
    """The way of HTTPS: the handshake comes first."""
    transport, _ = await asyncio.get_running_loop().create_connection(
        asyncio.Protocol,
        *endpoint,
        ssl=context,
        server_hostname=name,
        ssl_handshake_timeout=_NO_TIME_OUT_S,
    )
    tls = transport.get_extra_info("ssl_object")
    transport.abort()
    assert isinstance(tls, ssl.SSLObject), "asyncio speaks TLS over memory"
    return tls


class TlsClient:
    """Makes handshakes on connections of its own; nothing is sent over them.

    Args:
        network: the way to the world, and the CAs to trust.
        gates: the limits on what one host sees at once, shared with the client that asks over HTTP.
        connect: how one gets as far as the handshake, where something is said before it.

    Attributes:
        handshakes: how many were begun with each host.
    """

    def __init__(self, network: Network, gates: HostGates | None = None, *, connect: Connector = _connect) -> None:
        self._network = network
        self._connect = connect
        self._gates = HostGates(network) if gates is None else gates
        self._strict: ssl.SSLContext | None = None
        self.handshakes: Counter[str] = Counter()

    async def handshake(self, host: str, address: str, port: int = HTTPS_PORT) -> Handshake:
        """What a visitor of the host meets at one of its addresses.

        Raises:
            NotSeen: REFUSED, UNREADABLE (no TLS there), PRIVATE_ADDRESS, OWN_NETWORK, NO_NAME, NOT_INSTALLED.
        """
        name = name_text(parse_name(host))
        where = f"{name} on {address} port {port}"
        endpoint = self._network.route(name, address, port)
        try:
            return await self._judge(name, endpoint)
        except ssl.SSLError as error:
            raise NotSeen(Why.UNREADABLE, f"{where} does not speak TLS ({_words(error)}).") from None
        except TimeoutError:
            raise NotSeen(Why.TIMED_OUT, f"{where} did not answer.") from None
        except OSError as error:
            raise socket_failure(error, where) from None
        except ValueError as error:
            raise NotSeen(Why.UNREADABLE, f"{where} showed a certificate that can't be read: {error}") from None

    async def takes(self, version: OldVersion, host: str, address: str, port: int = HTTPS_PORT) -> bool:
        """Whether a server still goes on in an old version of TLS, offered as the highest.

        Raises:
            NotSeen: as `handshake`.
        """
        name = name_text(parse_name(host))
        where = f"{name} on {address} port {port}"
        endpoint = self._network.route(name, address, port)
        try:
            async with self._gates.of(name):
                self.handshakes[name] += 1
                return await takes(version, name, endpoint)
        except TlsReplyError as error:
            raise NotSeen(Why.UNREADABLE, f"{where} does not speak TLS ({error}).") from None
        except OSError as error:
            raise socket_failure(error, where) from None

    async def _judge(self, name: str, endpoint: Endpoint) -> Handshake:
        try:
            return _told(None, "", await self._shake_hands(name, endpoint, self._browser_like()))
        except ssl.SSLCertVerificationError as error:
            shown = await self._shake_hands(name, endpoint, _permissive())
            return _told(_fault(error.verify_code, shown.chain), error.verify_message, shown)
        except ssl.SSLError as error:
            if error.reason in _NAME_ALERTS:
                shown_none = _Shown("", ())
                return await self._weak_or(_told(TlsFault.NO_CERTIFICATE, _words(error), shown_none), name, endpoint)
            shown = await self._shake_hands(name, endpoint, _permissive())
            return _told(TlsFault.WEAK, _words(error), shown)

    async def _weak_or(self, otherwise: Handshake, name: str, endpoint: Endpoint) -> Handshake:
        """An alert may also mean that we have no cipher in common: then a permissive client gets on."""
        try:
            shown = await self._shake_hands(name, endpoint, _permissive())
        except ssl.SSLError:
            return otherwise
        return _told(TlsFault.WEAK, otherwise.words, shown)

    async def _shake_hands(self, name: str, endpoint: Endpoint, context: ssl.SSLContext) -> _Shown:
        async with self._gates.of(name):
            self.handshakes[name] += 1
            tls = await self._connect(endpoint, name, context)
        return _Shown(tls.version() or "", read_chain(served_chain(tls)))

    def _browser_like(self) -> ssl.SSLContext:
        """Python's default with browsers' ciphers, less a pedantry that they don't share (default in Python 3.13)."""
        if self._strict is None:
            context = ssl.create_default_context(cafile=ca_file(self._network))
            context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
            context.set_ciphers(BROWSER_CIPHERS)
            context.hostname_checks_common_name = False  # browsers look at the alternative names alone (RFC 9525)
            self._strict = context
        return self._strict


def _permissive() -> ssl.SSLContext:
    """Takes whatever is shown, to read it. Nothing is ever sent over such a connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _fault(code: int, chain: tuple[Certificate, ...]) -> TlsFault:
    if code == _EXPIRED and chain and chain[0].not_after > datetime.now(UTC):
        return TlsFault.CHAIN_EXPIRED
    if code not in _NO_ISSUER:
        return _FAULTS.get(code, TlsFault.OTHER)
    return TlsFault.MISSING_INTERMEDIATE if is_incomplete(chain) else TlsFault.UNTRUSTED_ROOT


def _told(reason: TlsFault | None, words: str, shown: _Shown) -> Handshake:
    leaf = shown.chain[0] if shown.chain else None
    return Handshake(
        trusted=reason is None,
        reason=reason,
        words=words,
        not_before=leaf.not_before if leaf else None,
        not_after=leaf.not_after if leaf else None,
        names=leaf.names if leaf else (),
        issuer=leaf.issuer if leaf else "",
        issuer_organization=leaf.issuer_organization if leaf else "",
        serial=leaf.serial if leaf else "",
        protocol=shown.protocol,
        chain_length=len(shown.chain),
    )


def _words(error: ssl.SSLError) -> str:
    return (error.reason or type(error).__name__).lower().replace("_", " ")
