"""`givetrail import`: gifts from a CSV file, grants from a 360Giving file. A row that is imported twice is recorded once."""

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
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..screen import Counter, counted, hint, plain
from ..session import Session, author, clock_option, entered, opened, passphrase_option
from ..signing import keys_of, speaker

SHOWN = 10
COUNTS = {
    "skipped": "skipped as the mapping says", "broken": "broken, left out",
    "rounded": "with an amount that was rounded, because it was slightly off",
    "to_itself": "left out, because the recipient is the funder",
}  # fmt: skip

Tell = Callable[[int], None]
COUNTED = "gifts entered or known, of rows read"
ENTERS_REST = f"{AGAIN}: it enters the rest"


def _options() -> list[click.Option]:
    return [
        click.Option(["--party"], metavar="P", help="The party that records them. Needed if several parties have key files here."),
        click.Option(
            ["--officer", "officers"], metavar="O", multiple=True,
            help="The officer who signs. Repeat for more. Default: the party's only key file.",
        ),
        click.Option(["--dry-run"], is_flag=True, help="Check the whole file, and record nothing."),
        click.Option(["--leave-out-broken"], is_flag=True, help="Leave broken rows out. Default: the first one stops the import."),
        destroy_option(),
        passphrase_option(),
        clock_option(),
    ]


@click.group("import", cls=Group)
def command() -> None:
    """Record gifts or grants from another program's file. To finish an interrupted import, run it again."""


@contextmanager
def _importing(words: dict[str, Any]) -> Iterator[tuple[Session, Author, ReferenceKeys, Tell]]:
    """The open ledger, the author, its reference keys, and a function to call at the end with the number of rows entered."""
    with opened(write=True) as session:
        party = speaker(session.directory, words["party"])
        keys = keys_of(session.directory, party, words["officers"])
        make = maker(party, session.today, words["destroy_on"])
        with _counting(session) as tell:
            yield session, author(session, party, keys), ReferenceKeys(session.directory, party, session.books, make), tell


@contextmanager
def _counting(session: Session) -> Iterator[Tell]:
    """If this is interrupted inside the block or later, the message says how many rows are in the ledger."""
    before, told = session.store.tree_size, False

    def tell(rows: int) -> None:
        nonlocal told
        where, told = entered(session.store, before), True
        so_far().recorded = f"{counted(rows, 'row')} {where}" if rows and where else where

    try:
        yield tell
    finally:
        if not told:
            leaves = map(read_leaf, session.store.entries(before, session.store.tree_size))
            tell(sum(1 for leaf in leaves for record in leaf.statement.records if hasattr(record, "channel_ref")))


@command.command("gifts", params=[
    click.Argument(["file"]),
    click.Option(["--mapping"], metavar="FILE", required=True, help="A TOML file that says what each column means."),
    *_options(),
])  # fmt: skip
def gifts(file: str, mapping: str, dry_run: bool, leave_out_broken: bool, **words: object) -> Outcome:
    """Record the gifts in the CSV file FILE that the ledger does not have yet."""
    read = read_mapping(Path(mapping))
    with _importing(words) as (session, importer, keys, tell), Counter(COUNTED, ENTERS_REST) as count:
        done = import_gifts(
            session.writer, importer, Path(file), read, keys, dry_run=dry_run, leave_out_broken=leave_out_broken,
            progress=lambda rows, entered, known: count(entered + known, rows),
        )  # fmt: skip
        tell(done.entered)
        row = session.books.unit.get(done.unit)
    return _outcome(done, file, {done.unit: (done.amount_minor, row.exponent if row else 0)})


@command.command("360giving", params=[
    click.Argument(["file"]),
    click.Option(
        ["--fund"], metavar="F", required=True, help="The fund that pays the grants. It is made if there is no such fund."
    ),
    click.Option(
        ["--signed-by"], metavar="O", multiple=True,
        help="The operator's officer who admits the recipients. Repeat for more. Default: its only key file.",
    ),
    *_options(),
])  # fmt: skip
def grants(file: str, fund: str, signed_by: tuple[str, ...], dry_run: bool, leave_out_broken: bool, **words: object) -> Outcome:
    """Record the grants in the 360Giving file FILE (JSON) as payments, and their recipients as parties."""
    with _importing(words) as (session, funder, keys, tell):
        so_far().again = ENTERS_REST
        operator = session.books.ledger[""].operator
        admits = author(session, operator, keys_of(session.directory, operator, signed_by))
        done = import_360giving(
            session.writer, funder, admits, Path(file), fund, keys, dry_run=dry_run, leave_out_broken=leave_out_broken
        )
        tell(done.entered)
        sums = {unit: (amount, session.books.unit[unit].exponent) for unit, amount in done.sums_minor}
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
    """0 if something was entered or already known and nothing known differs, or if the file has no rows, which a hint says."""
    if not done.rows:
        hint(f"{file}: has no rows, so there is nothing to record")
    elif not done.entered and not done.known:
        hint(f"{file}: nothing was recorded: of {counted(done.rows, 'row')}, none could become a record or was known")
        return InputError.exit_code
    if done.differing:
        words = "known row differs" if done.differing == 1 else "known rows differ"
        hint(f"{file}: {done.differing} {words} from what is recorded, and nothing was changed; correct the file, or the record")
        return Conflict.exit_code
    return 0


def _lines(value: JsonObject) -> Iterator[str]:
    would = "would be " if value["dry_run"] else ""
    sums = ", ".join(to_text(part["amount"], part["exponent"], part["unit"]) for part in value["sums"] if part["amount"])
    entered = f"{value['entered']} {would}entered{f' ({sums})' if sums else ''}"
    yield f"{plain(value['file'])}: {counted(value['rows'], 'row')}; {entered}, {value['known']} known"
    yield from _difference_lines(value["differing_in"], value["differences"])
    if value.get("parties"):
        yield f"{counted(len(value['parties']), 'recipient')} {would}admitted"
    yield from (f"{value[name]} {words}" for name, words in COUNTS.items() if value.get(name))
    if value.get("other_names"):
        yield f"{len(value['other_names'])} times an organisation has another name than before; --json lists them"


def _difference_lines(counts: dict[str, int], differences: list[JsonObject]) -> Iterator[str]:
    """A line for each field in which known rows differ, with the first of these rows."""
    for field, count in counts.items():
        rows = [one for one in differences if one["field"] == field][:SHOWN]
        named = "; ".join(f"row {one['row']}, was {plain(one['was'])} in {one['record']}, is {plain(one['is'])}" for one in rows)
        more = f"; and {count - len(rows)} more" if count > len(rows) else ""
        yield f"{count} known with another {field}: {named}{more}"
