"""The check of `checks/delivery/release.py`."""

from launchready.checks.delivery.release import deployed_commit_differs, release_not_repeatable
from launchready.facts.endpoints import VersionAnswer
from launchready.facts.release import RepeatedRelease
from launchready.facts.repository import RepositoryHead
from launchready.model.check import Fail, Fix, Judgement, Pass
from launchready.model.fact import Each
from launchready.model.subject import Endpoint, EndpointKind, Repository

HEAD = "9d712d4d0590e332eb52eecabdcd3ada1c1288f9"
OTHER = "18fd956d821051b999690d5fa868d3ea4805538a"
URL = "https://app.example.com/version"
ENDPOINT = Endpoint(URL, EndpointKind.VERSION)


def judged(*answers: VersionAnswer) -> Judgement:
    heads = Each(((Repository("repository"), RepositoryHead(HEAD)),))
    return deployed_commit_differs(Each(tuple((ENDPOINT, answer) for answer in answers)), heads)


def test_the_commit_of_the_repository_passes() -> None:
    assert judged(VersionAnswer(200, HEAD)) == Pass()


def test_capital_digits_are_the_same_commit() -> None:
    assert judged(VersionAnswer(200, HEAD.upper())) == Pass()


def test_seven_digits_name_a_commit_and_six_do_not() -> None:
    assert judged(VersionAnswer(200, HEAD[:6])) != Pass()
    assert judged(VersionAnswer(200, HEAD[:7])) == Pass()
    assert judged(VersionAnswer(200, HEAD[:8])) == Pass()


def test_another_commit_fails_and_both_are_named() -> None:
    assert judged(VersionAnswer(200, OTHER)) == Fail(
        (f"{URL} says {OTHER}; the repository is on {HEAD}",),
        Fix("Deploy the repository's commit", f"git push && git log -1 --format=%H  # {HEAD}"),
    )


def test_one_of_two_endpoints_that_differs_fails_alone() -> None:
    judgement = judged(VersionAnswer(200, HEAD), VersionAnswer(200, OTHER))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{URL} says {OTHER}; the repository is on {HEAD}",)


def test_an_endpoint_that_names_no_commit_fails_and_is_told_what_to_say() -> None:
    assert judged(VersionAnswer(200, "")) == Fail(
        (f"{URL} does not say its commit; the repository is on {HEAD}",),
        Fix("Let the version endpoint say the commit", f'{{"commit": "{HEAD}"}}'),
    )


def test_a_word_in_place_of_a_commit_fails() -> None:
    judgement = judged(VersionAnswer(200, "unknown"))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (f"{URL} says unknown; the repository is on {HEAD}",)


def test_an_endpoint_that_is_missing_fails() -> None:
    judgement = judged(VersionAnswer(404, ""))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        f"{URL} answers 404, so nothing says which commit is live; the repository is on {HEAD}",
    )


def test_the_same_files_each_time_pass() -> None:
    assert release_not_repeatable(RepeatedRelease(HEAD, 2, 1, 1, ())) == Pass()


def test_other_files_the_second_time_fail_and_are_named() -> None:
    judgement = release_not_repeatable(RepeatedRelease(HEAD, 3, 1, 2, ("edited: app.js",)))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == (
        f"3 releases of {HEAD[:12]} gave 2 different sets of files",
        "edited: app.js",
    )
