"""What this program does not know: it says from where on it could not verify, and keeps its verdict for what came before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.canonical import encode, parse
from ledger.findings.report import Report
from ledger.log.merkle import leaf_hash
from tests.audit.mirror import SMALL, Small, edited, forged, judged, make_small, places, rules, signed_anew

FROM = 4
MORE = SMALL + """
    hope: donation 3.00 CNY -> school
    hope: allocation 1.00 CNY school -> books
"""


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The small ledger with two entries more."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("longer")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        return make_small(place, MORE, gift="")


def later_version(value: dict[str, Any]) -> None:
    value["v"] = 2


def later_kind(value: dict[str, Any]) -> None:
    value["statement"]["records"][0]["kind"] = "voucher"


def member_of_a_record(value: dict[str, Any]) -> None:
    value["statement"]["records"][0]["expires_on"] = "2027-01-01"


def member_of_a_statement(value: dict[str, Any]) -> None:
    value["statement"]["audience"] = "everybody"


def member_of_an_entry(value: dict[str, Any]) -> None:
    value["weight"] = 7


LATER = {
    "version": later_version,
    "unknown-kind": later_kind,
    "unknown-member": member_of_a_record,
    "unknown-member of a statement": member_of_a_statement,
    "unknown-member of an entry": member_of_an_entry,
}


def retold(entries: list[bytes], index: int, edit: Callable[[dict[str, Any]], None]) -> list[bytes]:
    """The log as a later program wrote it: the entry and all that stand on it are chained, bound and signed by their party."""
    told = list(entries[:index])
    for raw in entries[index:]:
        before, place = leaf_hash(told[-1]).hex(), len(told)
        value = parse(raw)
        value["prev"], value["statement"]["after"] = before, f"{place - 1}:{before}"
        told.append(signed_anew(encode(value), edit if place == index else lambda value: None, "hope.li"))
    return told


def told(longer: Small, later: str, place: Path) -> Report:
    return judged(forged(retold(longer.entries, FROM, LATER[later]), place))


@pytest.mark.parametrize("later", list(LATER))
def test_what_is_later_is_not_verified_and_not_failed(longer: Small, tmp_path: Path, later: str):
    report = told(longer, later, tmp_path)
    assert (report.verdict, report.exit_code) == ("could not verify", 4)
    assert places(report) == {(later.split()[0], FROM, -1)}
    assert f"accounting from entry {FROM} on" in report.not_checked[0]


@pytest.mark.parametrize("later", list(LATER))
def test_what_came_before_keeps_its_verdict(longer: Small, tmp_path: Path, later: str):
    report = told(longer, later, tmp_path)
    assert report.records == {"activity": 1, "donation": 1, "ledger": 1, "party": 2, "project": 1, "unit": 1}
    assert (report.units["CNY"]["given"], report.units["CNY"]["left"]) == (1000, 1000)
    assert report.checked["entries"] == len(longer.entries)


@pytest.mark.parametrize("later", list(LATER))
def test_what_is_false_before_it_fails_all_the_same(longer: Small, tmp_path: Path, later: str):
    entries = retold(longer.entries, FROM, LATER[later])
    entries[3] = edited(entries[3], lambda value: value.update(flows=[[0, "+", "school/CNY", 0, 999]]))
    report = judged(forged(entries, tmp_path))
    assert report.exit_code == 3
    assert ("tape-flow", 3, 0) in places(report) and (later.split()[0], FROM, -1) in places(report)


def test_no_money_is_judged_after_it(longer: Small, tmp_path: Path):
    """Under a kind of later days an overdraft may be none."""
    entries = retold(longer.entries, FROM, later_kind)
    record = {"fund": "books", "amount": 10**9, "unit": "CNY"}
    overdrawn = signed_anew(entries[-1], lambda value: value["statement"]["records"][0].update(record, to="school"), "hope.li")
    assert rules(judged(forged([*entries[:-1], overdrawn], tmp_path))) == {"unknown-kind"}


AFTER = {
    "statement-signature": lambda value: value["statement"].update(signed_at="2026-09-07T09:00:00Z"),
    "after": lambda value: value["statement"].update(after=f"2:{'0' * 64}"),
    "canonical": lambda value: value["statement"]["records"][0].update(amount=1.5),
    "schema": lambda value: value["statement"]["records"][0].update(amount=-1),
    "chain": lambda value: value.update(prev="0" * 64),
}


@pytest.mark.parametrize("false", list(AFTER))
def test_what_needs_no_books_is_still_found_after_it(longer: Small, tmp_path: Path, false: str):
    entries = retold(longer.entries, FROM, later_kind)
    names = () if false == "statement-signature" else ("hope.li",)
    last = signed_anew(entries[-1], AFTER[false], *names) if names else edited(entries[-1], AFTER[false])
    report = judged(forged([*entries[:-1], last], tmp_path, chained=false != "chain"))
    assert report.exit_code == 3
    assert {"unknown-kind", false} <= rules(report)


def test_a_false_signature_under_an_unknown_kind_is_not_hidden_by_it(longer: Small, tmp_path: Path):
    """The signature is over the statement's bytes; nobody has to know what they say."""
    entries = retold(longer.entries, FROM, later_kind)
    entries[FROM] = edited(entries[FROM], lambda value: value["statement"].update(signed_at="2026-09-07T09:00:00Z"))
    report = judged(forged(entries, tmp_path))
    assert ("statement-signature", FROM, -1) in places(report)


def test_every_entry_that_is_not_known_is_named(longer: Small, tmp_path: Path):
    entries = retold(retold(longer.entries, FROM, later_kind), FROM + 2, later_version)
    assert places(judged(forged(entries, tmp_path))) == {("unknown-kind", FROM, -1), ("version", FROM + 2, -1)}
    assert parse(entries[FROM + 2])["v"] == 2
