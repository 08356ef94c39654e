"""A refund out of another fund: the donor reads in the ledger, in a bundle and in a browser that the money went back, whether the
units had been paid or only allocated (books §4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.books.gift import sentence
from ledger.bundle.verification import verify_bundle
from ledger.view.view import View
from tests.audit.mirror import make_small
from tests.verifier.asking import Case, check_alike
from tests.writer.on_disk import TRUST

POLICY = f"log {TRUST.logs[0].vkey.format()}\nquorum none\n"
TOWN = """
    op: unit CNY 2; party hope charity li; party shop vendor zhao; party home charity sun
    hope: project school restricted; activity books school; fund general unrestricted
    home: project house restricted
    hope: donation 20.00 CNY -> general; donation 10.00 CNY -> school
"""
GIFT = "4.1"
GIVEN = "10.00 CNY, given on 2026-09-07 to school: "
COVER = "hope: refund 4.1 school CNY cover=general:{} reason=donor-request"
UNSPENT = "refunded from another fund, still unspent"
SPENT = "refunded from another fund after it was spent"
STORIES = {
    "allocated": (
        "hope: allocation 6.00 CNY school -> books", COVER.format("0..600"), "",
        f"4.00 CNY waiting since 2026-09-07; 6.00 CNY {UNSPENT}.",
    ),
    "allocated, and paid after the refund": (
        "hope: allocation 6.00 CNY school -> books", COVER.format("0..600"), "hope: payment 2.00 CNY books -> shop",
        f"4.00 CNY waiting since 2026-09-07; 2.00 CNY {SPENT}; 4.00 CNY {UNSPENT}.",
    ),
    "partly paid": (
        "hope: allocation 6.00 CNY school -> books; payment 2.00 CNY books -> shop", COVER.format("0..600"), "",
        f"4.00 CNY waiting since 2026-09-07; 2.00 CNY {SPENT}; 4.00 CNY {UNSPENT}.",
    ),
    "an allocation that is void": (
        "hope: allocation 6.00 CNY school -> books as moved; reversal ^moved", COVER.format("0..600"), "",
        f"4.00 CNY waiting since 2026-09-07; 6.00 CNY {UNSPENT}.",
    ),
    "a payment that came back": (
        "hope: payment 6.00 CNY school -> shop as paid; payment-return 4.00 of ^paid", COVER.format("0..600"), "",
        f"4.00 CNY waiting since 2026-09-07; 2.00 CNY {SPENT}; 4.00 CNY {UNSPENT}.",
    ),
    "what came back is paid again": (
        "hope: payment 10.00 CNY school -> shop as paid; payment-return 10.00 of ^paid", COVER.format("0..1000"),
        "hope: payment 10.00 CNY school -> shop", f"10.00 CNY {SPENT}.",
    ),
    "a grant that is in a fund of the payee": (
        "hope: payment 6.00 CNY school -> home grant=house as given\n    home: receipt 6.00 of ^given into=house",
        COVER.format("0..600"), "",
        f"4.00 CNY waiting since 2026-09-07; 6.00 CNY {UNSPENT}.",
    ),
}  # fmt: skip


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    return lambda *said: make_small(tmp_path, "\n    ".join([TOWN, *filter(None, said)]) + "\n", GIFT)


@pytest.mark.parametrize("story", STORIES)
def test_what_was_paid_back_is_not_said_to_wait(told, story: str):
    before, refund, after, words = STORIES[story]
    small = told(before, refund, after)
    report = verify_bundle(small.bundle, TRUST)
    assert report.trace is not None
    assert (report.verdict, sentence(report.trace)) == ("verified", GIVEN + words)
    with View.open(small.directory) as view:
        assert view.at().gift(GIFT) == report.trace
    (said,) = check_alike([Case(story, small.bundle, POLICY)])
    assert said.sentence == GIVEN + words


def test_where_the_units_went_is_still_in_the_trace(told):
    """A refund does not hide a payment: the path leads through it to the refund."""
    before, refund, after, _ = STORIES["allocated, and paid after the refund"]
    trace = verify_bundle(told(before, refund, after).bundle, TRUST).trace
    assert trace is not None
    assert [(piece.start, piece.state, piece.path) for piece in trace.pieces] == [
        (0, "covered", ("5.0", "7.0", "6.0")), (200, "covered", ("5.0", "6.0")), (600, "held", ()),
    ]  # fmt: skip


def test_the_unspent_units_of_a_cover_are_among_those_that_only_a_full_audit_shows_unspent(told):
    before, refund, after, _ = STORIES["allocated"]
    report = verify_bundle(told(before, refund, after).bundle, TRUST)
    assert "Not checked (needs a full audit): that the remaining 10.00 CNY is unspent" in report.not_checked


def test_a_receipt_of_what_was_paid_back_is_no_receipt_of_the_rest(told):
    small = told(
        "hope: payment 3.00 CNY school -> shop as one; payment 3.00 CNY school -> shop as two",
        "shop: receipt 3.00 of ^one\n    hope: receipt 3.00 of ^two level=self-declared", COVER.format("0..300"),
    )  # fmt: skip
    words = "3.00 CNY paid in 1 payment, 3.00 CNY of it acknowledged (self-declared); "
    (said,) = check_alike([Case("levels", small.bundle, POLICY)])
    assert said.sentence.startswith(GIVEN + words)
