"""Mutations of what parties say: their signatures, their keys, what they may say, when, and how often."""

from __future__ import annotations

from typing import Any

from ledger.canonical import encode, from_base64, to_base64
from ledger.entries.statement import pae

from .cast import OTHER_ORIGIN, channel_ref, officers, public, seed
from .forge import Forge
from .mutation import OPERATOR, PARTY, Outcome, broken, mutation
from .on_bytes import flipped
from .telling import a
from .weak import weak_key, weak_signature


def assigned(f: Forge, amount: int = 10) -> tuple[dict[str, Any], list[list[Any]]]:
    """An allocation that is in order, and its flows: what a statement says whose fault lies elsewhere."""
    record = a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=amount)
    return record, f.out("hope-school/CNY", amount) + f.into("school-desks/CNY", amount)


@mutation(OPERATOR)
def statement_signature_bit(f: Forge) -> Outcome:
    """One bit of the last statement's signature is changed."""

    def spoil(value: dict[str, Any]) -> None:
        signature = value["signatures"][0]
        signature["sig"] = to_base64(flipped(from_base64(signature["sig"]), 40))

    return broken("statement-signature", f.edit(f.last, spoil))


@mutation(OPERATOR)
def statement_signature_over_another_amount(f: Forge) -> Outcome:
    """The operator lowers the amount that a party assigned, and the flows with it."""

    def lower(value: dict[str, Any]) -> None:
        value["statement"]["records"][0]["amount"] -= 1
        for row in value["flows"]:
            row[4] -= 1

    return broken("statement-signature", f.edit(f.last, lower))


@mutation(OPERATOR)
def statement_signature_of_another_statement(f: Forge) -> Outcome:
    """The last statement carries the signature that the same key made for another one."""
    other = f.value(f.entry["cover"])
    mine = [one for one in other["signatures"] if one["key"] == public("hope.li2")]
    return broken("statement-signature", f.edit(f.last, lambda value: value.update(signatures=mine)))


@mutation(PARTY)
def weak_key_with_a_signature_that_fits(f: Forge) -> Outcome:
    """A party gives an officer a key of mixed order, and makes a signature that fits it."""
    weak = seed("weak key")
    index = f.append("hope.li2 hope.wang", a("key", key=to_base64(weak_key(weak)), officer="chen"))

    def sign(value: dict[str, Any]) -> None:
        message = pae(encode(value["statement"]))
        made = {"key": to_base64(weak_key(weak)), "sig": to_base64(weak_signature(weak, message))}
        value["signatures"] = sorted([*value["signatures"], made], key=lambda one: from_base64(one["key"]))

    return broken("weak-key", f.edit(index, sign))


@mutation(PARTY)
def key_standing_of_a_revoked_key(f: Forge) -> Outcome:
    """A key that was revoked signs beside one in force."""
    record, flows = assigned(f)
    return broken("key-standing", f.append("hope.wang hope.li", record, flows=flows))


@mutation(PARTY)
def key_standing_of_a_stranger(f: Forge) -> Outcome:
    """A key that no one introduced signs beside one in force."""
    record, flows = assigned(f)
    return broken("key-standing", f.append("hope.wang mallory.key", record, flows=flows))


@mutation(OPERATOR)
def key_standing_of_the_log_key(f: Forge) -> Outcome:
    """The key of the log is given to a new party."""
    party = a("party", id="shade", entity="organisation", roles=["vendor"], name="Shade",
              keys=[{"key": public("log"), "officer": "one"}])  # fmt: skip
    return broken("key-standing", f.append("op.chief log", party), 0)


@mutation(OPERATOR)
def key_standing_of_a_key_of_another_party(f: Forge) -> Outcome:
    """A key that belongs to one party is given to another; its holder signs for that."""
    party = a("party", id="shade", entity="organisation", roles=["vendor"], name="Shade", keys=officers("shop.zhao"))
    index = f.append("op.chief shop.zhao", party)
    return broken("key-standing", index, 0, also=(("authority", index, -1),))


@mutation(OPERATOR)
def authority_operator_records_a_gift(f: Forge) -> Outcome:
    """The operator says that a charity was given money."""
    gift = a("donation", fund="hope-general", unit="CNY", amount=500, channel="cash", received_on="2026-05-06")
    return broken("authority", f.append("op.chief", gift, flows=f.into("hope-general/CNY", 500)), 0)


@mutation(OPERATOR)
def authority_operator_adds_a_key_to_a_party(f: Forge) -> Outcome:
    """The operator says, in a charity's name, that a new officer has a key; the operator and that key sign."""
    index = f.append("op.chief mallory.key", a("key", key=public("mallory.key"), officer="mallory"), party="hope")
    return broken("authority", index, also=(("approval", index, 0), ("key-standing", index, 0)))


@mutation(PARTY)
def authority_owner_receipts_as_recipient(f: Forge) -> Outcome:
    """A charity acknowledges its own payment as if the payee had."""
    receipt = a("receipt", of=f"{f.entry['two-officers']}.0", amount=20, level="recipient-signed", received_on="2026-05-06")
    return broken("authority", f.append("hope.li2", receipt), 0)


