"""`probes/log_reading.py` and `probes/log_files.py`: what a log holds and answers."""

import base64
import dataclasses
from urllib.parse import quote_plus

import pytest

from launchready.facts.product_logs import Debugging, LoggedWords
from launchready.model.reading import NotSeen, Why
from launchready.net.http_message import HttpResponse, Timings
from launchready.probes.log_files import Appended, LogFiles
from launchready.probes.log_reading import Private, failed_login_told, leaks_in, questions, request_id_of
from launchready.probes.product_logs import card_number

EMPTY = HttpResponse(
    url="https://app.example.com/api/chat",
    method="GET",
    status=200,
    headers=(),
    body=b"",
    body_size_on_wire_bytes=0,
    truncated=False,
    address="203.0.113.1",
    http_version="1.1",
    timings=Timings(0, 0, 0, 0, 0),
)
SECRET = "gorba zyl@mail"
PRIVATE = Private("a message", SECRET)


def answered(status: int, request_id: str, header: str = "x-request-id") -> HttpResponse:
    return dataclasses.replace(EMPTY, status=status, headers=((header, request_id),))


def found(line: str, text: str = SECRET) -> tuple[str, ...]:
    return tuple(leak.spelling for leak in leaks_in([Appended("app.log", line.encode())], [Private("it", text)]))


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        (f"said {SECRET}", "plain"),
        (f"said {SECRET.upper()}", "plain"),
        (f"q={quote_plus(SECRET)}", "URL-escapes"),
        ("q=gorba%20zyl%40mail", "URL-escapes"),
        (f"x{SECRET.encode().hex()}", "hexadecimal digits"),
        (base64.b64encode(b"a" + SECRET.encode() + b"zz").decode(), "base64"),
        ("".join(f"\\u{ord(char):04x}" for char in SECRET), "escapes of a script"),
    ],
)
def test_private_words_are_found_in_every_spelling(written, spelling) -> None:
    assert found(written) == (spelling,)


def test_a_card_is_found_in_fours() -> None:
    assert found("card 4000 0012 3456 7899", "4000001234567899") == ("plain",)
    assert found("card 4000-0012-3456-7899", "4000001234567899") == ("plain",)


def test_a_log_that_speaks_of_prompts_holds_none() -> None:
    assert found("prompt: [redacted], gorba zy") == ()


def test_the_line_of_a_leak_is_counted_from_one() -> None:
    piece = Appended("app.log", f"a\nb\n{SECRET}\n{SECRET}".encode())
    assert tuple(leaks_in([piece], [PRIVATE])) == (LoggedWords("a message", "app.log", 3, "plain"),)


def test_an_id_that_stands_in_the_log_goes_before_one_that_does_not() -> None:
    both = dataclasses.replace(EMPTY, headers=(("x-request-id", "aaa"), ("cf-ray", "bbb")))
    assert request_id_of(both, b"... bbb ...") == ("cf-ray", "bbb")
    assert request_id_of(both, b"") == ("x-request-id", "aaa")
    assert request_id_of(EMPTY, b"aaa") == ("", "")


def test_of_a_trace_context_the_middle_is_the_id() -> None:
    trace = answered(422, f"00-{'ab' * 16}-{'cd' * 8}-01", "traceparent")
    assert request_id_of(trace, b"")[1] == "ab" * 16


LOG = b"""
{"id": "r1", "s": "77aa11bb22", "status": 422}
{"id": "r2", "s": "77aa11bb22", "status": 200}
{"id": "r3", "s": "990011ff00", "status": 401}
"""
MINE, SAME, OTHER = answered(422, "r1"), answered(200, "r2"), answered(401, "r3")


def test_a_log_with_ids_marks_and_statuses_answers_all_three() -> None:
    assert questions(LOG, MINE, SAME, (OTHER,)) == Debugging(which=True, who=True, why=True)


def test_a_mark_that_others_share_is_none() -> None:
    shared = LOG.replace(b"990011ff00", b"77aa11bb22")
    assert questions(shared, MINE, SAME, (OTHER,)) == Debugging(which=True, who=False, why=True)


def test_a_status_inside_a_longer_number_is_none() -> None:
    assert not questions(LOG.replace(b" 422", b" 4220"), MINE, SAME, (OTHER,)).why


def test_a_log_without_the_id_answers_nothing() -> None:
    assert questions(LOG.replace(b"r1", b"--"), MINE, SAME, (OTHER,)) == Debugging(which=False, who=False, why=False)


@pytest.mark.parametrize(
    ("line", "told"),
    [(b'{"id": "r3", "status": 401}', True), (b'{"id": "r3"}', False), (b"login failed", True), (b"login", False)],
)
def test_a_failed_log_in_is_told_by_its_status_or_in_words(line, told) -> None:
    assert failed_login_told(line, OTHER) is told


def test_only_what_is_appended_is_read(tmp_path) -> None:
    log = tmp_path / "app.log"
    log.write_text("old\n")
    logs = LogFiles((str(log),))
    assert logs.appended() == ()
    with log.open("a") as stream:
        stream.write("new\n")
    assert logs.appended() == (Appended("app.log", b"new\n"),)


def test_a_log_that_was_begun_again_and_a_new_file_are_read_from_the_beginning(tmp_path) -> None:
    (tmp_path / "app.log").write_text("a long line that is gone\n")
    logs = LogFiles((str(tmp_path),))
    (tmp_path / "app.log").write_text("short\n")
    (tmp_path / "other.log").write_text("new\n")
    assert logs.appended() == (Appended("app.log", b"short\n"), Appended("other.log", b"new\n"))


def test_a_missing_log_is_not_seen(tmp_path) -> None:
    with pytest.raises(NotSeen) as caught:
        LogFiles((str(tmp_path / "nowhere.log"),))
    assert caught.value.why is Why.NOT_FOUND


def test_a_log_that_went_away_meanwhile_is_not_seen(tmp_path) -> None:
    log = tmp_path / "app.log"
    log.write_text("")
    logs = LogFiles((str(log),))
    log.unlink()
    with pytest.raises(NotSeen):
        logs.appended()


def test_a_made_up_card_has_a_right_check_digit() -> None:
    for _ in range(20):
        digits = [int(char) for char in card_number()]
        folded = [d * 2 - 9 * (d > 4) if place % 2 == 0 else d for place, d in enumerate(digits)]
        assert len(digits) == 16
        assert sum(folded) % 10 == 0
