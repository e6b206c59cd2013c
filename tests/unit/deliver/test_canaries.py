"""Made-up values: good by the contract, found in every spelling, and never by chance."""

import base64
import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.deliver.canaries import STREAM_BYTES, Search, is_public, is_secret, make_canaries, malformed
from launchready.model.environment import Stage, Variable, VariableType, flaw_at, flaw_of

V = VariableType
CONTRACT = (
    Variable("PAGE_URL", V.URL),
    Variable("DATABASE_URL", V.URL, prefix="postgres://"),
    Variable("SMTP_URL", V.URL, prefix="smtp"),
    Variable("CACHE_URL", V.URL, prefix="redis:"),
    Variable("API_URL", V.URL, prefix="https://api.coach.test/v1/"),
    Variable("SUPPORT", V.EMAIL),
    Variable("STRIPE_API_KEY", V.KEY, prefix="sk_live_", min_chars=40, max_chars=60),
    Variable("SESSION_SECRET", V.SECRET),
    Variable("TITLE", V.TEXT),
    Variable("LONG", V.TEXT, min_chars=200),
    Variable("MODE", V.ENUM, choices=("live", "test")),
    Variable("WORKERS", V.INT, minimum=2, maximum=8),
    Variable("BELOW", V.INT, maximum=-3),
    Variable("ON", V.BOOL),
    Variable("TINY", V.KEY, max_chars=10),
)
WITH_TOKEN = (
    *("API_URL", "CACHE_URL", "DATABASE_URL", "LONG", "PAGE_URL"),
    *("SESSION_SECRET", "SMTP_URL", "STRIPE_API_KEY", "SUPPORT", "TITLE"),
)


@pytest.mark.parametrize("variable", CONTRACT, ids=lambda variable: variable.name)
def test_each_value_is_good_by_the_contract(variable: Variable) -> None:
    (canary,) = make_canaries([variable])
    assert flaw_of(variable, canary.value, is_required=True) is None
    assert flaw_at(variable, canary.value, Stage.PRODUCTION) is None


@pytest.mark.parametrize("variable", CONTRACT, ids=lambda variable: variable.name)
def test_each_malformed_value_is_one_by_the_contract(variable: Variable) -> None:
    value = malformed(variable)
    assert value is not None
    assert flaw_of(variable, value, is_required=True) is not None


def test_values_differ_between_variables_and_between_runs() -> None:
    values = [canary.value for _ in range(2) for canary in make_canaries(CONTRACT) if canary.token]
    assert len(set(values)) == len(values) == 2 * len(WITH_TOKEN)


def test_what_can_be_searched_is_named() -> None:
    assert Search(make_canaries(CONTRACT)).searched == WITH_TOKEN
    assert Search(make_canaries([Variable("ON", V.BOOL)])).searched == ()


def utf_16(text: str) -> bytes:
    return text.encode("utf-16-le")


def zipped(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("settings.js", "let a = '" + text + "'")
    return stream.getvalue()


def in_a_map(text: str) -> bytes:
    return json.dumps({"version": 3, "sources": ["a.ts"], "sourcesContent": [text], "mappings": ""}).encode()


SPELLINGS = {
    "plain": str.encode,
    "capitals": lambda text: text.upper().encode(),
    "reversed": lambda text: text[::-1].encode(),
    "utf-16": utf_16,
    "hex": lambda text: text.encode().hex().encode(),
    "hex capitals": lambda text: text.encode().hex().upper().encode(),
    "base64 0": lambda text: base64.b64encode(text.encode()),
    "base64 1": lambda text: base64.b64encode(b"a" + text.encode()),
    "base64 2": lambda text: base64.b64encode(b"ab" + text.encode() + b"z"),
    "base64 url": lambda text: base64.urlsafe_b64encode(b"abc" + text.encode()),
    "url": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "html": lambda text: "".join(f"&#{byte};" for byte in text.encode()).encode(),
    "html hex": lambda text: "".join(f"&#x{byte:x};" for byte in text.encode()).encode(),
    "script": lambda text: "".join(f"\\u{byte:04x}" for byte in text.encode()).encode(),
    "script x": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()).encode(),
    "numbers": lambda text: str(list(text.encode())).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "gzip of base64": lambda text: gzip.compress(base64.b64encode(text.encode())),
    "zip": zipped,
    "source map": in_a_map,
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("name", WITH_TOKEN)
def test_a_value_is_found_in_every_spelling_and_no_other_is_blamed(name: str, spell) -> None:
    canaries = make_canaries(CONTRACT)
    value = next(canary.value for canary in canaries if canary.variable.name == name)
    found = list(Search(canaries).look("dist/app.js", spell(value)))
    assert [one.variable for one in found] == [name]
    assert found[0].where.startswith("dist/app.js")


@given(st.binary(min_size=0, max_size=2000))
def test_nothing_is_found_where_nothing_is(data: bytes) -> None:
    assert list(Search(make_canaries(CONTRACT)).look("x", data)) == []


@pytest.mark.parametrize("before", [0, 7, STREAM_BYTES - 30, STREAM_BYTES - 1, STREAM_BYTES, STREAM_BYTES + 5])
@pytest.mark.parametrize("spell", [SPELLINGS["plain"], SPELLINGS["script"]], ids=["plain", "script"])
def test_a_value_in_a_huge_file_is_found_wherever_it_stands(before: int, spell) -> None:
    canaries = make_canaries(CONTRACT)
    stream = io.BytesIO(b"." * before + spell(canaries[0].value) + b"." * 3000)
    assert [one.variable for one in Search(canaries).look_at_stream("x", stream)] == [canaries[0].variable.name]


def test_a_locked_archive_is_said() -> None:
    search = Search(make_canaries(CONTRACT))
    assert list(search.look("a.gz", b"\x1f\x8b\x08" + b"\0" * 20)) == []
    assert search.gaps


@pytest.mark.parametrize(
    ("variable", "secret", "public"),
    [
        (Variable("STRIPE_API_KEY", V.KEY), True, False),
        (Variable("DATABASE_URL", V.URL), True, False),
        (Variable("SMTP_URL", V.URL), True, False),
        (Variable("SESSION_SECRET", V.TEXT), True, False),
        (Variable("SITE_URL", V.URL), False, False),
        (Variable("SUPPORT_EMAIL", V.EMAIL), False, False),
        (Variable("VITE_SITE_URL", V.URL), False, True),
        (Variable("NEXT_PUBLIC_API_URL", V.URL), False, True),
        (Variable("VITE_OPENAI_API_KEY", V.TEXT), True, False),
        (Variable("VITE_STRIPE_PUBLISHABLE_KEY", V.KEY, is_public=True), False, True),
        (Variable("NEXT_PUBLIC_SUPABASE_ANON_KEY", V.TEXT), False, True),
        (Variable("RECAPTCHA_SITE_KEY", V.KEY, is_public=True), False, True),
        (Variable("SECRET_NAME", V.TEXT), False, False),
    ],
)
def test_what_is_secret_and_what_is_public(variable: Variable, secret: bool, public: bool) -> None:
    assert (is_secret(variable), is_public(variable)) == (secret, public)
