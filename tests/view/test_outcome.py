"""What came of payments, gifts and projects: whose word it is, what it is about, and what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given

from ledger.books.gift import PAID, WAITING
from ledger.books.life import named_at
from ledger.books.marks import marks_of
from ledger.view.gift_outcome import PAYMENTS, parts_of, results_of_gift, spenders_of, still_open
from ledger.view.gift_way import gift_stages, paid_again
from ledger.view.notes import notes_of
from ledger.view.outcome import LISTED, best_first, results_of, results_of_project
from ledger.view.payment_stages import payment_receipts, payment_stages
from ledger.view.snapshot import Snapshot
from ledger.view.spending import spent_in
from ledger.view.statements import receipts_of, returns_of
from ledger.view.view import View
from tests.trace.telling import UNEVEN, Step, steps
from tests.view.telling import SOME, told
from tests.writer.on_disk import OnDisk

PLACE = """
    2026-09-07
    op: unit CNY 2; unit box 0
    op: party hope charity li books_from=2026-01-01; party kitchen vendor sun; party crew implementer wu; party watch inspector lin
    op: party bank custodian; party river charity xu
    hope: fund general unrestricted
    hope: project meals parent=general restriction=restricted receipt_days=10 feedback_days=30
    hope: activity noon meals implementers=crew
    hope: activity wells meals
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[OnDisk]:
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(PLACE)
    yield ledger
    ledger.close()


def seen(ledger: OnDisk) -> Snapshot:
    """The newest snapshot; its view stays open as long as the test."""
    return View.open(ledger.directory).at()


def paid(ledger: OnDisk) -> None:
    """30.00 of a payment of 70.00 to the kitchen are of one gift."""
    ledger.play("""
        hope: donation 40.00 CNY -> noon as other; donation 30.00 CNY -> noon as gift
        hope: payment 70.00 CNY noon -> kitchen as paid
        2026-09-08
        kitchen: receipt 70.00 of ^paid level=recipient-signed as signed
    """)


def test_each_voice_is_what_it_is_in_the_payment(ledger: OnDisk):
    """The charity's word is its own even where it has another part in it."""
    paid(ledger)
    ledger.play("""
        2026-10-01
        hope: feedback meals 14 payments=^paid
        watch: feedback meals 13 payments=^paid
        kitchen: feedback meals 11 payments=^paid
        crew: feedback meals 99 activity=noon from_day=2026-09-01 to_day=2026-09-30
    """)
    results = results_of(seen(ledger), ledger.labels["paid"])
    assert [(one.standing, one.value, one.about) for one in results] == [
        ("was-paid", 11, "payment"), ("inspector", 13, "payment"), ("did-the-work", 99, "activity"), ("charity", 14, "payment"),
    ]  # fmt: skip
    assert [one.is_own_word for one in results] == [False, False, False, True]


def test_somebody_else_is_heard_first_and_then_who_speaks_of_the_payment(ledger: OnDisk):
    """An inspector about the whole activity comes before the charity about the payment, however late the charity says it."""
    paid(ledger)
    ledger.play("""
        2026-10-01
        watch: feedback meals 900 activity=noon from_day=2026-09-01 to_day=2026-09-30 as whole
        2026-10-02
        hope: feedback meals 14 payments=^paid as own
    """)
    labels = ledger.labels
    assert [one.ref for one in results_of(seen(ledger), labels["paid"])] == [labels["whole"], labels["own"]]


def test_a_result_is_of_the_whole_payment_and_is_not_divided(ledger: OnDisk):
    paid(ledger)
    ledger.play("watch: feedback meals 14 payments=^paid measured_in='meals served' method='Tickets counted' as said")
    snapshot = seen(ledger)
    (one,) = results_of_gift(snapshot, snapshot.gift(ledger.labels["gift"]))
    assert (one.amount, one.payments) == (3000, (ledger.labels["paid"],))
    result = one.result
    assert (result.value, result.spent, result.of) == (14, {"CNY": 7000}, (ledger.labels["paid"],))
    assert (result.measured_in, result.method, result.ref) == ("meals served", "Tickets counted", ledger.labels["said"])


