"""Which calls of a script have an address that is plain to see."""

import pytest

from launchready.parse.ecmascript import ScriptCall, read_calls


@pytest.mark.parametrize(
    ("text", "name", "url"),
    [
        ('new WebSocket("ws://a.example/s")', "new WebSocket", "ws://a.example/s"),
        ("fetch ( 'http://a.example/' )", "fetch", "http://a.example/"),
        ("await fetch(`http://a.example/`, {method: 'POST'})", "fetch", "http://a.example/"),
        ("import('http://a.example/m.js')", "import", "http://a.example/m.js"),
        ("x=1;window.fetch('http://a.example/')", "fetch", "http://a.example/"),
        ("new  EventSource('http://a.example/')", "new EventSource", "http://a.example/"),
        ("axios.post('http://a.example/')", "axios.post", "http://a.example/"),
        ("y = a / fetch('http://a.example/') / 2", "fetch", "http://a.example/"),
        ("s = 'it\\'s'; fetch('http://a.example/')", "fetch", "http://a.example/"),
        ("r = /['\"]/; fetch('http://a.example/')", "fetch", "http://a.example/"),
        ("r = /[/'\"]/.test(s); fetch('http://a.example/')", "fetch", "http://a.example/"),
        ("<!-- '\nfetch('http://a.example/')", "fetch", "http://a.example/"),
    ],
)
def test_a_call_with_a_whole_address_is_found(text: str, name: str, url: str) -> None:
    assert read_calls(text) == (ScriptCall(name, url),)


@pytest.mark.parametrize(
    "text",
    [
        "// fetch('http://a.example/')",
        "/* fetch('http://a.example/') */",
        "const example = \"fetch('http://a.example/')\"",
        "prefetch('http://a.example/')",
        "this.fetch('http://a.example/')",
        "fetch('http://' + host)['x']('')",
        "fetch(`http://${host}/`)",
        "fetch('http:\\/\\/a.example')",
        "fetch('')",
        "const ns = 'http://www.w3.org/2000/svg'",
        "document.createElementNS('http://www.w3.org/2000/svg', 'svg')",
        '{"@context": "http://schema.org"}',
        "fetch('http://a.example/",
    ],
)
def test_what_is_no_such_call_is_not(text: str) -> None:
    assert [call for call in read_calls(text) if call.url != "http://"] == []
