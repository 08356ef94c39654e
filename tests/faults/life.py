"""A short life of a ledger, as command lines: what is recorded when the power is to fail, and where faults are to strike."""

from __future__ import annotations

import csv
from pathlib import Path

ON = ("--ledger", "books")
ORIGIN = "hope.example/2026"
INIT = ["init", "books", "--origin", ORIGIN, "--unit", "CNY:2"]
PARTY = ["party", "add", "hope", "--name", "Hope", "--role", "charity", "--books-from", "2026-01-01", "--officer", "ana", *ON]
SHOP = ["party", "add", "shop", "--name", "Shop", "--role", "vendor", "--officer", "lin", *ON]
HOPE = ["--party", "hope", "--officer", "ana", *ON]
FUND = [
    "record", "fund", "--id", "school", "--name", "School", "--purpose", "books", "--restriction", "unrestricted", *HOPE,
]  # fmt: skip
GIFT = [
    "record", "donation", "--fund", "school", "--unit", "CNY", "--amount", "10.00", "--channel", "cash", *HOPE,
]  # fmt: skip
REFERRED = [*GIFT, "--reference", "till 7"]
KEY = ["key", "new", "--party", "hope", "--officer", "ben", *ON]
IMPORT = ["import", "gifts", "gifts.csv", "--mapping", "mapping.toml", "--party", "hope", "--officer", "ana", *ON]
EXPORT = ["export", "out", *ON]
REBUILD = ["rebuild", *ON]
ROWS = 300
MAPPING = """
[gifts]
fund = "school"
unit = "CNY"
channel = "list"
reference = "no"
amount = "amount"
amount_form = "decimal"
received = "day"
received_form = "day"
"""


def write_gifts(folder: Path, rows: int = ROWS) -> None:
    """The file that `IMPORT` reads, with its mapping."""
    with (folder / "gifts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["no", "day", "amount"])
        writer.writerows([number, "2026-09-02", "1.00"] for number in range(1, rows + 1))
    (folder / "mapping.toml").write_text(MAPPING)
