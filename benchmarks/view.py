"""The cost of reading: `python benchmarks/view.py [GIFTS] [PAYMENTS]`.

A ledger of N gifts into one project (statements of 64), then P payments from two activities to fifty vendors, two thirds of them
confirmed, a tenth reported on. Measured: opening a view, following the writer, the books at an older size, lists with one and
several conditions from both ends, traces, proofs and figures. Figures are wall-clock milliseconds: the first time, and the best of
three more.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.ledger_of import MAPPING, ORIGIN, new_ledger, write_gifts
from benchmarks.machine import machine
from cli.main import collect_less
from ledger.clock import utc_now
from ledger.entries.channel_reference import NewKey, ReferenceKeys
from ledger.imports.gifts import import_gifts
from ledger.imports.mapping import parse_mapping
from ledger.log.key import SigningKey
from ledger.view.account import accounts
from ledger.view.figures import fund_figures, given_by, paid_by
from ledger.view.movements import Narrowed, movements, sums_by
from ledger.view.overdue import overdue
from ledger.view.payees import payees
from ledger.view.promises import promises
from ledger.view.received import received
from ledger.view.scope import Scope
from ledger.view.traceability import traceability
from ledger.view.view import View
from ledger.writer.author import Author
from ledger.writer.sequencer import Sequencer

VENDORS, RECORDS = 50, 40
DAY = "2026-09-10"
PROJECT = {
    "kind": "project", "id": "festival", "name": "Festival", "purpose": "Relief", "restriction": "restricted", "receipt_days": 10,
    "feedback_days": 30,
}  # fmt: skip


def enter(sequencer: Sequencer, author: Author, records: list[dict[str, Any]]) -> list[str]:
    """Submit records in statements of forty. Returns their references."""
    refs: list[str] = []
    for first in range(0, len(records), RECORDS):
        said = records[first : first + RECORDS]
        index = sequencer.submit_one(author.submission(said, sequencer.head())).index
        refs += [f"{index}.{number}" for number in range(len(said))]
    return refs


def spend(sequencer: Sequencer, operator: Author, charity: Author, payments: int) -> None:
    """Two activities, fifty vendors, and what was paid, received and reported."""
    vendors = [f"vendor-{n}" for n in range(VENDORS)]
    party = {"kind": "party", "entity": "organisation", "roles": ["vendor"]}
    enter(sequencer, operator, [{**party, "id": vendor, "name": vendor} for vendor in vendors])
    enter(sequencer, charity, [
        {"kind": "activity", "id": name, "parent": "festival", "name": name, "purpose": "Relief"} for name in ("tents", "water")
    ])  # fmt: skip
    move = {"kind": "allocation", "fund": "festival", "unit": "CNY", "amount": payments * 500}
    enter(sequencer, charity, [{**move, "to": name} for name in ("tents", "water")])
    pay = {"kind": "payment", "channel": "cash", "unit": "CNY", "cost_class": "programme", "paid_on": DAY}
    refs = enter(sequencer, charity, [
        {**pay, "fund": ("tents", "water")[n % 2], "amount": 1 + 997 * n % 999, "payee": vendors[n % VENDORS]}
        for n in range(payments)
    ])  # fmt: skip
    receipt = {"kind": "receipt", "level": "self-declared", "received_on": DAY, "amount": 1}
    enter(sequencer, charity, [{**receipt, "of": ref} for number, ref in enumerate(refs) if number % 3])
    report = {"kind": "feedback", "indicator": "served", "value": 1, "measured_in": "people", "method": "count", "reported_on": DAY}
    enter(sequencer, charity, [{**report, "payments": [ref]} for ref in refs[::10]])


def shown(name: str, ask: Callable[[], object], more: str = "") -> Any:
    """Print the cost of a question, the first time and again."""
    costs = []
    for _ in range(4):
        start = time.perf_counter()
        answer = ask()
        costs.append(1000 * (time.perf_counter() - start))
    print(f"{name:52} {costs[0]:9.2f} ms, again {min(costs[1:]):8.2f} ms  {more}", flush=True)
    return answer


def measure(directory: Path, sequencer: Sequencer, charity: Author) -> None:
    """Measure everything, and again after the writer has added entries."""
    view = shown("open a view", lambda: View.open(directory))
    shown("refresh, nothing new", view.refresh)
    snapshot = view.at()
    size = snapshot.tree_size
    print(f"{size} entries")
    conditions: list[dict[str, str]] = [
        {"kind": "payment"}, {"fund": "festival"}, {"kind": "payment", "project": "festival"}, {"kind": "receipt", "fund": "tents"},
        {"kind": "payment", "party": "vendor-7"}, {"kind": "donation", "fund": "festival"}, {"kind": "party", "party": "vendor-7"},
        {"kind": "allocation", "fund": "water"}, {"kind": "income", "fund": "festival"}, {"kind": "feedback", "party": "hope"},
    ]  # fmt: skip
    for named in conditions:
        for newest_first in (False, True):
            words = " ".join(f"{what}:{name}" for what, name in named.items()) + (", newest" if newest_first else ", oldest")
            shown(f"50 records of {words}", lambda n=named, f=newest_first: snapshot.records(**n, newest_first=f))
    (payment,) = (item.ref for item in snapshot.records(kind="payment", newest_first=True, limit=1).items)
    (allocation,) = (item.ref for item in snapshot.records(kind="allocation", limit=1).items)
    shown("a gift that was paid", lambda: snapshot.gift("5.0"))
    shown("what stands behind a payment, 50", lambda: snapshot.payment_origins(payment))
    shown("what stands behind an allocation, 50", lambda: snapshot.payment_origins(allocation))
    shown("inclusion", lambda: snapshot.inclusion(size // 2))
    shown("consistency", lambda: snapshot.consistency(size // 2))
    shown("bundle of a gift", lambda: snapshot.bundle("5.0"))
    figures(snapshot)
    shown("books at half the size", lambda: view.at(size // 2))
    shown("books at the size of yesterday", lambda: view.at(size - 100))
    print("after another 64 gifts in one statement:")
    gift = {"kind": "donation", "fund": "festival", "unit": "CNY", "amount": 700, "channel": "cash", "received_on": DAY}
    enter(sequencer, charity, [gift] * 64)
    shown("refresh", view.refresh)
    figures(view.at())
    print("after another payment and its receipt:")
    pay = {
        "kind": "payment", "channel": "cash", "fund": "tents", "unit": "CNY", "amount": 7, "payee": "vendor-1",
        "cost_class": "programme",
    }  # fmt: skip
    (ref,) = enter(sequencer, charity, [{**pay, "paid_on": DAY}])
    enter(sequencer, charity, [{"kind": "receipt", "of": ref, "amount": 7, "level": "self-declared", "received_on": DAY}])
    shown("refresh", view.refresh)
    figures(view.at())
    view.close()


def figures(snapshot: Any) -> None:
    """Every figure."""
    shown("traceability of the ledger", lambda: traceability(snapshot))
    shown("traceability of a project", lambda: traceability(snapshot, project="festival"))
    shown("funds", lambda: fund_figures(snapshot))
    shown("given by month", lambda: given_by(snapshot, "month"))
    shown("paid by month", lambda: paid_by(snapshot, "month"))
    shown("overdue", lambda: overdue(snapshot, "2026-10-01"))
    shown("the line of the ledger", lambda: accounts(snapshot))
    shown("the line of a project", lambda: accounts(snapshot, project="festival"))
    for term in ("given", "paid"):
        shown(f"50 rows of {term}", lambda term=term: movements(snapshot, Narrowed(term, "CNY"), Scope()))
        shown(f"{term} by month in the line", lambda term=term: sums_by(snapshot, term, "month", Scope()))
    shown("how far a project's money has come", lambda: received(snapshot, project="festival"))
    shown("whom a project paid", lambda: payees(snapshot, project="festival"))
    shown("promises of a project", lambda: promises(snapshot, "2026-10-01", project="festival"))


def main(gifts: int, payments: int, folder: Path) -> None:
    """Make the ledger, and measure."""
    write_gifts(folder / "gifts.csv", gifts)
    ids = count(1)
    sequencer, charity = new_ledger(folder / "ledger", ids, PROJECT)
    operator = Author(ORIGIN, "operator", (SigningKey.from_seed(b"o" * 32),), utc_now, charity.make_id)
    keys = ReferenceKeys(folder / "ledger", "hope", sequencer.books, lambda label: NewKey(b"r" * 32, "2036-12-31"))
    import_gifts(sequencer, charity, folder / "gifts.csv", parse_mapping(MAPPING), keys)
    spend(sequencer, operator, charity, payments)
    measure(folder / "ledger", sequencer, charity)
    sequencer.store.close()


if __name__ == "__main__":
    collect_less()
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as name:
        os.environ["GIVETRAIL_STATE"] = str(Path(name) / "state")
        print(machine())
        main(*(numbers + [1_000_000, 2_000][len(numbers) :]), Path(name))
