"""Mutations of the accounts: what records name, what flows say, what may be spent, and what is promised."""

from __future__ import annotations

from typing import Any

from ledger.bounds import MAX_AMOUNT, MAX_INTEGER

from .cast import private, public, reference_key
from .forge import Forge
from .mutation import NOTHING, OPERATOR, PARTY, Found, Outcome, audit, broken, mutation
from .on_statements import assigned
from .telling import a

TODAY = "2026-05-06"


def paid(fund: str, amount: int, **members: Any) -> dict[str, Any]:
    """A payment in CNY."""
    return a(
        "payment", fund=fund, unit="CNY", amount=amount, **{"payee": "shop", "cost_class": "programme", "paid_on": TODAY, **members}
    )


@mutation(PARTY)
def reference_receipt_for_a_gift(f: Forge) -> Outcome:
    """A receipt acknowledges a gift, which is not a payment."""
    receipt = a("receipt", of=f"{f.entry['gifts']}.0", amount=20, level="recipient-signed", received_on=TODAY)
    return broken("reference", f.append("shop.zhao", receipt), 0)


@mutation(PARTY)
def reference_to_no_record(f: Forge) -> Outcome:
    """A receipt names a record that its entry does not have."""
    receipt = a("receipt", of=f"{f.entry['bounce']}.7", amount=20, level="recipient-signed", received_on=TODAY)
    return broken("reference", f.append("shop.zhao", receipt), 0)


@mutation(PARTY)
def reference_to_no_party(f: Forge) -> Outcome:
    """A payment to a party that does not exist."""
    return broken(
        "reference", f.append("hope.li2", paid("school-desks", 10, payee="ghost"), flows=f.out("school-desks/CNY", 10)), 0
    )


@mutation(PARTY)
def reference_to_no_gift(f: Forge) -> Outcome:
    """A refund names a payment as the gift."""
    refund = a(
        "refund", gift=f"{f.entry['plain']}.0", fund="hope-school", unit="CNY", units=[[13833, 13933]], reason="donor-request",
        refunded_on=TODAY,
    )  # fmt: skip
    return broken("reference", f.append("hope.li2 hope.wang", refund, flows=[[0, "-", "hope-school/CNY", 13833, 13933]]), 0)


@mutation(PARTY)
def reference_to_a_digest_that_is_not_there(f: Forge) -> Outcome:
    """An erasure names a digest that the gift does not hold."""
    erasure = a("erasure", of=f"{f.entry['gifts']}.2", digests=private("person")[:1], erased_on=TODAY, ground="request")
    return broken("reference", f.append("hope.wang", erasure), 0)


@mutation(PARTY)
def reference_key_of_a_label_that_has_another(f: Forge) -> Outcome:
    """A party gives the label of its references a second key."""
    return broken("reference", f.append("hope.wang", reference_key("hope", "another channel key")), 0)


@mutation(PARTY)
def reference_to_a_reversal(f: Forge) -> Outcome:
    """A reversal is reversed."""
    reversal = a("reversal", of=f"{f.entry['reversal']}.0", reason="Changed our mind")
    return broken("reference", f.append("hope.li2 hope.wang", reversal), 0)


@mutation(OPERATOR)
def tape_flow_of_other_units(f: Forge) -> Outcome:
    """An allocation takes units that are not the lowest."""
    record, flows = assigned(f, 100)
    flows[0][3:] = [13833, 13933]
    return broken("tape-flow", f.append("hope.li2", record, flows=flows), 0)


@mutation(OPERATOR)
def tape_flow_of_other_units_in_the_middle(f: Forge) -> Outcome:
    """A payment takes units that are not the lowest, and later payments what it left; everything after it is signed again."""
    index = f.retell(f.entry["plain"], lambda value: value["flows"][0].__setitem__(slice(3, 5), [1800, 2700]))
    f.retell(f.entry["bounce"], lambda value: value.update(flows=[
        [0, "-", "school-books/CNY", 1100, 1800], [0, "-", "school-books/CNY", 2700, 2800],
    ]))  # fmt: skip
    return broken("tape-flow", index, 0)


@mutation(OPERATOR)
def tape_flow_that_spends_twice(f: Forge) -> Outcome:
    """A payment takes units that an earlier one took; everything after it is signed again, as if it had not."""
    return broken("tape-flow", f.retell(f.entry["plain"], lambda value: value["flows"][0].__setitem__(slice(3, 5), [0, 900])), 0)


@mutation(OPERATOR)
def tape_flow_missing(f: Forge) -> Outcome:
    """An allocation without flows."""
    record, _ = assigned(f)
    return broken("tape-flow", f.append("hope.li2", record), 0)


