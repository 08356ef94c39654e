"""A statement is entered whole or not at all, and a bad one in a group harms no other."""

from __future__ import annotations

import pytest

from ledger.entries.statement import sign_statement, write_statement
from ledger.errors import GiveTrailError, Refused
from ledger.writer.sequencer import GROUP, Answer
from tests.language import key
from tests.writer.on_disk import OnDisk, a_gift, a_town, numbered_id, on_another_machine


def broken_ones(town: OnDisk) -> dict[str, tuple[bytes, tuple]]:
    """Statements that must not be entered, by the rule that each breaks."""
    raw, signatures = a_gift(town)
    spaced = raw.replace(b'"id":', b'"id": ')
    return {
        "canonical": (spaced, sign_statement(spaced, [key("hope.li")])),
        "schema": town.made("hope", [{"kind": "donation"}]),
        "unknown-kind": town.made("hope", [{"kind": "loan"}]),
        "unknown-member": town.made("hope", [{"kind": "fund", "colour": "blue"}]),
        "statement-signature": (a_gift(town, 7)[0], signatures),
        "key-standing": town.made("hope", "donation 1.00 CNY -> school", "hope.nobody"),
        "authority": town.made("river", "donation 1.00 CNY -> school"),
        "overdraft": town.made("hope", "allocation 900000.00 CNY school -> books"),
        "reference": town.made("hope", "donation 1.00 CNY -> nowhere"),
        "time": a_gift(town, signed_at="2026-07-07T10:00:00Z"),
        "ledger": town.made("hope", "donation 1.00 CNY -> school", ledger="ledger.example.org/other"),
        "after": a_gift(town, after=(2, "0" * 64)),
    }


def test_each_bad_statement_of_a_group_is_refused_and_the_good_ones_are_entered(town: OnDisk):
    bad = broken_ones(town)
    mixed = [statement for wrong in bad.values() for statement in (wrong, a_gift(town))]
    answers = town.sequencer.submit([a_gift(town), *mixed])
    assert [answer.rule for answer in answers[1::2]] == list(bad)
    assert answers[::2] == [Answer(4 + number, False) for number in range(len(bad) + 1)]
    assert town.left("school/CNY") == 1000 * (len(bad) + 1)


@pytest.mark.parametrize("place", [0, 1, GROUP - 1, GROUP, GROUP + 1, 2 * GROUP])
def test_a_bad_statement_at_the_edge_of_a_group_leaves_the_others(town: OnDisk, place: int):
    statements = [a_gift(town) for _ in range(2 * GROUP + 1)]
    statements[place] = town.made("hope", "allocation 900000.00 CNY school -> books")
    answers = town.sequencer.submit(statements)
    assert [number for number, answer in enumerate(answers) if not isinstance(answer, Answer)] == [place]
    assert town.sequencer.tree_size == 4 + 2 * GROUP
    assert town.reopen().sequencer.tree_size == 4 + 2 * GROUP


@pytest.mark.parametrize(
    "last",
    [
        "allocation 99.00 CNY school -> books",
        "donation 1.00 CNY -> nowhere",
        "receipt 1.00 of 2.0",
        "refund 2.0 school CNY units=0..10",
        "reversal 3.0",
        "fund school restricted",
    ],
)
def test_a_statement_is_all_or_nothing(town: OnDisk, last: str):
    """Four records that could be entered stand before one that cannot."""
    town.sequencer.submit_one(a_gift(town))
    before = (town.entries(), town.sequencer.head(), rows(town))
    good = "donation 2.00 CNY -> school; fund more restricted school; donation 1.00 CNY -> more; payment 2.00 CNY school -> shop"
    with pytest.raises(GiveTrailError):
        town.sequencer.submit_one(town.made("hope", f"{good}; {last}"))
    assert (town.entries(), town.sequencer.head(), rows(town)) == before
    town.sequencer.submit_one(a_gift(town))
    fresh = rows(town)
    assert rows(town.reopen()) == fresh


def rows(town: OnDisk) -> dict[str, list]:
    """The books as they are in memory."""
    return {table.name: list(table.items()) for table in town.books.tables}


def test_a_refused_statement_leaves_nothing_for_the_next_one_to_stand_on(town: OnDisk):
    first = town.made("hope", "fund ghost restricted school; donation 1.00 CNY -> ghost; allocation 9.00 CNY ghost -> school")
    second = town.made("hope", "donation 1.00 CNY -> ghost")
    refused, lost = town.sequencer.submit([first, second])
    assert isinstance(refused, Refused)
    assert isinstance(lost, Refused) and lost.rule == "reference"
    assert town.sequencer.tree_size == 4


def test_what_an_earlier_statement_of_the_group_did_counts_for_the_next(town: OnDisk):
    given = a_gift(town)
    spent = town.made("hope", "payment 7.00 CNY school -> shop")
    answers = town.sequencer.submit([given, spent, spent, town.made("hope", "payment 7.00 CNY school -> shop")])
    assert answers[:3] == [Answer(4, False), Answer(5, False), Answer(5, True)]
    assert answers[3].rule == "overdraft"


def test_a_statement_bound_to_an_entry_of_its_own_group_is_entered(town: OnDisk):
    """Two desks have seen the same history; one knows what the other's gift will be, and stands on it."""
    twin = on_another_machine(lambda: a_town(town.directory.parent / "twin"))
    gift = a_gift(town)
    twin.sequencer.submit_one(gift)
    bound, wrong = a_gift(twin, id=numbered_id("bound")), a_gift(town, after=(4, "0" * 64))
    twin.close()
    assert town.sequencer.submit([gift, bound])[1] == Answer(5, False)
    assert town.sequencer.submit([wrong])[0].rule == "after"


def test_too_large_for_an_entry_is_refused(town: OnDisk):
    note = "x" * 490
    progress = [{"kind": "progress", "activity": "books", "done_on": "2026-09-07", "note": note} for _ in range(85)]
    raw = write_statement(
        ledger=town.leaves[0].statement.ledger, party="hope", id=numbered_id("large"), signed_at=town.time, records=progress[:70],
        after=town.sequencer.head(),
    )  # fmt: skip
    assert len(raw) < 45_056
    answers = town.sequencer.submit([(raw, sign_statement(raw, [key("hope.li")])), (raw + b" " * 9000, ())])
    assert answers[0] == Answer(4, False)
    assert answers[1].rule == "size-limit"


def test_flows_too_many_for_an_entry_are_refused_and_the_next_is_entered(town: OnDisk):
    """Odd units are spent one by one, so that what is left lies in many pieces."""
    town.play("hope: donation 20.00 CNY -> school")
    taken = [[unit, unit + 1] for unit in range(1, 2000, 2)]
    for first in range(0, 1000, 50):
        units = taken[first : first + 50]
        town.say("hope", [{**town.read("hope", "allocation 0.50 CNY school -> books")[0][0], "units": units}], ["hope.li"])
    small = [{**town.read("hope", "payment 0.60 CNY school -> shop")[0][0]} for _ in range(15)]
    refused, entered = town.sequencer.submit([town.made("hope", small), town.made("hope", small[:1])])
    assert refused.rule == "fragmented"
    assert entered == Answer(25, False)
    assert town.left("school/CNY") == 940


def test_what_all_statements_of_a_group_have_seen_is_read_once(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    read, tile = [], town.sequencer.store.tile
    monkeypatch.setattr(town.sequencer.store, "tile", lambda level, index: read.append((level, index)) or tile(level, index))
    town.sequencer.submit([a_gift(town, after=town.sequencer.head()) for _ in range(GROUP)])
    assert len(read) < 8
