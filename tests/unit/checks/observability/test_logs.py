"""The checks of `checks/observability/logs.py`."""

import dataclasses

from launchready.checks.observability.logs import failed_logins_unrecorded, logs_answer_nothing, private_words_in_log
from launchready.facts.product_logs import Debugging, LoggedWords, ProductLogs
from launchready.model.check import Fail, Judgement, Pass

GOOD = ProductLogs(
    appended_bytes=4096,
    leaks=(),
    id_header="x-request-id",
    debugging=Debugging(which=True, who=True, why=True),
    failed_login_told=True,
)


def offenders(judgement: Judgement) -> tuple[str, ...]:
    assert isinstance(judgement, Fail)
    return judgement.offenders


def asked(**answers: bool) -> Judgement:
    return logs_answer_nothing(dataclasses.replace(GOOD, debugging=dataclasses.replace(GOOD.debugging, **answers)))


def test_useful_logs_without_private_words_pass() -> None:
    assert private_words_in_log(GOOD) == logs_answer_nothing(GOOD) == failed_logins_unrecorded(GOOD) == Pass()


def test_a_leak_is_named_with_its_place_and_spelling() -> None:
    leaks = (LoggedWords("a message to the chat", "app.log", 7, "plain"), LoggedWords("a key", "app.log", 9, "base64"))
    assert offenders(private_words_in_log(dataclasses.replace(GOOD, leaks=leaks))) == (
        "a message to the chat stands in app.log, line 7 of what was added",
        "a key stands in app.log, line 9 of what was added, as base64",
    )


def test_more_than_six_leaks_are_counted() -> None:
    leaks = tuple(LoggedWords("a key", "app.log", line, "plain") for line in range(1, 9))
    assert offenders(private_words_in_log(dataclasses.replace(GOOD, leaks=leaks[:6])))[-1].endswith(
        "line 6 of what was added"
    )
    assert offenders(private_words_in_log(dataclasses.replace(GOOD, leaks=leaks)))[-1] == "and 2 more"


def test_a_product_that_names_no_request_fails_once() -> None:
    none = Debugging(which=False, who=False, why=False)
    assert offenders(logs_answer_nothing(dataclasses.replace(GOOD, id_header="", debugging=none))) == (
        "no response carries the id of its request, so no line can be found by it",
    )


def test_each_question_without_an_answer_is_named() -> None:
    assert offenders(asked(which=False, who=False, why=False)) == (
        "the id in x-request-id of a failed request stands in no line",
    )
    assert offenders(asked(who=False, why=False)) == (
        "the lines of one visitor share nothing that tells them from another's",
        "the line of a failed request holds neither its status nor an error",
    )


def test_a_failed_log_in_that_nothing_tells_fails() -> None:
    assert offenders(failed_logins_unrecorded(dataclasses.replace(GOOD, failed_login_told=False))) == (
        "no line of the log tells the log-in that we let fail from one that works",
    )
