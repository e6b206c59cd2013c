"""Scan a repository: its objects, what git keeps beside them, and its working tree. Each blocks; run it in a thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from launchready.facts.secrets import LeakedKey, RepositorySecrets, WorkingTreeSecrets
from launchready.model.reading import NotSeen, Why
from launchready.parse.accepted_secrets import (
    FILE_NAME,
    AcceptedSecret,
    AcceptedSecretsError,
    parse_accepted_secrets,
)
from launchready.probes.keys.git import Ended, Git, GitError
from launchready.probes.keys.history import BROKEN, Report, add_objects, is_complete, scan_objects
from launchready.probes.keys.incidents import TOO_MANY, Incidents
from launchready.probes.keys.memory import FOLDER, Memory, recall
from launchready.probes.keys.search import rules_version
from launchready.probes.keys.tree import TreeScan, Watch, scan_folder, scan_git_folder, scan_tree

__all__ = ["Ended", "Job", "scan_history", "scan_working_tree"]


@dataclass(frozen=True, slots=True)
class Job:
    """What a scan needs.

    `git` is None for a folder that is no repository. `makes_memory` is whether it may leave what it learned in the
    folder, and `reads_packages` whether what lies in node_modules is read too. `report` is told of progress.
    """

    git: Git | None
    root: Path
    today: date
    ended: Ended
    makes_memory: bool = False
    reads_packages: bool = False
    report: Report = lambda _done, _of: None

    def memory(self) -> Memory:
        """What was searched before; where a folder for it is neither there nor wanted, nothing is kept."""
        folder = self.root / FOLDER
        if not (self.makes_memory or folder.is_dir()):
            return Memory()
        return recall(folder, rules_version())


def scan_history(job: Job) -> RepositorySecrets:
    """Scan all objects, also those of submodules that lie in git's folder.

    Raises:
        NotSeen: not all could be read, and no live key was found; nothing is there yet; git is not installed.
    """
    if job.git is None:
        raise NotSeen(Why.NOT_FOUND, "the folder is no git repository, so it has no history to read")
    accepted, memory, incidents = read_accepted(job.root), job.memory(), Incidents()
    count, gaps = 0, list[str]()
    for git, prefix in _repositories(job.git):
        try:
            scan = scan_objects(git, memory, job.ended, job.report)
            add_objects(git, scan, incidents, prefix)
        except GitError:
            gaps.append(BROKEN)
            continue
        finally:
            memory.save()
        count += scan.count
        gaps.extend(scan.gaps)
        if not scan.gaps and (missing := is_complete(git)):
            gaps.append(missing)
    if incidents.is_full:
        gaps.append(TOO_MANY)
    keys = incidents.keys(accepted, job.today)
    _refuse_gaps(keys, gaps)
    if not count:
        raise NotSeen(Why.NOT_FOUND, "the repository holds no file yet: commit the product's code")
    return RepositorySecrets(keys, count, is_partial=bool(gaps), gaps=tuple(dict.fromkeys(gaps)))


def scan_working_tree(job: Job) -> WorkingTreeSecrets:
    """Scan the files that lie there, and what git keeps beside its objects.

    Raises:
        NotSeen: not all could be read, and no live key was found; git is not installed.
    """
    accepted, memory, incidents = read_accepted(job.root), job.memory(), Incidents()
    try:
        scan = _tree_of(job, memory, incidents)
    except GitError:
        raise NotSeen(Why.UNREADABLE, "git can't say which files it keeps: run `git fsck`") from None
    finally:
        memory.save()
    gaps = sorted(scan.gaps)
    if incidents.is_full:
        gaps.append(TOO_MANY)
    keys = incidents.keys(accepted, job.today)
    _refuse_gaps(keys, gaps)
    return WorkingTreeSecrets(keys, scan.files_read, tuple(scan.settings), tuple(gaps))


def _tree_of(job: Job, memory: Memory, incidents: Incidents) -> TreeScan:
    watch = Watch(job.ended, job.report, job.reads_packages)
    if job.git is None:
        return scan_folder(job.root, memory, incidents, watch)
    scan = TreeScan() if job.git.tree is None else scan_tree(job.git, memory, incidents, watch)
    scan_git_folder(job.git, incidents, scan)
    return scan


def _refuse_gaps(keys: tuple[LeakedKey, ...], gaps: list[str]) -> None:
    """Without a live key, what was not read decides."""
    if gaps and not any(key.is_live and key.is_certain and not key.is_accepted for key in keys):
        why = Why.NOT_FOUND if "shallow" in gaps[0] else Why.UNREADABLE
        raise NotSeen(why, gaps[0])


def _repositories(git: Git) -> Iterator[tuple[Git, str]]:
    """The repository itself, then its submodules'."""
    yield git, ""
    modules = git.folder / "modules"
    for head in sorted(modules.rglob("HEAD")) if modules.is_dir() else ():
        if (head.parent / "objects").is_dir():
            yield Git(head.parent), f"{head.parent.relative_to(modules)}/"


def read_accepted(root: Path) -> tuple[AcceptedSecret, ...]:
    """The owner's list; empty where there is none.

    Raises:
        NotSeen: UNREADABLE where it can't be taken as it is.
    """
    path = root / FILE_NAME
    try:
        return parse_accepted_secrets(path.read_text("utf-8")) if path.is_file() else ()
    except (OSError, UnicodeDecodeError):
        raise NotSeen(Why.UNREADABLE, f"{FILE_NAME} can't be read: save it as UTF-8 text") from None
    except AcceptedSecretsError as error:
        raise NotSeen(Why.UNREADABLE, f"{FILE_NAME}: {error}") from None