@mutation(OPERATOR)
def tape_flow_missing_in_the_middle(f: Forge) -> Outcome:
    """A gift that is never spent has no flow; everything after it is signed again."""
    return broken("tape-flow", f.retell(f.entry["units"], lambda value: value["flows"].pop()), 2)


@mutation(OPERATOR)
def tape_flow_to_another_fund(f: Forge) -> Outcome:
    """The flows lead an allocation into another fund."""
    record, flows = assigned(f)
    flows[1:] = f.into("gate-fees/CNY", 10)
    return broken("tape-flow", f.append("hope.li2", record, flows=flows), 0)


@mutation(OPERATOR)
def tape_flow_too_much(f: Forge) -> Outcome:
    """The flows move one unit more than the record says."""
    record, flows = assigned(f)
    for row in flows:
        row[4] += 1
    return broken("tape-flow", f.append("hope.li2", record, flows=flows), 0)


@mutation(OPERATOR)
def tape_flow_of_no_record(f: Forge) -> Outcome:
    """An entry has a flow of record 1, and one record."""
    record, flows = assigned(f)
    return broken("tape-flow", f.append("hope.li2", record, flows=[*flows, [1, "-", "hope-general/CNY", 2399, 2499]]))


@mutation(OPERATOR)
def tape_flow_of_a_record_that_moves_nothing(f: Forge) -> Outcome:
    """A statement of progress has a flow."""
    progress = a("progress", activity="school-desks", done_on=TODAY, note="More shelves")
    return broken("tape-flow", f.append("build.ma", progress, flows=[[0, "-", "hope-general/CNY", 2399, 2499]]), 0)


@mutation(OPERATOR)
def tape_flow_out_of_order(f: Forge) -> Outcome:
    """What comes in is listed before what goes out."""
    record, flows = assigned(f)
    return broken("tape-flow", f.append("hope.li2", record, flows=flows[::-1]), 0)


@mutation(OPERATOR)
def tape_flow_records_out_of_order(f: Forge) -> Outcome:
    """The flows of record 1 come before those of record 0."""
    gifts = [a("donation", fund="hope-general", unit="CNY", amount=500, channel="cash", received_on=TODAY)] * 2
    start = f.end("hope-general/CNY")
    flows = [[1, "+", "hope-general/CNY", start + 500, start + 1000], [0, "+", "hope-general/CNY", start, start + 500]]
    return broken("tape-flow", f.append("hope.li2", *gifts, flows=flows))


@mutation(OPERATOR)
def tape_flow_cut_in_two(f: Forge) -> Outcome:
    """A range is written as two that touch."""
    record, flows = assigned(f)
    start, end = flows[0][3:]
    flows[:1] = [[0, "-", "hope-school/CNY", start, start + 4], [0, "-", "hope-school/CNY", start + 4, end]]
    return broken("tape-flow", f.append("hope.li2", record, flows=flows), 0)


@mutation(OPERATOR)
def tape_flow_of_no_form(f: Forge) -> Outcome:
    """A flow without an end."""
    record, flows = assigned(f)
    flows[0].pop()
    return broken("tape-flow", f.append("hope.li2", record, flows=flows), also=())


@mutation(PARTY)
def tape_limit(f: Forge) -> Outcome:
    """Gifts take a tape past 2^53-1; no flow can say so of the last."""
    gift = a("donation", fund="hope-general", unit="CNY", amount=MAX_AMOUNT, channel="cash", received_on=TODAY)
    start, fit = f.end("hope-general/CNY"), MAX_INTEGER // MAX_AMOUNT
    flows = [[n, "+", "hope-general/CNY", start + n * MAX_AMOUNT, start + (n + 1) * MAX_AMOUNT] for n in range(fit)]
    return broken("tape-limit", f.append("hope.li2", *[gift] * (fit + 1), flows=flows), fit)


@mutation(PARTY)
def fragmented_record(f: Forge) -> Outcome:
    """An allocation takes 63 ranges, which with the one that comes in are 64, and another one takes 64."""
    start = f.lowest("hope-general/CNY", 1)[0][0]
    singles = [[unit, unit + 1] for unit in range(start + 1, start + 254, 2)]
    parts = [singles[:60], singles[60:120], singles[120:]]
    payments = [paid("hope-general", len(part), units=part) for part in parts]
    flows = [[number, "-", "hope-general/CNY", *span] for number, part in enumerate(parts) for span in part]
    f.append("hope.li2", *payments, flows=flows)
    for amount in (63, 64):
        record = a("allocation", fund="hope-general", unit="CNY", to="hope-school", amount=amount)
        index = f.append("hope.li2", record, flows=f.out("hope-general/CNY", amount) + f.into("hope-school/CNY", amount))
    return broken("fragmented", index, 0)


