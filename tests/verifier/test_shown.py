"""What the entries of a bundle show is found by both verifiers, and as the whole audit finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.bounds import MAX_AMOUNT, MAX_INTEGER
from ledger.bundle.trace_bundle import parse_bundle
from ledger.canonical import parse
from ledger.log_files.source import FolderSource
from tests.audit.mirror import forged, places
from tests.language import key_text
from tests.writer.on_disk import TRUST

from .asking import Case, check_alike
from .building import Values, case, entries, said_anew
from .tampering import forgery

DAY = "2026-09-07"
TOWN = """
    op: unit CNY 2; unit USD 2; party hope charity li; party river charity xu; party shop vendor sun; party auditco auditor zhou
    hope: fund general unrestricted
    hope: project school parent=general restriction=restricted; activity books school
    river: fund aid restricted
    hope: donation 10.00 CNY -> school
    hope: donation 5.00 CNY -> general
    hope: allocation 6.00 CNY school -> books
    hope: payment 2.00 CNY books -> shop
"""
GIFT, LAST = "5.0", 9
Found = set[tuple[str, int, int]]
UNIT = {"kind": "unit", "unit": "EUR", "exponent": 2, "name": "n"}
BACK = {"kind": "payment-return", "channel": "cash", "of": GIFT, "amount": 50, "returned_on": DAY, "reason": "r"}


def income(fund: str, amount: int) -> dict[str, Any]:
    return {
        "kind": "income", "channel": "cash",
        "fund": fund, "unit": "USD", "amount": amount, "income_class": "sale", "source": "s", "received_on": DAY,
    }  # fmt: skip


def payment(fund: str, amount: int, payee: str) -> dict[str, Any]:
    return {
        "kind": "payment", "channel": "cash",
        "fund": fund, "unit": "USD", "amount": amount, "payee": payee, "cost_class": "programme", "paid_on": DAY,
    }  # fmt: skip


def succession(values: Values) -> None:
    ended = {"origin": "ledger.example.org/books", "size": len(values), "root": "0" * 64}
    record = {"kind": "succession", "continues": ended, "log_key": key_text("x.y"), "reason": "r"}
    said_anew(values, "op", "op.chief auditco.zhou", [record], [])


def paid_past_all_bounds(values: Values) -> None:
    """A payee gets more than 2^53-1 from one tree on one day."""
    for fund, count in (("general", 46), ("books", MAX_INTEGER // MAX_AMOUNT - 45)):
        for sign, one in (("+", income(fund, MAX_AMOUNT)), ("-", payment(fund, MAX_AMOUNT, "shop"))):
            rows = [[number, sign, f"{fund}/USD", number * MAX_AMOUNT, (number + 1) * MAX_AMOUNT] for number in range(count)]
            said_anew(values, "hope", "hope.li", [one] * count, rows)


def bound_to_nothing(values: Values) -> None:
    said_anew(values, "op", "op.chief", [UNIT], [])
    del values[-1]["statement"]["after"]


def signed_at(moment: str) -> Callable[[Values], None]:
    def say(values: Values) -> None:
        said_anew(values, "op", "op.chief", [UNIT], [])
        values[-1]["statement"]["signed_at"] = moment

    return say


def key_before_its_party(values: Values) -> None:
    new = {"kind": "party", "id": "new", "entity": "organisation", "name": "N", "roles": ["charity"]}
    new["keys"] = [{"key": key_text("hope.wang"), "officer": "w"}]
    said_anew(values, "op", "op.chief hope.wang", [new], [])
    key = {"kind": "key", "key": key_text("press.ink"), "officer": "i"}
    said_anew(values, "new", "hope.wang press.ink", [key], [], after=len(values) - 2)


def returned_gift(values: Values) -> None:
    said_anew(values, "river", "river.xu", [BACK], [[0, "+", "general/CNY", 500, 550]])


def says(party: str, officer: str, *records: dict[str, Any]) -> Callable[[Values], None]:
    return lambda values: said_anew(values, party, officer, list(records), [])


def closed(of: str) -> dict[str, Any]:
    return {"kind": "acknowledgement", "of": of, "finding": "time", "note": "n"}


SHOWN: dict[str, tuple[Callable[[Values], Any], Found]] = {
    "a payee is paid past all bounds": (paid_past_all_bounds, {("tape-limit", LAST + 3, 44)}),
    "a statement is bound to nothing": (bound_to_nothing, {("after", LAST, -1)}),
    "signed an hour after it was entered": (signed_at("2026-09-07T12:05:01Z"), {("time", LAST, -1)}),
    "signed a month before it was entered": (signed_at("2026-08-07T00:00:00Z"), {("time", LAST, -1)}),
    "a key of a party that its signer had not seen": (key_before_its_party, {("after", LAST + 1, 0)}),
    "a gift comes back as a payment": (returned_gift, {("reference", LAST, 0)}),
    "a reference that its entry does not have": (says("op", "op.chief auditco.zhou", closed("5.200")), {("reference", LAST, 0)}),
    "a reference to what comes later": (says("op", "op.chief auditco.zhou", closed("99.0")), {("reference", LAST, 0)}),
    "a fund of a name that is taken": (
        says("hope", "hope.li", {"kind": "activity", "id": "books", "name": "n", "purpose": "p", "parent": "school"}),
        {("reference", LAST, 0)},
    ),
    "an activity below no project": (
        says("hope", "hope.li", {"kind": "activity", "id": "maps", "name": "n", "purpose": "p", "parent": "general"}),
        {("reference", LAST, 0)},
    ),
}  # fmt: skip


def cases() -> Iterator[Case]:
    for name, (edit, _) in SHOWN.items():
        yield case(name, edit, said=TOWN, gift=GIFT)


@pytest.fixture(scope="module")
def said() -> dict[str, tuple[Case, Found]]:
    made = list(cases())
    return {one.name: (one, set(told.findings)) for one, told in zip(made, check_alike(made), strict=True)}


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_bundle_shows_is_found_as_in_the_whole_log(name: str, said: dict[str, tuple[Case, Found]], tmp_path: Path):
    one, found = next(pair for full, pair in said.items() if full.startswith(name))
    raws = [entry.raw for entry in parse_bundle(one.bundle).entries]
    assert found == SHOWN[name][1] == places(verify(FolderSource(forged(raws, tmp_path, chained=False)), TRUST))


def test_a_rule_set_that_is_not_known_leaves_all_after_it_open():
    """A gift that a later rule set allows is not called false by the first."""

    def later(values: Values) -> None:
        said_anew(values, "op", "op.chief", [{"kind": "rules", "rules": "givetrail/2"}], [])
        gift = {"kind": "donation", "fund": "school", "unit": "CNY", "amount": 1, "channel": "cash", "received_on": "2026-09-09"}
        said_anew(values, "hope", "hope.li", [gift], [[0, "+", "school/CNY", 1000, 1001]])

    (told,) = check_alike([case("rules to come", later, said=TOWN, gift=GIFT)])
    assert (told.verdict, set(told.findings)) == ("could not verify", {("rules", LAST, 0)})


def test_a_succession_of_no_ledger_is_judged_like_any_other_record():
    values = [parse(raw) for raw in entries("", TOWN)]
    succession(values)
    (told,) = check_alike([forgery("without entry 0", values, GIFT, list(range(1, len(values))))])
    assert told.verdict == "failed" and ("key-standing", 1, -1) in told.findings
