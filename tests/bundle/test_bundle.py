"""Trace bundles that somebody has tampered with: refused, or not one word of what they claim has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.books.gift import GiftTrace, follow_gift
from ledger.bundle import verification as bundle
from ledger.bundle.trace_bundle import Bundle, format_bundle, parse_bundle
from ledger.bundle.verification import BundleReport, verify_bundle
from ledger.canonical import encode, parse
from ledger.errors import CanonicalError, GiveTrailError, InputError, Unverifiable
from ledger.log.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.log.key import SigningKey
from ledger.log.note import VerifierKey, parse_note
from ledger.log.policy import Policy
from tests.audit.mirror import GIFT, SMALL, Small, bundled, edited, make_small, places, rules, signed_anew
from tests.language import ORIGIN
from tests.writer.on_disk import TRUST

ALL_BITS = tuple(1 << bit for bit in range(8))
SLICES = 2


def outcome(raw: bytes) -> BundleReport | None:
    """What is said of a bundle; None where it is refused as no bundle at all, or as one of a later version."""
    try:
        report = verify_bundle(raw, TRUST)
    except (InputError, Unverifiable):
        return None
    assert report.exit_code == {"verified": 0, "failed": 3, "could not verify": 4}[report.verdict]
    return report


def test_the_bundle_that_is_tampered_with_is_good(small: Small):
    report = verify_bundle(small.bundle, TRUST)
    assert (report.verdict, report.findings, report.tree_size) == ("verified", (), 6)
    assert report.trace and report.trace.totals() == {"held": 400, "allocated": 200, "paid": 400}


def check_flips(small: Small, places: slice, bits_at) -> None:
    good = outcome(small.bundle)
    for at in range(*places.indices(len(small.bundle))):
        for bit in bits_at(at):
            report = outcome(small.bundle[:at] + bytes([small.bundle[at] ^ bit]) + small.bundle[at + 1 :])
            assert report is None or report.exit_code or report == good, f"bit {bit:#x} of byte {at}: {report}"


@pytest.mark.parametrize("part", range(SLICES))
def test_a_flipped_bit_of_any_byte_is_refused(small: Small, part: int):
    check_flips(small, slice(part, None, SLICES), lambda place: (1 << place * 5 % 8,))


@pytest.mark.long
@pytest.mark.parametrize("part", range(SLICES))
def test_every_bit_of_every_byte_is_refused(small: Small, part: int):
    check_flips(small, slice(part, None, SLICES), lambda place: ALL_BITS)


def test_a_bundle_cut_off_could_not_be_verified(small: Small):
    """Also within a name, a number, a character of two bytes: nothing is wrong with it but that it ends."""
    for length in [*range(0, len(small.bundle), 11), *range(300)]:
        with pytest.raises(Unverifiable) as refused:
            verify_bundle(small.bundle[:length], TRUST)
        assert (refused.value.rule, refused.value.exit_code) == ("missing", 4)


@pytest.mark.parametrize("raw", [b"[", b" ", b'{"ledger":', b'{"checkpoint":x', b'{"checkpoint":"\xff', b'{"checkpoint":"\\x'])
def test_what_is_wrong_before_it_ends_is_no_bundle(raw: bytes):
    with pytest.raises(CanonicalError):
        verify_bundle(raw, TRUST)


def test_a_line_end_behind_its_end_was_added_on_the_way(small: Small):
    with pytest.raises(Unverifiable, match="line end was added") as damaged:
        verify_bundle(small.bundle + b"\n", TRUST)
    assert damaged.value.rule == "transport"


@pytest.mark.parametrize("more", [b"\n\0", b" ", b"}", b"\xff", b"{"])
def test_what_goes_on_behind_its_end_is_no_bundle(small: Small, more: bytes):
    for raw in (small.bundle + more, small.bundle[:-1] + b"]" + more):
        with pytest.raises(CanonicalError):
            verify_bundle(raw, TRUST)


def changed(small: Small, **members: Any) -> bytes:
    """The bundle with other members."""
    return format_bundle(parse_bundle(small.bundle)._replace(**members))


def without(small: Small, index: int) -> bytes:
    bundle = parse_bundle(small.bundle)
    return changed(small, entries=tuple(entry for entry in bundle.entries if entry.index != index))


@pytest.mark.parametrize("index", range(6))
def test_an_entry_left_out_is_missed(small: Small, index: int):
    """Without the payment the gift would look unspent, without a party anybody could have signed."""
    report = outcome(without(small, index))
    assert report and report.exit_code in (3, 4)


def test_an_entry_twice_or_out_of_order_is_refused(small: Small):
    entries = parse_bundle(small.bundle).entries
    for wrong in ((*entries, entries[-1]), tuple(reversed(entries)), (entries[1], entries[0], *entries[2:])):
        assert outcome(changed(small, entries=wrong)) is None


def test_an_entry_under_another_index_is_refused(small: Small):
    entries = list(parse_bundle(small.bundle).entries)
    entries[4], entries[5] = entries[5]._replace(index=4), entries[4]._replace(index=5)
    report = outcome(changed(small, entries=tuple(entries)))
    assert report and {"inclusion", "chain"} <= rules(report)


@pytest.mark.parametrize("gift", ["3.1", "4.0", "0.0", "9.0", "3", "", "3.00", "03.0", "-3.0", "3.0.0", "x.y"])
def test_the_trace_of_another_gift_is_refused(small: Small, gift: str):
    report = outcome(changed(small, gift=gift))
    assert report is None or report.exit_code in (3, 4)


OTHERS = "ranges: they differ from what the entries give"
CLAIMS = {
    "all unspent": lambda ranges: [{"start": 0, "end": 1000, "state": "held", "path": [], "tape": "school/CNY", "at": [0, 1000]}],
    "nothing": lambda ranges: [],
    "a state embellished": lambda ranges: [{**ranges[0], "state": "reported"}, *ranges[1:]],
    "a level added": lambda ranges: [{**ranges[0], "level": "third-party"}, *ranges[1:]],
    "a range left out": lambda ranges: ranges[1:],
    "a range twice": lambda ranges: [ranges[0], *ranges],
    "a range longer": lambda ranges: [*ranges[:-1], {**ranges[-1], "end": 1001}],
    "ranges in another order": lambda ranges: ranges[::-1],
    "a path shortened": lambda ranges: [{**ranges[0], "path": ranges[0]["path"][:1]}, *ranges[1:]],
    "a member more": lambda ranges: [{**ranges[0], "note": "checked by nobody"}, *ranges[1:]],
    "true for 1, false for 0": lambda ranges: [{**ranges[0], "start": False}, *ranges[1:]],
    "no list": lambda ranges: {},
    "a number": lambda ranges: 7,
}


@pytest.mark.parametrize("claim", list(CLAIMS))
def test_ranges_that_the_entries_do_not_give_are_refused(small: Small, claim: str):
    ranges = parse_bundle(small.bundle).ranges
    report = outcome(changed(small, ranges=CLAIMS[claim](ranges)))
    assert report is None or report.exit_code == 3


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (slice(1, None), {"ranges: there is a gap or an overlap at 0.00 CNY of the gift", OTHERS}),
        (slice(None, -1), {"ranges: they end at 6.00 CNY, but the gift is 10.00 CNY", OTHERS}),
        (slice(None, None), set()),
    ],
)
def test_a_trace_that_does_not_tile_its_gift_is_found(
    small: Small, cut: slice, said: set[str], monkeypatch: pytest.MonkeyPatch
):
    """What follows the flows is not believed either."""

    def follow(*values: Any) -> GiftTrace:
        trace = follow_gift(*values)
        return trace._replace(pieces=trace.pieces[cut])

    monkeypatch.setattr(bundle, "follow_gift", follow)
    report = verify_bundle(small.bundle, TRUST)
    assert {finding.message for finding in report.findings} == said and places(report) <= {("tape-flow", 3, 0)}


@pytest.mark.parametrize("member", [b'"v":1', b'"openings":[]'])
@pytest.mark.parametrize("other", [b"2", b"true", b"0", b'"1"', b"[1]", b'["WyJ4IiwibmFtZSIsIkEiXQ"]', b"{}"])
def test_a_bundle_of_another_form_is_refused(small: Small, member: bytes, other: bytes):
    name = member.split(b":")[0]
    with pytest.raises(GiveTrailError) as refused:
        verify_bundle(small.bundle.replace(member, name + b":" + other), TRUST)
    assert refused.value.exit_code in (2, 4)


def test_a_bundle_of_a_later_version_cannot_be_verified(small: Small):
    with pytest.raises(GiveTrailError) as refused:
        verify_bundle(small.bundle.replace(b'"v":1}', b'"v":2}'), TRUST)
    assert (refused.value.rule, refused.value.exit_code) == ("version", 4)


def test_without_trust_nothing_is_verified(small: Small):
    report = verify_bundle(small.bundle, None)
    assert (report.verdict, report.exit_code, rules(report)) == ("could not verify", 4, {"trust-anchor"})


def test_under_the_policy_of_another_log_nothing_is_verified(small: Small):
    key = TRUST.logs[0].vkey.public
    other = Policy.for_log(VerifierKey("ledger.example.org/other", key))
    assert verify_bundle(small.bundle, other).verdict == "could not verify"
    stranger = Policy.for_log(VerifierKey(ORIGIN, SigningKey.from_seed(bytes(32)).public))
    report = verify_bundle(small.bundle, stranger)
    assert (report.verdict, rules(report)) == ("failed", {"checkpoint-signature"})


def test_a_checkpoint_signed_by_somebody_else_is_refused(small: Small):
    bundle = parse_bundle(small.bundle)
    head = parse_checkpoint(parse_note(bundle.checkpoint).text)
    report = outcome(changed(small, checkpoint=sign_checkpoint(head, SigningKey.from_seed(bytes(32)))))
    assert report and rules(report) == {"checkpoint-signature"}


def test_entries_of_a_branch_under_the_true_checkpoint_are_refused(small: Small, tmp_path: Path):
    other = make_small(tmp_path / "other", SMALL.replace("payment 4.00", "payment 3.00"))
    mixed = parse_bundle(other.bundle)._replace(checkpoint=parse_bundle(small.bundle).checkpoint)
    report = outcome(format_bundle(mixed))
    assert report and "inclusion" in rules(report)


def flows(*rows: list[Any]):
    """Give an entry these flows."""
    return lambda value: value.update(flows=list(rows))


CROOKED = {
    "units that came in later": (4, flows([0, "-", "school/CNY", 0, 600], [0, "+", "books/CNY", 2**52, 2**52 + 600])),
    "more out than in": (4, flows([0, "-", "school/CNY", 0, 600], [0, "+", "books/CNY", 0, 900])),
    "nothing out": (4, flows([0, "+", "books/CNY", 0, 600])),
    "nothing at all": (4, flows()),
    "the gift without its inflow": (3, flows()),
    "the gift in another fund": (3, flows([0, "+", "books/CNY", 0, 1000])),
    "the gift in pieces": (3, flows([0, "+", "school/CNY", 0, 500], [0, "+", "school/CNY", 500, 1000])),
    "rows of a record that is not there": (4, flows([7, "-", "school/CNY", 0, 600], [7, "+", "books/CNY", 0, 600])),
    "ranges turned round": (4, flows([0, "-", "school/CNY", 600, 0], [0, "+", "books/CNY", 600, 0])),
    "no rows": (4, lambda value: value.update(flows=[[], [0], "x", 7, {}])),
    "no list": (4, lambda value: value.update(flows={})),
    "fractions": (4, flows([0, "-", "school/CNY", 0.0, 600.5], [0, "+", "books/CNY", 0.0, 600.5])),
}


@pytest.mark.parametrize("how", list(CROOKED))
def test_crooked_flows_under_a_true_signature_end_in_a_verdict(small: Small, how: str):
    """The operator has signed the log so. The reader's program neither believes it, nor breaks, nor goes round for ever."""
    index, edit = CROOKED[how]
    entries = [edited(raw, edit) if at == index else raw for at, raw in enumerate(small.entries)]
    ranges = parse_bundle(small.bundle).ranges
    report = outcome(bundled(entries, GIFT, ranges))
    assert report and report.exit_code == 3


