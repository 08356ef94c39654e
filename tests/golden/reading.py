"""Reads the golden files as a reader in any language would: nothing here comes from the builder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ledger.audit.verify import verify
from ledger.canonical import from_base64
from ledger.findings.finding import Finding
from ledger.findings.report import Report
from ledger.log.policy import Policy
from ledger.log_files.source import FolderSource

from .forge import lay_out, tiles

GOLDEN = Path(__file__).resolve().parent.parent / "vectors" / "golden"
MUTATIONS = sorted(path.stem for path in (GOLDEN / "mutations").glob("*.json"))


def golden(name: str) -> Any:
    """A JSON file of the golden ledger."""
    return json.loads((GOLDEN / name).read_bytes())


def golden_entries() -> list[bytes]:
    """The bytes of every entry."""
    return (GOLDEN / "entries.jsonl").read_bytes().splitlines()


def golden_policy(text: str | None = None) -> Policy | None:
    """The policy of the log, or another one's; None for no policy."""
    raw = (GOLDEN / "trust.policy").read_bytes() if text is None else text.encode()
    return Policy.parse(raw) if raw else None


def verify_mutation(case: dict[str, Any], folder: Path) -> Report:
    """Lay out the log as a mutation left it, and verify it."""
    changed = [from_base64(one["base64"]) if isinstance(one, dict) else one.encode() for one in case["entries"]]
    entries = golden_entries()[: case["first"]] + changed
    files: dict[str, bytes | None] = {**tiles(entries), "checkpoint": case["checkpoint"].encode()}
    files |= {path: from_base64(raw) if raw else None for path, raw in case.get("files", {}).items()}
    lay_out(folder, {path: raw for path, raw in files.items() if raw is not None})
    return verify(FolderSource(folder), golden_policy(case.get("policy")), as_of=case.get("as_of", ""))


def places(findings: tuple[Finding, ...] | list[dict[str, Any]]) -> set[tuple[str, int, int]]:
    """Findings without their sentences."""
    listed = [one.as_json() if isinstance(one, Finding) else one for one in findings]
    return {(str(one["id"]), int(one["entry"]), int(one["record"])) for one in listed}


def classes(findings: tuple[Finding, ...]) -> dict[tuple[str, int, int], str]:
    """The class of every finding."""
    return {(one.rule, one.entry, one.record): one.kind for one in findings}
