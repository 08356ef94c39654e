"""Mutations about grants that are paid back, and receipts of them that are void."""

from __future__ import annotations

from typing import Any

from .cast import invoice_ref
from .on_grants import GATE, GRANT, TAKEN
from .on_rows import BACK, CHARITY, OFFICERS
from .on_void import undone
from .tabled import YESTERDAY, by, case, malformed, paid, receipt
from .telling import a

FUND = "hope-school"
# Where the units of a grant that is taken after the golden ledger begin.
START = 14218


def back(amount: int = 10, start: int = START, **members: Any) -> dict[str, Any]:
    """A payment that pays some of a grant back."""
    payment = paid(FUND, amount, payee="gate", returns="second.0", units=[[start, start + amount]], **members)
    return {name: value for name, value in payment.items() if name != "cost_class"}


GIVEN = (by(GATE, GRANT), by(CHARITY, TAKEN))

case("return-excess-of-units-that-were-given", "A charity pays back what it took, and then units that are beside that.",
     "return-excess", *GIVEN, by(CHARITY, back(), back(start=START - 1)))
case("return-excess-of-units-that-are-spent", "A charity pays back what it took and has spent.", "return-excess", *GIVEN,
     by(CHARITY, paid(FUND, 5, units=[[START, START + 5]]), back()))
case("return-excess-of-units-that-were-paid-back", "A charity pays the same units back again.", "return-excess", *GIVEN,
     by(CHARITY, back(), back(5, START + 5)))
case("return-excess-of-units-that-came-back", "Money that was paid back is returned and paid back again, and a unit beside it.",
     "return-excess", *GIVEN, by(CHARITY, back()), by(CHARITY, a("payment-return", of="third.0", **{**BACK, "amount": 10})),
     by(CHARITY, back(10, START + 60), back(2, START + 59)))
case("reference-return-to-somebody-else", "A charity pays a grant back to somebody who had not paid it.", "reference", *GIVEN,
     by(CHARITY, {**back(), "payee": "shop"}))
case("reference-return-out-of-another-fund", "A charity pays a grant back out of a fund that did not take it.", "reference", *GIVEN,
     by(CHARITY, {**back(), "fund": "hope-well", "units": [[1863, 1873]]}))
case("reference-return-of-a-void-receipt", "A grant is paid back that was taken by mistake.", "reference", *GIVEN,
     by(OFFICERS, undone("second.0")), by(CHARITY, back()))
case("reference-return-of-no-grant", "A payment is paid back as if it were a grant.", "reference", by(CHARITY, paid(FUND, 10)),
     by("shop.zhao", receipt("first.0", 10)), by(CHARITY, back()))
case("day-of-a-return-before-its-receipt", "A grant is paid back one day before it was taken, and two days before.", "day", *GIVEN,
     by(CHARITY, back(paid_on=YESTERDAY), back(start=START + 10, paid_on="2026-05-04")))
case("restriction-of-a-return-into-another-fund", "A platform takes a grant back into the fund that paid it, and into another.",
     "restriction", by(GATE, a("fund", id="gate-other", parent="gate-school", name="Other", restriction="restricted",
                                              purpose="Other"), GRANT),
     by(CHARITY, {**TAKEN, "of": "first.1"}), by(CHARITY, back()),
     by(GATE, receipt("third.0", 4, into="gate-school"), receipt("third.0", 4, into="gate-other")))
case("reference-return-without-a-fund", "A platform acknowledges a grant that is paid back, and takes it into no fund.",
     "reference", *GIVEN, by(CHARITY, back()), by(GATE, receipt("third.0", 10)))
case("reference-correction-of-the-cost-of-a-return", "A grant that was paid back becomes a cost.", "reference", *GIVEN,
     by(CHARITY, back()), by(OFFICERS, a("correction", of="third.0", reason="Read wrongly", cost_class="programme")))
case("reference-correction-of-the-day-of-a-grant", "A grant gets another day, and then one that its payee has taken.", "reference",
     by(GATE, GRANT, GRANT), by(CHARITY, {**TAKEN, "of": "first.1"}), by(GATE, *(
         a("correction", of=f"first.{number}", reason="Read wrongly", day=YESTERDAY) for number in (0, 1))))

case("overdraft-of-a-void-taking", "A receipt that took a grant is void although some of it is spent.", "overdraft", *GIVEN,
     by(CHARITY, paid(FUND, 1, units=[[START, START + 1]])), by(OFFICERS, undone("second.0")))
case("receipt-excess-in-one-piece", "Of a grant, units are free at both ends, and are taken as one piece.", "receipt-excess",
     by(GATE, GRANT), by(CHARITY, {**TAKEN, "of": "first.0", "amount": 30}, {**TAKEN, "amount": 50}),
     by(OFFICERS, undone("second.0")), by(CHARITY, {**TAKEN, "amount": 31}))
case("return-excess-below-what-was-taken", "Units of a grant come back from below those that its payee took.", "return-excess",
     by(GATE, GRANT), by(CHARITY, {**TAKEN, "amount": 30}, {**TAKEN, "amount": 50}), by(OFFICERS, undone("second.0")),
     by(GATE, *(a("payment-return", of="first.0", **{**BACK, "amount": amount}) for amount in (20, 1))))
case("reference-void-of-a-grant-that-was-taken", "A grant is void while a receipt of it is not.", "reference", by(GATE, GRANT),
     by(CHARITY, TAKEN, {**TAKEN, "amount": 10}), by(OFFICERS, undone("second.0")), by(GATE, undone("first.0")))

FORMS = {
    "with-a-cost-class": {"cost_class": "programme"}, "that-is-a-grant": {"grant": {}},
    "with-an-invoice": {"invoice": {"ref": invoice_ref("gate", "S-2026-21"), "amount": 10}},
}  # fmt: skip
for name, more in FORMS.items():
    malformed(f"payment-that-returns-{name}", f"A payment returns a grant: {name.replace('-', ' ')}.", CHARITY,
              {**back(), "returns": "1.0", **more})
malformed("payment-that-returns-no-units", "A payment returns a grant, and does not name the units.", CHARITY, {
    name: value for name, value in {**back(), "returns": "1.0"}.items() if name != "units"})
malformed("payment-without-a-cost-class", "A payment is neither a cost nor returns a grant.", CHARITY, {
    name: value for name, value in paid(FUND, 10).items() if name != "cost_class"})
