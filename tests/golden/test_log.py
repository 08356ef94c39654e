"""The golden log is what its files say: entries, tiles, signatures, commitments, and a verdict."""

from __future__ import annotations

import hashlib
import json

import pytest

from ledger.audit.verify import verify
from ledger.books.record import KINDS
from ledger.canonical import encode, from_base64url, parse, to_base64
from ledger.entries.channel_reference import commit_reference
from ledger.entries.statement import pae
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.key import SigningKey
from ledger.log.note import parse_note
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource

from .cast import OFFICERS
from .forge import tiles
from .reading import GOLDEN, golden, golden_entries, golden_policy, places


@pytest.fixture(scope="module")
def report():
    return verify(FolderSource(GOLDEN / "log"), golden_policy())


@pytest.fixture(scope="module")
def values() -> list:
    return [parse(raw) for raw in golden_entries()]


def test_the_log_is_verified(report):
    expected = golden("report.json")
    assert (report.verdict, report.exit_code) == (expected["verdict"], expected["exit"]) == ("verified", 0)
    assert (report.origin, report.tree_size, report.root) == (expected["origin"], expected["tree_size"], expected["root"])
    assert report.checked == expected["checked"]
    assert report.records == expected["records"]
    assert report.units == expected["units"]
    assert places(report.findings) == places(expected["findings"])


def test_what_is_late_on_a_later_day():
    later = golden("report.json")["later"]
    report = verify(FolderSource(GOLDEN / "log"), golden_policy(), as_of=later["as_of"])
    assert places(report.findings) == places(later["findings"])


def test_the_entries_give_the_files_of_the_log():
    entries = golden_entries()
    stored = {
        path.relative_to(GOLDEN / "log").as_posix(): path.read_bytes() for path in (GOLDEN / "log").rglob("*") if path.is_file()
    }
    note = stored.pop("checkpoint")
    assert stored == tiles(entries)
    assert parse_checkpoint(parse_note(note).text).tree_size == len(entries) == golden("report.json")["tree_size"]


def test_the_export_of_the_log_is_the_log(tmp_path):
    export_tiles(FolderSource(GOLDEN / "log"), tmp_path)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert path.read_bytes() == (GOLDEN / "log" / path.relative_to(tmp_path)).read_bytes()


def test_every_kind_stands_in_the_log(values):
    """But the one that ends a log: that is in mutations."""
    kinds = {kind for kind, record in KINDS.items() if record.__module__.startswith("ledger.")}
    assert {record["kind"] for value in values for record in value["statement"]["records"]} == kinds - {"succession"}
    assert any('"kind":"succession"' in raw for raw in golden("mutations/continued-after-loss.json")["entries"])


def test_every_optional_case_of_flows_stands_in_the_log(values):
    """Named units, several ranges, several legs, and every word of the enumerations that say where money goes."""
    records = [record for value in values for record in value["statement"]["records"]]
    for kind, member in [
        ("allocation", "units"), ("payment", "units"), ("exchange", "units"), ("delivery", "units"), ("write-off", "units"),
        ("payment", "goods"), ("payment", "grant"), ("receipt", "into"), ("receipt", "line"),
        ("donation", "fee"), ("donation", "holder"), ("donation", "private"),
        ("donation", "channel_ref"), ("refund", "units"), ("refund", "cover"), ("feedback", "payments"), ("feedback", "activity"),
        ("party", "private"), ("project", "cost_limits"), ("delivery", "holder"),
    ]:  # fmt: skip
        assert any(record["kind"] == kind and member in record for record in records), (kind, member)
    levels = {record["level"] for record in records if record["kind"] == "receipt"}
    assert levels == {"recipient-signed", "confirmed", "third-party", "self-declared"}
    rates = [record["rate"] for record in records if record["kind"] == "exchange"]
    assert any(out < into for into, out in rates) and any(out > into for into, out in rates)


def test_the_seeds_make_the_signatures_again(values):
    seeds = {one["public"]: bytes.fromhex(one["seed"]) for one in golden("keys.json")["officers"].values()}
    used = set()
    for value in values:
        message = pae(encode(value["statement"]))
        for signature in value["signatures"]:
            used.add(signature["key"])
            assert to_base64(SigningKey.from_seed(seeds[signature["key"]]).sign(message)) == signature["sig"]
    assert len(used) == len(seeds) == len(OFFICERS)


def test_commitments_open(values):
    """The digests and references of the log are those of what keys.json says stands behind them."""
    secrets, log = golden("keys.json"), (GOLDEN / "entries.jsonl").read_text(encoding="utf-8")
    for disclosure in secrets["disclosures"]:
        salt, field, value = json.loads(from_base64url(disclosure))
        assert len(from_base64url(salt)) == 16 and field and value
        assert to_urlsafe_digest(disclosure) in log
    for one in secrets["evidence"].values():
        committed = hashlib.sha256(bytes.fromhex(one["salt"]) + one["file"].encode()).hexdigest()
        assert committed in log or hashlib.sha256(one["file"].encode()).hexdigest() in log
    key = bytes.fromhex(secrets["channel_key"]["secret"])
    for reference, channel in secrets["channel_references"].items():
        assert commit_reference(key, secrets["channel_key"]["label"], channel, reference) in log


def to_urlsafe_digest(disclosure: str) -> str:
    digest = to_base64(hashlib.sha256(disclosure.encode()).digest())
    return digest.rstrip("=").replace("+", "-").replace("/", "_")


def test_no_private_value_stands_in_the_log():
    log = (GOLDEN / "entries.jsonl").read_text(encoding="utf-8")
    values = [json.loads(from_base64url(disclosure))[2] for disclosure in golden("keys.json")["disclosures"]]
    assert values and not any(f'"{value}"' in log and value != "CN-GZ" for value in values)
