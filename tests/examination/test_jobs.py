"""Several processes say what one says: of honest logs, of forged ones, and of sources that fail half-way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from ledger.errors import StorageError
from ledger.examination import parallel
from ledger.findings.report import Report
from ledger.findings.scope import scope_of
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Forged, edited, rules, signed_anew
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town

RANGE = 64
SIZE = 2 * RANGE + 40


@pytest.fixture(autouse=True)
def ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ranges, so that a small log has three of them."""
    monkeypatch.setattr(parallel, "RANGE", RANGE)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnDisk]:
    """Gifts over three ranges, one of them of 40 in one statement, and payments."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("jobs")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = a_town(place / "ledger")
        town.play("hope: " + "; ".join(["donation 1.00 CNY -> school"] * 40))
        town.sequencer.submit([a_gift(town, number + 1) for number in range(SIZE - 6)])
        town.play("hope: payment 4.00 CNY school -> shop")
        town.close()
        yield town.reopen()
        town.close()


@pytest.fixture(scope="module")
def entries(town: OnDisk) -> list[bytes]:
    return town.entries()


def placed(entries: list[bytes], place: Path, chained: bool = True) -> Path:
    place.mkdir()
    export_tiles(Forged(entries, chained), place)
    return place


def both(folder: Path, **how: Any) -> tuple[Report, Report]:
    return verify(FolderSource(folder), TRUST, **how), verify(FolderSource(folder), TRUST, jobs=3, **how)


def test_an_honest_log_is_verified_by_any_number(town: OnDisk):
    reports = []
    for jobs in (1, 2, 5):
        with closing(DirectorySource(town.directory)) as source:
            reports.append(verify(source, TRUST, jobs=jobs))
    assert reports[0] == reports[1] == reports[2]
    assert (reports[0].verdict, reports[0].checked["entries"], reports[0].records["donation"]) == ("verified", SIZE, SIZE - 6 + 40)


def spoiled(entries: list[bytes], index: int, edit: Callable[[dict[str, Any]], None], *names: str) -> list[bytes]:
    changed = signed_anew(entries[index], edit, *names) if names else edited(entries[index], edit)
    return [*entries[:index], changed, *entries[index + 1 :]]


def test_faults_in_every_range_are_the_same_faults(entries: list[bytes], tmp_path: Path):
    log = spoiled(entries, 10, lambda value: value["statement"].update(signed_at="2026-09-07T09:59:59Z"))
    log = spoiled(log, RANGE + 3, lambda value: value["statement"]["records"][0].update(amount=7), "hope.li")
    log = spoiled(log, 2 * RANGE + 5, lambda value: value["statement"]["records"][0].update(kind="lottery"), "hope.li")
    one, many = both(placed(log, tmp_path / "export"))
    assert one == many
    assert {"statement-signature", "tape-flow", "unknown-kind"} <= rules(one)


def test_a_reference_that_stands_twice_is_found_across_ranges(entries: list[bytes], tmp_path: Path):
    log = [*entries[:-1], entries[20], entries[-1]]
    one, many = both(placed(log, tmp_path / "export"))
    assert one == many and "statement-id" in rules(one)


def test_a_source_that_ends_early_is_said_alike(entries: list[bytes], tmp_path: Path):
    folder = placed(entries, tmp_path / "export")
    path = folder / f"tile/entries/000.p/{len(entries)}"
    path.write_bytes(path.read_bytes()[:-5])
    one, many = both(folder)
    assert one == many
    assert (one.verdict, rules(one)) == ("could not verify", {"missing"})


def test_scope_and_size_hold_for_every_process(entries: list[bytes], tmp_path: Path):
    folder = placed(entries, tmp_path / "export")
    one, many = both(folder, scope=scope_of((), 0.25, 7), at_size=RANGE + 20)
    assert one == many
    assert one.verdict == "partly verified" and 0 < one.checked["signatures"] < RANGE + 20


def nobody_left() -> bool:
    """Whether every worker has ended, and was waited for."""
    return not multiprocessing.active_children()


class Deadly(FolderSource):
    """Ends the process that reads the second range of it, unless that is the one that made it."""

    def __init__(self, folder: Path, maker: int) -> None:
        super().__init__(folder)
        self._maker = maker

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        if start and os.getpid() != self._maker:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().entries(start, end)

    def opener(self) -> Callable[[], Deadly]:
        return partial(Deadly, self._folder, self._maker)


def test_a_process_that_is_killed_is_no_verdict(entries: list[bytes], tmp_path: Path):
    source = Deadly(placed(entries, tmp_path / "export"), os.getpid())
    with pytest.raises(StorageError, match="another program ended a process of the verification"):
        verify(source, TRUST, jobs=2)
    assert nobody_left()


def test_an_interrupt_ends_every_process(entries: list[bytes], tmp_path: Path):
    def interrupt(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(FolderSource(placed(entries, tmp_path / "export")), TRUST, jobs=2, progress=interrupt)
    assert nobody_left()
