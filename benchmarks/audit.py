"""The cost of a full verification: `python benchmarks/audit.py [GIFTS …] [--memory] [--journals]`.

It compares, in one run and for each number of gifts (100,000 by default), `verify` of a ledger's directory and of its export in one
process, `verify` of the directory in two, and the bare minimum for the same bytes: orjson decode, SHA-256, one signature check per
statement. First for the demonstration's festival, which has statements of gifts into several funds, some with fees and private
digests, between single gifts (tests/demo/test_festival.py says how many of each); then for gifts imported from one file, in
statements of 64; then for one statement per gift, with a tenth of the gifts. `--memory` adds the peak memory at 100,000 and at
1,000,000 gifts. `--journals` adds the time of `hledger check` and `bean-check`, if they are installed, for the same gifts written
as journals; they check only sums.
"""

from __future__ import annotations

import csv
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import orjson

from benchmarks.append import _check, stored
from benchmarks.ledger_of import fill, write_gifts
from benchmarks.machine import Cost, cost, machine, peak_mb
from cli.main import collect_less
from ledger.audit.target import open_source
from ledger.audit.verify import verify
from ledger.demo.story import make_demo
from ledger.directory.source import DirectorySource
from ledger.imports.gifts import RECORDS
from ledger.log.policy import Policy
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource, Source

AUDIT = str(Path(__file__))
RUNS = 3


def bare(entries: list[bytes]) -> None:
    """The minimum: decode, hash, one signature check per statement."""
    for raw in entries:
        hashlib.sha256(b"\0" + raw).digest()
        _check(orjson.loads(raw))


def full(source: Source, policy: Policy, jobs: int = 1) -> None:
    """A verification, which must succeed."""
    report = verify(source, policy, jobs=jobs)
    assert report.verdict == "verified", report.findings[:3]
    source.close()


def made(folder: Path, gifts: int, records: int) -> Policy:
    """A ledger of this many gifts, with `records` of them per statement, and its export."""
    folder.mkdir()
    write_gifts(folder / "gifts.csv", gifts)
    fill(folder / "ledger", folder / "gifts.csv", records)
    export_tiles(DirectorySource(folder / "ledger"), folder / "export")
    return Policy.parse((folder / "ledger" / "trust.policy").read_bytes())


def festival(folder: Path, gifts: int) -> Policy:
    """The demonstration with this many gifts, and its export."""
    folder.mkdir()
    make_demo(folder / "ledger", gifts)
    export_tiles(DirectorySource(folder / "ledger"), folder / "export")
    return Policy.parse((folder / "ledger" / "trust.policy").read_bytes())


def run(folder: Path, policy: Policy, gifts: int, what: str) -> None:
    """Ledger, export, two processes and the minimum, alternating, three times; the best of each."""
    entries = stored(folder / "ledger")
    steps: dict[str, Callable[[], None]] = {
        "bound": lambda: bare(entries),
        "ledger": lambda: full(DirectorySource(folder / "ledger"), policy),
        "export": lambda: full(FolderSource(folder / "export"), policy),
        "2 jobs": lambda: full(DirectorySource(folder / "ledger"), policy, 2),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in steps}
    for _ in range(RUNS):
        for name, step in steps.items():
            costs[name].append(cost(step))
    best = {name: min(found) for name, found in costs.items()}
    print(f"{gifts:,} gifts, {what}")
    for name, found in best.items():
        print(found.row(name, gifts, best["bound"]))
    print(f"two processes: {best['ledger'].wall / best['2 jobs'].wall:.2f} × one")


def memory(folder: Path) -> None:
    """The peak memory of a verification in a process of its own."""
    peaks = []
    for gifts in (100_000, 1_000_000):
        made(folder / f"memory-{gifts}", gifts, RECORDS)
        peaks.append(peak_mb([AUDIT, "--only", str(folder / f"memory-{gifts}" / "ledger")])[0])
    print(f"memory   {peaks[0]:.0f} MB at 100,000 gifts, {peaks[1]:.0f} MB at 1,000,000: {peaks[1] / peaks[0]:.2f}")


def journals(folder: Path, gifts: int) -> None:
    """The same gifts as journals, checked by accounting programs, beside a verification of the ledger."""
    policy = made(folder / "journals", gifts, RECORDS)
    with (folder / "journals" / "gifts.csv").open(newline="") as file:
        rows = [(row["received_at"][:10], int(row["amount"])) for row in csv.DictReader(file)]
    ledger = "".join(f"{day} gift\n  assets:festival  {minor / 100:.2f} CNY\n  income:gifts\n" for day, minor in rows)
    bean = "".join(
        f'{day} * "gift"\n  Assets:Festival  {minor / 100:.2f} CNY\n  Income:Gifts  -{minor / 100:.2f} CNY\n' for day, minor in rows
    )
    (folder / "gifts.journal").write_text(ledger)
    (folder / "gifts.beancount").write_text("2020-01-01 open Assets:Festival\n2020-01-01 open Income:Gifts\n" + bean)
    print(f"{gifts:,} gifts, by the wall, the program's start included")
    program = [sys.executable, AUDIT, "--only", str(folder / "journals" / "ledger")]
    assert policy.logs
    for name, words in {
        "givetrail verify (all rules, signatures, hashes)": program,
        "hledger check (sums)": ["hledger", "check", "-f", str(folder / "gifts.journal")],
        "bean-check (sums)": ["bean-check", "--no-cache", str(folder / "gifts.beancount")],
    }.items():
        print(f"{name:50} {_timed(words)}")


def _timed(words: list[str]) -> str:
    if shutil.which(words[0]) is None:
        return f"left out: {words[0]} is not installed"
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.returncode == 0, ended.stderr[-300:]
    return f"{wall:7.2f} s (cpu {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.2f})"


def main() -> None:
    """Print the figures."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()] or [100_000]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as name:
        folder = Path(name)
        os.environ["GIVETRAIL_STATE"] = str(folder / "state")
        print(machine())
        for gifts in numbers:
            mixed, many = folder / f"mixed-{gifts}", folder / f"many-{gifts}"
            run(mixed, festival(mixed, gifts), gifts, "the festival of the demonstration")
            run(many, made(many, gifts, RECORDS), gifts, f"{RECORDS} a statement")
        single, few = folder / "single", numbers[0] // 10
        run(single, made(single, few, 1), few, "a statement each")
        if "--memory" in sys.argv:
            memory(folder)
        if "--journals" in sys.argv:
            journals(folder, numbers[0])


if __name__ == "__main__":
    collect_less()
    if sys.argv[1:2] == ["--only"]:
        target = Path(sys.argv[2])
        full(open_source(target), Policy.parse((target / "trust.policy").read_bytes()))
    else:
        main()
