"""What the law asks: by the log's own requirements, and by those that the verifier brings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.requirements import MAX_REQUIREMENTS_BYTES, parse_requirements
from ledger.audit.verify import verify
from ledger.canonical import encode
from ledger.directory.source import DirectorySource
from ledger.errors import FormatError, SizeError, UsageError
from ledger.findings.report import JudgedBy, Report
from tests.writer.on_disk import TRUST, OnDisk, a_town

TENTH = {
    "kind": "requirement", "jurisdiction": "CN", "name": "fee/custodian", "ratio": [1, 10], "from_day": "2026-01-01", "basis": "B",
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnDisk]:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    ledger = a_town(tmp_path / "ledger")
    yield ledger
    ledger.close()


def told(town: OnDisk, *said: dict[str, Any]) -> OnDisk:
    """A ledger in which a charity under the law of CN-51 had a tenth of a gift kept, after somebody said what the law asks."""
    town.play("op: party east charity ling jurisdiction=CN-51; party bureau regulator hu")
    for record in said:
        town.say("bureau", [record], ["bureau.hu"])
    town.play("east: fund well restricted")
    town.play("east: donation 10.00 CNY -> well fee=1.00 fee_to=till")
    return town


def judged(town: OnDisk, *brought: dict[str, Any]) -> Report:
    books = parse_requirements(encode(list(brought))) if brought else None
    return verify(DirectorySource(town.directory), TRUST, requirements=books)


def fees(report: Report) -> int:
    return sum(one.rule == "fee-limit" for one in report.findings)


def test_a_log_is_judged_by_what_it_says_itself_and_the_report_names_it(town: OnDisk):
    report = judged(told(town, TENTH))
    index = town.sequencer.tree_size - 3
    assert (fees(report), report.judged_by) == (0, (JudgedBy("CN", "fee/custodian", "bureau", f"{index}.0", False),))
    assert report.as_json()["judged_by"] == [report.judged_by[0]._asdict()]


def test_what_the_verifier_brings_comes_first(town: OnDisk):
    told(town, {**TENTH, "ratio": [1, 2]})
    stricter, (row,) = {**TENTH, "ratio": [99, 1000]}, judged(town, TENTH).judged_by
    assert row == JudgedBy("CN", "fee/custodian", "the verifier", "record 1", False)
    assert fees(judged(town)) == fees(judged(town, TENTH)) == 0
    report = judged(town, TENTH, stricter)
    assert fees(report) == 1 and "record 2" in next(one.message for one in report.findings if one.rule == "fee-limit")
    assert fees(judged(town, {**stricter, "jurisdiction": "CN-51"}, TENTH)) == 1
    assert fees(judged(town, {**stricter, "from_day": "2027-01-01"})) == fees(judged(town, {**stricter, "jurisdiction": "KE"})) == 0


def test_without_any_there_is_nothing_to_judge_by(town: OnDisk):
    report = judged(told(town))
    assert (report.verdict, fees(report), report.judged_by) == ("verified", 0, ())


def test_an_exchange_is_judged_by_the_rate_that_the_verifier_brings(town: OnDisk):
    town.play("hope: donation 10.00 USD -> school")
    town.play("hope: exchange 10.00 USD school to_amount=7000 to_unit=CNY rate=7/1")
    rate = {"kind": "rate", "unit": "USD", "to_unit": "CNY", "day": "2026-09-08", "source": "Central bank", "ratio": [7, 1]}
    day = {"day": town.time[:10]}
    assert judged(town).unreferenced == 1
    report = judged(town, {**rate, **day})
    assert [one.rule for one in report.findings] == [] and report.unreferenced == 0
    assert [one.rule for one in judged(town, {**rate, **day, "ratio": [8, 1]}).findings] == ["rate"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[]", "the list is empty"), (b"[{}]", "record 1"), (encode([TENTH, {**TENTH, "ratio": [1, 0]}]), "record 2"),
        (encode({"kind": "key-withdrawal", "key": "A" * 43 + "="}), "is of kind key-withdrawal"),
    ],
)  # fmt: skip
def test_what_is_no_requirement_is_refused(raw: bytes, words: str):
    with pytest.raises(FormatError, match=words):
        parse_requirements(raw)


def test_a_file_may_be_so_large():
    with pytest.raises(SizeError):
        parse_requirements(b" " * (MAX_REQUIREMENTS_BYTES + 1))


def test_a_saved_state_was_judged_by_others(town: OnDisk, tmp_path: Path):
    books = parse_requirements(encode(TENTH))
    with pytest.raises(UsageError, match="--requirements and --state"):
        verify(DirectorySource(town.directory), TRUST, requirements=books, state=tmp_path / "audit")