def test_a_result_of_several_payments_is_one_and_has_the_sum_of_what_is_left_of_them(ledger: OnDisk):
    ledger.play("""
        hope: donation 100.00 CNY -> noon as gift
        hope: payment 60.00 CNY noon -> kitchen as one; payment 30.00 CNY noon -> crew as two
        hope: payment-return 10.00 of ^one
        watch: feedback meals 14 payments=^one,^two
    """)
    snapshot, labels = seen(ledger), ledger.labels
    (one,) = results_of_gift(snapshot, snapshot.gift(labels["gift"]))
    assert one.result.spent == {"CNY": 8000} and one.amount == 8000 and one.payments == (labels["one"], labels["two"])


def test_the_result_of_an_activity_is_of_its_days_only(ledger: OnDisk):
    """What another activity, a project's own fund, or another day spent is not in it."""
    ledger.play("""
        hope: donation 100.00 CNY -> noon as gift; donation 20.00 CNY -> wells; donation 20.00 CNY -> meals
        hope: payment 10.00 CNY noon -> kitchen as before
        2026-09-08
        hope: payment 20.00 CNY noon -> kitchen as within; payment 5.00 CNY wells -> kitchen; payment 4.00 CNY meals -> kitchen
        hope: payment-return 2.00 of ^within
        2026-09-10
        hope: payment 30.00 CNY noon -> kitchen as last
        2026-09-11
        hope: payment 40.00 CNY noon -> kitchen as after
        hope: feedback meals 9 activity=noon from_day=2026-09-08 to_day=2026-09-10
    """)
    snapshot, labels = seen(ledger), ledger.labels
    assert spent_in(snapshot, "noon", "2026-09-08", "2026-09-10") == {"CNY": 4800}
    assert [len(results_of(snapshot, labels[name])) for name in ("before", "within", "last", "after")] == [0, 1, 1, 0]
    (one,) = results_of_gift(snapshot, snapshot.gift(labels["gift"]))
    assert one.result.spent == {"CNY": 4800} and one.amount == 4800 and one.result.about == "activity"


def test_what_was_taken_back_is_not_an_answer(ledger: OnDisk):
    paid(ledger)
    ledger.play("""
        watch: feedback meals 14 payments=^paid as wrong
        watch: reversal ^wrong reason='Counted twice'
        hope: feedback meals 9 payments=^paid as right
    """)
    snapshot, labels = seen(ledger), ledger.labels
    assert [(one.ref, one.is_void) for one in results_of(snapshot, labels["paid"])] == [
        (labels["right"], False), (labels["wrong"], True),
    ]  # fmt: skip
    assert [one.result.ref for one in results_of_gift(snapshot, snapshot.gift(labels["gift"]))] == [labels["right"]]
    assert [one.is_void for one in results_of_project(snapshot, "meals")] == [False, True]


def test_a_project_has_the_newest_result_of_each_indicator_and_voice(ledger: OnDisk):
    paid(ledger)
    ledger.play("""
        watch: feedback meals 1 payments=^paid as early
        2026-10-01
        watch: feedback meals 2 payments=^paid as late; feedback rounds 3 payments=^paid as else
        hope: feedback meals 4 activity=noon from_day=2026-09-01 to_day=2026-09-30 as own
    """)
    found = [one.ref for one in results_of_project(seen(ledger), "meals")]
    assert found == [ledger.labels[name] for name in ("own", "else", "late")]


def test_receipts_and_returns_are_statements_of_somebody(ledger: OnDisk):
    """A return that the payee signed is agreed; one that the charity says alone is not."""
    paid(ledger)
    ledger.play("""
        hope: receipt 10.00 of ^paid level=self-declared as own
        hope by li, kitchen.sun: payment-return 5.00 of ^paid as agreed
        hope: payment-return 1.00 of ^paid reason='One meal less' as alone
        kitchen: reversal ^signed reason=Mistaken
    """)
    snapshot, labels = seen(ledger), ledger.labels
    said = receipts_of(snapshot, labels["paid"])
    assert [(one.ref, one.standing, one.amount, one.is_void) for one in said] == [
        (labels["signed"], "was-paid", 7000, True), (labels["own"], "charity", 1000, False),
    ]  # fmt: skip
    back = returns_of(snapshot, labels["paid"])
    assert [(one.ref, one.amount, one.is_agreed) for one in back] == [(labels["agreed"], 500, True), (labels["alone"], 100, False)]
    assert back[1].reason == "One meal less" and back[1].standing == "charity"