@mutation(PARTY)
def authority_owner_inspects_itself(f: Forge) -> Outcome:
    """A charity acknowledges its own payment as a third party."""
    receipt = a("receipt", of=f"{f.entry['two-officers']}.0", amount=20, level="third-party", received_on="2026-05-06")
    return broken("authority", f.append("hope.li2", receipt), 0)


@mutation(PARTY)
def authority_in_the_middle(f: Forge) -> Outcome:
    """A charity signs the recipient's receipts for its own payments; everything after it is signed again."""
    index = f.entry["receipts"]
    return broken("authority", f.retell(index, lambda value: value["statement"].update(party="hope"), names="hope.wang"), 0, also=(
        ("authority", index, 1), ("authority", index, 2),
    ))  # fmt: skip


@mutation(PARTY)
def authority_over_another_fund(f: Forge) -> Outcome:
    """A charity pays out of a platform's fund."""
    payment = a("payment", fund="gate-school", unit="CNY", amount=100, payee="shop", cost_class="programme", paid_on="2026-05-06")
    return broken("authority", f.append("hope.li2", payment, flows=f.out("gate-school/CNY", 100)), 0)


@mutation(PARTY)
def authority_of_a_vendor_over_feedback(f: Forge) -> Outcome:
    """A vendor reports on a delivery that it had nothing to do with."""
    feedback = a(
        "feedback", indicator="seen", value=1, measured_in="masks", method="Heard", reported_on="2026-05-06",
        payments=[f"{f.entry['delivery']}.0"],
    )  # fmt: skip
    return broken("authority", f.append("shop.zhao", feedback), 0)


@mutation(PARTY)
def authority_of_a_signature_too_many(f: Forge) -> Outcome:
    """A vendor signs a charity's allocation too."""
    record, flows = assigned(f)
    return broken("authority", f.append("hope.li2 shop.zhao", record, flows=flows))


@mutation(PARTY)
def authority_in_the_name_of_another(f: Forge) -> Outcome:
    """A charity's statement, signed by a vendor alone."""
    record, flows = assigned(f)
    return broken("authority", f.append("shop.zhao", record, flows=flows, party="hope"))


@mutation(PARTY)
def approval_above_the_threshold(f: Forge) -> Outcome:
    """One officer signs a payment that takes the day's payments above the fund's threshold."""
    payment = a("payment", fund="school-desks", unit="CNY", amount=600, payee="press", cost_class="programme", paid_on="2026-03-11")
    index = f.append("hope.li2", payment, flows=f.out("school-desks/CNY", 600))
    return broken("approval", index, 0, also=(("overdue-receipt", index, 0),))


@mutation(PARTY)
def approval_of_a_write_off(f: Forge) -> Outcome:
    """One officer alone writes goods off."""
    loss = a("write-off", fund="school-store", unit="rice", amount=50, cause="loss", reason="Mice")
    return broken("approval", f.append("hope.li2", loss, flows=f.out("school-store/rice", 50)), 0)


@mutation(PARTY)
def approval_of_a_key(f: Forge) -> Outcome:
    """One officer of two adds a key to the party."""
    return broken("approval", f.append("hope.li2 mallory.key", a("key", key=public("mallory.key"), officer="mallory")), 0)


@mutation(PARTY)
def approval_of_a_new_fund(f: Forge) -> Outcome:
    """One officer of two makes a fund."""
    fund = a("fund", id="hope-side", name="Side", purpose="Unsaid", restriction="unrestricted")
    return broken("approval", f.append("hope.li2", fund), 0)


@mutation(OPERATOR)
def approval_of_a_recovery(f: Forge) -> Outcome:
    """The operator gives a party a new key without an auditor."""
    recovery = a("recovery", party="gate", key=public("mallory.key"), officer="mallory", reason="Said to be lost")
    index = f.append("op.chief mallory.key", recovery)
    return broken("approval", index, 0, also=(("recovery", index, 0),))


@mutation(OPERATOR)
def approval_by_the_new_key(f: Forge) -> Outcome:
    """A party is admitted with a key that has not signed."""
    party = a("party", id="shade", entity="organisation", roles=["vendor"], name="Shade", keys=officers("mallory.key"))
    return broken("approval", f.append("op.chief", party), 0)


@mutation(PARTY)
def ledger_statement_for_another_log(f: Forge) -> Outcome:
    """A statement that was made for another log is entered here."""
    record, flows = assigned(f)
    return broken("ledger", f.append("hope.li2", record, flows=flows, ledger=OTHER_ORIGIN))


@mutation(PARTY)
def after_another_history(f: Forge) -> Outcome:
    """A statement is bound to an entry that has another hash here."""
    record, flows = assigned(f)
    return broken("after", f.append("hope.li2", record, flows=flows, after=f"{f.last}:{'a' * 64}"))


@mutation(PARTY)
def after_nothing(f: Forge) -> Outcome:
    """A statement that is bound to no entry."""
    record, flows = assigned(f)
    return broken("after", f.append("hope.li2", record, flows=flows, after=""))


