"""Targets of the ledger's own formats: entries, statements, envelopes, trace bundles; and what an audit says of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ledger.audit.accounting import with_sound_flows
from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import format_bundle, parse_bundle
from ledger.bundle.verification import BundleReport, verify_bundle
from ledger.canonical import encode
from ledger.entries.inclusion_promise import open_inclusion_promise, sign_inclusion_promise
from ledger.entries.leaf import all_keys_of_statement, keys_of_statement, read_leaf
from ledger.entries.statement import read_envelope, read_statement, verify_signatures, write_envelope
from ledger.errors import GiveTrailError
from ledger.examination.examine import brief, examine, fingerprints, flows_of_refused
from ledger.findings.finding import Finding
from ledger.findings.table import RULES
from ledger.inclusion_promises.challenge import format_challenge, parse_challenge
from ledger.log.entry import check_flows, decode_entry, encode_entry
from tests.fuzz.examples import GOLDEN, entries, examples, golden
from tests.fuzz.on_the_log import again, promised, trust
from tests.language import key

MESSAGE_CHARACTERS = 4096
VERDICTS = {"verified": 0, "failed": 3, "could not verify": 4}


def entry(raw: bytes) -> None:
    said = decode_entry(raw)
    again(encode_entry(said.index, said.prev, said.time, said.signatures, said.statement_raw, said.flows), raw)
    check_flows(said.flows)


def statement(raw: bytes) -> None:
    said = read_statement(raw)
    again(encode(said.model_dump(mode="json", exclude_unset=True)), raw)
    assert keys_of_statement(said) and said.after_index < 10**16


def envelope(raw: bytes) -> None:
    """An envelope may list its signatures in any order; written again they are sorted."""
    said = read_envelope(raw)
    with promised("an envelope that was read"):
        assert read_envelope(write_envelope(*said)) == said
    verify_signatures(*said)


def inclusion_promise(raw: bytes) -> None:
    """What was opened and signed again says the same."""
    signed = open_inclusion_promise(raw)
    resigned = sign_inclusion_promise(signed.promise, key("hope.li"))
    assert open_inclusion_promise(resigned).promise == signed.promise


def challenge(raw: bytes) -> None:
    said = parse_challenge(raw)
    with promised("a challenge that was read"):
        assert format_challenge(said) == raw.removesuffix(b"\n")


def examined(raw: bytes) -> None:
    """What an audit says of one entry by its bytes alone; it never raises."""
    with promised("an audit of an entry"):
        found = examine(raw, 7)
        _sayable(found.findings)
        flows_of_refused(raw)
        if found.leaf is not None:
            with_sound_flows(found.leaf)
            assert read_leaf(raw).statement == found.leaf.statement
        if not found.findings:
            verify_signatures(found.leaf.entry.statement_raw, found.leaf.entry.signatures)


def briefed(raw: bytes) -> None:
    """The quick examination, by columns where records are alike, says what the plain one says."""
    with promised("an audit of an entry"):
        found, quick = examine(raw, 7), brief(raw, 7)
        assert quick.findings == found.findings, (quick.findings, found.findings)
        assert (quick.journal_entry is None) == (found.leaf is None)
        if found.leaf is not None:
            statement = found.leaf.statement
            keys = [key.encode() for _, key in all_keys_of_statement(statement)]
            assert quick.journal_entry == found.leaf.journal_entry() and quick.keys == fingerprints(keys)
            assert quick.flows == encode(found.leaf.entry.flows)


class _Log:
    """The golden ledger with another entry in the place that the entry claims, or else the last one's; its tiles and checkpoint are
    the true ones."""

    name = "fuzz"

    def __init__(self, raw: bytes) -> None:
        self._entries = list(entries())
        try:
            place = decode_entry(raw).index
        except GiveTrailError:
            place = -1
        self._entries[place if place < len(self._entries) else -1] = raw

    def checkpoint(self) -> bytes:
        return golden("log/checkpoint")

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        return iter(self._entries[start:end])

    def tile(self, level: int, index: int, width: int) -> bytes:
        return golden(min(f"log/tile/0/000.p/{path.name}" for path in (GOLDEN / "log/tile/0/000.p").iterdir()))

    def durable_size(self) -> int:
        return len(self._entries)

    def faults_beside(self, size: int, rows: object) -> list[tuple[str, str]]:
        return []

    def stamped(self) -> list[int]:
        return []

    def stamp(self, size: int) -> bytes | None:
        return None

    def close(self) -> None:
        return None


def audited(raw: bytes) -> None:
    """A whole audit never raises, and passes no other entry than the one that was signed over."""
    with promised("an audit"):
        report = verify(_Log(raw), trust())
    assert VERDICTS[report.verdict] == report.exit_code
    _sayable(report.findings)
    assert report.exit_code or raw in entries()


def bundle(raw: bytes) -> None:
    said = parse_bundle(raw)
    with promised("a bundle that was read"):
        again(format_bundle(said), raw)


def verified_bundle(raw: bytes) -> None:
    """Whatever was done to a bundle: it fails, or it tells of the gift what it told before."""
    report = verify_bundle(raw, trust())
    assert VERDICTS[report.verdict] == report.exit_code
    _sayable(report.findings)
    assert report.exit_code or _told(report) in _true_tales()


def _told(report: BundleReport) -> tuple[Any, ...]:
    return report.origin, report.tree_size, report.trace, report.not_checked


@cache
def _true_tales() -> list[tuple[Any, ...]]:
    return [_told(verify_bundle(raw, trust())) for raw in examples("verify-bundle")]


def _sayable(findings: tuple[Finding, ...]) -> None:
    """Every finding is in the table, and can be printed."""
    for finding in findings:
        assert finding.rule in RULES, finding
        assert len(finding.message) <= MESSAGE_CHARACTERS, f"{finding.rule}: a message of {len(finding.message)} characters"
    encode([finding.as_json() for finding in findings])
