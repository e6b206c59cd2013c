import asyncio
import datetime as dt
import ssl
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from launchready.model.reading import NotSeen, Why
from launchready.net.tls_client import TlsClient, TlsFault
from launchready.parse.rfc4346 import OldVersion

ADDRESS = "203.0.113.1"


async def hang_up_later(reader, _writer):
    await reader.read()


@pytest.fixture
def meet(tcp_server, network_to, authority):
    """What a visitor of a host meets who trusts `authority`."""

    async def look(context, host="shop.example", handler=hang_up_later):
        async with tcp_server(handler, context) as port:
            network = network_to(connect={(ADDRESS, 443): port}, ca_bundle=authority.bundle)
            return await TlsClient(network).handshake(host, ADDRESS)

    return look


async def test_a_good_certificate_is_trusted_and_read(meet, authority):
    got = await meet(authority.server_context("shop.example", "WWW.shop.example", days=(-10, 50)))
    assert (got.trusted, got.reason, got.words) == (True, None, "")
    assert got.names == ("shop.example", "www.shop.example")
    assert (got.issuer, got.protocol, got.chain_length) == ("CN=Test Root", "TLSv1.3", 1)
    assert (got.not_after - got.not_before) == dt.timedelta(days=60)
    assert int(got.serial, 16) > 0


async def test_a_chain_with_its_intermediate_is_trusted(meet, authority, make_authority):
    middle = make_authority("Middle", authority)
    got = await meet(middle.server_context("shop.example", chain=[middle.certificate]))
    assert (got.trusted, got.chain_length, got.issuer) == (True, 2, "CN=Middle")


@pytest.mark.parametrize(
    ("names", "days", "reason"),
    [
        (["shop.example"], (-30, -1), TlsFault.EXPIRED),
        (["shop.example"], (1, 30), TlsFault.NOT_YET_VALID),
        (["other.example"], (-1, 30), TlsFault.WRONG_NAME),
        (["*.shop.example"], (-1, 30), TlsFault.WRONG_NAME),
    ],
)
async def test_a_fault_of_the_leaf_is_named_and_the_leaf_is_read(meet, authority, names, days, reason):
    got = await meet(authority.server_context(*names, days=days))
    assert (got.trusted, got.reason, got.names) == (False, reason, tuple(names))
    assert got.words
    assert got.not_after is not None


async def test_a_self_signed_leaf_is_named(meet, authority):
    got = await meet(authority.server_context("shop.example", self_signed=True))
    assert (got.reason, got.chain_length) == (TlsFault.SELF_SIGNED, 1)


async def test_a_leaf_without_its_intermediate_is_told_from_an_untrusted_root(meet, authority, make_authority):
    middle = make_authority("Middle", authority)
    alone = await meet(middle.server_context("shop.example"))
    wrong = await meet(middle.server_context("shop.example", chain=[make_authority("Stranger").certificate]))
    assert (alone.reason, wrong.reason) == (TlsFault.MISSING_INTERMEDIATE, TlsFault.MISSING_INTERMEDIATE)


async def test_a_root_that_nobody_trusts_is_named_whether_it_is_sent_or_not(meet, make_authority):
    root = make_authority("Nobody's Root")
    middle = make_authority("Nobody's Middle", root)
    sent = await meet(root.server_context("shop.example", chain=[root.certificate]))
    left_out = await meet(middle.server_context("shop.example", chain=[middle.certificate]))
    assert (sent.reason, left_out.reason) == (TlsFault.UNTRUSTED_ROOT, TlsFault.UNTRUSTED_ROOT)


def by_hand(context):
    """A server that sends its alert before it hangs up, as asyncio's does not."""

    async def handler(reader, writer):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                writer.write(outgoing.read())
                first = await reader.readexactly(1)
                incoming.write(first + await reader.read(65536))
            except ssl.SSLError:
                break
        writer.write(outgoing.read())
        await writer.drain()
        await reader.read()

    return handler


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
@pytest.mark.parametrize("how", ["key", "protocol", "cipher"])
async def test_what_browsers_call_weak_is_weak_and_still_read(meet, authority, how):
    key = rsa.generate_private_key(65537, 1024) if how == "key" else None
    context = authority.server_context("shop.example", key=key)
    if how == "protocol":
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    if how == "cipher":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-ECDSA-CAMELLIA128-SHA256:@SECLEVEL=0")
    got = await meet(None, handler=by_hand(context))
    assert (got.trusted, got.reason, got.names) == (False, TlsFault.WEAK, ("shop.example",))


