"""Evidence as a file: canonical JSON with a schema version and a digest, so that a changed byte is refused."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from launchready.engine.codec import CodecError, decode, encode
from launchready.model.evidence import Entry, Evidence
from launchready.model.fact import FACTS
from launchready.model.reading import Reading

SCHEMA_VERSION = 2  # raised whenever a fact or the declaration changes its form
MAX_FILE_BYTES = 64 * 1024 * 1024  # evidence of 40 hosts is under 1 MB; more is not ours


class EvidenceError(ValueError):
    """The file is not evidence that this version can judge; the message says why and what to do."""


def write_evidence(evidence: Evidence) -> str:
    """The file's text: sorted keys, one digest over all the rest."""
    body = encode(replace(evidence, entries=()), Evidence)
    assert isinstance(body, dict)
    body["entries"] = [_encode_entry(entry) for entry in evidence.entries]
    document = {"schema_version": SCHEMA_VERSION, "evidence": body, "sha256": _digest(body)}
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n"


def read_evidence(text: str) -> Evidence:
    """The evidence in a file's text.

    Raises:
        EvidenceError: it is no evidence, of another version, or was changed since it was written.
    """
    if len(text) > MAX_FILE_BYTES:
        raise EvidenceError("the file is larger than evidence can be")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(
            "the file is not JSON; give the file that `launchready gather --save FILE` wrote"
        ) from error
    if not isinstance(document, dict) or set(document) != {"schema_version", "evidence", "sha256"}:
        raise EvidenceError("the file is not evidence; give the file that `launchready gather --save FILE` wrote")
    version = document["schema_version"]
    if version != SCHEMA_VERSION:
        raise EvidenceError(f"evidence of schema {version}; this version reads {SCHEMA_VERSION}: gather it again")
    if document["sha256"] != _digest(document["evidence"]):
        raise EvidenceError("the file was changed after it was written, so nothing can be concluded: gather it again")
    try:
        return _decode_body(document["evidence"])
    except CodecError as error:
        raise EvidenceError(f"the file does not fit this version ({error}): gather it again") from error


def _digest(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _encode_entry(entry: Entry) -> dict[str, Any]:
    reading = encode(entry.reading, _reading_type(entry.kind))
    return {"kind": entry.kind, "subject": entry.subject, "reading": reading}


def _decode_body(body: Any) -> Evidence:
    if not isinstance(body, dict) or not isinstance(body.get("entries"), list):
        raise CodecError("$.entries must be an array")
    rest: Evidence = decode({**body, "entries": []}, Evidence)
    entries = tuple(_decode_entry(data, f"$.entries[{i}]") for i, data in enumerate(body["entries"]))
    if [_encode_entry(entry) for entry in entries] != body["entries"]:
        raise CodecError("$.entries do not encode to the same bytes again")
    return replace(rest, entries=entries)


def _decode_entry(data: Any, where: str) -> Entry:
    if not isinstance(data, dict) or set(data) != {"kind", "subject", "reading"}:
        raise CodecError(f"{where} must have kind, subject and reading")
    kind, subject = decode(data["kind"], str, f"{where}.kind"), decode(data["subject"], str, f"{where}.subject")
    return Entry(kind, subject, decode(data["reading"], _reading_type(kind), f"{where}.reading"))


def _reading_type(kind: str) -> Any:
    for fact, known in FACTS.items():
        if known.name == kind:
            reading: Any = Reading
            return reading[fact]
    raise CodecError(f"there is no kind of fact called {kind!r}")
