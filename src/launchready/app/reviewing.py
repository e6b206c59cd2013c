"""Put uncertain answers before people, and write down what they say."""

import os
from dataclasses import dataclass
from pathlib import Path

from launchready.facts.redteam import Transcripts
from launchready.oracles.judge import Report, judge
from launchready.oracles.reviewing import Decided, Reviewed, reviewed
from launchready.probes.redteam_record import FILE_NAME as TRANSCRIPTS
from launchready.probes.redteam_record import TranscriptError, read_transcripts
from launchready.probes.review_record import FILE_NAME, ReviewError, encode_review, read_reviews


@dataclass(frozen=True, slots=True)
class Desk:
    """The last run and what was decided about it."""

    folder: Path
    report: Report
    items: tuple[Reviewed, ...]

    def find(self, start: str) -> Reviewed:
        """The item whose id begins so.

        Raises:
            ReviewError: there is none, or there are several.
        """
        found = [one for one in self.items if one.item.id.startswith(start.lower())]
        if len(found) != 1:
            number = "more than one item" if found else "no item"
            raise ReviewError(f"{number} has an id that begins with {start!r}: `launchready review` lists them")
        return found[0]


def report_of(path: Path) -> Report:
    """Judge a file of transcripts.

    Raises:
        TranscriptError: it can't be read.
    """
    return judge(transcripts_of(path))


def transcripts_of(path: Path) -> Transcripts:
    """The transcripts in a file that has to be there.

    Raises:
        TranscriptError: it is not there, or can't be read.
    """
    transcripts = read_transcripts(path)
    if transcripts is None:
        raise TranscriptError(f"{path} is not there: type `launchready redteam`")
    return transcripts


def open_desk(folder: Path) -> Desk:
    """Everything that is to be decided in a folder of records.

    Raises:
        TranscriptError: no run can be read.
        ReviewError: decisions can't be read.
    """
    report = report_of(folder / TRANSCRIPTS)
    return Desk(folder, report, reviewed(report.items, read_reviews(folder), report.version))


def write_decision(folder: Path, decided: Decided) -> None:
    """Append one decision; when this returns, it is on the disk.

    Raises:
        ReviewError: the disk is full, or may not be written.
    """
    try:
        with (folder / FILE_NAME).open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(encode_review(decided))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ReviewError(f"the decision can't be written down ({error.strerror}): make {folder} yours") from None
