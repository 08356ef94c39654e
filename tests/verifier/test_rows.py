"""How the verifier in the browser reads rows and names is how Python does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from ledger.books import kinds
from ledger.books.field import Part
from ledger.books.naming import named_by
from ledger.books.shape import EARLIER
from ledger.entries.statement import validated_record
from tests.golden.reading import golden_entries
from tests.verifier.asking import node

assert kinds, "importing the package registers the kinds"

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "api" / "verifier"
CHECKED = """
import { checkRecord } from "./rules.js";
const records = JSON.parse(process.argv[1]);
console.log(JSON.stringify(records.map((record) => {
  const named = [];
  checkRecord(record, { demands: {}, check: (...name) => named.push(name) });
  return named;
})));
"""
ROWS = """
import { REMEMBERED } from "./memory.js";
const tables = ["allocation", "disbursement", "income", "exchange", "taking", "held", "fund", "granted", "mandate", "party"];
const books = Object.fromEntries(tables.map((table) => [table, new Map()]));
const context = { books, ref: "4.0", party: "hope", leaf: { index: 4 }, signers: [], day: "2026-09-07" };
const record = { kind: "payment", fund: "a", unit: "CNY", amount: 5 };
REMEMBERED.allocates(context, record, [[0, "+", "b/CNY", 0, 5]], "a", "b", "CNY");
REMEMBERED["takes-in"](context, record, [[0, "+", "a/CNY", 0, 5]], ["a", "CNY"]);
REMEMBERED.exchanges(context, record, [[0, "+", "a/USD", 0, 1]], ["a", "CNY"], ["a", "USD"], [5, 1]);
const grant = { amount: 9, left: 9, unit: "CNY", takings: [] };
const taken = { ...context, resolve: (of) => of, disbursement: () => grant };
REMEMBERED.takes(taken, record, [[0, "+", "a/CNY", 5, 10]], "3.0", "a", "2026-09-07");
REMEMBERED.disburses(context, record, [], ["shop", undefined], "2026-09-07");
console.log(JSON.stringify(Object.fromEntries(Object.entries(books).map(([name, rows]) => [name, rows.get("4.0")]))));
"""


def run(script: str, *args: str) -> Any:
    """What a module in the folder of the verifier prints."""
    command = [node(), "--no-warnings", "--input-type=module", "-e", script, *args]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=VERIFIER).stdout)


def named(record: Part) -> list[list[str]]:
    """What Python looks up of a record."""
    return sorted([way.what, name, ".".join(way.path)] for way, name in named_by(record) if not way.is_new)


def test_every_name_in_a_record_is_looked_up():
    """Also one in a part that is in a list."""
    records = [record for raw in golden_entries() for record in json.loads(raw)["statement"]["records"]]
    wanted = [named(validated_record(record)) for record in records]
    assert any(path == "goods.fund" for one in wanted for _, _, path in one)
    assert [sorted(one) for one in run(CHECKED, json.dumps(records))] == wanted


def test_names_in_a_list_are_each_looked_up():
    good = {"unit": "box", "quantity": 1, "cost": 1}
    goods = [{"fund": "none", **good}, {"fund": "other", **good}]
    record = {"kind": "payment", "channel": "cash", "fund": "school", "unit": "CNY", "payee": "shop", "goods": goods}
    (found,) = run(CHECKED, json.dumps([record]))
    assert [name for what, name, path in found if path == "goods.fund"] == ["none", "other"]


def test_what_rows_may_read_of_an_earlier_record_is_there_for_every_verifier():
    page = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    rows = run(ROWS)
    assert set(rows) == set(EARLIER)
    for table, (row, members) in EARLIER.items():
        (line,) = [line for line in page.split("\n") if line.startswith(f"| {table} |")]
        assert set(members) <= set(rows[table]) and all(hasattr(row, name) and f"`{name}`" in line for name in members)
