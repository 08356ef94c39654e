"""Random ledgers, told in small steps: who does what is drawn, whether it is allowed the books decide."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ledger.books.claims import what_it_was
from ledger.books.tape import EMPTY, Span, cut_spans
from ledger.canonical import to_base64url
from ledger.errors import GiveTrailError
from tests.language import Ledger

FOUNDING = "op: ledger chief"
PLACE = """
    op: unit CNY 2; unit USD 2; unit JPY 0; unit box 0; unit mask 0
    op: party hope charity li; party river charity xu
    op: party shop vendor sun; party till custodian
    op: party press vendor
    op: party village beneficiary
    op: party auditco auditor zhou
    hope: fund general unrestricted
    hope: project school parent=general targets=read:40:books:2026-12-31 budget=programme:CNY:0.50+administration:JPY:7
    hope: activity books school targets=read:5:pages:2026-12-31 budget=CNY:0.30; activity desks school; fund store restricted school
    river: fund aid restricted; project wells parent=aid restriction=restricted; activity pumps wells
"""
OWNERS = {
    "general": "hope", "school": "hope", "books": "hope", "desks": "hope", "store": "hope", "aid": "river", "wells": "river",
    "pumps": "river",
}  # fmt: skip
BELOW = {
    "general": ("school", "books", "desks", "store"), "school": ("books", "desks", "store"), "aid": ("wells", "pumps"),
    "wells": ("pumps",),
}  # fmt: skip
OFFICERS = {"hope": "li", "river": "xu", "shop": "sun", "auditco": "zhou"}
MONEY = ("CNY", "USD", "JPY")
RATES = ((1, 1), (7, 1), (1, 7), (3, 2), (2, 3), (1, 30), (30, 1))
EVEN = (
    "gift", "gift", "gift", "income", "allocate", "allocate", "allocate", "pay", "pay", "pass_on", "take", "receipt",
    "receipt", "feedback",
    "give_back", "pay_back", "untake", "refund", "reverse", "write_off", "tomorrow",
)  # fmt: skip
UNEVEN = (*EVEN, "exchange", "exchange", "buy", "buy", "deliver", "receipt")

Step = tuple[str, int, int, int]


def steps(kinds: Sequence[str], most: int = 30) -> st.SearchStrategy[list[Step]]:
    """What is done, one thing after the other; numbers choose what it is done with."""
    number = st.integers(0, 9999)
    later = st.lists(st.tuples(st.sampled_from(kinds), number, number, number), min_size=most // 2, max_size=most)
    first = st.lists(st.tuples(st.just("gift"), number, number, number), min_size=1, max_size=6)
    return st.builds(lambda before, after: before + after, first, later)


class Gift(NamedTuple):
    """A gift as it stands on its tape, without its fee."""

    ref: str
    tape: str
    start: int
    end: int


class Telling:
    """A ledger and what was said in it. `gifts` are those that were entered; what comes in is at most `most` units at a time."""

    def __init__(self, ledger: Ledger, most: int = 60) -> None:
        self.ledger, self._most = ledger, most
        self.gifts: list[Gift] = []

    def tell(self, story: Sequence[Step]) -> Telling:
        """Try every step; those that the books refuse leave nothing."""
        for kind, a, b, c in story:
            getattr(self, kind)(a, b, c)
        return self

    @property
    def _today(self) -> str:
        return self.ledger.time[:10]

    def _say(self, party: str, record: dict[str, Any], *others: str) -> bool:
        """Say one record; whether it was entered."""
        names = [f"{name}.{OFFICERS[name]}" for name in (party, *others)]
        try:
            self.ledger.say(party, [record], names)
        except GiveTrailError:
            self.ledger.books.rollback()
            return False
        return True

    def _tapes(self, units: Sequence[str]) -> list[str]:
        """Tapes of these units on which something is left."""
        return [name for name, tape in self.ledger.books.tape.items() if name.partition("/")[2] in units and tape.free()]

    def _some(self, tape: str, a: int, b: int) -> dict[str, Any]:
        """An amount that is left on a tape: the lowest units, or (two times in three) some named ones."""
        row = self.ledger.books.tape.get(tape) or EMPTY
        amount = 1 + a % row.free()
        said: dict[str, Any] = {"fund": tape.partition("/")[0], "unit": tape.partition("/")[2], "amount": amount}
        if b % 3:
            first = b % (row.free() - amount + 1)
            said["units"] = joined(cut_spans(row.lowest(row.free()), first, first + amount))
        return said

    def _disbursements(self, *yields: str) -> list[str]:
        return [ref for ref, row in self.ledger.books.disbursement.items() if row.yields in yields]

    def tomorrow(self, a: int, b: int, c: int) -> None:
        moment = datetime.datetime.fromisoformat(self.ledger.time) + datetime.timedelta(1)
        self.ledger.time = moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def gift(self, a: int, b: int, c: int) -> None:
        fund, unit, amount = list(OWNERS)[a % 8], MONEY[b % 3], 1 + c % self._most
        record = {"kind": "donation", "fund": fund, "unit": unit, "amount": amount, "channel": "cash", "received_on": self._today}
        if amount > 1 and a % 5 == 0:
            record |= {"fee": 1 + b % (amount - 1), "fee_to": "till"}
        if self._say(OWNERS[fund], record):
            tape = f"{fund}/{unit}"
            leaf = self.ledger.leaves[-1]
            (start, end), *_ = [(row[3], row[4]) for row in leaf.entry.flows if row[2] == tape]
            self.gifts.append(Gift(f"{leaf.entry.index}.0", tape, start, end))

    def income(self, a: int, b: int, c: int) -> None:
        fund = list(OWNERS)[a % 8]
        record = {
            "kind": "income", "channel": "cash", "fund": fund, "unit": MONEY[b % 3], "amount": 1 + c % self._most,
            "income_class": "interest",
        }  # fmt: skip
        self._say(OWNERS[fund], {**record, "source": "Bank", "received_on": self._today})

    def allocate(self, a: int, b: int, c: int) -> None:
        tapes = [tape for tape in self._tapes((*MONEY, "box", "mask")) if tape.partition("/")[0] in BELOW]
        if tapes:
            said = self._some(tapes[a % len(tapes)], b, c)
            there = BELOW[said["fund"]]
            self._say(OWNERS[said["fund"]], {"kind": "allocation", "to": there[c % len(there)], **said})

    def _payment(self, a: int, b: int, c: int) -> dict[str, Any] | None:
        tapes = self._tapes(MONEY)
        if not tapes:
            return None
        said = self._some(tapes[a % len(tapes)], b, c)
        payee = ("shop", "press", "village")[c % 3]
        return {"kind": "payment", "channel": "cash", "payee": payee, "cost_class": "programme", "paid_on": self._today, **said}

    def pay(self, a: int, b: int, c: int) -> None:
        record = self._payment(a, b, c)
        if record:
            self._say(OWNERS[record["fund"]], record)

    def buy(self, a: int, b: int, c: int) -> None:
        """Goods in one or two legs, often more or fewer pieces than there was money."""
        record = self._payment(a, b, c)
        if record:
            first = b % record["amount"]
            costs = [first, record["amount"] - first] if first else [record["amount"]]
            funds = [(BELOW.get(record["fund"]) or (record["fund"],))[0], record["fund"]]
            record["goods"] = [
                {"fund": fund, "unit": unit, "quantity": 1 + (a + cost) % (3 * self._most // 2), "cost": cost}
                for fund, unit, cost in zip(funds, ("box", "mask"), costs, strict=False)
            ]
            self._say(OWNERS[record["fund"]], record)

    def exchange(self, a: int, b: int, c: int) -> None:
        tapes = self._tapes(MONEY)
        if tapes:
            said = self._some(tapes[a % len(tapes)], b, c)
            rate = RATES[c % len(RATES)]
            self._say(OWNERS[said["fund"]], {
                "kind": "exchange", "to_unit": MONEY[(MONEY.index(said["unit"]) + 1 + b % 2) % 3], "rate": [*rate],
                "to_amount": said["amount"] * rate[0] // rate[1], "source": "Bank", "exchanged_on": self._today, **said,
            })  # fmt: skip

    def deliver(self, a: int, b: int, c: int) -> None:
        tapes = self._tapes(("box", "mask"))
        if tapes:
            said = self._some(tapes[a % len(tapes)], b, c)
            self._say(OWNERS[said["fund"]], {"kind": "delivery", "to": "village", "delivered_on": self._today, **said})

    def write_off(self, a: int, b: int, c: int) -> None:
        tapes = self._tapes((*MONEY, "box", "mask"))
        if tapes:
            said = self._some(tapes[a % len(tapes)], b % 5, c)
            self._say(OWNERS[said["fund"]], {"kind": "write-off", "cause": "loss", "reason": "Rain", **said}, "auditco")

    def reverse(self, a: int, b: int, c: int) -> None:
        open_ones = [(ref, row.party) for ref, row in self.ledger.books.allocation.items() if not row.returned]
        if open_ones:
            ref, party = open_ones[a % len(open_ones)]
            self._say(party, {"kind": "reversal", "of": ref, "reason": "Wrong"})

    def void(self, a: int, b: int, c: int) -> None:
        """Any record that moved units is declared void, a gift as what it was."""
        said = [(leaf, number) for leaf in self.ledger.leaves for number, one in enumerate(leaf.statement.records) if one.moves]
        leaf, number = said[a % len(said)]
        record: dict[str, Any] = {"kind": "reversal", "of": f"{leaf.entry.index}.{number}", "reason": "Wrong"}
        target = leaf.target(number)
        if target is not None and target.record.is_gift:
            gave = what_it_was(target)
            gave["fund"], _, gave["unit"] = gave.pop("tape").partition("/")
            record["gave"] = {name: value for name, value in gave.items() if value}
        self._say(leaf.statement.party, record)

    def void_part(self, a: int, b: int, c: int) -> None:
        """Some units of an allocation go back."""
        rows = list(self.ledger.books.allocation.items())
        if rows:
            ref, row = rows[a % len(rows)]
            start = row.start + b % row.amount
            units = [[start, start + 1 + c % (row.start + row.amount - start)]]
            self._say(row.party, {"kind": "reversal", "of": ref, "reason": "Wrong", "units": units})

    def opening(self, a: int, b: int, c: int) -> None:
        """What was there before the books began."""
        self._income(a, b, c, income_class="opening-balance", source="Bank", received_on="2026-09-07")

    def advance(self, a: int, b: int, c: int) -> None:
        self._income(a, b, c, income_class="advance", source="Loan", lender="press", received_on=self._today)

    def _income(self, a: int, b: int, c: int, **said: str) -> None:
        fund = list(OWNERS)[a % 8]
        record = {"kind": "income", "channel": "cash", "fund": fund, "unit": MONEY[b % 3], "amount": 1 + c % self._most}
        self._say(OWNERS[fund], {**record, **said})

    def repay(self, a: int, b: int, c: int) -> None:
        """Some of an advance is paid back."""
        rows = [(ref, row) for ref, row in self.ledger.books.income.items() if row.lender]
        if rows:
            ref, row = rows[a % len(rows)]
            record = {"kind": "payment", "channel": "cash", "fund": row.fund, "unit": row.unit, "payee": row.lender}
            self._say(row.party, {**record, "repays": ref, "amount": 1 + b % row.amount, "paid_on": self._today})

    def refund_fee(self, a: int, b: int, c: int) -> None:
        """A gift goes back with its fee: all of it from who kept it, or some of it with the fee from a fund."""
        given = [(gift, leaf) for gift in self.gifts for leaf in self.ledger.leaves if gift.ref == f"{leaf.entry.index}.0"]
        kept = [(gift, leaf.statement.records[0]) for gift, leaf in given if leaf.statement.records[0].fee]
        if kept:
            gift, record = kept[a % len(kept)]
            units = [[gift.start, gift.end if b % 2 else gift.start + 1]]
            said = {"kind": "refund", "channel": "cash", "gift": gift.ref, "fund": record.fund, "unit": record.unit, "units": units}
            said |= {"reason": "legal", "refunded_on": self._today, "fee": record.fee}
            self._say(OWNERS[record.fund], said if b % 2 else {**said, "fee_from": "general"})

    def receipt(self, a: int, b: int, c: int) -> None:
        refs = self._disbursements("", "goods", "grant")
        if refs:
            ref = refs[a % len(refs)]
            row = self.ledger.books.disbursement.get(ref)
            recipient = ("recipient-signed", row.payee) if row.payee in OFFICERS else ("self-declared", row.party)
            own = (("self-declared", row.party), ("documented", row.party))[c % 2]
            level, party = (own, ("third-party", "auditco"), recipient)[b % 3]
            record: dict[str, Any] = {"kind": "receipt", "of": ref, "amount": 1 + c % (row.amount // 2 + 1), "level": level}
            if b % 4 == 0:
                record["amount"] = max(1, row.amount - row.returned)
            if level == "documented":
                paper = hashlib.sha256(b"%d" % len(self.ledger.leaves)).digest()
                record |= {"document": f"hmac-sha256:receipts:{to_base64url(paper)}"}
                record |= {"evidence": [{"bytes": 3, "digest": paper.hex(), "media": "image/jpeg"}]}
            self._say(party, {**record, "received_on": self._today})

    def feedback(self, a: int, b: int, c: int) -> None:
        record = {"kind": "feedback", "indicator": "read", "value": 3, "measured_in": "books", "method": "Count"}
        record["reported_on"] = self._today
        refs = self._disbursements("", "goods", "grant")
        if b % 3 == 0:
            activity = ("books", "desks", "pumps")[a % 3]
            record |= {"activity": activity, "from_day": ("2026-09-07", "2026-09-08")[c % 2], "to_day": self._today}
            self._say(OWNERS[activity], record)
        elif refs:
            named = sorted({refs[(a + n * c) % len(refs)] for n in range(1 + b % 3)})
            self._say(self.ledger.books.disbursement.get(named[0]).party, {**record, "payments": named})

    def pass_on(self, a: int, b: int, c: int) -> None:
        """One charity grants money to the other, which takes some of it."""
        record = self._payment(a, b, c)
        if record:
            there = [fund for fund, owner in OWNERS.items() if owner != OWNERS[record["fund"]] and fund != "general"]
            to = there[c % len(there)]
            grant = {"fund": to} if b % 2 else {}
            if self._say(OWNERS[record["fund"]], {**record, "payee": OWNERS[to], "grant": grant}) and a % 5:
                self._take(f"{len(self.ledger.leaves) - 1}.0", to, a)

    def take(self, a: int, b: int, c: int) -> None:
        """A charity takes more of a grant."""
        refs = self._disbursements("grant")
        if refs:
            ref = refs[a % len(refs)]
            own = [fund for fund, owner in OWNERS.items() if owner == self.ledger.books.disbursement.get(ref).payee]
            if own:
                self._take(ref, own[b % len(own)], c)

    def _take(self, ref: str, into: str, c: int) -> None:
        row = self.ledger.books.disbursement.get(ref)
        left = max(1, row.amount - row.returned - row.taken)
        record = {"kind": "receipt", "of": ref, "amount": 1 + c % left, "level": "recipient-signed", "into": into}
        self._say(row.payee, {**record, "received_on": self._today})

    def untake(self, a: int, b: int, c: int) -> None:
        """A charity says that it took a grant by mistake."""
        rows = [(ref, row) for ref, row in self.ledger.books.taking.items() if self.ledger.books.void.get(ref) is None]
        if rows:
            ref, row = rows[a % len(rows)]
            self._say(row.party, {"kind": "reversal", "of": ref, "reason": "Wrong"})

    def pay_back(self, a: int, b: int, c: int) -> None:
        """A charity pays some of a grant back, and sometimes the other one takes it."""
        rows = list(self.ledger.books.taking.items())
        if rows:
            ref, row = rows[a % len(rows)]
            first, tape = self.ledger.books.disbursement[row.of], self.ledger.books.tape.get(row.tape) or EMPTY
            left = [(max(low, row.start), min(high, row.start + row.amount)) for low, high in tape.lowest(tape.free())]
            units = [[low, max(low + 1, high - b % 5)] for low, high in left if low < high]
            record = {"kind": "payment", "fund": row.fund, "unit": row.unit, "payee": first.party, "returns": ref}
            record |= {"channel": "cash", "units": units, "amount": sum(high - low for low, high in units), "paid_on": self._today}
            if units and self._say(row.party, record) and c % 3:
                self._take(f"{len(self.ledger.leaves) - 1}.0", first.fund, b)

    def give_back(self, a: int, b: int, c: int) -> None:
        """Part of a payment comes back."""
        refs = self._disbursements("", "grant")
        if refs:
            row = self.ledger.books.disbursement.get(refs[a % len(refs)])
            left = max(1, row.amount - row.returned - row.taken)
            record = {"kind": "payment-return", "channel": "cash", "of": refs[a % len(refs)], "amount": 1 + b % left, "reason": "X"}
            self._say(row.party, {**record, "returned_on": self._today})

    def refund(self, a: int, b: int, c: int) -> None:
        """Units of a gift that are left go back, units that are spent are covered."""
        if not self.gifts:
            return
        gift = self.gifts[a % len(self.gifts)]
        fund, _, unit = gift.tape.partition("/")
        start = gift.start + b % (gift.end - gift.start)
        end = start + 1 + c % (gift.end - start)
        tape = self.ledger.books.tape.get(gift.tape) or EMPTY
        left = [(max(low, start), min(high, end)) for low, high in tape.lowest(tape.free())]
        free = [[low, high] for low, high in left if low < high]
        edges = [start, *(edge for span in free for edge in span), end]
        taken = [[low, high] for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high]
        record: dict[str, Any] = {"kind": "refund", "channel": "cash", "gift": gift.ref, "fund": fund, "unit": unit}
        record["reason"] = "legal"
        record |= {"refunded_on": self._today}
        record |= {"units": free} if free else {}
        record |= {"cover": {"fund": "general", "units": taken}} if taken else {}
        self._say(OWNERS[fund], record)


def joined(spans: Sequence[Span]) -> list[list[int]]:
    """Ranges, with those that touch made one."""
    ranges: list[list[int]] = []
    for start, end in spans:
        if ranges and ranges[-1][1] == start:
            ranges[-1][1] = end
        else:
            ranges.append([start, end])
    return ranges