@pytest.mark.parametrize(
    ("cipher", "reason"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256", None),
        ("ECDHE-RSA-AES256-SHA", None),
        ("AES128-GCM-SHA256", None),
        ("AES128-SHA", None),
        ("ECDHE-RSA-AES128-SHA256", TlsFault.WEAK),
    ],
)
async def test_what_browsers_offer_is_good_enough_and_what_they_do_not_is_weak(meet, authority, cipher, reason):
    context = authority.server_context("shop.example", key=rsa.generate_private_key(65537, 2048))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    got = await meet(None, handler=by_hand(context))
    assert got.reason is reason


async def test_a_name_in_the_subject_alone_is_no_name_for_browsers(meet, authority):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    context = authority.server_context("shop.example", key=key)
    path = authority.folder / "without-names.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + authority.sign(subject, key.public_key()).public_bytes(Encoding.PEM))
    context.load_cert_chain(path)
    got = await meet(context)
    assert (got.reason, got.names) == (TlsFault.WRONG_NAME, ())


async def test_one_host_is_never_met_more_often_at_once_than_the_network_allows(tcp_server, network_to, authority):
    at_once, most = 0, 0

    async def hang_up_after_a_while(_reader, _writer):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1

    async def meet_it(client):
        with suppress(NotSeen):
            await client.handshake("shop.example", ADDRESS)

    async with tcp_server(hang_up_after_a_while) as port:
        ways = {(ADDRESS, 443): port}
        client = TlsClient(network_to(connect=ways, ca_bundle=authority.bundle, connections_per_host=2))
        async with asyncio.TaskGroup() as group:
            for version in [*OldVersion] * 2:
                group.create_task(client.takes(version, "shop.example", ADDRESS))
                group.create_task(meet_it(client))
    assert client.handshakes == {"shop.example": 8}
    assert most == 2


async def test_an_alert_for_the_name_is_a_missing_certificate_and_not_a_failure_to_look(meet, authority):
    context = authority.server_context("shop.example")
    context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    got = await meet(None, handler=by_hand(context))
    assert (got.trusted, got.reason, got.not_after) == (False, TlsFault.NO_CERTIFICATE, None)
    assert (got.chain_length, got.protocol) == (0, "")


async def test_the_host_is_named_to_the_server_in_its_dns_form(meet, authority):
    asked = []
    context = authority.server_context("xn--mnchen-3ya.example")
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    assert (await meet(context, "München.example")).trusted
    assert asked == ["xn--mnchen-3ya.example"]


async def test_bytes_that_are_no_tls_are_unreadable(meet, why_of):
    async def speak_http(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)

    assert await why_of(meet(None, handler=speak_http)) is Why.UNREADABLE


async def test_a_closed_port_and_a_cut_connection_refuse(meet, network_to, tcp_server, authority, why_of):
    async def cut(_reader, _writer):
        return

    assert await why_of(meet(None, handler=cut)) is Why.REFUSED
    async with tcp_server(cut) as port:
        pass
    network = network_to(connect={(ADDRESS, 443): port}, ca_bundle=authority.bundle)
    assert await why_of(TlsClient(network).handshake("shop.example", ADDRESS)) is Why.REFUSED


async def test_a_silent_port_ends_with_the_callers_timeout_and_leaves_no_socket(meet, open_sockets):
    before = open_sockets()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await meet(None)
    await asyncio.sleep(0.05)
    assert open_sockets() == before


async def test_a_private_address_and_an_impossible_name_are_not_tried(network_to, authority, why_of):
    client = TlsClient(network_to(ca_bundle=authority.bundle))
    assert await why_of(client.handshake("shop.example", "10.0.0.1")) is Why.PRIVATE_ADDRESS
    assert await why_of(client.handshake("a..b", ADDRESS)) is Why.NO_NAME
