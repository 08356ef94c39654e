"""What the law asks and what others say of a rate: never a reason to refuse, and always somebody's word."""

from __future__ import annotations

import pytest

from ledger.audit.fee_limits import fee_findings
from ledger.books.fee_rows import Unreferenced, Used
from tests.language import Ledger

LAW = "requirement jurisdiction=CN name={} ratio={} from_day=2026-09-01 basis=Law"


@pytest.fixture
def asked(ledger: Ledger) -> Ledger:
    """A charity in Sichuan, a platform that keeps fees, and what China asks of both sorts of channels."""
    return ledger.play(f"""
        op: party new charity ed jurisdiction=CN-51; party gate platform; party bureau regulator hu
        new: fund shed unrestricted
        op: {LAW.format("fee/custodian", "6/1000")}
        bureau: {LAW.format("fee/platform", "0/1")}
    """)


def found(ledger: Ledger) -> list[str]:
    return sorted(one.message.split(" is allowed by ")[1].split(" (")[0] for one in fee_findings(ledger.books))


def test_fees_are_judged_by_the_law_of_the_charity(asked: Ledger):
    asked.play("new: donation 10.00 CNY -> shed fee=0.06 fee_to=till; donation 10.00 CNY -> shed fee=0.05 fee_to=till")
    assert found(asked) == []
    asked.play("new: donation 10.00 CNY -> shed fee=0.08 fee_to=till; donation 10.00 CNY -> shed fee=0.01 fee_to=gate")
    assert found(asked) == ["fee/custodian", "fee/platform"]
    refs = [f"{len(asked.leaves) - back}.0" for back in (4, 3)]
    assert dict(asked.books.used.items()) == {
        refs[0]: Used("CN", "fee/custodian", "op", refs[0], False), refs[1]: Used("CN", "fee/platform", "bureau", refs[1], False),
    }  # fmt: skip


def test_another_place_asks_nothing_of_it(asked: Ledger):
    asked.play("hope: donation 10.00 CNY -> school fee=9.00 fee_to=till; donation 10.00 CNY -> school fee=1.00 fee_to=gate")
    assert found(asked) == [] and not dict(asked.books.used.items())


def test_a_promise_of_the_fund_judges_instead_but_not_of_a_platform(asked: Ledger):
    asked.play("""
        new: fund barn unrestricted fee_limits=CNY:1/2
        new: donation 10.00 CNY -> barn fee=5.00 fee_to=till; donation 10.00 CNY -> barn fee=0.01 fee_to=gate
    """)
    assert found(asked) == ["fee/platform"]


def test_a_requirement_counts_from_its_entry_on_and_on_its_days(asked: Ledger):
    asked.play(f"""
        op: {LAW.format("fee/custodian", "1/1")}
        new: donation 10.00 CNY -> shed fee=5.00 fee_to=till
        op: requirement jurisdiction=CN name=fee/custodian value=0 from_day=2026-09-09 until_day=2026-09-10 basis=Law
        new: donation 10.00 CNY -> shed fee=5.00 fee_to=till
    """)
    assert found(asked) == []
    for day, more in (("2026-09-09", ["fee/custodian"]), ("2026-09-11", ["fee/custodian"])):
        asked.play(f"{day}\nnew: donation 10.00 CNY -> shed fee=5.00 fee_to=till")
        assert found(asked) == more


def test_what_the_judged_party_says_itself_is_marked(ledger: Ledger):
    ledger.play(f"""
        op: party watch regulator,charity wu jurisdiction=CN
        watch: fund own unrestricted; {LAW.format("fee/custodian", "1/2")}
        watch: donation 1.00 CNY -> own fee=0.60 fee_to=till
    """)
    (finding,) = fee_findings(ledger.books)
    assert "said by watch, own)" in finding.message
    assert [row.own for _, row in ledger.books.used.items()] == [True]


@pytest.mark.parametrize("wrong", [
    "requirement jurisdiction=CN name=fee/custodian from_day=2026-09-01 basis=Law",
    "requirement jurisdiction=CN name=fee/custodian value=1 ratio=1/2 from_day=2026-09-01 basis=Law",
    "requirement jurisdiction=CN name=fee/custodian value=1 from_day=2026-09-02 until_day=2026-09-01 basis=Law",
    "requirement jurisdiction=CN name=fee/other value=1 from_day=2026-09-02 basis=Law", "rate USD USD ratio=1/1 day=2026-09-07",
    "rate USD CNY ratio=0/1 day=2026-09-07",
])  # fmt: skip
def test_what_is_no_requirement_and_no_rate(ledger: Ledger, wrong: str):
    ledger.play(f"op: {wrong}\n! schema: records.0")


def test_who_says_them(ledger: Ledger):
    ledger.play(f"""
        auditco: {LAW.format("rate/tolerance", "1/100")}; rate USD CNY ratio=7/1 day=2026-09-07
        hope: {LAW.format("rate/tolerance", "1/100")}
          ! authority: only the operator, a regulator or an auditor may record it
        hope: rate USD CNY ratio=7/1 day=2026-09-07
          ! authority: only the operator, a regulator or an auditor may record it
    """)


@pytest.fixture
def dollars(asked: Ledger) -> Ledger:
    return asked.play("new: donation 100.00 USD -> shed; donation 100.00 CNY -> shed")


def remarks(ledger: Ledger, exchange: str) -> list[str]:
    ledger.play(f"new: {exchange}")
    return [remark.fault.rule for remark in ledger.context.remarks]


