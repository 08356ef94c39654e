"""What no bundle of an honest log has, and what the browser's verifier refuses by itself, whatever another program makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books.gift import split_ref
from ledger.bundle import format_bundle, parse_bundle
from ledger.canonical import encode, parse
from tests.audit.mirror import GIFT, bundled, edited, signed_anew
from tests.verifier.asking import Case, reports
from tests.verifier.tampering import rebound
from tests.verifier.test_verdicts import TRUSTED, small


def judged(bundle: bytes) -> tuple[str, set[tuple[str, int, int]], Any]:
    (report,) = reports([Case("", bundle, TRUSTED)])
    return report["verdict"], {(one["id"], one["entry"], one["record"]) for one in report["findings"]}, report["gift"]


def ranges_where(end: int, state: str) -> list[dict[str, Any]]:
    """What a bundle would say if the payment, or what stands in its place, had taken units up to `end` of the books' 600."""
    rest = {"start": end, "end": 1000, "state": "held", "path": [], "tape": "school/CNY", "at": [end, 1000]}
    taken = {"start": 0, "end": end, "state": state, "path": ["4.0", "5.-1"], "tape": "books/CNY", "at": [0, end]}
    return [taken, rest]


@pytest.mark.parametrize("record", [None, {"kind": "progress", "activity": "books", "done_on": "2026-09-07", "note": "n"}])
def test_flows_of_a_record_below_0_move_nothing(record: dict[str, Any] | None):
    """They would stand for the last record of the statement in some languages, and be compared with what none of them says."""

    def edit(value: dict[str, Any]) -> None:
        value["flows"] = [[-1, "-", "books/CNY", 0, 600]]
        if record:
            value["statement"]["records"] = [record]

    entries = [*small().entries[:5], signed_anew(small().entries[5], edit, "hope.li")]
    verdict, found, gift = judged(bundled(entries, GIFT, ranges_where(600, "paid" if record is None else "written-off")))
    assert (verdict, found, gift) == ("failed", {("tape-flow", 5, -1)}, None)


@pytest.mark.parametrize("rules", ["givetrail/2", "givetrail/10", "other/1"])
def test_a_rule_set_that_is_not_known_cannot_be_verified(rules: str):
    values = [parse(raw) for raw in small().entries]
    values[0]["statement"]["records"][0]["rules"] = rules
    ranges = parse_bundle(small().bundle).ranges
    verdict, found, _ = judged(bundled(list(rebound(values)), GIFT, ranges, chained=False))
    assert (verdict, found) == ("could not verify", {("rules", 0, 0)})


@pytest.mark.parametrize("index", [3, 4])
def test_a_record_that_moves_nothing_where_its_fund_is_not_shown_ends_in_a_verdict(index: int):
    """The gift, or its allocation, has no flows, and the entry that made the fund is left out."""
    entries = [edited(raw, lambda value: value.update(flows=[])) if at == index else raw for at, raw in enumerate(small().entries)]
    whole = parse_bundle(bundled(entries, GIFT, []))
    verdict, found, _ = judged(format_bundle(whole._replace(entries=tuple(one for one in whole.entries if one.index != 2))))
    assert verdict == "failed" and ("tape-flow", *split_ref(GIFT)) in found


def test_goods_whose_named_units_are_fewer_than_their_cost_end_in_a_verdict():
    values = [parse(raw) for raw in small().entries]
    values[1]["statement"]["records"].append({"kind": "unit", "unit": "box", "exponent": 0, "name": "Box"})
    payment = values[5]["statement"]["records"][0]
    payment |= {"goods": [{"fund": "books", "unit": "box", "quantity": 1, "cost": 400}], "units": [[0, 10]]}
    verdict, found, _ = judged(bundled(list(rebound(values)), GIFT, [], chained=False))
    assert (verdict, found) == ("failed", {("tape-flow", 5, 0)})
    assert encode(values[5]) != small().entries[5]
