"""Twice as much about one thing is twice the work, and no more: to enter, to audit, to follow, to prove, and to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import make_bundle
from ledger.bundle.verification import verify_bundle
from ledger.directory.source import DirectorySource
from ledger.entries.store_flows import Trail
from ledger.log.tile import CHECKPOINT
from tests.api.asking import BROWSER, client_of
from tests.growth.cases import CASES, GIFT, PLACE, Case, grown
from tests.growth.counting import steps_of
from tests.writer.on_disk import TRUST, OnDisk

FEW = 80
MOST = 2.5
# What is always done, however little there is, is not compared: so many calls, and so many ticks.
CONSTANT = 1500
NAMES = [case.name for case in CASES]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))


def measured(place: Path, case: Case, n: int) -> dict[str, tuple[int, int]]:
    """(calls, ticks) of everything that is done with a ledger that grew by n."""
    ledger = OnDisk(place)
    ledger.play(PLACE)
    connection = ledger.sequencer.store._connection
    steps = {"intake": steps_of(lambda: grown(ledger, case, n), connection)}
    trail = Trail(ledger.sequencer.store, ledger.books)
    note = (place / CHECKPOINT).read_bytes()
    bundle: list[bytes] = []
    steps["prove"] = steps_of(lambda: bundle.append(make_bundle(trail, GIFT, note)), connection)
    ledger.close()
    steps["verify the bundle"] = steps_of(lambda: check(verify_bundle(bundle[0], TRUST)))
    steps["audit"] = steps_of(lambda: check(verify(DirectorySource(place), TRUST)))
    for path in case.pages:
        client = client_of(place)
        steps[path] = steps_of(lambda path=path, client=client: shown(client.get(path, accept=BROWSER)))
        client.close()
    return steps


def check(report: object) -> None:
    assert report.verdict == "verified", report.findings[:3]


def shown(response: object) -> None:
    assert response.status_code == 200, response.text


def compare(once: dict[str, tuple[int, int]], twice: dict[str, tuple[int, int]]) -> None:
    """Steps of twice as much are at most 2.5 times as many."""
    grew = {
        (what, kind): (before, after)
        for what in once
        for kind, before, after in zip(("calls", "ticks"), once[what], twice[what], strict=True)
        if after > MOST * before and after - before > CONSTANT
    }
    assert not grew


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_twice_as_much_is_twice_the_work(tmp_path: Path, case: Case):
    few = FEW // 4 if case.name == "keys" else FEW
    compare(measured(tmp_path / "once", case, few), measured(tmp_path / "twice", case, 2 * few))


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_twice_as_much_is_twice_the_work_up_to_the_most(tmp_path: Path, case: Case):
    compare(measured(tmp_path / "once", case, case.most // 2), measured(tmp_path / "twice", case, case.most))