def test_a_rate_that_nobody_else_said_is_listed(dollars: Ledger):
    assert remarks(dollars, "exchange 1.00 USD shed 7.00 CNY rate=7/1") == []
    ref = f"{len(dollars.leaves) - 1}.0"
    assert dict(dollars.books.unreferenced.items()) == {ref: Unreferenced("new", "USD", 100, "CNY", 700, "2026-09-07")}


def test_a_rate_is_held_against_the_newest_of_others(dollars: Ledger):
    dollars.play("op: rate USD CNY ratio=7/1 day=2026-09-07\n2026-09-10\nauditco: rate CNY USD ratio=1/8 day=2026-09-10")
    assert remarks(dollars, "exchange 1.00 USD shed 7.00 CNY rate=7/1 exchanged_on=2026-09-09") == []
    assert remarks(dollars, "exchange 1.00 USD shed 7.60 CNY rate=76/10") == []
    assert remarks(dollars, "exchange 1.00 USD shed 7.59 CNY rate=759/100") == ["rate"]
    assert remarks(dollars, "exchange 8.00 CNY shed 1.00 USD rate=1/8") == []
    dollars.play("2026-09-18")
    assert remarks(dollars, "exchange 1.00 USD shed 1.00 CNY rate=1/1") == []


def test_the_law_says_the_tolerance(dollars: Ledger):
    dollars.play(f"op: rate USD CNY ratio=7/1 day=2026-09-07; {LAW.format('rate/tolerance', '1/100')}")
    assert remarks(dollars, "exchange 1.00 USD shed 6.93 CNY rate=693/100") == []
    assert remarks(dollars, "exchange 1.00 USD shed 6.92 CNY rate=692/100") == ["rate"]


def test_an_own_rate_judges_nobody(ledger: Ledger):
    """Not even said after another's, and for a day on which both said one."""
    ledger.play("""
        op: party watch regulator,charity wu
        watch: fund own unrestricted; donation 9.00 USD -> own
        op: rate USD CNY ratio=7/1 day=2026-09-07
        watch: rate USD CNY ratio=1/1 day=2026-09-07; rate USD CNY ratio=1/2 day=2026-09-07
        watch: exchange 1.00 USD own 1.00 CNY rate=1/1
    """)
    assert [remark.fault.rule for remark in ledger.context.remarks] == ["rate"]


def test_a_rate_of_a_relative_judges_nobody(dollars: Ledger):
    """If one of the two says so that the list of exchanges without a reference is made from, or an overseer."""
    dollars.play("""
        auditco: rate USD CNY ratio=7/1 day=2026-09-07
        op: party watch regulator wu
        watch: relation of=auditco to=new nature=family starts_on=2026-09-01
    """)
    assert remarks(dollars, "exchange 1.00 USD shed 1.00 CNY rate=1/1") == []
    assert [row.unit for _, row in dollars.books.unreferenced.all()] == ["USD"]


def test_an_overseers_rate_is_not_lost_among_those_of_others(dollars: Ledger):
    """Relatives of who exchanges, by their own word, and the operator say others after it, some of them again and again."""
    dollars.play("""
        op: party one auditor aa; party two auditor bb; party three regulator cc
        one: relation of=one to=new nature=family starts_on=2026-09-07
        two: relation of=two to=new nature=family starts_on=2026-09-07
        auditco: rate USD CNY ratio=7/1 day=2026-09-07
        one: rate USD CNY ratio=1/1 day=2026-09-07; rate CNY USD ratio=1/1 day=2026-09-07
        two: rate USD CNY ratio=1/1 day=2026-09-07
        op: rate USD CNY ratio=1/1 day=2026-09-07
        two: rate USD CNY ratio=1/1 day=2026-09-07; rate CNY USD ratio=1/1 day=2026-09-07
    """)
    assert remarks(dollars, "exchange 1.00 USD shed 1.00 CNY rate=1/1") == ["rate"]
    assert remarks(dollars, "exchange 1.00 USD shed 7.00 CNY rate=7/1") == []
    dollars.play("three: rate CNY USD ratio=1/8 day=2026-09-07")
    assert remarks(dollars, "exchange 1.00 USD shed 7.00 CNY rate=7/1") == ["rate"]
    dollars.play("auditco: rate USD CNY ratio=9/1 day=2026-09-07")
    assert remarks(dollars, "exchange 1.00 USD shed 8.00 CNY rate=8/1") == ["rate"]
    assert remarks(dollars, "exchange 1.00 USD shed 9.00 CNY rate=9/1") == []


def test_of_each_party_the_last_rate_of_a_pair_and_day_is_kept(dollars: Ledger):
    dollars.play("op: rate USD CNY ratio=7/1 day=2026-09-07; rate USD CNY ratio=8/1 day=2026-09-07")
    dollars.play("auditco: rate USD CNY ratio=7/1 day=2026-09-07\nop: rate USD CNY ratio=9/1 day=2026-09-07")
    pair = "USD/CNY/2026-09-07"
    kept = {key: row.numerator for key, row in dollars.books.rate.items()}
    chain = {key: row.party for key, row in dollars.books.rated.items()}
    assert kept == {f"{pair}/op": 9, f"{pair}/auditco": 7}
    assert chain == {pair: "auditco", f"{pair}/auditco": "op", f"{pair}/op": ""}