@mutation(PARTY)
def after_itself(f: Forge) -> Outcome:
    """A statement is bound to the entry that it is in."""
    record, flows = assigned(f)
    return broken("after", f.append("hope.li2", record, flows=flows, after=f"{f.last + 1}:{'a' * 64}"))


@mutation(PARTY)
def after_before_what_it_names(f: Forge) -> Outcome:
    """A receipt is bound to an entry before the payment that it names."""
    receipt = a("receipt", of=f"{f.entry['bounce']}.0", amount=20, level="recipient-signed", received_on="2026-05-06")
    bound = f.value(f.entry["gifts"])["statement"]["after"]
    return broken("after", f.append("shop.zhao", receipt, after=bound), 0)


@mutation(OPERATOR)
def after_a_dropped_entry(f: Forge) -> Outcome:
    """The operator drops the last entry but one and chains the last one to what was before it."""
    dropped = f.entries.pop(-2)
    assert dropped
    return broken("after", f.edit(f.last, lambda value: value.update(index=f.last, prev=f.hash(f.last - 1))))


@mutation(OPERATOR)
def after_a_changed_entry(f: Forge) -> Outcome:
    """The operator sets the time of the last entry but two back by two seconds, which no party has signed, and chains it again."""
    index = f.edit(f.last - 2, lambda value: value.update(time=value["time"].replace(":00Z", ":02Z")))
    return broken("after", index + 1, also=(("after", index + 2, -1),))


@mutation(OPERATOR)
def time_runs_backwards(f: Forge) -> Outcome:
    """The last entry's time is an hour before that of the entry before it."""
    return broken("time", f.edit(f.last, lambda value: value.update(time=value["time"].replace("T01", "T00"))))


@mutation(PARTY)
def time_signed_ahead(f: Forge) -> Outcome:
    """A statement is signed an hour after its entry."""
    record, flows = assigned(f)
    return broken("time", f.append("hope.li2", record, flows=flows, signed_at="2026-05-06T02:03:00Z"))


@mutation(PARTY)
def time_signed_long_before(f: Forge) -> Outcome:
    """A statement was signed 31 days before its entry."""
    record, flows = assigned(f)
    return broken("time", f.append("hope.li2", record, flows=flows, signed_at="2026-04-05T01:00:00Z"))


@mutation(PARTY)
def day_to_come(f: Forge) -> Outcome:
    """A gift was received on the day after its entry."""
    gift = a("donation", fund="hope-general", unit="CNY", amount=500, channel="cash", received_on="2026-05-07")
    return broken("day", f.append("hope.li2", gift, flows=f.into("hope-general/CNY", 500)), 0)


@mutation(PARTY)
def schema_day_that_no_calendar_has(f: Forge) -> Outcome:
    """A statement was signed on the 31st of April."""
    record, flows = assigned(f)
    return broken("schema", f.append("hope.li2", record, flows=flows, signed_at="2026-04-31T01:00:00Z"))


@mutation(OPERATOR)
def time_that_no_calendar_has(f: Forge) -> Outcome:
    """The last entry's time is on the 99th of May."""
    return broken("time", f.edit(f.last, lambda value: value.update(time=value["time"].replace("-06T", "-99T"))))


@mutation(OPERATOR)
def statement_id_replayed(f: Forge) -> Outcome:
    """The operator enters the last statement a second time, with its signature."""
    last = f.value(f.last)
    (out,), into = f.out("hope-school/CNY", 250), f.into("school-desks/CNY", 250)
    index = f.append("hope.li2", flows=[out, *into], signatures=last["signatures"])
    return broken("statement-id", f.edit(index, lambda value: value.update(statement=last["statement"])))


@mutation(PARTY)
def statement_id_with_other_words(f: Forge) -> Outcome:
    """A party signs another statement under the id of its last one."""
    record, flows = assigned(f)
    index = f.append("hope.li2", record, flows=flows, id=f.value(f.last)["statement"]["id"])
    return broken("statement-id", index)


@mutation(PARTY)
def duplicate_reference(f: Forge) -> Outcome:
    """A gift is recorded again, under the same reference of its channel."""
    gift = a(
        "donation", fund="hope-school", unit="CNY", amount=1000, channel="wechat-pay", received_on="2026-05-06",
        channel_ref=channel_ref("4200000171"),
    )  # fmt: skip
    return broken("duplicate-reference", f.append("hope.li2", gift, flows=f.into("hope-school/CNY", 1000)), 0)


@mutation(PARTY)
def duplicate_reference_in_one_statement(f: Forge) -> Outcome:
    """Two gifts of one statement have the same reference."""
    gift = a(
        "donation", fund="hope-school", unit="CNY", amount=100, channel="bank", received_on="2026-05-06",
        channel_ref=channel_ref("R-77"),
    )  # fmt: skip
    start = f.end("hope-school/CNY")
    flows = [[0, "+", "hope-school/CNY", start, start + 100], [1, "+", "hope-school/CNY", start + 100, start + 200]]
    return broken("duplicate-reference", f.append("hope.li2", gift, gift, flows=flows), 1)
