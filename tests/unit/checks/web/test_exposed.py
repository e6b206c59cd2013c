"""The checks of `checks/web/exposed.py`."""

from datetime import UTC, datetime

import pytest

from launchready.checks.web.exposed import (
    SECRET_KINDS,
    api_docs_exposed,
    directory_listing,
    secret_file_exposed,
    source_map_exposed,
)
from launchready.facts.exposure import ExposedFiles, FoundFile, SourceMap, SourceMaps
from launchready.model.check import Fail, NotApplicable, Pass
from launchready.model.reading import Measured, Unmeasured, Why
from launchready.model.subject import Host
from launchready.parse.exposed_files import FileKind

AT = datetime(2026, 7, 1, tzinfo=UTC)
HOST = Host("example.com", "example.com")
UNSEEN = Unmeasured(Why.TIMED_OUT, "did not answer", AT)
CHECKS = (secret_file_exposed, directory_listing, api_docs_exposed)


def files(*kinds: FileKind, size: int | None = 7) -> ExposedFiles:
    return ExposedFiles(23, tuple(FoundFile("https://example.com/x", kind, size) for kind in kinds), ())


def test_nothing_found_passes() -> None:
    for check in CHECKS:
        assert check(HOST, files()) == Pass()


@pytest.mark.parametrize("kind", FileKind)
def test_each_kind_fails_one_check_and_no_other(kind: FileKind) -> None:
    failed = [check for check in CHECKS if isinstance(check(HOST, files(kind)), Fail)]
    listed = directory_listing if kind in {FileKind.LISTING, FileKind.FOLDER_FILE} else api_docs_exposed
    assert failed == [secret_file_exposed if kind in SECRET_KINDS else listed]


def test_a_file_is_named_with_what_it_is_and_its_size() -> None:
    judgement = secret_file_exposed(HOST, files(FileKind.SETTINGS))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("https://example.com/x is settings with secrets in them, 7 bytes",)
    assert "replace every secret" in judgement.fix.do
    endless = secret_file_exposed(HOST, files(FileKind.ARCHIVE, size=None))
    assert isinstance(endless, Fail)
    assert endless.offenders == ("https://example.com/x is an archive",)


def maps(*maps: SourceMap | Unmeasured) -> SourceMaps:
    return SourceMaps(tuple(one if isinstance(one, Unmeasured) else Measured(one, AT, 0.1) for one in maps))


def test_a_map_that_is_there_fails_and_says_what_is_in_it() -> None:
    judgement = source_map_exposed(HOST, maps(SourceMap("a", True, True), SourceMap("b", True, False), UNSEEN))
    assert isinstance(judgement, Fail)
    assert judgement.offenders == ("a: the source code itself", "b: the names of the source files")


def test_a_map_that_is_not_there_passes() -> None:
    assert source_map_exposed(HOST, maps(SourceMap("a", False, False))) == Pass()


def test_a_page_without_scripts_is_no_question() -> None:
    assert isinstance(source_map_exposed(HOST, maps()), NotApplicable)
