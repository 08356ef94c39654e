"""The same trace from a store's indexes, from every flow looked at, and from a bundle that holds only some entries."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from ledger.books.gift import follow_gift
from ledger.books.trace import backward, forward
from ledger.bundle.trace_bundle import make_bundle, parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.directory.opening import open_reader
from ledger.directory.rebuild import rebuild
from ledger.entries.store_flows import StoreFlows
from ledger.errors import Conflict
from ledger.log.tile import CHECKPOINT
from tests.trace.reading import Plain
from tests.trace.telling import PLACE, UNEVEN, Step, Telling, steps
from tests.writer.on_disk import TRUST, OnDisk

TODAY = "2027-01-01"
FOR_PEOPLE = {"return-against-receipt"}
SOME = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def told(story: list[Step]) -> Iterator[Telling]:
    """A ledger on disk in which these steps were tried."""
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", f"{place}/state")
        ledger = OnDisk(Path(place) / "ledger")
        ledger.play(PLACE)
        yield Telling(ledger).tell(story)
        ledger.close()


def check_same(telling: Telling) -> None:
    """Store and memory answer alike, forward, backward, and in part."""
    ledger = telling.ledger
    store_flows, plain = StoreFlows(ledger.sequencer.store, ledger.books), Plain(ledger.books, ledger.leaves)
    for gift in telling.gifts:
        assert follow_gift(store_flows, gift.ref, TODAY) == follow_gift(plain, gift.ref, TODAY)
        middle = (gift.start + gift.end) // 2
        assert forward(store_flows, gift.tape, gift.start, middle) == forward(plain, gift.tape, gift.start, middle)
    for name, tape in ledger.books.tape.items():
        assert backward(store_flows, name, 0, tape.end) == backward(plain, name, 0, tape.end)
        part = (tape.end // 3, tape.end // 2 + 1)
        assert backward(store_flows, name, *part) == backward(plain, name, *part)


def check_bundles(telling: Telling) -> None:
    """A bundle verifies, and leads every unit where the whole ledger does; most entries are not in it."""
    ledger = telling.ledger
    store_flows = StoreFlows(ledger.sequencer.store, ledger.books)
    note = (ledger.directory / CHECKPOINT).read_bytes()
    for gift in telling.gifts:
        raw = make_bundle(store_flows, gift.ref, note, TODAY)
        report = verify_bundle(raw, TRUST)
        assert report.verdict == "verified" and {one.rule for one in report.findings} <= FOR_PEOPLE, gift.ref
        whole = follow_gift(store_flows, gift.ref, TODAY)
        assert report.trace and report.trace.pieces == whole.pieces
        assert report.trace.totals() == whole.totals()
        assert len(parse_bundle(raw).entries) == report.entries <= ledger.sequencer.tree_size


def check_all(story: list[Step]) -> None:
    with told(story) as telling:
        check_same(telling)
        check_bundles(telling)


@SOME
@given(steps(UNEVEN))
def test_store_memory_and_bundle_lead_to_the_same_places(story: list[Step]):
    check_all(story)


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=60))
def test_store_memory_and_bundle_of_long_stories_lead_to_the_same_places(story: list[Step]):
    check_all(story)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps(UNEVEN))
def test_after_a_rebuild_every_trace_is_as_before(story: list[Step]):
    with told(story) as telling:
        ledger = telling.ledger
        before = [follow_gift(StoreFlows(ledger.sequencer.store, ledger.books), gift.ref, TODAY) for gift in telling.gifts]
        ledger.close()
        rebuild(ledger.directory)
        store, books = open_reader(ledger.directory)
        assert [follow_gift(StoreFlows(store, books), gift.ref, TODAY) for gift in telling.gifts] == before
        store.close()


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnDisk]:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(PLACE)
    yield ledger
    ledger.close()


def bundle_of(ledger: OnDisk, ref: str) -> bytes:
    store_flows = StoreFlows(ledger.sequencer.store, ledger.books)
    return make_bundle(store_flows, ref, (ledger.directory / CHECKPOINT).read_bytes())


def test_gifts_of_one_statement_on_several_tapes_are_each_found(town: OnDisk):
    """Gifts are found by where a run of them begins; here runs are short, and other inflows lie between them."""
    into = ["school/JPY", "school/JPY", "school/CNY", "general/JPY", "school/JPY", "school/CNY", "general/JPY", "school/JPY"]
    for turn in range(4):
        said = []
        for number, (fund, unit) in enumerate(tape.split("/") for tape in into):
            kind = "income" if number % 4 == turn else "donation"
            fee = " fee=1 fee_to=till" if kind == "donation" and number % 3 == turn else ""
            said.append(f"{kind} {2 + number} {unit} -> {fund}{fee}")
        town.play("hope: " + "; ".join(said))
    store_flows, plain = StoreFlows(town.sequencer.store, town.books), Plain(town.books, town.leaves)
    for name, tape in town.books.tape.items():
        for start in range(tape.end):
            for end in range(start + 1, tape.end + 1):
                assert list(store_flows.inflows(name, start, end)) == plain.inflows(name, start, end)


def test_a_feedback_about_several_payments_reaches_each_of_their_gifts(town: OnDisk):
    """The second gift went to the last payment only; the feedback names payments of the first one before it."""
    town.play("""
        hope: donation 5.00 CNY -> school as one
        hope: donation 3.00 CNY -> school as two
        hope: payment 2.00 CNY school -> press as first
        hope: payment 3.00 CNY school -> press as second
        hope: payment 3.00 CNY school -> press as third
        hope: receipt 2.00 ^first level=self-declared; receipt 3.00 ^second level=self-declared
        hope: receipt 3.00 ^third level=self-declared
        hope: feedback read 9 payments=^first,^second,^third
    """)
    for label, amount in (("one", 500), ("two", 300)):
        report = verify_bundle(bundle_of(town, town.labels[label]), TRUST)
        assert (report.verdict, report.findings) == ("verified", ())
        assert report.trace and report.trace.totals() == {"reported": amount}


def test_a_payment_of_a_unit_that_no_unit_of_the_gift_became_is_in_the_bundle(town: OnDisk):
    """Two yen become six fen; the third fen, which neither yen became, is paid out and cuts what is left in two."""
    town.play("""
        hope: donation 2 JPY -> school as gift
        hope: exchange 2 JPY school to_amount=6 to_unit=CNY rate=3/1
        hope: payment 1 CNY school -> shop units=2..3
    """)
    report = verify_bundle(bundle_of(town, town.labels["gift"]), TRUST)
    assert (report.verdict, report.findings) == ("verified", ())
    assert report.trace and [(p.start, p.end, p.at_start, p.at_end) for p in report.trace.pieces] == [(0, 1, 0, 2), (1, 2, 3, 4)]


def test_every_threshold_that_was_changed_is_in_the_bundle(town: OnDisk):
    """One officer may pay what the last mandate allows; what others say, or makes funds beside the gift's way, is left out."""
    town.play("""
        hope: mandate 0 thresholds=CNY:300
        hope: donation 5.00 CNY -> school as one
        hope: fund side parent=general restriction=unrestricted
        hope: mandate 0 thresholds=CNY:100
        river: mandate thresholds=CNY:1
        hope: payment 1.00 CNY school -> press
        hope: mandate 0 thresholds=CNY:50
    """)
    changed, made = (town.sequencer.tree_size - back for back in (4, 5))
    raw = bundle_of(town, town.labels["one"])
    assert (verify_bundle(raw, TRUST).verdict, verify_bundle(raw, TRUST).findings) == ("verified", ())
    bundle = parse_bundle(raw)
    shown = {entry.index for entry in bundle.entries}
    assert {changed - 3, changed, changed + 3} <= shown and not {made, changed + 1} & shown
    town.play("hope by li, auditco.zhou: payment 1.00 CNY school -> press")
    assert verify_bundle(bundle_of(town, town.labels["one"]), TRUST).verdict == "verified"


def test_a_bundle_under_an_older_checkpoint_is_refused_in_words(town: OnDisk):
    """The entries that the gift went to were added after the checkpoint was signed."""
    town.play("hope: donation 5.00 CNY -> school as one")
    note = (town.directory / CHECKPOINT).read_bytes()
    town.play("hope: payment 2.00 CNY school -> press")
    store_flows = StoreFlows(town.sequencer.store, town.books)
    with pytest.raises(Conflict) as refused:
        make_bundle(store_flows, town.labels["one"], note)
    assert "make the bundle again" in refused.value.message
