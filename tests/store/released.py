"""One ledger of each version of the store that was ever released, as its own program left it: `python -m tests.store.released`.

It writes `tests/vectors/released/VERSION.tar.xz` for the version of this program. Do it before the version is raised; a vector is
never made again, for only the program of its time can.
"""

from __future__ import annotations

import os
import sys
import tarfile
import tempfile
from pathlib import Path

from ledger.store.sqlite_connection import SCHEMA_VERSION
from tests.writer.on_disk import TOWN, OnDisk

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "released"
# What the vectors were made of, so it stays as it is, whatever other tests come to tell.
STORY = """
    hope: donation 50.00 CNY -> school fee=2.00 fee_to=till as gift; donation 30.00 USD -> general
    hope: allocation 20.00 CNY school -> books as moved; activity desks school; fund store restricted school
    hope: payment 7.00 CNY books -> press as paid
    hope: payment 5.00 CNY school -> shop goods=3:box:books:2.00+70:mask:store:3.00 as bought
    shop: receipt 4.00 ^bought level=recipient-signed
    hope: receipt 6.00 ^paid level=self-declared; payment-return 1.00 ^paid
    hope: feedback books-read 3 payments=^paid,^bought
    hope: exchange 10.00 USD general to_amount=7000 to_unit=CNY rate=7/1
    hope: refund ^gift school CNY units=4700..4800 cover=general:0..100 reason=legal
    hope: allocation 1.00 CNY school -> desks as wrong
    hope: reversal ^wrong
    hope: progress desks; delivery 20 mask store -> river
    hope: payment 3.00 CNY general -> river grant= as granted
    river: fund aid restricted; receipt 3.00 of ^granted into=aid
"""
GIFTS = 300
"""Gifts after the story, so that there are two levels of tiles."""


def tell(directory: Path) -> OnDisk:
    """The ledger, still open."""
    ledger = OnDisk(directory)
    ledger.play(TOWN + STORY)
    ledger.sequencer.submit([ledger.made("hope", f"donation {1000 + n} CNY -> school") for n in range(GIFTS)])
    return ledger


def packed(directory: Path, file: Path) -> None:
    """A ledger's directory as one file, without what says who packed it."""

    def bare(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = ""
        return member

    file.parent.mkdir(exist_ok=True)
    with tarfile.open(file, "w:xz") as archive:
        archive.add(directory, "ledger", filter=bare)


def main() -> None:
    """Write the vector of this version."""
    file = FOLDER / f"{SCHEMA_VERSION}.tar.xz"
    if file.exists():
        sys.exit(f"{file} is there; the program of its time made it")
    with tempfile.TemporaryDirectory() as place:
        os.environ["GIVETRAIL_STATE"] = f"{place}/state"
        tell(Path(place) / "ledger").close()
        packed(Path(place) / "ledger", file)


if __name__ == "__main__":
    main()
