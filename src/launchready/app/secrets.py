"""The view of secrets alone: one repository or folder scanned, each key once, and what the checks say of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from launchready.checks.secrets import history, working_tree
from launchready.checks.secrets.providers import provider_of, step_of
from launchready.facts.secrets import (
    COMMITTED,
    Exposure,
    LeakedKey,
    RepositorySecrets,
    WorkingTreeSecrets,
)
from launchready.model.check import CHECKS, Check, Fail, Impact
from launchready.model.reading import NotSeen
from launchready.model.verdict import Decision
from launchready.probes.keys.git import Ended, Git
from launchready.probes.repository import NO_SCANNER, find_git
from launchready.report.secrets import Incident, SecretsFinding, SecretsView, Standing

Progress = Callable[[str, int, int], None]
"""Told what is read, and how much of how much is done."""

FACTS: Final = (RepositorySecrets, WorkingTreeSecrets)


class PathError(ValueError):
    """What was named can't be scanned; the message says what to type instead."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """Both facts as far as they were seen, and why the others were not."""

    history: RepositorySecrets | None
    tree: WorkingTreeSecrets | None
    gaps: tuple[str, ...]
    accepted: tuple[str, ...]

    @property
    def facts(self) -> dict[type, object]:
        """Those that were seen, by their type."""
        return {type(one): one for one in (self.history, self.tree) if one is not None}


def scan(path: Path, progress: Progress, *, keeps: bool) -> Scanned:
    """Scan a repository, or a folder without history. It blocks, and can be interrupted; what was read is remembered.

    Args:
        path: the folder.
        progress: told of every step.
        keeps: whether `.launchready/` may be made there, so that the next scan reads only what is new.

    Raises:
        PathError: there is no such folder, or nothing can be scanned on this machine.
    """
    if not path.is_dir():
        raise PathError(f"{path} is no folder: name the one that holds .git")
    keys = _keys()
    job = keys.Job(_git(path), path, datetime.now(UTC).date(), Ended(), keeps, reads_packages=True)
    gaps: list[str] = []
    try:
        accepted = tuple(one.fingerprint for one in keys.read_accepted(path))
    except NotSeen as error:
        raise PathError(error.detail) from None
    seen: list[RepositorySecrets | WorkingTreeSecrets | None] = []
    for name, look in (("history", keys.scan_history), ("files", keys.scan_working_tree)):
        try:
            seen.append(look(replace(job, report=_reporter(progress, name))))
        except NotSeen as error:
            gaps.append(error.detail)
            seen.append(None)
    history, tree = seen
    gaps += [*(history.gaps if history else ()), *(tree.gaps if tree else ())]
    assert not isinstance(history, WorkingTreeSecrets), "the first look is at the history"
    assert not isinstance(tree, RepositorySecrets), "the second is at the files"
    return Scanned(history, tree, tuple(dict.fromkeys(gaps)), accepted)


def view_of(path: str, scanned: Scanned) -> SecretsView:
    """What a scan says; touches nothing."""
    findings = tuple(sorted(_findings(scanned), key=lambda one: (-one.impact, one.check)))
    unasked = [check for check in _checks() if not set(check.facts) <= scanned.facts.keys()]
    incidents = tuple(sorted(map(_incident, merged(scanned)), key=lambda one: (one.standing.rank, one.provider)))
    found = {one.fingerprint for one in incidents}
    return SecretsView(
        path=path,
        decision=_decision(findings, unasked).value,
        incidents=incidents,
        findings=findings,
        gaps=scanned.gaps,
        gone=() if scanned.gaps else tuple(one for one in scanned.accepted if one not in found),
        objects_read=scanned.history.objects_read if scanned.history else 0,
        files_read=scanned.tree.files_read if scanned.tree else 0,
    )


def merged(scanned: Scanned) -> list[LeakedKey]:
    """Each key once, with all its places, the widest first."""
    keys: dict[str, LeakedKey] = {}
    for fact in (scanned.history, scanned.tree):
        for key in fact.keys if fact else ():
            keys[key.fingerprint] = _together(keys[key.fingerprint], key) if key.fingerprint in keys else key
    return list(keys.values())


def _together(one: LeakedKey, other: LeakedKey) -> LeakedKey:
    places = sorted((*one.places, *other.places), key=lambda place: place.exposure.rank)
    better = one if one.is_certain else other
    return replace(
        better,
        is_public_by_design=one.is_public_by_design or other.is_public_by_design,
        is_test_key=one.is_test_key or other.is_test_key,
        places=tuple(places),
        place_count=one.place_count + other.place_count,
        brought_by=one.brought_by or other.brought_by,
        is_on_branch=one.is_on_branch or other.is_on_branch,
    )


def _incident(key: LeakedKey) -> Incident:
    provider = provider_of(key)
    return Incident(
        provider=provider.name,
        fingerprint=key.fingerprint,
        hint=key.hint,
        length=key.length,
        standing=_standing(key),
        exposure=key.places[0].exposure,
        places=key.places,
        place_count=key.place_count,
        brought_by=key.brought_by,
        is_on_branch=key.is_on_branch,
        opens=provider.opens.value,
        step=step_of(key),
        accepted=key.accepted,
    )


def _standing(key: LeakedKey) -> Standing:
    if key.is_public_by_design:
        return Standing.PUBLIC
    if key.is_test_key:
        return Standing.TEST
    if key.is_accepted:
        return Standing.ACCEPTED
    is_open = any(place.exposure is not Exposure.IGNORED or place.public_name for place in key.places)
    if not is_open:
        return Standing.KEPT_ASIDE
    if not key.is_certain:
        return Standing.POSSIBLE
    return Standing.LEAKED if any(place.exposure in COMMITTED for place in key.places) else Standing.EXPOSED


def _checks() -> Iterator[Check]:
    """Those that judge a repository: of two modules, for reading all of them takes longer than a second scan."""
    topics = {module.__name__ for module in (history, working_tree)}
    for check in CHECKS.values():
        if check.ask is not None and check.ask.__module__ in topics:
            yield check


def _findings(scanned: Scanned) -> Iterator[SecretsFinding]:
    for check in _checks():
        if check.ask is not None and set(check.facts) <= scanned.facts.keys():
            outcome = check.ask(*(scanned.facts[kind] for kind in check.facts))
            if isinstance(outcome, Fail):
                yield SecretsFinding(
                    check.id, check.impact, check.title, outcome.offenders, outcome.fix.do, outcome.fix.paste
                )


def _decision(findings: tuple[SecretsFinding, ...], unasked: list[Check]) -> Decision:
    failed, unknown = {one.impact for one in findings}, {one.impact for one in unasked}
    if Impact.BLOCKER in failed:
        return Decision.NO_GO
    if Impact.BLOCKER in unknown:
        return Decision.UNDETERMINED
    return Decision.GO_WITH_RISKS if Impact.MAJOR in failed | unknown else Decision.GO


def _git(path: Path) -> Git | None:
    try:
        folder = find_git(path)
    except NotSeen:
        return None
    return Git(folder.own, None if folder.own == path else path)


def _keys() -> ModuleType:
    try:
        return import_module("launchready.probes.keys.scan")
    except ImportError:
        raise PathError(NO_SCANNER) from None


def _reporter(progress: Progress, name: str) -> Callable[[int, int], None]:
    return lambda done, of: progress(name, done, of)