def allocated(small: Small, number: int, source: str, to: str, start: int, into: int, amount: int = 600) -> bytes:
    """An allocation that the charity has signed, with whatever flows its operator gave it."""
    value = parse(small.entries[4])
    value["statement"]["id"] = f"00000000-0000-4000-8000-{number:012x}"
    value["statement"]["records"][0].update(fund=source, to=to, amount=amount)
    value["flows"] = [[0, "-", f"{source}/CNY", start, start + amount], [0, "+", f"{to}/CNY", into, into + amount]]
    return signed_anew(encode(value), lambda value: None, "hope.li")


COLLUSION = {
    "a circle through one record": [("school", "school", 600, 600, 400)],
    "a circle through two": [("school", "books", 600, 600, 400), ("books", "school", 600, 600, 400)],
    "units that have not come in yet": [("books", "school", 600, 1000), ("school", "books", 0, 600)],
    "units spent twice": [("school", "books", 0, 600)],
    "units that come in twice": [("school", "books", 600, 0, 400)],
    "a doubling at every hop": [
        (*(("school", "books") if hop % 2 == 0 else ("books", "school")), 10_000 * hop, 10_000 * hop + 10_000)
        for hop in range(60) for copy in range(2)
    ],
}  # fmt: skip


@pytest.mark.parametrize("how", list(COLLUSION))
def test_units_that_go_in_circles_or_twice_are_refused_in_no_time(small: Small, how: str):
    """Charity and operator sign it together: every entry is well-formed and says what it moves; together they are a lie."""
    more = [allocated(small, number, *move) for number, move in enumerate(COLLUSION[how])]
    report = outcome(bundled([*small.entries, *more], GIFT, []))
    assert report and report.exit_code == 3
    assert "tape-flow" in rules(report)


