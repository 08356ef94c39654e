"""Gifts older than the party's books: nothing is entered, and the command that moves the day back names the earliest new one."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from ledger.imports.gifts import import_gifts
from ledger.imports.reading import CHUNK

from .conftest import author, fund, party

HEADER = "at,sum,ref\n"
COMMAND = "move that day back with `givetrail record mandate --party late --books-from {}`"


@pytest.fixture
def late(world):
    """A charity whose books begin in 2024."""
    world.say(author("operator", "trust"), {**party("trust", "Late", "charity"), "id": "late", "books_from": "2024-01-01"})
    charity = author("trust")._replace(party="late")
    world.say(charity, fund("late-fund"))
    return charity


@pytest.fixture
def run(world, late, csv_file, mapped):
    """Imports these rows, whose references are the source's own unless `changes` say otherwise."""
    changes = {"fund": '"late-fund"', "list": None, "reference": '"ref"'}

    def run(*rows: str, dry_run: bool = False, **more: str | None):
        path, mapping = csv_file(HEADER + "".join(f"{row}\n" for row in rows)), mapped(**{**changes, **more})
        return import_gifts(world.sequencer, late, path, mapping, world.keys("late"), dry_run=dry_run)

    return run


@pytest.mark.parametrize("by", [{}, {"list": '"the-list"', "reference": None}], ids=["reference", "list"])
def test_nothing_is_entered_and_the_earliest_day_is_named(world, run, by):
    size, rows = world.sequencer.tree_size, ("2024-09-10,5,a", "2021-05-03,5,b", "2020-02-29,5,c", "2023-12-31,5,d")
    for dry_run in (True, False):
        with pytest.raises(Refused, match="2020-02-29: is before 2024-01-01") as refused:
            run(*rows, dry_run=dry_run, **by)
        assert refused.value.rule == "day" and str(refused.value).endswith(COMMAND.format("2020-02-29"))
    assert world.sequencer.tree_size == size


def test_the_first_day_itself_is_in_the_books(run):
    assert run("2024-01-01,5,a").entered == 1
    with pytest.raises(Refused, match="2023-12-31: is before 2024-01-01"):
        run("2023-12-31,5,b")


def test_one_command_is_enough_for_the_whole_file(world, late, run):
    rows = [f"2023-{1 + n % 12:02}-{1 + n % 28:02},{n + 1},n{n}" for n in range(CHUNK + 5)] + ["2019-07-01,7,last"]
    with pytest.raises(Refused, match="2019-07-01: is before"):
        run(*rows)
    world.say(late, {"kind": "mandate", "books_from": "2019-07-01"})
    assert run(*rows).entered == len(rows)
    with pytest.raises(Refused, match="with all that its mandate says now"):
        run(*rows, "2018-01-01,7,later")


def test_a_known_gift_whose_day_was_corrected_does_not_hold_up_the_rest(run):
    run("2024-01-01,5,a", "2025-03-01,6,b")
    done = run("2023-12-31,5,a", "2025-03-01,6,b", "2025-03-02,7,c")
    assert (done.entered, done.known, done.differing, done.differing_in) == (1, 2, 1, (("day", 1),))
    with pytest.raises(Refused, match="2023-12-30: is before") as refused:
        run("2022-12-31,5,a", "2023-12-30,5,d")
    assert str(refused.value).endswith(COMMAND.format("2023-12-30"))
