"""Less than everything: what is left out is said, and never called verified."""

from __future__ import annotations

from hashlib import blake2b
from itertools import combinations
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.errors import UsageError
from ledger.findings.finding import Finding
from ledger.findings.report import Report, verdict_of
from ledger.findings.scope import AREAS, SHARES, Scope, scope_of
from ledger.findings.table import RULES
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, edited, forged, rules, signed_anew
from tests.language import ORIGIN
from tests.writer.on_disk import TRUST


def asked(folder: Path, *only: str, share: float = 1.0, seed: int = 1, **how: int) -> Report:
    return verify(FolderSource(folder), TRUST, scope=scope_of(only, share, seed), **how)


def test_every_finding_belongs_to_an_area():
    assert {rule.area for rule in RULES.values()} == set(AREAS)


@pytest.mark.parametrize("area", AREAS)
def test_one_area_is_verified_in_part_only(small: Small, area: str):
    report = asked(small.folder, area)
    assert (report.verdict, report.exit_code) == ("partly verified", 7)
    assert set(report.areas) == {"integrity", area} and report.as_of == ("2026-09-07" if area == "traceability" else "")
    left_out = {words.split()[2] for words in report.not_checked} & set(AREAS)
    assert left_out == set(AREAS) - {"integrity", area}


def test_all_areas_by_name_are_everything(small: Small):
    assert asked(small.folder, *AREAS).verdict == "verified"


def false_signature(small: Small) -> list[bytes]:
    changed = edited(small.entries[3], lambda value: value["statement"].update(signed_at="2026-09-07T09:59:59Z"))
    return [*small.entries[:3], changed, *small.entries[4:]]


def too_much_paid(small: Small) -> list[bytes]:
    def more(value: dict) -> None:
        value["statement"]["records"][0]["amount"] = 60_000

    return [*small.entries[:5], signed_anew(small.entries[5], more, "hope.li")]


@pytest.mark.parametrize(("only", "found"), [("authenticity", True), ("accounting", False), ("integrity", False)])
def test_a_false_signature_is_found_where_signatures_were_asked_for(small: Small, tmp_path: Path, only: str, found: bool):
    report = asked(forged(false_signature(small), tmp_path), only)
    assert ("statement-signature" in rules(report)) is found
    assert report.checked["signatures"] == (0 if only != "authenticity" else 7)


@pytest.mark.parametrize(("only", "found"), [("accounting", True), ("authenticity", False), ("integrity", False)])
def test_an_overdraft_is_found_where_accounting_was_asked_for(small: Small, tmp_path: Path, only: str, found: bool):
    report = asked(forged(too_much_paid(small), tmp_path), only)
    assert ("overdraft" in rules(report)) is found
    assert report.exit_code == (3 if found else 7)


def test_a_sample_says_how_much_it_drew_and_draws_it_again(small: Small):
    report = asked(small.folder, share=0.5, seed=3)
    assert report.verdict == "partly verified"
    drawn = report.checked["signatures"]
    assert 0 < drawn < 7 and asked(small.folder, share=0.5, seed=3) == report
    assert any(words.endswith("statements, because a sample was asked for (seed 3)") for words in report.not_checked)
    assert asked(small.folder, share=1.0).verdict == "verified"


@pytest.mark.parametrize("share", [2**-64, 1e-9, 0.05])
def test_the_smallest_sample_holds_a_statement(small: Small, share: float):
    """Not always the same one: whoever made the log could choose which signature to leave false."""
    alone = [asked(small.folder, share=share, seed=seed) for seed in range(40)]
    assert all(report.checked["signatures"] >= 1 and "authenticity" in report.areas for report in alone)
    assert len({scope_of((), share, seed).within(6).surely for seed in range(40)}) == 6


@pytest.mark.parametrize("size", [1, 2, 5])
def test_also_of_the_first_entries(small: Small, size: int):
    for seed in range(10):
        assert asked(small.folder, share=1e-9, seed=seed, at_size=size).checked["signatures"] >= 1


def test_a_sample_without_authenticity_claims_none(small: Small):
    report = asked(small.folder, "accounting", share=0.5)
    assert report.checked["signatures"] == 0 and report.areas == ("integrity", "accounting")


def test_what_nothing_was_checked_of_is_not_named(small: Small, tmp_path: Path):
    """The entries are gone: nothing was checked of any area."""
    folder = forged(small.entries, tmp_path)
    for path in (folder / "tile" / "entries").rglob("*"):
        if path.is_file():
            path.unlink()
    report = asked(folder)
    assert (report.exit_code, report.areas, report.as_of) == (4, (), "")


BROKEN, UNKNOWN, AUDIT = (Finding(0, -1, rule, "x") for rule in ("chain", "missing", "overdue-receipt"))
IN_ORDER = {3: [BROKEN], 4: [UNKNOWN], 5: [AUDIT], 7: [], 0: []}


@pytest.mark.parametrize("pair", list(combinations(IN_ORDER, 2)))
def test_of_two_exit_codes_the_graver_is_the_one(pair: tuple[int, int]):
    """3, then 4, then 5, then 7, then 0, whichever two of them apply."""
    found = [finding for code in pair for finding in IN_ORDER[code]]
    verdict, code = verdict_of(found, whole=7 not in pair, fail_on_audit=5 in pair)
    assert code == pair[0] and (verdict in ("verified", "partly verified")) is (code in (5, 7))