def test_notes_are_there_with_what_was_taken_back_and_why(ledger: OnDisk):
    ledger.play("""
        crew: progress noon note='Two wells' as two
        2026-09-09
        crew: reversal ^two reason='The second is dry'
        hope: progress noon note='One well' as one
        hope: progress wells note=Elsewhere
    """)
    snapshot, labels = seen(ledger), ledger.labels
    notes = notes_of(snapshot, activity="noon")
    assert [(one.ref, one.standing, one.taken_back, one.taken_back_on) for one in notes] == [
        (labels["one"], "charity", "", ""), (labels["two"], "did-the-work", "The second is dry", "2026-09-09"),
    ]  # fmt: skip
    assert len(notes_of(snapshot, project="meals")) == 3 and len(notes_of(snapshot, project="meals", limit=1)) == 1


def test_what_is_open_is_said_with_its_payee_and_day(ledger: OnDisk):
    """On the due day nothing is overdue yet; where nothing was promised, there is no day."""
    ledger.play("""
        hope: donation 60.00 CNY -> noon as gift
        hope: payment 20.00 CNY noon -> kitchen as first; payment 15.00 CNY noon -> crew as second
        kitchen: receipt 5.00 of ^first level=recipient-signed
    """)
    snapshot, labels = seen(ledger), ledger.labels
    trace = snapshot.gift(labels["gift"])

    def missing(day: str) -> list[tuple[str, str, str, int, str, bool]]:
        return [tuple(one) for one in still_open(snapshot, trace, day).missing]

    assert missing("2026-09-17") == [
        ("receipt", labels["first"], "kitchen", 1500, "2026-09-17", False),
        ("receipt", labels["second"], "crew", 1500, "2026-09-17", False),
        ("feedback", labels["first"], "kitchen", 500, "2026-10-07", False),
    ]  # fmt: skip
    assert [one[5] for one in missing("2026-09-18")] == [True, True, False]
    (waits,) = still_open(snapshot, trace).waits
    assert waits == ("allocated", "noon", "2026-09-07", 2500) and spenders_of(snapshot, trace) == ("hope",)


def test_a_payment_outside_a_project_promises_nothing(ledger: OnDisk):
    ledger.play("hope: donation 5.00 CNY -> general as gift; payment 5.00 CNY general -> kitchen as paid")
    snapshot = seen(ledger)
    (one,) = still_open(snapshot, snapshot.gift(ledger.labels["gift"]), "2999-01-01").missing
    assert (one.due_on, one.is_overdue) == ("", False)


def test_what_was_given_back_is_not_open_and_who_received_it_is_asked(ledger: OnDisk):
    ledger.play("""
        hope: donation 5.00 CNY -> general as gift
        hope: refund ^gift general CNY units=0..500 reason=donor-request
    """)
    snapshot = seen(ledger)
    trace = snapshot.gift(ledger.labels["gift"])
    assert still_open(snapshot, trace).is_nothing and spenders_of(snapshot, trace) == ("hope",)


def test_lists_are_bounded(ledger: OnDisk):
    """A gift in many payments, and many feedback on one payment."""
    ledger.play("hope: donation 100.00 CNY -> noon as gift; donation 1.00 CNY -> noon as last")
    for number in range(PAYMENTS + 2):
        ledger.play(f"hope: payment 1.00 CNY noon -> kitchen as p{number}; feedback meals {number} payments=@0")
    for number in range(LISTED + 3):
        ledger.play(f"watch: feedback meals {100 + number} payments=^p0")
    snapshot = seen(ledger)
    assert len(results_of_gift(snapshot, snapshot.gift(ledger.labels["gift"]))) == LISTED + PAYMENTS - 1
    results = results_of(snapshot, ledger.labels["p0"])
    assert len(results) == LISTED and results[0].value == 100 + LISTED + 2, "the newest are there"


