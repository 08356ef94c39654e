"""A ledger of N gifts to measure: `python benchmarks/ledger_of.py DIR N` makes a CSV and imports it as a charity would.

The gifts are like those of a festival: one fund, small amounts, a channel reference each. The other scripts import this module.
"""

from __future__ import annotations

import os
import sys
import uuid
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cli.main import collect_less
from ledger.canonical import to_base64
from ledger.clock import utc_now
from ledger.directory.creation import create
from ledger.entries.channel_reference import NewKey, ReferenceKeys
from ledger.imports.gifts import RECORDS, import_gifts
from ledger.imports.mapping import parse_mapping
from ledger.log.key import SigningKey
from ledger.writer.author import Author
from ledger.writer.sequencer import Sequencer

ORIGIN = "bench.example.org/2026"
AMOUNTS = (100, 500, 1000, 1000, 2000, 5000, 990, 10000)
FUND = {"kind": "fund", "id": "festival", "name": "Festival", "purpose": "Relief", "restriction": "restricted"}
MAPPING = b"""
[gifts]
fund = "festival"
unit = "CNY"
channel = "wechat-pay"
amount = "amount"
amount_form = "minor"
received = "received_at"
received_form = "datetime"
reference = "flow_id"
"""


def write_gifts(path: Path, gifts: int) -> None:
    """A CSV with this many gifts over three days."""
    with path.open("w") as file:
        file.write("received_at,amount,flow_id\n")
        for n in range(gifts):
            second = n * 259_200 // gifts
            day, rest = divmod(second, 86_400)
            moment = f"2026-09-{7 + day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}+08:00"
            file.write(f"{moment},{AMOUNTS[n % len(AMOUNTS)]},flow-{n:012}\n")


def new_ledger(directory: Path, ids: count, fund: dict[str, Any] = FUND) -> tuple[Sequencer, Author]:
    """An empty ledger with one charity and one fund, and its author."""
    operator, charity = SigningKey.from_seed(b"o" * 32), SigningKey.from_seed(b"c" * 32)
    make_id = lambda: str(uuid.UUID(int=next(ids)))  # noqa: E731
    record = {
        "kind": "ledger", "name": "Benchmark", "time_zone": "UTC+08:00", "rules": "givetrail/1", "operator_name": "Operator",
        "officer": "one",
    }  # fmt: skip
    keys = (SigningKey.from_seed(b"l" * 32), operator)
    sequencer = create(directory, origin=ORIGIN, first_record=record, operator="operator", statement_id=make_id(), keys=keys)
    party = {
        "kind": "party", "id": "hope", "entity": "organisation", "name": "Hope", "roles": ["charity"],
        "keys": [{"key": to_base64(charity.public), "officer": "one"}], "books_from": "2026-01-01",
    }  # fmt: skip
    unit = {"kind": "unit", "unit": "CNY", "exponent": 2, "name": "Yuan renminbi"}
    admit = Author(ORIGIN, "operator", (operator, charity), utc_now, make_id)
    sequencer.submit_one(admit.submission([unit, party], sequencer.head()))
    author = Author(ORIGIN, "hope", (charity,), utc_now, make_id)
    sequencer.submit_one(author.submission([fund], sequencer.head()))
    return sequencer, author


def fill(directory: Path, csv: Path, records: int = RECORDS) -> None:
    """Make the ledger and import the file, with `records` gifts per statement."""
    sequencer, author = new_ledger(directory, count(1))
    keys = ReferenceKeys(directory, "hope", sequencer.books, lambda label: NewKey(b"r" * 32, "2036-12-31"))
    import_gifts(sequencer, author, csv, parse_mapping(MAPPING), keys, records=records)
    sequencer.store.close()


if __name__ == "__main__":
    collect_less()
    target, number = Path(sys.argv[1]), int(sys.argv[2])
    target.mkdir(parents=True)
    os.environ.setdefault("GIVETRAIL_STATE", str(target / "state"))
    write_gifts(target / "gifts.csv", number)
    fill(target / "ledger", target / "gifts.csv")
