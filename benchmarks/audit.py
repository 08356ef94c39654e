"""What a full verification costs: `python benchmarks/audit.py [GIFTS] [--memory]`.

In one run: `verify` of a ledger of N gifts (statements of 64), from the ledger's directory and from its export, and the bare bound
over the same bytes: orjson decode, SHA-256, one signature check per statement. `--memory` adds the peak memory at 100 thousand and
at 1 million gifts.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import orjson

from benchmarks.append import _check, stored
from benchmarks.ledger_of import fill, write_gifts
from benchmarks.machine import cost, machine, peak_mb
from cli.main import collect_less
from ledger.audit.source import DirectorySource, FolderSource, Source, open_source
from ledger.audit.verify import verify
from ledger.exchange.tiles import export_tiles
from ledger.log.policy import Policy

AUDIT = str(Path(__file__))


def bare(entries: list[bytes]) -> None:
    """The bound: decode, hash, one signature check per statement."""
    for raw in entries:
        hashlib.sha256(b"\0" + raw).digest()
        _check(orjson.loads(raw))


def full(source: Source, policy: Policy) -> None:
    """A verification that has to hold."""
    report = verify(source, policy)
    assert report.verdict == "verified", report.findings[:3]


def run(gifts: int, folder: Path) -> None:
    """Ledger, export and bound in turn, three times; the best of each."""
    write_gifts(folder / "gifts.csv", gifts)
    fill(folder / "ledger", folder / "gifts.csv")
    export_tiles(DirectorySource(folder / "ledger"), folder / "export")
    policy = Policy.parse((folder / "ledger" / "trust.policy").read_bytes())
    entries = stored(folder / "ledger")
    bound, ledger, export = [], [], []
    for _ in range(3):
        bound.append(cost(lambda: bare(entries)))
        ledger.append(cost(lambda: full(DirectorySource(folder / "ledger"), policy)))
        export.append(cost(lambda: full(FolderSource(folder / "export"), policy)))
    for name, times in (("ledger", ledger), ("export", export), ("bound", bound)):
        print(min(times).row(name, gifts, min(bound)))


def memory(folder: Path) -> None:
    """Peak memory of a verification in a process of its own."""
    peaks = []
    for gifts in (100_000, 1_000_000):
        (folder / str(gifts)).mkdir()
        write_gifts(folder / str(gifts) / "gifts.csv", gifts)
        fill(folder / str(gifts) / "ledger", folder / str(gifts) / "gifts.csv")
        peaks.append(peak_mb([AUDIT, "--only", str(folder / str(gifts) / "ledger")])[0])
    print(f"memory   {peaks[0]:.0f} MB at 100,000 gifts, {peaks[1]:.0f} MB at 1,000,000: {peaks[1] / peaks[0]:.2f}")


def main() -> None:
    """Print the figures."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as name:
        os.environ["GIVETRAIL_STATE"] = str(Path(name) / "state")
        print(machine())
        run((numbers or [100_000])[0], Path(name))
        if "--memory" in sys.argv:
            memory(Path(name))


if __name__ == "__main__":
    collect_less()
    if sys.argv[1:2] == ["--only"]:
        target = Path(sys.argv[2])
        full(open_source(target), Policy.parse((target / "trust.policy").read_bytes()))
    else:
        main()
