"""`givetrail import`: gifts of a CSV file, grants of a 360Giving file. What is imported twice is entered once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ledger.amount import to_text
from ledger.canonical import JsonObject
from ledger.entries.channel_reference import ReferenceKeys
from ledger.entries.leaf import read_leaf
from ledger.errors import Conflict, InputError
from ledger.imports.gifts import GiftImport, import_gifts
from ledger.imports.mapping import read_mapping
from ledger.imports.threesixtygiving import GrantImport, import_360giving
from ledger.writer.author import Author

from ..channel_reference import destroy_option, maker
from ..command import Group
from ..outcome import Outcome
from ..screen import Counter, hint, plain
from ..session import Desk, author, entered, opened, passphrase_option
from ..signing import keys_of, speaker
from ..sofar import AGAIN, so_far

SHOWN = 10
COUNTS = {
    "skipped": "skipped as the mapping says", "broken": "broken, left out",
    "rounded": "with an amount that was off by the last places of a binary fraction", "to_itself": "name the funder as recipient",
}  # fmt: skip

Tell = Callable[[int], None]
COUNTED = "gifts entered or known, of rows read"
ENTERS_REST = f"{AGAIN}: it enters the rest"


def _options() -> list[click.Option]:
    return [
        click.Option(["--party"], metavar="P", help="Whose gifts; needed where several parties have key files here."),
        click.Option(["--officer", "officers"], metavar="O", multiple=True, help="Who signs. Default: the party's only key file."),
        click.Option(["--dry-run"], is_flag=True, help="Check everything; enter nothing."),
        click.Option(["--leave-out-broken"], is_flag=True, help="Leave broken rows out; else the first one stops it."),
        destroy_option(),
        passphrase_option(),
    ]


@click.group("import", cls=Group)
def command() -> None:
    """Enter what is in a file of another program. An import that was interrupted is finished by running it again."""


@contextmanager
def _importing(words: dict[str, Any]) -> Iterator[tuple[Desk, Author, ReferenceKeys, Tell]]:
    """The ledger open for writing, who imports, its reference keys, and whom to tell how many rows were entered in the end."""
    with opened(write=True) as desk:
        party = speaker(desk.directory, words["party"])
        keys = keys_of(desk.directory, party, words["officers"])
        make = maker(party, desk.today, words["destroy_on"])
        with _counting(desk) as tell:
            yield desk, author(desk, party, keys), ReferenceKeys(desk.directory, party, desk.books, make), tell


@contextmanager
def _counting(desk: Desk) -> Iterator[Tell]:
    """Whoever is stopped within, or afterwards, hears how many rows are in the ledger."""
    before, told = desk.store.tree_size, False

    def tell(rows: int) -> None:
        nonlocal told
        where, told = entered(desk.store, before), True
        so_far().recorded = f"{_number(rows, 'row')} {where}" if rows and where else where

    try:
        yield tell
    finally:
        if not told:
            leaves = map(read_leaf, desk.store.entries(before, desk.store.tree_size))
            tell(sum(1 for leaf in leaves for record in leaf.statement.records if hasattr(record, "channel_ref")))


@command.command("gifts", params=[
    click.Argument(["file"]),
    click.Option(["--mapping"], metavar="FILE", required=True, help="Which column says what (TOML)."),
    *_options(),
])  # fmt: skip
def gifts(file: str, mapping: str, dry_run: bool, leave_out_broken: bool, **words: object) -> Outcome:
    """Enter the gifts of a CSV FILE that the ledger does not have yet."""
    read = read_mapping(Path(mapping))
    with _importing(words) as (desk, importer, keys, tell), Counter(COUNTED, ENTERS_REST) as count:
        done = import_gifts(
            desk.writer, importer, Path(file), read, keys, dry_run=dry_run, leave_out_broken=leave_out_broken,
            progress=lambda rows, entered, known: count(entered + known, rows),
        )  # fmt: skip
        tell(done.entered)
        row = desk.books.unit.get(done.unit)
    return _outcome(done, file, {done.unit: (done.amount_minor, row.exponent if row else 0)})


@command.command("360giving", params=[
    click.Argument(["file"]),
    click.Option(["--fund"], metavar="F", required=True, help="The fund that the grants are paid from; made if there is none."),
    click.Option(["--signed-by"], metavar="O", multiple=True, help="The operator's officers, who admit the recipients."),
    *_options(),
])  # fmt: skip
def grants(file: str, fund: str, signed_by: tuple[str, ...], dry_run: bool, leave_out_broken: bool, **words: object) -> Outcome:
    """Enter the grants of a 360Giving JSON FILE as payments, and their recipients as parties."""
    with _importing(words) as (desk, funder, keys, tell):
        so_far().again = ENTERS_REST
        operator = desk.books.ledger[""].operator
        admits = author(desk, operator, keys_of(desk.directory, operator, signed_by))
        done = import_360giving(
            desk.writer, funder, admits, Path(file), fund, keys, dry_run=dry_run, leave_out_broken=leave_out_broken
        )
        tell(done.entered)
        sums = {unit: (amount, desk.books.unit[unit].exponent) for unit, amount in done.sums_minor}
    return _outcome(done, file, sums)


def _outcome(done: GiftImport | GrantImport, file: str, sums: dict[str, tuple[int, int]]) -> Outcome:
    told = {name: part for name, part in done._asdict().items() if name not in ("amount_minor", "unit", "sums_minor")}
    value = {"file": file, **told, "faults": [fault.as_json() for fault in done.faults]}
    value["differing_in"] = dict(done.differing_in)
    value["differences"] = [
        {"row": one.row, "record": one.record, "field": one.field, "was": one.was, "is": one.now} for one in done.differences
    ]
    value["sums"] = [{"unit": unit, "amount": amount, "exponent": exponent} for unit, (amount, exponent) in sums.items()]
    for fault in done.faults:
        hint(f"left out: {plain(fault.message)}")
    return Outcome(value, _lines, _exit_code(done, plain(file)))


def _exit_code(done: GiftImport | GrantImport, file: str) -> int:
    """0 only where something was entered or known, and nothing known differs; or where the file has no rows, which is said."""
    if not done.rows:
        hint(f"{file}: has no rows; there is nothing to enter")
    elif not done.entered and not done.known:
        hint(f"{file}: nothing was entered: of {_number(done.rows, 'row')} none could become a record, and none is known")
        return InputError.exit_code
    if done.differing:
        words = "known row differs" if done.differing == 1 else "known rows differ"
        hint(f"{file}: {done.differing} {words} from what is recorded, which stays as it is; correct the file, or the record")
        return Conflict.exit_code
    return 0


def _lines(value: JsonObject) -> Iterator[str]:
    would = "would be " if value["dry_run"] else ""
    sums = ", ".join(to_text(part["amount"], part["exponent"], part["unit"]) for part in value["sums"] if part["amount"])
    entered = f"{value['entered']} {would}entered{f' ({sums})' if sums else ''}"
    yield f"{plain(value['file'])}: {_number(value['rows'], 'row')}; {entered}, {value['known']} known"
    yield from _difference_lines(value["differing_in"], value["differences"])
    if value.get("parties"):
        yield f"{_number(len(value['parties']), 'recipient')} {would}admitted"
    yield from (f"{value[name]} {words}" for name, words in COUNTS.items() if value.get(name))
    if value.get("other_names"):
        yield f"{len(value['other_names'])} times an organisation has a second name; --json lists them"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _difference_lines(counts: dict[str, int], differences: list[JsonObject]) -> Iterator[str]:
    """A line for each thing in which known rows differ, with the first rows of it."""
    for field, count in counts.items():
        rows = [one for one in differences if one["field"] == field][:SHOWN]
        named = "; ".join(f"row {one['row']}, was {plain(one['was'])} in {one['record']}, is {plain(one['is'])}" for one in rows)
        more = f"; and {count - len(rows)} more" if count > len(rows) else ""
        yield f"{count} known with another {field}: {named}{more}"
