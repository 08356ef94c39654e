"""The demonstration as an auditor, a donor and a vendor find it."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.audit.target import open_source
from ledger.audit.verify import verify
from ledger.books.flows import ins
from ledger.books.gift import GiftTrace, follow_gift, sentence, split_ref
from ledger.books.keys import officers_in_force
from ledger.books.mandate import mandate_of, second_of
from ledger.books.record import KINDS
from ledger.books.trace import backward
from ledger.bundle.trace_bundle import make_bundle
from ledger.bundle.verification import verify_bundle
from ledger.demo.story import DemoResult, make_demo
from ledger.directory.opening import open_reader, open_writer
from ledger.directory.publication import POLICY
from ledger.directory.rebuild import rebuild
from ledger.entries.leaf import Leaf, read_leaf
from ledger.entries.loading import load_books
from ledger.entries.store_flows import StoreFlows
from ledger.errors import UsageError
from ledger.findings.report import Report
from ledger.log.policy import Policy
from ledger.log_files.export import export_tiles

LAST_DAY = "2026-11-20"
SIZES = (10, 64, 300, 2000)
LEFT_OUT = {"rules", "recovery", "succession", "clock-correction", "timestamp"}


class Open(NamedTuple):
    """A demonstration, open for reading."""

    made: DemoResult
    store_flows: StoreFlows

    def leaves(self) -> Iterator[Leaf]:
        return (read_leaf(raw) for raw in self.store_flows.store.entries(0, self.made.tree_size))

    def gifts(self) -> Iterator[str]:
        for leaf in self.leaves():
            for number, record in enumerate(leaf.statement.records):
                if record.is_gift:
                    yield f"{leaf.entry.index}.{number}"

    def follow(self, name: str) -> GiftTrace:
        return follow_gift(self.store_flows, self.made.named.get(name, name), LAST_DAY)


@pytest.fixture
def demo(make) -> Iterator[Open]:
    made = make(300)
    store, books = open_reader(made.directory)
    with store:
        yield Open(made, StoreFlows(store, books))


def audited(made: DemoResult, target: Path | None = None) -> Report:
    source = open_source(target or made.directory)
    try:
        return verify(source, Policy.parse((made.directory / POLICY).read_bytes()))
    finally:
        source.close()


def test_same_number_of_gifts_gives_the_same_root(make, new: Path):
    seen: list[tuple[int, int]] = []
    first, second = make(10), make_demo(new, 10, lambda done, all: seen.append((done, all)))
    assert seen == sorted(seen) and seen[-1] == (10, 10)
    assert second == first._replace(directory=new)
    assert make(64).root != first.root and make(64).origin != first.origin


@pytest.mark.parametrize("gifts", SIZES)
def test_audit_finds_the_late_project_and_what_a_record_says_itself(make, gifts: int):
    made = make(gifts)
    report = audited(made)
    assert (report.verdict, report.exit_code, report.root, report.tree_size) == ("verified", 0, made.root, made.tree_size)
    late = [(f"{finding.entry}.{finding.record}", finding.rule, finding.kind) for finding in report.findings]
    named = made.named
    assert late == [
        (named["no_receipt"], "overdue-receipt", "audit"), (named["no_report"], "overdue-feedback", "audit"),
        (named["breach"], "duplicate-invoice", "audit"),
    ]  # fmt: skip
    assert report.records == dict(sorted(made.records.items())) and report.records["donation"] == gifts


def test_export_verifies_like_the_ledger(make, tmp_path: Path):
    made = make(300)
    source = open_source(made.directory)
    export_tiles(source, tmp_path)
    source.close()
    assert audited(made, tmp_path)._replace(target="") == audited(made)._replace(target="")


def test_every_kind_occurs(make):
    assert set(make(10).records) == set(KINDS) - LEFT_OUT


@pytest.mark.parametrize("gifts", SIZES)
def test_every_unit_of_every_gift_is_in_one_state(make, gifts: int):
    made = make(gifts)
    store, books = open_reader(made.directory)
    with store:
        demo = Open(made, StoreFlows(store, books))
        states = Counter()
        for ref in demo.gifts():
            trace = demo.follow(ref)
            edges = [0, *(piece.end for piece in trace.pieces)]
            assert [piece.start for piece in trace.pieces] == edges[:-1] and edges[-1] == trace.amount, ref
            assert all(piece.start < piece.end for piece in trace.pieces), ref
            states.update(trace.totals())
    assert set(states) == {
        "held", "allocated", "paid", "received", "reported", "fee", "refunded", "covered", "written-off",
    }  # fmt: skip


def test_backward_leads_to_every_gift_that_forward_came_from(demo: Open):
    for ref in demo.gifts():
        target = demo.store_flows.target(*split_ref(ref))
        (tape, (start, _)), *_ = ins(target.rows)
        for piece in demo.follow(ref).pieces:
            if piece.state == "fee":
                continue
            origins = [
                o for o in backward(demo.store_flows, piece.tape, piece.at_start, piece.at_end) if (o.ref, o.tape) == (ref, tape)
            ]
            low, high = start + piece.start, start + piece.end
            covered = sum(min(high, o.at_end) - max(low, o.at_start) for o in origins if o.at_start < high and low < o.at_end)
            assert covered == high - low, (ref, piece, origins)


def test_forward_leads_to_every_payment_that_backward_came_from(demo: Open):
    for ref, row in demo.store_flows.books.disbursement.items():
        rows = demo.store_flows.target(*split_ref(ref)).rows
        for _, sign, tape, start, end in rows:
            for origin in backward(demo.store_flows, tape, start, end) if sign == "-" else ():
                if demo.store_flows.target(*split_ref(origin.ref)).record.is_gift:
                    assert any(ref in piece.path for piece in demo.follow(origin.ref).pieces), (ref, row, origin)


def test_origins_cover_what_was_paid(demo: Open):
    for ref, _ in demo.store_flows.books.disbursement.items():
        for _, sign, tape, start, end in demo.store_flows.target(*split_ref(ref)).rows:
            if sign == "-":
                origins = backward(demo.store_flows, tape, start, end)
                edges = [start, *(origin.end for origin in origins)]
                gaps = [o.start - edge for o, edge in zip(origins, edges, strict=False)]
                assert edges[-1] == end and all(gap == 0 or (gap < 0 and o.shared) for gap, o in zip(gaps, origins, strict=True))


@pytest.mark.parametrize(
    ("name", "totals"),
    [
        ("fully_reported", {"reported": 30_00}),
        ("through_platform", {"reported": 50_00}),
        ("became_goods", {"reported": 28_00}),
        ("refunded", {"refunded": 60_00, "covered": 40_00}),
        ("unspent", {"held": 66_00}),
    ],
)
@pytest.mark.parametrize("gifts", SIZES)
def test_named_gifts_end_as_told(make, gifts: int, name: str, totals: dict[str, int]):
    made = make(gifts)
    store, books = open_reader(made.directory)
    with store:
        assert Open(made, StoreFlows(store, books)).follow(name).totals() == totals


def test_other_named_gifts_end_as_told(demo: Open):
    partly, fee, late = demo.follow("partly_spent"), demo.follow("with_fee"), demo.follow("late")
    assert partly.totals()["held"] == 32_00 and partly.amount == 80_00
    assert fee.totals()["fee"] == 60 and len(fee.pieces[0].path) >= 4
    assert [(one.stage, one.ref, one.due_on) for one in late.overdue] == [("receipt", demo.made.named["no_receipt"], "2026-10-05")]
    assert demo.follow("became_goods").pieces[0].tape == "relief-masks/mask-n95"
    assert demo.follow("given_goods").totals()["written-off"] > 0
    assert "refunded from another fund after it was spent" in sentence(demo.follow("refunded"))


def test_bundles_verify_offline(demo: Open):
    note = (demo.made.directory / "checkpoint").read_bytes()
    policy = Policy.parse((demo.made.directory / POLICY).read_bytes())
    for ref in [*demo.gifts()][::4]:
        report = verify_bundle(make_bundle(demo.store_flows, ref, note), policy)
        assert (report.verdict, report.findings) == ("verified", ()), ref
        assert report.trace and report.trace.pieces == demo.follow(ref).pieces, ref


def test_larger_payments_have_four_eyes(demo: Open):
    signatures = {
        name: len(demo.store_flows.leaf(split_ref(demo.made.named[name])[0]).entry.signatures) for name in ("drilling", "maps")
    }
    assert signatures == {"drilling": 2, "maps": 1}


def test_the_second_of_a_mandate_signs_where_a_charity_has_one_officer(demo: Open):
    books = demo.store_flows.books
    assert {name: second_of(books, name, LAST_DAY) for name in ("evergreen", "clear-water")} == {
        "evergreen": "seven-bridges", "clear-water": "",
    }  # fmt: skip
    assert [len(officers_in_force(books, name, LAST_DAY)) for name in ("evergreen", "clear-water")] == [1, 2]
    for name in ("no_receipt", "no_report", "breach", "repaid"):
        row = books.disbursement[demo.made.named[name]]
        (threshold, *_), *_ = (amount for unit, *amount in mandate_of(books, row.party).thresholds if unit == row.unit)
        assert row.amount > threshold > 0
        signatures = demo.store_flows.leaf(split_ref(demo.made.named[name])[0]).entry.signatures
        assert sorted(books.key[key].party for key, _ in signatures) == ["evergreen", "seven-bridges"], name


@pytest.mark.parametrize("gifts", SIZES)
def test_what_is_left_of_a_grant_goes_back_to_the_fund_that_paid_it(make, gifts: int):
    made = make(gifts)
    store, books = open_reader(made.directory)
    with store:
        back = books.disbursement[made.named["given_back"]]
        share = books.taking[made.named["relief_share"]]
        assert (back.party, back.payee, back.fund, back.gives_back) == (
            "red-lantern", "seven-bridges", "relief", made.named["relief_share"],
        )  # fmt: skip
        assert 0 < back.amount < share.amount and share.kept == share.amount - back.amount
        assert [row.fund for _, row in books.taking.items() if row.of == made.named["given_back"]] == ["bridges-common"]
        demo = Open(made, StoreFlows(store, books))
        returned = [piece for ref in demo.gifts() for piece in demo.follow(ref).pieces if made.named["given_back"] in piece.path]
        assert sum(piece.end - piece.start for piece in returned) == back.amount
        assert {(piece.state, piece.tape) for piece in returned} == {("held", "bridges-common/CNY")}


def test_an_advance_is_repaid_in_full(demo: Open):
    books, named = demo.store_flows.books, demo.made.named
    advance, repaid = books.income[named["advance"]], books.disbursement[named["repaid"]]
    assert (advance.income_class, repaid.gives_back, repaid.cost_class) == ("advance", named["advance"], "")
    assert advance.repaid == advance.amount == repaid.amount


def test_platform_signs_sixty_four_gifts_at_once_and_counters_one(demo: Open):
    sizes: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for leaf in demo.leaves():
        if all(record.is_gift for record in leaf.statement.records):
            sizes[leaf.statement.party == "giving-square"][len(leaf.statement.records)] += 1
    assert max(sizes[True]) == 64 and set(sizes[False]) == {1} and sizes[False][1] > 10


def test_gifts_have_fees_references_and_private_digests(demo: Open):
    gifts = [record for leaf in demo.leaves() for record in leaf.statement.records if record.is_gift]
    assert all(gift.channel_ref for gift in gifts) and len({gift.channel_ref for gift in gifts}) == 300
    assert {gift.unit for gift in gifts} == {"CNY", "USD", "mask-n95"}
    assert min(sum(1 for gift in gifts if getattr(gift, field)) for field in ("fee", "private", "holder")) > 0


def test_nothing_about_a_person_stands_in_the_log(demo: Open):
    for raw in demo.store_flows.store.entries(0, demo.made.tree_size):
        assert not any(word in raw for word in (b"Wang Wu", b"Zhang San", b"Li Si", b"clean water", b'"donor '))
        assert b"CN-GD" not in raw or b'"kind":"statistics"' in raw


def test_rebuild_makes_the_same_traces(make, new: Path):
    made = make(10)._replace(directory=Path(shutil.copytree(make(10).directory, new)))
    before = {name: _followed(made, name) for name in ("became_goods", "with_fee", "in_dollars")}
    rows = _rows(made)
    assert rebuild(new) == (made.tree_size, {})
    assert {name: _followed(made, name) for name in before} == before and _rows(made) == rows


def _followed(made: DemoResult, name: str) -> GiftTrace:
    store, books = open_reader(made.directory)
    with store:
        return Open(made, StoreFlows(store, books)).follow(name)


def _rows(made: DemoResult) -> list[tuple[str, str, tuple]]:
    store, _ = open_reader(made.directory)
    with store:
        return [(table.name, key, row) for table in load_books(store).tables for key, row in table.items()]


def test_officers_can_go_on_where_the_story_ends(make, new: Path):
    shutil.copytree(make(10).directory, new)
    sequencer = open_writer(new)
    with sequencer.store:
        assert (sequencer.tree_size, sequencer.read_only_because) == (make(10).tree_size, "")
    keys = {path.parent.name for path in (new / "keys").glob("*/*.pem")}
    assert {"open-ledger", "hope-school", "giving-square"} <= keys
    assert sorted(path.stem for path in (new / "keys" / "hope-school").glob("*.pem")) == ["deputy", "treasurer"]


def test_fewer_gifts_than_the_story_needs_are_refused(new: Path):
    with pytest.raises(UsageError, match="needs 10 or more"):
        make_demo(new, 9)
    assert not os.path.exists(new)


def test_a_ledger_is_not_written_over(make):
    with pytest.raises(UsageError, match="already contains a ledger"):
        make_demo(make(10).directory, 10)


def test_offices_pay_groups_and_relatives_and_put_mistakes_right(demo: Open):
    books, named = demo.store_flows.books, demo.made.named
    paid = {name: books.disbursement[named[name]] for name in ("salaries", "petty_cash", "void", "instead_of_void", "printing")}
    assert [paid[name].payee for name in ("salaries", "petty_cash")] == ["group/payroll", "group/small-purchases"]
    assert books.void.get(named["void"]) is not None and books.void.get(named["instead_of_void"]) is None
    assert paid["void"].amount == 10 * paid["instead_of_void"].amount
    assert paid["printing"].cost_class == "administration", "the correction counts"
    assert books.related[named["related"]].nature == "family"
    assert books.breach[named["breach"]].findings == ("duplicate-invoice",)