@mutation(PARTY)
def fragmented_entry(f: Forge) -> Outcome:
    """An entry has more than 16,384 bytes of flows, each of them right."""
    name = "hope-" + "x" * 58
    f.append("hope.li2 hope.wang", a("fund", id=name, name="Long", purpose="A long name", restriction="unrestricted"))
    gifts = [a("donation", fund=name, unit="CNY", amount=1000, channel="cash", received_on=TODAY)] * 180
    flows = [[n, "+", f"{name}/CNY", n * 1000, n * 1000 + 1000] for n in range(180)]
    return broken("fragmented", f.append("hope.li2", *gifts, flows=flows))


@mutation(PARTY)
def overdraft_of_a_fund(f: Forge) -> Outcome:
    """A payment of one unit more than the fund has; the flows say that it had it."""
    left = sum(end - start for start, end in f.lowest("school-books/CNY", 10**6))
    flows = f.out("school-books/CNY", left)
    flows[-1][4] += 1
    return broken("overdraft", f.append("hope.li2", paid("school-books", left + 1), flows=flows), 0)


@mutation(PARTY)
def overdraft_in_the_middle(f: Forge) -> Outcome:
    """A payment that is acknowledged, returned in part and reported on is of more than its fund has; all that follows is signed
    again."""

    def raise_amount(value: dict[str, Any]) -> None:
        value["statement"]["records"][0]["amount"] = 5000

    # What is disputed in the story is a return of the payment that was not made.
    late = [("overdue-receipt", "two-officers"), ("overdue-receipt", "bounce"), ("overdue-feedback", "bounce")]
    rest = tuple((id, f.entry[name], 0) for id, name in [*late, ("recovery", "recovery"), ("clock-corrected", "corrected")])
    return broken("overdraft", f.retell(f.entry["plain"], raise_amount, names="hope.wang hope.li"), 0, also=rest, kept=False)


@mutation(PARTY)
def overdraft_of_units_that_are_gone(f: Forge) -> Outcome:
    """An allocation names units that were spent."""
    record = a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=100, units=[[0, 100]])
    flows = [[0, "-", "hope-school/CNY", 0, 100], *f.into("school-desks/CNY", 100)]
    return broken("overdraft", f.append("hope.li2", record, flows=flows), 0)


@mutation(PARTY)
def overdraft_by_a_reversal(f: Forge) -> Outcome:
    """An allocation is reversed whose units are spent in part."""
    reversal = a("reversal", of=f"{f.entry['over-holes']}.0", reason="Too late")
    flows = [[0, "-", "school-books/CNY", 1500, 2700], *f.into("hope-school/CNY", 1200)]
    return broken("overdraft", f.append("hope.li2 hope.wang", reversal, flows=flows), 0)


@mutation(PARTY)
def restriction_up_the_tree(f: Forge) -> Outcome:
    """A project's money is assigned to the charity's general fund."""
    record = a("allocation", fund="hope-school", unit="CNY", to="hope-general", amount=100)
    flows = f.out("hope-school/CNY", 100) + f.into("hope-general/CNY", 100)
    return broken("restriction", f.append("hope.li2", record, flows=flows), 0)


@mutation(PARTY)
def restriction_of_an_endowment(f: Forge) -> Outcome:
    """Endowment capital is spent."""
    return broken("restriction", f.append("hope.li2", paid("hope-endowment", 100), flows=f.out("hope-endowment/CNY", 100)), 0)


@mutation(PARTY)
def restriction_of_a_cover(f: Forge) -> Outcome:
    """A refund is covered out of a restricted fund."""
    refund = a(
        "refund", gift=f"{f.entry['gifts']}.2", fund="hope-school", unit="CNY", reason="legal", refunded_on=TODAY,
        cover={"fund": "school-desks", "units": [[3500, 3550]]},
    )  # fmt: skip
    return broken("restriction", f.append("hope.li2 hope.wang", refund, flows=f.out("school-desks/CNY", 50)), 0)


@mutation(PARTY)
def cost_limit_of_administration(f: Forge) -> Outcome:
    """A project spends more on its administration than a tenth of what came in."""
    return broken(
        "cost-limit",
        f.append("hope.li2", paid("hope-school", 154, cost_class="administration"), flows=f.out("hope-school/CNY", 154)),
        0,
    )