def test_a_sample_finds_a_false_signature_in_its_share_of_draws(small: Small, tmp_path: Path):
    folder = forged(false_signature(small), tmp_path)
    found = sum("statement-signature" in rules(asked(folder, share=0.5, seed=seed)) for seed in range(40))
    assert 10 <= found <= 30


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_a_share_is_above_nothing_and_at_most_all(share: float):
    with pytest.raises(UsageError):
        scope_of((), share)
    assert scope_of((), 1.0).share == SHARES


@pytest.mark.parametrize("share", [2**-64, 0.5, 1 - 2**-53])
def test_a_scope_is_what_was_asked_for(share: float):
    scope = scope_of((), share, 7)
    assert scope == Scope(frozenset(AREAS), int(share * SHARES), 7, -1) and not scope.whole and scope.keeps_books
    assert scope_of(("accounting",)) == Scope(frozenset({"integrity", "accounting"}))
    assert scope_of(()).whole and scope_of(AREAS).whole and not scope_of(AREAS[1:-1]).whole
    assert not scope_of(("integrity",)).keeps_books and scope_of(("traceability",)).keeps_books


def test_a_scope_draws_by_its_seed_and_the_index_alone():
    """So that another program can draw the same: `seed:index`, and of the seed alone the one that is drawn in any case."""
    scope = scope_of((), 0.5, 11)

    def number(text: bytes) -> int:
        return int.from_bytes(blake2b(text, digest_size=8).digest())

    assert [scope.draws(index) for index in range(50)] == [number(b"11:%d" % index) < SHARES // 2 for index in range(50)]
    exact = scope._replace(share=number(b"11:7"))
    assert not exact.draws(7) and exact._replace(share=exact.share + 1).draws(7)
    assert [scope.within(size).surely for size in (1, 2, 7, 1000)] == [number(b"11") % size for size in (1, 2, 7, 1000)]
    assert scope.within(0) == scope and scope.within(9)._replace(surely=-1) == scope
    assert exact._replace(share=1, surely=7).draws(7) and not exact._replace(share=1, surely=7).draws(8)
    assert not scope_of(("accounting",)).draws(0) and scope_of(()).draws(0)


@pytest.mark.parametrize("area", AREAS)
def test_a_scope_covers_the_findings_of_its_areas_and_all_that_is_unknown(area: str):
    scope = scope_of((area,))
    for rule, row in RULES.items():
        assert scope.covers(rule) is (row.area in ("integrity", area) or row.kind == "unknown"), rule


def test_what_was_left_out_is_said_in_the_order_of_the_areas():
    assert list(scope_of(()).left_out(10, 10)) == []
    assert list(scope_of((), 0.5, 3).left_out(10, 4)) == [
        "Not checked: signatures of 6 of 10 statements, because a sample was asked for (seed 3)"
    ]
    assert list(scope_of(("accounting",), 0.5, 3).left_out(10, 0)) == [
        "Not checked: authenticity (whether the statements are signed by those who may), because it was not asked for",
        "Not checked: traceability (what is overdue), because it was not asked for",
    ]


def test_an_area_that_is_none_is_refused():
    with pytest.raises(UsageError, match="is not an area; the areas are integrity"):
        scope_of(("money",))


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_first_entries_are_verified_and_tied_to_the_log_as_it_is(small: Small, size: int):
    report = verify(FolderSource(small.folder), TRUST, at_size=size)
    assert (report.verdict, report.tree_size, report.checked["entries"]) == ("verified", size, size)
    assert report.root == root_of(map(leaf_hash, small.entries[:size])).hex()
    assert report.not_checked[0] == f"Not checked: entries from {size} on, because only the first {size} of 6 were asked for"


def test_a_size_beyond_the_log_is_refused(small: Small):
    with pytest.raises(UsageError, match="the log has 6 entries"):
        verify(FolderSource(small.folder), TRUST, at_size=7)


def test_first_entries_that_are_not_the_logs_are_found(small: Small, tmp_path: Path):
    """An entry is changed and its tile too: what was read is no prefix of what was signed."""
    changed = [edited(small.entries[0], lambda value: value.update(time="2026-09-07T10:00:01Z")), *small.entries[1:]]
    folder = forged(changed, tmp_path, chained=False)
    (folder / "checkpoint").write_bytes((small.folder / "checkpoint").read_bytes())
    report = verify(FolderSource(folder), TRUST, at_size=3)
    assert report.exit_code == 3 and "consistency" in rules(report)


def test_a_later_checkpoint_is_compared_with_the_log_also_where_less_was_asked_for(small: Small):
    root = root_of(map(leaf_hash, small.entries[:5]))
    good, bad = Checkpoint(ORIGIN, 5, root), Checkpoint(ORIGIN, 5, bytes(32))
    assert verify(FolderSource(small.folder), TRUST, at_size=3, earlier=[("kept", good)]).verdict == "verified"
    report = verify(FolderSource(small.folder), TRUST, at_size=3, earlier=[("kept", bad)])
    assert report.exit_code == 3 and rules(report) == {"consistency"}


def test_two_checkpoints_of_one_size_are_a_fork_and_both_are_shown(small: Small):
    one, other = Checkpoint(ORIGIN, 9, bytes(32)), Checkpoint(ORIGIN, 9, b"\1" * 32)
    report = verify(FolderSource(small.folder), TRUST, earlier=[("a", one, b"note a"), ("b", other, b"note b")])
    assert rules(report) == {"fork", "consistency"}
    assert [tuple(note) for note in report.evidence[1:]] == [("a", "note a"), ("b", "note b")]
    assert report.evidence[0].note.startswith(ORIGIN)