def naive_results(snapshot: Snapshot, ref: str) -> Counter[tuple[str, str]]:
    """Every feedback that names a payment; and of those of its activity on its day, the last one that is not void."""
    row, naming, told = snapshot.books.disbursement[ref], list[tuple[str, str]](), list[tuple[str, str]]()
    for entry in range(snapshot.tree_size):
        for number, record in enumerate(snapshot.leaf(entry).statement.records):
            name = f"{entry}.{number}"
            if record.kind != "feedback":
                continue
            if ref in [named_at(one, name)[0] for one in record.payments or ()]:
                naming.append((name, "payment"))
            elif record.activity == row.fund and record.from_day <= row.day <= record.to_day:
                told += [] if marks_of(snapshot.books, name).is_void else [(name, "activity")]
    return Counter([*naming, *told[-1:]])


@SOME
@given(story=steps(UNEVEN))
def test_whatever_was_told_every_unit_of_a_gift_is_in_what_came_of_it_or_is_open(story: Sequence[Step]):
    with told(story) as telling, View.open(telling.ledger.directory) as view:
        snapshot = view.at()
        for ref, row in snapshot.books.disbursement.all():
            results = results_of(snapshot, ref)
            assert sum(payment_stages(snapshot, ref).values()) == row.amount
            receipts = payment_receipts(snapshot, ref, "2027-01-01")
            assert sum(receipts.values()) == row.amount and all(amount > 0 for amount in receipts.values())
            assert Counter((one.ref, one.about) for one in results) == naive_results(snapshot, ref)
            assert results == best_first(reversed(results))
            assert all((one.party == row.party) == one.is_own_word for one in results)
        for gift in telling.gifts:
            trace = snapshot.gift(gift.ref, "2027-01-01")
            totals, found = trace.totals(), still_open(snapshot, trace, "2027-01-01")
            assert sum(gift_stages(trace).values()) == trace.amount and 0 <= paid_again(snapshot.books, trace) <= trace.amount
            assert sum(parts_of(trace).values()) == sum(totals.get(state, 0) for state in PAID)
            assert sum(one.amount for one in found.waits) == sum(totals.get(state, 0) for state in WAITING)
            assert min((one.since for one in found.waits), default="") == trace.waiting_since
            assert sum(found.disputed.values()) == totals.get("disputed", 0)
            assert sorted((one.stage, one.ref, one.due_on) for one in found.missing if one.is_overdue) == sorted(trace.overdue)
            assert all(0 < one.amount <= parts_of(trace)[one.ref] for one in found.missing)
            assert all(0 < one.amount <= trace.amount for one in results_of_gift(snapshot, trace))


def test_a_report_on_payments_of_two_parties_is_the_own_word_of_one_of_them(ledger: OnDisk):
    ledger.play("""
        river: project streams restriction=restricted; activity brook streams; donation 9.00 CNY -> brook
        hope: donation 10.00 CNY -> noon; payment 10.00 CNY noon -> river as paid
        river: payment 4.00 CNY brook -> kitchen as own
        river: feedback meals 9 payments=^paid,^own as said
    """)
    of_hope, of_river = (results_of(seen(ledger), ledger.labels[name]) for name in ("paid", "own"))
    assert [(one.standing, one.is_own_word) for one in (*of_hope, *of_river)] == [("was-paid", False), ("charity", True)]
    (of_project,) = results_of_project(seen(ledger), "streams")
    assert of_project.is_own_word, "it made one of the payments"


def test_who_signed_for_a_payment_and_what_is_overdue(ledger: OnDisk):
    ledger.play("""
        hope: donation 10.00 CNY -> noon; payment 10.00 CNY noon -> kitchen as paid
        kitchen: receipt 4.00 of ^paid level=recipient-signed
        hope: receipt 7.00 of ^paid level=self-declared
    """)
    found = [payment_receipts(seen(ledger), ledger.labels["paid"], day) for day in ("2026-09-17", "2026-09-18")]
    assert found == [
        {"recipient-signed": 400, "self-declared": 300, "missing": 300},
        {"recipient-signed": 400, "self-declared": 300, "overdue": 300},
    ], "a receipt is due in 10 days"