def test_a_statement_made_for_another_ledger_is_refused(small: Small):
    """Its party signed it for another log; this log's operator copied it in."""
    entries = list(small.entries)
    entries[3] = signed_anew(entries[3], lambda value: value["statement"].update(ledger="ledger.example.org/other"), "hope.li")
    report = outcome(bundled(entries, GIFT, parse_bundle(small.bundle).ranges))
    assert report and "ledger" in rules(report)


def test_a_statement_bound_to_another_history_is_refused_where_the_bundle_can_tell(small: Small):
    """The entry that it is bound to stands in the bundle, with another hash."""
    entries = list(small.entries)
    entries[3] = edited(entries[3], lambda value: value.update(time="2026-09-07T10:00:01Z"))
    report = outcome(bundled(entries, GIFT, parse_bundle(small.bundle).ranges))
    assert report and "after" in rules(report)


EMPTY = b'{"checkpoint":"","entries":[],"gift":"","openings":[],"ranges":[],"v":1}'


@pytest.mark.parametrize("garbage", [b"{}", b"[]", b"null", b'"x"', b"\xff", b"{" * 2000, EMPTY])
def test_what_is_no_bundle_is_refused(garbage: bytes):
    with pytest.raises(InputError):
        verify_bundle(garbage, TRUST)


def test_a_bundle_without_entries_is_refused(small: Small):
    report = outcome(format_bundle(Bundle(parse_bundle(small.bundle).checkpoint, (), GIFT, [])))
    assert report and report.verdict == "could not verify"
