"""What makes a gift the same gift: its reference, whatever the day, the key it was entered under, and how it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.entries.channel_reference import ReferenceKeys, commit_reference, normal_reference
from ledger.errors import SchemaError, UsageError
from ledger.imports.gifts import GiftImport, import_gifts
from ledger.imports.mapping import Mapping

Write = Callable[..., Path]
Mapped = Callable[..., Mapping]


@pytest.fixture
def enter(world, csv_file: Write, mapped: Mapped):
    """Imports rows `at,sum,ref` by their references; what the mapping says can be changed."""

    def run(*rows: str, by: str = "hope", options: dict | None = None, **changes: str | None) -> GiftImport:
        author = world.charity if by == "hope" else world.funder
        mapping = mapped(**{"list": None, "reference": '"ref"', **changes})
        path = csv_file("at,sum,ref\n" + "".join(f"{row}\n" for row in rows))
        return import_gifts(world.sequencer, author, path, mapping, world.keys(by), **(options or {}))

    return run


def labels(world) -> list[str]:
    return [gift.channel_ref.split(":")[1] for gift in world.records("donation")]


def told(done: GiftImport) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.field, one.was, one.now) for one in done.differences]


def test_day_that_is_corrected_across_a_year_is_the_same_gift(world, enter):
    enter("2024-12-31,5,k1")
    size, files = world.sequencer.tree_size, sorted(world.directory.rglob("reference-*"))
    done = enter("2025-01-01,5,k1")
    assert (done.entered, done.known, done.differing) == (0, 1, 1)
    assert told(done) == [(1, "day", "2024-12-31", "2025-01-01")]
    assert (world.sequencer.tree_size, sorted(world.directory.rglob("reference-*"))) == (size, files)


def test_three_labels_are_all_looked_under_and_rows_between_are_entered(world, enter):
    enter("2022-05-01,1,a", "2023-05-01,2,b", "2024-05-01,3,c")
    done = enter("2023-05-01,1,a", "2024-06-01,4,d", "2024-05-01,2,b", "2022-05-01,3,c", "2025-01-01,5,e")
    assert (done.entered, done.known, done.differing) == (2, 3, 3)
    assert [(row, field) for row, field, _, _ in told(done)] == [(1, "day"), (3, "day"), (4, "day")]
    assert labels(world) == ["2022", "2023", "2024", "2024", "2025"]
    again = enter("2023-05-01,1,a", "2024-06-01,4,d", "2025-01-01,5,e")
    assert (again.entered, again.known, again.differing) == (0, 3, 1)


def test_same_row_twice_in_a_file_on_both_sides_of_a_year_is_one_too_many(enter):
    done = enter("2024-12-31,5,k1", "2025-01-01,5,k1", "2025-01-01,5,k2", options={"leave_out_broken": True})
    assert (done.entered, done.broken) == (2, 1)


def test_half_of_the_rows_known_under_another_year(world, enter):
    rows = [f"2023-12-{1 + number % 28:02},{number},r{number}" for number in range(1, 301)]
    enter(*rows[:150])
    moved = [row.replace("2023-12", "2024-12") for row in rows]
    done = enter(*moved, options={"records": 2})
    assert (done.entered, done.known, done.differing, len(done.differences)) == (150, 150, 150, 100)
    assert dict(done.differing_in) == {"day": 150}
    assert sorted(gift.amount for gift in world.records("donation")) == list(range(1, 301))


def test_dry_run_knows_what_an_import_knows(enter):
    enter("2023-12-31,5,k1")
    rows = ("2024-01-01,5,k1", "2024-01-02,6,k2")
    said = enter(*rows, options={"dry_run": True})
    done = enter(*rows)
    assert said._replace(dry_run=False, digest=done.digest) == done
    assert (said.entered, said.known, said.differing) == (1, 1, 1)


def test_key_that_was_destroyed_links_nothing_and_the_others_still_do(world, enter):
    enter("2022-05-01,1,a", "2023-05-01,2,b")
    (world.directory / "keys" / "hope" / "reference-2022.key").unlink()
    done = enter("2024-05-01,1,a", "2024-05-01,2,b")
    assert (done.entered, done.known) == (1, 1)
    size = world.sequencer.tree_size
    with pytest.raises(UsageError, match="was destroyed"):
        enter("2024-05-01,3,c", "2022-05-01,4,d")
    assert world.sequencer.tree_size == size


def test_damaged_key_of_another_year_stops_an_import(world, enter):
    enter("2022-05-01,1,a")
    (world.directory / "keys" / "hope" / "reference-2022.key").write_bytes(b"short")
    with pytest.raises(UsageError, match="Restore the right key from a copy"):
        enter("2024-05-01,1,a")


def test_references_of_another_party_are_its_own(world, enter, admit):
    admit(None)
    world.say(world.funder, {"id": "ours", "kind": "fund", "name": "ours", "purpose": "p", "restriction": "unrestricted"})
    enter("2024-12-31,5,k1")
    assert enter("2025-01-01,5,k1", by="trust", fund='"ours"').entered == 1


def test_channels_are_kept_apart(enter):
    enter("2024-12-31,5,k1")
    assert enter("2024-12-31,5,k1", channel='"cash"').entered == 1


@pytest.mark.parametrize(
    ("typed", "again"), [("Cafe\u0301", "Caf\u00e9"), (" k1", "k1\u00a0"), ("\u1112\u1161\u11ab", "\ud55c"), ("\u212b", "\u00c5")]
)
def test_reference_is_the_same_however_it_is_typed(enter, typed: str, again: str):
    enter(f"2024-12-31,5,{typed}")
    done = enter(f"2024-12-31,5,{again}")
    assert (done.entered, done.known, done.differing) == (0, 1, 0)
    assert normal_reference(typed) == normal_reference(again)


@pytest.mark.parametrize("typed", ["k1", "K1", "k 1", "k-1", "\u043a1"])
def test_what_looks_different_is_another_reference(enter, typed: str):
    enter("2024-12-31,5,k\u2010 1")
    assert enter(f"2024-12-31,5,{typed}").entered == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "\t\n", "a\0b", "a\nb", "a\x7fb", "a\x85b", "a\u200bb", "a\u202eb", "\ufeffa", "\u2800", "\u3164", "a\ufe0f",
        "a\u2028b", "a\ud800", "\u00ad", "a\U000e0001", "x" * 1001,
    ],
)  # fmt: skip
def test_reference_that_nobody_can_see_whole_is_refused(text: str):
    with pytest.raises(SchemaError) as caught:
        normal_reference(text)
    assert caught.value.rule == "reference"
    assert len(caught.value.message) < 200


def test_normal_form_is_its_own_normal_form():
    for text in ("a b", "\u00e9", "\u4e2d\u6587", "x" * 1000, "a/b:c#1", "\U0001f600"):
        assert normal_reference(text) == normal_reference(f" {text}\n") == text


@pytest.mark.parametrize(
    ("changes", "row", "expected"),
    [
        ({}, "2024-12-31,900,k1", [("amount", "5 VND", "900 VND")]),
        ({"unit": '"CNY"'}, "2024-12-31,5,k1", [("amount", "5 VND", "5.00 CNY")]),
        ({"fund": '"costs"'}, "2024-12-31,5,k1", [("fund", "relief", "costs")]),
        ({}, "2024-11-30,6,k1", [("amount", "5 VND", "6 VND"), ("day", "2024-12-31", "2024-11-30")]),
    ],
)
def test_known_row_that_says_another_thing_is_told(world, enter, changes: dict[str, str], row: str, expected: list):
    enter("2024-12-31,5,k1")
    size = world.sequencer.tree_size
    done = enter(row, "2024-12-31,5,k2", **changes)
    assert (done.entered, done.known, done.differing) == (1, 1, 1)
    assert [(field, was, now) for _, field, was, now in told(done)] == expected
    assert world.sequencer.tree_size == size + 1


def test_fee_that_changed_is_told(world, csv_file: Write, mapped: Mapped):
    mapping = mapped(list=None, reference='"ref"', unit='"CNY"', fee='"cost"', fee_to='"wallet"')

    def run(fee: str) -> GiftImport:
        path = csv_file(f"at,sum,ref,cost\n2024-09-10,10.00,k1,{fee}\n")
        return import_gifts(world.sequencer, world.charity, path, mapping, world.keys())

    run("0.60")
    assert run("0.60").differing == 0
    assert told(run("0.50")) == [(1, "fee", "0.60 CNY to wallet", "0.50 CNY to wallet")]
    assert told(run("")) == [(1, "fee", "0.60 CNY to wallet", "none")]


def test_gift_that_is_recorded_as_something_else_is_told(world, enter):
    enter("2024-01-01,1,other")
    secret = world.keys().secret("2024")
    income = {
        "amount": 5, "channel": "bank", "channel_ref": commit_reference(secret, "2024", "bank", "k1"), "fund": "relief",
        "income_class": "interest", "kind": "income", "received_on": "2024-12-31", "source": "bank", "unit": "VND",
    }  # fmt: skip
    world.say(world.charity, income)
    assert told(enter("2024-12-31,5,k1")) == [(1, "type", "income", "donation")]


def test_list_whose_form_changed_is_told(world, csv_file: Write, mapped: Mapped):
    path = csv_file("at,sum\n2024-09-10,5\n")

    def run(form: str) -> GiftImport:
        mapping = mapped(unit='"CNY"', amount_form=f'"{form}"')
        return import_gifts(world.sequencer, world.charity, path, mapping, world.keys())

    run("minor")
    assert told(run("decimal")) == [(1, "amount", "0.05 CNY", "5.00 CNY")]


def test_import_that_broke_off_and_a_day_corrected_meanwhile(world, enter, monkeypatch: pytest.MonkeyPatch):
    rows = [f"2023-12-{1 + number % 28:02},{number},r{number}" for number in range(1, 600)]
    # The key's record, and the first gifts.
    submit, left = world.sequencer.submit, iter([True, True])

    def broken(submissions, sign=True):
        if next(left, False):
            return submit(submissions, sign)
        raise KeyboardInterrupt

    monkeypatch.setattr(world.sequencer, "submit", broken)
    with pytest.raises(KeyboardInterrupt):
        enter(*rows, options={"records": 2})
    monkeypatch.undo()
    before = len(world.records("donation"))
    assert 0 < before < 599
    done = enter(*[row.replace("2023-12-0", "2024-01-0") for row in rows], options={"records": 2})
    assert (done.entered, done.known) == (599 - before, before)
    assert sorted(gift.amount for gift in world.records("donation")) == list(range(1, 600))


def test_key_whose_other_file_is_lost_is_looked_under(world, enter):
    enter("2026-01-01,5,k1")
    (world.directory / "keys" / "hope" / "reference-2026.json").unlink()
    done = enter("2025-12-31,5,k1")
    assert (done.entered, done.known, done.differing) == (0, 1, 1)


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u202f", "\u3000"])
def test_blanks_that_look_alike_are_one(enter, blank: str):
    enter("2026-01-01,5,INV 7")
    assert enter(f"2026-01-01,5,INV{blank}7").known == 1


def test_held_keys_leave_out_what_is_not_a_key(tmp_path: Path, world):
    keys = world.keys()
    for label in ("2024", "2025"):
        keys.secret(label)
    folder = world.directory / "keys" / "hope"
    (folder / "reference-2023.key").write_bytes(b"k" * 31)
    (folder / "reference-2023.key").chmod(0o600)
    (folder / "reference-Copy of 2024.key").write_bytes(b"k" * 32)
    assert [key.label for key in ReferenceKeys(world.directory, "hope", world.sequencer.books).held()] == ["2024", "2025"]
    assert ReferenceKeys(world.directory, "faith", world.sequencer.books).held() == []
    with pytest.raises(UsageError, match="small letters"):
        ReferenceKeys(world.directory, "../hope", world.sequencer.books).held()