@mutation(PARTY)
def receipt_excess(f: Forge) -> Outcome:
    """The recipient's receipts for a payment come to one unit more than was paid."""
    receipt = a("receipt", of=f"{f.entry['late-feedback']}.0", amount=1, level="recipient-signed", received_on=TODAY)
    return broken("receipt-excess", f.append("shop.zhao", receipt), 0)


@mutation(PARTY)
def return_excess(f: Forge) -> Outcome:
    """The returns of a payment come to one unit more than was paid."""
    back = a("payment-return", of=f"{f.entry['plain']}.0", amount=551, returned_on=TODAY, reason="All of it")
    return broken("return-excess", f.append("hope.li2", back, flows=f.into("school-books/CNY", 551)), 0)


@mutation(PARTY)
def refund_units_of_another_gift(f: Forge) -> Outcome:
    """A refund names units of someone else's gift."""
    refund = a(
        "refund", gift=f"{f.entry['gifts']}.2", fund="hope-school", unit="CNY", units=[[13833, 13933]], reason="donor-request",
        refunded_on=TODAY,
    )  # fmt: skip
    return broken("refund-units", f.append("hope.li2 hope.wang", refund, flows=[[0, "-", "hope-school/CNY", 13833, 13933]]), 0)


@mutation(PARTY)
def refund_units_twice(f: Forge) -> Outcome:
    """A refund covers units that were refunded before."""
    refund = a(
        "refund", gift=f"{f.entry['gifts']}.1", fund="hope-school", unit="CNY", reason="donor-request", refunded_on=TODAY,
        cover={"fund": "hope-general", "units": [[2000, 2100]]},
    )  # fmt: skip
    return broken("refund-units", f.append("hope.li2 hope.wang", refund, flows=f.out("hope-general/CNY", 100)), 0)


@mutation(PARTY)
def statistics_total(f: Forge) -> Outcome:
    """A signed total of gifts is one unit too high."""
    statistics = a(
        "statistics", fund="hope-school", unit="CNY", by="month", from_day="2026-03-01", to_day="2026-03-31",
        cells=[{"code": "2026-03", "amount": 7534, "gifts": 10}],
    )  # fmt: skip
    return audit("statistics-total", f.append("hope.wang", statistics), 0)


@mutation(OPERATOR)
def exponent(f: Forge) -> Outcome:
    """The operator declares a currency with two decimals that has three, so that other programs read amounts as a tenth."""
    return audit("exponent", f.append("op.chief", a("unit", unit="KWD", exponent=2, name="Dinar")), 0)


@mutation(OPERATOR)
def recovery(f: Forge) -> Outcome:
    """Operator and auditor give a party a new key."""
    record = a("recovery", party="gate", key=public("mallory.key"), officer="mallory", reason="Said to be lost")
    return audit("recovery", f.append("op.chief auditco.chen mallory.key", record), 0)


@mutation(PARTY)
def overdue_receipt(f: Forge) -> Outcome:
    """A payment of 35 days ago has no receipt; the project promised one within 10."""
    return audit(
        "overdue-receipt",
        f.append("hope.li2", paid("school-desks", 100, paid_on="2026-04-01"), flows=f.out("school-desks/CNY", 100)),
        0,
    )


@mutation(PARTY)
def overdue_feedback(f: Forge) -> Outcome:
    """A payment was acknowledged 41 days ago and not reported on; the project promised that within 30."""
    index = f.append("hope.li2", paid("school-desks", 100, paid_on="2026-03-20"), flows=f.out("school-desks/CNY", 100))
    f.append("shop.zhao", a("receipt", of=f"{index}.0", amount=100, level="recipient-signed", received_on="2026-03-26"))
    return audit("overdue-feedback", index, 0)


@mutation(NOTHING)
def overdue_on_a_later_day(f: Forge) -> Outcome:
    """Nothing is changed; the log is judged as of a later day, on which feedback for another payment is overdue."""
    f.as_of = "2026-06-30"
    return audit("overdue-feedback", f.entry["late-feedback"], 0)


@mutation(OPERATOR)
def receipt_dropped(f: Forge) -> Outcome:
    """The operator puts a note of progress in the place of a receipt; everything after it is signed again."""
    index = f.entry["late-receipt"]
    progress = a("progress", activity="school-desks", done_on="2026-04-10", note="Nothing to see")
    f.retell(index, lambda value: value["statement"].update(party="build", records=[progress]), names="build.ma")
    late: Found = ("overdue-receipt", f.entry["late-feedback"], 0)
    return audit(*late)
