"""Random ledgers in which a rule is kept to the last unit: what is just allowed is entered, one unit more is refused."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from ledger.audit.overdue import overdue
from ledger.books.days import books_from_of
from ledger.books.mandate import threshold
from ledger.entries.channel_reference import commit_reference
from ledger.errors import GiveTrailError
from tests.language import key_text

from .chronicle import STEPS, Chronicle, digest

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DEPTH = 16
VOID_DAYS = 7
RATE_DAYS = 7

Record = dict[str, Any]


class AtTheLimit(Chronicle):
    """A ledger and what was said in it. `reached` counts, by rule, how often something was entered that a single unit, day or
    level more would have broken; what would have broken it was tried, and refused by that rule, or found by that rule."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.reached: Counter[str] = Counter()

    def tell_some(self, most: int) -> AtTheLimit:
        """So many steps, each drawn; about every third of them goes to a limit."""
        for step in self.rng.choices((*STEPS, *LIMITS, *LIMITS, "backfilled_years"), k=most):
            getattr(self, step)(*(self.rng.randrange(10_000) for _ in range(3)))
        return self

    def _entered(self, party: str, *records: Record, by: tuple[str, ...] = (), more: tuple[str, ...] = ()) -> str:
        """The name of the first of these records, once they are entered; "" if they are refused. One officer signs."""
        names = by or (sorted(self.keys[party].values())[0],)
        try:
            self.ledger.say(party, list(records), [*names, *more])
        except GiveTrailError as error:
            self.ledger.books.rollback()
            self.refused_by = error.rule
            return ""
        self.refused_by = ""
        return f"{self.last}.0"

    def _holds(self, rule: str, party: str, *beyond: Record, **how: tuple[str, ...]) -> None:
        """Count that a limit was reached: what goes beyond it is refused by the rule."""
        assert not self._entered(party, *beyond, **how), f"{rule}: was entered: {beyond}"
        assert self.refused_by == rule, f"{rule}: refused by {self.refused_by}: {beyond}"
        self.reached[rule] += 1

    def _one_pays(self) -> int:
        """Up to how much one officer of hope may pay a payee in a day."""
        most = threshold(self.ledger.books, "hope", "CNY", self._today)
        return 40 if most is None else most

    def _two(self) -> tuple[str, ...]:
        """All officers of hope, and an overseer."""
        return (*self.keys["hope"].values(), *self._one("auditco"))

    def _purse(self, amount: int, unit: str = "CNY", **more: Any) -> str:
        """A new project of hope that was given so much; "" if that was refused."""
        name = f"at-{self._new()}"
        project = {
            "kind": "project", "id": name, "name": "N", "purpose": "P", "restriction": "restricted", "receipt_days": 20,
            "feedback_days": 20, **more,
        }  # fmt: skip
        if not self._entered("hope", project, self._gift(name, unit, amount)):
            return ""
        self._keep_gifts(self.last, name, unit)
        return name

    def _firm(self) -> str:
        """A new vendor with one officer."""
        name = f"vendor{self._new()}"
        keys = [{"key": key_text(f"{name}.one"), "officer": "one"}]
        said = {"kind": "party", "id": name, "entity": "organisation", "roles": ["vendor"], "name": "N", "keys": keys}
        self.keys[name] = {"one": f"{name}.one"}
        assert self._entered("op", said, by=tuple(self.keys["op"].values()), more=(f"{name}.one",))
        return name

    def _paying(self, fund: str, amount: int, payee: str, **more: Any) -> Record:
        return {**self._paid(fund, amount), "payee": payee, **more}

    def _paid_once(self, amount: int) -> tuple[str, str, str]:
        """(payment, fund, payee) of a payment of all that a new project was given."""
        fund, payee = self._purse(amount), self._firm()
        return self._entered("hope", self._paying(fund, amount, payee)), fund, payee

    def _handed_over_once(self) -> str:
        """The delivery of all that a new project was given of a new thing."""
        unit, payee = f"thing-{self._new()}", self._firm()
        if not self._entered("op", {"kind": "unit", "unit": unit, "exponent": 0, "name": "N"}):
            return ""
        given = {"kind": "delivery", "fund": self._purse(1, unit), "unit": unit, "amount": 1, "to": payee}
        return self._entered("hope", {**given, "delivered_on": self._today})

    def at_what_is_left(self, a: int, b: int, c: int) -> None:
        """A fund is spent to the last unit."""
        amount = 1 + a % self._one_pays()
        paid, fund, payee = self._paid_once(amount)
        if paid and amount < self._one_pays():
            self._holds("overdraft", "hope", self._paying(fund, 1, payee))

    def at_the_threshold(self, a: int, b: int, c: int) -> None:
        """One officer pays as much as he may in a day, to a party or to a group, in two payments or one."""
        most, fund = self._one_pays(), self._purse(100)
        group = {"group_class": ("payroll", "expense-claims", "tax")[b % 3], "people": 1 + c, "list": digest("list", c)}
        said = self._paying(fund, most, self._firm())
        if a % 2:
            del said["payee"]
            said["group"] = group
            self.ledger.time = self._later(1)  # nothing was paid to the group on this day
            said["paid_on"] = self._today
        if self._entered("hope", said):
            self._holds("approval", "hope", {**said, "amount": 1})

    def at_what_two_may(self, a: int, b: int, c: int) -> None:
        """A charity with one officer pays more than he may alone: an overseer signs too."""
        if len(self.keys["hope"]) > 1:
            return
        most, fund, payee = self._one_pays(), self._purse(200), self._firm()
        said = self._paying(fund, most + 1, payee)
        assert not self._entered("hope", said) and self.refused_by == "approval", self.refused_by
        if self._entered("hope", said, more=tuple(self._one("auditco"))):
            self.reached["approval, with an overseer"] += 1

    def at_the_cost_limit(self, a: int, b: int, c: int) -> None:
        """A project spends a quarter on administration."""
        most = 1 + a % self._one_pays()
        fund, payee = self._purse(4 * most, cost_limits=[{"cost_class": "administration", "rate": [1, 4]}]), self._firm()
        if self._entered("hope", self._paying(fund, most, payee, cost_class="administration")):
            self._holds("cost-limit", "hope", self._paying(fund, 1, self._firm(), cost_class="administration"))

    def at_the_fee_limit(self, a: int, b: int, c: int) -> None:
        """A channel keeps a tenth and two units a gift, of two gifts together."""
        fee, limits = 1 + a % 50, [{"unit": "CNY", "rate": [1, 10], "fixed": 2}]
        fund = self._purse(1, fee_limits=limits)
        first, last = self._gift(fund, "CNY", 10 * fee), self._gift(fund, "CNY", 10 * fee)
        said = ({**first, "fee": fee + 1, "fee_to": "front"}, {**last, "fee": fee + 3, "fee_to": "front"})
        if fee > 1 and self._entered("hope", *said):
            self.reached["fee-limit"] += 1

    def at_a_receipt_of_all(self, a: int, b: int, c: int) -> None:
        amount = 1 + a % self._one_pays()
        paid, _, payee = self._paid_once(amount)
        said = {"kind": "receipt", "of": paid, "amount": amount, "level": "recipient-signed", "received_on": self._today}
        if paid and self._entered(payee, said):
            self._holds("receipt-excess", payee, {**said, "amount": 1})

    def at_a_payment_that_bounces(self, a: int, b: int, c: int) -> None:
        """The bank sends back all of a payment; then it is paid once more."""
        amount = 1 + a % self._one_pays()
        paid, fund, payee = self._paid_once(amount)
        said = {"kind": "payment-return", "channel": "cash", "of": paid, "amount": amount, "reason": "X"}
        said |= {"returned_on": self._today}
        if paid and self._entered("hope", said):
            self._holds("return-excess", "hope", {**said, "amount": 1})
            self.said("hope", [self._paying(fund, amount, payee)])

    def at_an_invoice(self, a: int, b: int, c: int) -> None:
        """An invoice is paid in two parts."""
        amount = 2 + a % 60
        fund, ref = self._purse(100), commit_reference(b"k" * 32, "invoices", "invoice", str(self._new()))
        rest, payee = self._one_pays(), self._firm()
        said = self._paying(fund, 1, payee, invoice={"ref": ref, "amount": amount})
        if amount <= rest and self._entered("hope", {**said, "amount": amount - 1}) and self._entered("hope", said):
            self._holds("duplicate-invoice", "hope", said, by=self._two())

    def at_the_first_day(self, a: int, b: int, c: int) -> None:
        """What was given and paid on the first day of the books is imported; in whatever order, no day ends below nothing."""
        first, amount, payee = books_from_of(self.ledger.books, "hope"), 1 + a % self._one_pays(), self._firm()
        fund = self._purse(amount)
        said = self._paying(fund, amount, payee, paid_on=first)
        if self._entered("hope", said) and self._entered("hope", {**self._gift(fund, "CNY", amount), "received_on": first}):
            self.reached["overdrawn-on-day"] += 1
            before = (datetime.date.fromisoformat(first) - datetime.timedelta(1)).isoformat()
            self._holds("day", "hope", {**self._gift(fund, "CNY", 1), "received_on": before})

    def at_today(self, a: int, b: int, c: int) -> None:
        """What happened today is recorded today."""
        gift = self._gift(self._purse(1), "CNY", 1)
        if self._entered("hope", gift):
            tomorrow = (datetime.date.fromisoformat(self._today) + datetime.timedelta(1)).isoformat()
            self._holds("day", "hope", {**gift, "received_on": tomorrow})

    def at_the_day_it_is_due(self, a: int, b: int, c: int) -> None:
        """A receipt that is missing is overdue from the day after it was due."""
        days, payee = a % 30, self._firm()
        paid = self._entered("hope", self._paying(self._purse(1, receipt_days=days), 1, payee))
        if paid:
            last = datetime.date.fromisoformat(self._today) + datetime.timedelta(days)
            due, after = [
                {(f"{one.entry}.{one.record}", one.rule) for one in overdue(self.ledger.books, day.isoformat())}
                for day in (last, last + datetime.timedelta(1))
            ]
            assert (paid, "overdue-receipt") in after - due
            self.reached["overdue-receipt"] += 1

    def at_a_week_to_void(self, a: int, b: int, c: int) -> None:
        """A payment or delivery is declared void a week after it was entered."""
        paid = self._handed_over_once() if b % 2 else self._paid_once(1 + a % self._one_pays())[0]
        self.ledger.time = self._later(VOID_DAYS)
        if paid and self._entered("hope", {"kind": "reversal", "of": paid, "reason": "Twice"}):
            self.reached["late-void"] += 1

    def at_the_deepest(self, a: int, b: int, c: int) -> None:
        """Funds as deep as they may be."""
        number = self._new()
        funds = [
            {"kind": "fund", "id": f"deep-{number}-{n}", "name": "N", "purpose": "P", "restriction": "restricted",
             **({"parent": f"deep-{number}-{n - 1}"} if n else {})} for n in range(DEPTH + 2)
        ]  # fmt: skip
        if self._entered("hope", *funds[:-1]):
            self._holds("reference", "hope", funds[-1])

    def at_the_day_of_a_key(self, a: int, b: int, c: int) -> None:
        """A second officer's key of a party with one officer is in force three days later, and not before."""
        paid, _, firm = self._paid_once(1)
        key = f"{firm}.two"
        added = self._entered(firm, {"kind": "key", "key": key_text(key), "officer": "two"}, more=(key,))
        said = {"kind": "receipt", "of": paid, "amount": 1, "level": "recipient-signed", "received_on": self._today}
        if paid and added:
            self.ledger.time = self._later(2)
            self._holds("key-standing", firm, said, by=(key,))
            self.ledger.time = self._later(1)
            assert self._entered(firm, said, by=(key,)), self.refused_by

    def at_the_tolerance(self, a: int, b: int, c: int) -> None:
        """An exchange at a twentieth above or below the rate that the auditor said, a week before."""
        number = self._new()
        unit = f"Q{LETTERS[number // 26 % 26]}{LETTERS[number % 26]}"
        declared = {"kind": "unit", "unit": unit, "exponent": 2, "name": "N"}
        day = (datetime.date.fromisoformat(self._today) - datetime.timedelta(RATE_DAYS)).isoformat()
        rate = {"kind": "rate", "unit": unit, "to_unit": "CNY", "ratio": [100, 1], "day": day, "source": "S"}
        said = self._entered("op", declared) and self._entered("auditco", rate)
        fund, off = self._purse(10, unit), (95, 105)[a % 2]
        if said and fund and self._entered("hope", {
            "kind": "exchange", "fund": fund, "unit": unit, "amount": 10, "to_unit": "CNY", "to_amount": 10 * off, "rate": [off, 1],
            "source": "Bank", "exchanged_on": self._today,
        }):  # fmt: skip
            self.reached["rate"] += 1

    def at_all_of_a_grant(self, a: int, b: int, c: int) -> None:
        """The other charity takes all of a grant into a fund, in two parts."""
        amount = 2 + a % 60
        fund = self._purse(amount)
        granted = amount <= self._one_pays() and self._entered("hope", self._paying(fund, amount, "river", grant={"fund": "aid"}))
        said = {"kind": "receipt", "of": granted, "level": "recipient-signed", "into": "aid", "received_on": self._today}
        if granted and self._entered("river", {**said, "amount": amount - 1}) and self._entered("river", {**said, "amount": 1}):
            self._holds("receipt-excess", "river", {**said, "amount": 1})

    def at_all_of_a_loan(self, a: int, b: int, c: int) -> None:
        """A loan is paid back to the last unit."""
        amount, fund, lender = 1 + a % self._one_pays(), self._purse(1), self._firm()
        loan = {"kind": "income", "fund": fund, "unit": "CNY", "amount": amount, "income_class": "advance", "source": "Loan",
                "lender": lender}
        lent = self._entered("hope", {**loan, "channel": "cash", "received_on": self._today})
        said = {**self._paying(fund, amount, lender), "repays": lent}
        del said["cost_class"]
        if lent and self._entered("hope", said):
            self._holds("return-excess", "hope", {**said, "amount": 1}, by=self._two())

    def at_all_of_a_grant_that_goes_back(self, a: int, b: int, c: int) -> None:
        """The other charity pays back all of a grant, and it is taken into the fund that it left."""
        amount, fund = 1 + a % min(self._one_pays(), 60), self._purse(60)
        granted = self._entered("hope", self._paying(fund, amount, "river", grant={"fund": "aid"}))
        taken = {"kind": "receipt", "of": granted, "level": "recipient-signed", "amount": amount, "received_on": self._today}
        took = granted and self._entered("river", {**taken, "into": "aid"})
        if not took:
            return
        start = self.ledger.books.tape.get("aid/CNY").end - amount
        said = {**self._paying("aid", amount, "hope"), "returns": took, "units": [[start, start + amount]]}
        del said["cost_class"]
        back = self._entered("river", said)
        if back and self._entered("hope", {**taken, "of": back, "into": fund}):
            self._holds("receipt-excess", "hope", {**taken, "of": back, "into": fund, "amount": 1})

    def at_the_smallest_cell(self, a: int, b: int, c: int) -> None:
        """A hundred gifts are told by region, ten of them in the smallest cell."""
        fund = self._purse(1)
        told = [fund and self._entered("hope", *[self._gift(fund, "CNY", 1)] * gifts) for gifts in (60, 39)]
        if not all(told):
            return
        said = {"kind": "regional-statistics", "fund": fund, "unit": "CNY", "from_size": 0, "amount": 100}
        few, enough = (
            [{"code": code, "gifts": gifts, "share": gifts} for code, gifts in (("CN-11", 100 - least), ("CN-31", least))]
            for least in (9, 10)
        )
        self._holds("statistics-cell", "hope", {**said, "cells": few})
        assert self._entered("hope", {**said, "cells": enough}), self.refused_by

    def at_the_end_of_a_relation(self, a: int, b: int, c: int) -> None:
        """On the last day of a relation a payment says so; on the day after it does not."""
        firm, fund = self._firm(), self._purse(2)
        if self._one_pays() < 2:
            return
        related = {"kind": "relation", "of": "hope", "to": firm, "nature": "founder"}
        related |= {"starts_on": self._today, "ends_on": self._today}
        said = self._paying(fund, 1, firm)
        if self._entered("hope", related) and self._entered("hope", {**said, "related": "founder"}):
            self._holds("related-party", "hope", said)
            self.ledger.time = self._later(1)
            assert self._entered("hope", {**said, "paid_on": self._today}), self.refused_by

    def at_a_reference_used_again(self, a: int, b: int, c: int) -> None:
        """A gift that was keyed wrongly is declared void, and another has its reference."""
        bank = {"channel": "bank", "channel_ref": self._reference()}
        fund = self._purse(1)
        gift, right = self._gift(fund, "CNY", 7, **bank), self._gift(fund, "CNY", 70, **bank)
        first = self._entered("hope", gift)
        if not first:
            return
        self._holds("duplicate-reference", "hope", right)
        gave = {"fund": fund, "unit": "CNY", "amount": 7, "received_on": gift["received_on"], "units": [[1, 8]]}
        if self._entered("hope", {"kind": "reversal", "of": first, "reason": "Keyed wrongly", "gave": gave}):
            assert self._entered("hope", {**right, "replaces": first}), self.refused_by

    def backfilled_years(self, a: int, b: int, c: int) -> None:
        """A charity enters the years before, once its mandate has moved its books back; the newest gifts first."""
        books = self.ledger.books
        back = (datetime.date.fromisoformat(books_from_of(books, "river")) - datetime.timedelta(1 + a % 400)).isoformat()
        mandate, officers = {"kind": "mandate", "key_delay_days": 0, "books_from": back}, tuple(self.keys["river"].values())
        if self._entered("river", mandate, by=officers):
            for day in (self._today, back):
                assert self._entered("river", {**self._gift("aid", "JPY", 1 + b % 40), "received_on": day}), self.refused_by
            before = (datetime.date.fromisoformat(back) - datetime.timedelta(1)).isoformat()
            self._holds("day", "river", {**self._gift("aid", "JPY", 1), "received_on": before})

    def _later(self, days: int) -> str:
        moment = datetime.datetime.fromisoformat(self.ledger.time) + datetime.timedelta(days)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


LIMITS = tuple(sorted(name for name in vars(AtTheLimit) if name.startswith("at_")))
