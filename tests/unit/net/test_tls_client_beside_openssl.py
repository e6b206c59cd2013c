"""The verdicts of our handshakes beside those of the openssl command over the same chains.

The command is another build of the same judge, with its own set-up; what is compared is the way there: which chain was
sent, which name was asked for, and which word stands for which code of OpenSSL.
"""

import asyncio
import re
import shutil
import ssl

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from launchready.net.tls_client import TlsClient, TlsFault

ADDRESS = "203.0.113.1"
HOST = "shop.bright.example"
OPENSSL = (
    shutil.which("openssl") or "openssl"
)  # a requirement of the suite on Debian, where the package is always there

# Our word for a code of x509_vfy.h, written down anew from its own texts.
WORDS = {
    None: {0},
    TlsFault.EXPIRED: {10},
    TlsFault.CHAIN_EXPIRED: {10},
    TlsFault.NOT_YET_VALID: {9},
    TlsFault.WRONG_NAME: {62},
    TlsFault.SELF_SIGNED: {18},
    TlsFault.UNTRUSTED_ROOT: {19, 20},
    TlsFault.MISSING_INTERMEDIATE: {20, 21},
    TlsFault.WEAK: {66, 67, 68},
}


async def openssl_says(port, bundle, host):
    """The code that `openssl s_client` gives, judging as strictly as browsers do (security level 2)."""
    process = await asyncio.create_subprocess_exec(
        OPENSSL,
        *("s_client", "-connect", f"127.0.0.1:{port}", "-servername", host, "-verify_hostname", host),
        *("-CAfile", bundle, "-no-CApath", "-cipher", "DEFAULT:@SECLEVEL=2", "-verify_return_error"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    text = out.decode("latin-1")
    found = re.findall(r"verify error:num=(\d+)|Verify return code: (\d+)", text)
    assert found, text
    return int(next(code for pair in found for code in pair if code))


@pytest.fixture
def compare(tcp_server, network_to, authority):
    """Our word for what a server shows, and OpenSSL's code, seen on the same port."""

    async def look(context, host=HOST):
        async def handler(reader, _writer):
            await reader.read()

        async with tcp_server(handler, context) as port:
            network = network_to(connect={(ADDRESS, 443): port}, ca_bundle=authority.bundle)
            ours = await TlsClient(network).handshake(host, ADDRESS)
            return ours.reason, await openssl_says(port, authority.bundle, host)

    return look


CHAINS = {
    "good": ({}, None),
    "wildcard": ({"names": ("*.bright.example",)}, None),
    "wildcard of the level above": ({"names": ("*.shop.bright.example",)}, TlsFault.WRONG_NAME),
    "wildcard of the level below": ({"names": ("*.example",)}, TlsFault.WRONG_NAME),
    "another name": ({"names": ("www.shop.bright.example",)}, TlsFault.WRONG_NAME),
    "upper case": ({"names": ("SHOP.Bright.Example",)}, None),
    "expired": ({"days": (-30, -1)}, TlsFault.EXPIRED),
    "not yet valid": ({"days": (1, 30)}, TlsFault.NOT_YET_VALID),
    "expired, and for another name": ({"names": ("a.example",), "days": (-30, -1)}, TlsFault.WRONG_NAME),
    "self-signed": ({"self_signed": True}, TlsFault.SELF_SIGNED),
    "signed with SHA-384": ({"digest": hashes.SHA384()}, None),
}


@pytest.mark.parametrize("name", CHAINS)
async def test_a_leaf_is_judged_as_openssl_judges_it(compare, authority, name):
    options, reason = CHAINS[name]
    rest = {key: value for key, value in options.items() if key != "names"}
    ours, code = await compare(authority.server_context(*options.get("names", (HOST,)), **rest))
    assert ours is reason
    assert code in WORDS[ours]


@pytest.mark.parametrize(("bits", "reason"), [(1024, TlsFault.WEAK), (1536, TlsFault.WEAK), (2048, None)])
async def test_an_rsa_key_of_2048_bits_is_the_shortest_that_passes(compare, authority, bits, reason):
    key = rsa.generate_private_key(65537, bits)
    ours, code = await compare(authority.server_context(HOST, key=key))
    assert ours is reason
    assert code in WORDS[ours]


async def test_a_signature_with_sha_1_is_weak(compare, authority, tmp_path):
    private = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ca.key").write_bytes(authority.key.private_bytes(*private))
    (tmp_path / "leaf.key").write_bytes(rsa.generate_private_key(65537, 2048).private_bytes(*private))
    # By the command, for `cryptography` no longer signs like this.
    command = ["req", "-x509", "-new", "-sha1", "-days", "5", "-subj", f"/CN={HOST}", "-out", tmp_path / "leaf.pem"]
    settings = tmp_path / "req.cnf"
    settings.write_text(f"[req]\ndistinguished_name=d\nx509_extensions=x\n[d]\n[x]\nsubjectAltName=DNS:{HOST}\n")
    command += ["-config", settings, "-key", tmp_path / "leaf.key"]
    command += ["-CA", authority.bundle, "-CAkey", tmp_path / "ca.key"]
    process = await asyncio.create_subprocess_exec(OPENSSL, *map(str, command), stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    assert process.returncode == 0, said
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(tmp_path / "leaf.pem", tmp_path / "leaf.key")
    assert await compare(context) == (TlsFault.WEAK, 68)


async def test_every_way_to_break_a_chain_is_judged_as_openssl_judges_it(compare, authority, make_authority):
    middle, stranger = make_authority("Middle", authority), make_authority("Stranger")
    lower = make_authority("Lower", middle)
    shown = {
        "whole": (middle.server_context(HOST, chain=[middle.certificate]), None),
        "whole with its root": (middle.server_context(HOST, chain=[middle.certificate, authority.certificate]), None),
        "in the wrong order": (lower.server_context(HOST, chain=[middle.certificate, lower.certificate]), None),
        "the leaf alone": (middle.server_context(HOST), TlsFault.MISSING_INTERMEDIATE),
        "another's intermediate": (
            middle.server_context(HOST, chain=[stranger.certificate]),
            TlsFault.MISSING_INTERMEDIATE,
        ),
        "a stranger's root": (
            stranger.server_context(HOST, chain=[stranger.certificate]),
            TlsFault.UNTRUSTED_ROOT,
        ),
    }
    for name, (context, reason) in shown.items():
        ours, code = await compare(context)
        assert (name, ours) == (name, reason)
        assert code in WORDS[ours]


async def test_an_expired_intermediate_is_not_taken_for_an_expired_certificate(compare, authority, make_authority):
    old = make_authority("Old Middle", authority)
    old.certificate = authority.sign(old.name, old.key.public_key(), ca=True, days=(-60, -2))
    ours, code = await compare(old.server_context(HOST, chain=[old.certificate]))
    assert (ours, code) == (TlsFault.CHAIN_EXPIRED, 10)


async def test_an_international_name_is_judged_by_its_dns_form(compare, authority):
    ours, code = await compare(authority.server_context("xn--mnchen-3ya.example"), "xn--mnchen-3ya.example")
    assert (ours, code) == (None, 0)
