"""Grants in a 360Giving 1.4 JSON file become payments out of a fund of the funder.

Each recipient of grants is admitted as a party without a key, named by its org-id. The file does not say where the money came from,
so the payments of a unit follow one `income` of class `unstated` and of their sum, on the day of the earliest, and take its units.
What an interrupted import left of such an income is used first.

A grant is identified by the committed reference of its id, in the channel `360giving`. It is entered under a label of that name,
without a year, and looked up under every label that the party has.

An import is for one funder: the one whose org-id the party was admitted with, or else the one whose grants it imported first. The
ledger has that org-id in the record of the label's key, before anything is committed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ..books.flows import size
from ..books.record import channel_key
from ..books.register import bare
from ..books.state import Books
from ..books.tape import EMPTY, Span
from ..canonical import JsonObject
from ..disk.regular import unreadable
from ..entries.channel_reference import ReferenceKeys, committer
from ..entries.file_salt import digest_of_file
from ..entries.label import label_chooser
from ..errors import Conflict, RowError, SizeError
from ..writer.author import Author
from ..writer.sequencer import GROUP, Known, Sequencer
from .comparing import Comparison, Difference
from .entering import check_author, check_owner, enter, enter_key, local_today, source_record
from .fault import Faults
from .first_day import check_first_day
from .grant import Expected, Grant, read_grants
from .organisation import identifiers, party_slug

CHANNEL = "360giving"
RECORDS = 64
RANGES = 60
FILE_BYTES = 1 << 28
NAMES_KEPT = 100
WHENCE = "not stated, because the file lists awards and not where their money came from. The sum of {count} payments."

Record = JsonObject
Referred = tuple[Grant, str]


class GrantImport(NamedTuple):
    """What an import did; with `dry_run`, what it would have done. `rows` = `entered` + `known` + `broken` + `to_itself`; `faults`
    are the first hundred of the broken grants; `differing`, `differing_in` and `differences` are as in `GiftImport`. The amounts of
    `rounded` grants differed from whole minor units in the last places of a double. In `to_itself` grants the file names the funder
    as recipient; they are left out, because nobody is their own payee. `sums_minor` are (unit, sum) of what was entered;
    `other_names` are the first hundred (org-id, name) of organisations that the file calls by a second name."""

    rows: int
    entered: int
    known: int
    differing: int
    differing_in: tuple[tuple[str, int], ...]
    broken: int
    faults: tuple[RowError, ...]
    differences: tuple[Difference, ...]
    parties: tuple[str, ...]
    fund_made: bool
    rounded: int
    to_itself: int
    sums_minor: tuple[tuple[str, int], ...]
    other_names: tuple[tuple[str, str], ...]
    digest: str
    size_bytes: int
    dry_run: bool


def import_360giving(
    sequencer: Sequencer,
    funder: Author,
    operator: Author,
    path: Path,
    fund: str,
    keys: ReferenceKeys,
    *,
    dry_run: bool = False,
    leave_out_broken: bool = False,
) -> GrantImport:
    """Enter the grants of a file that the ledger does not have, their recipients, the fund if there is none, and one `source`
    record with the last of them. The file is held in memory.

    Raises RowError for the first broken grant, and then nothing is entered; with `leave_out_broken` such grants are counted
    instead. Raises FormatError, SizeError; Refused if the fund or keys do not fit; Conflict if a recipient's party id belongs to
    another.
    """
    books = sequencer.books
    _check_start(books, funder, operator, fund)
    raw, admitted, faults = _read(path), identifiers(books, sequencer.store), Faults(leave_out_broken)
    rows, listed = read_grants(raw, _expected(books, funder, admitted, keys), faults)
    grants = [grant for grant in listed if not grant.to_itself]
    places = _places(sequencer, funder.party, grants, keys)
    new = sorted([grant for grant in grants if grant.number not in places], key=lambda grant: (grant.paid_on, grant.id))
    check_first_day(books, funder.party, new[0].paid_on if new else "")
    party_of, records = _recipients(new, admitted)
    compared = Comparison(sequencer)
    for grant in [grant for grant in grants if grant.number in places]:
        compared.meet(grant.number, places[grant.number], _known_as(grant, fund, _payee(grant, party_of)))
    digest = "" if dry_run else digest_of_file(keys.file_salt(), raw)
    done = GrantImport(
        rows, len(new), compared.known, compared.differing, compared.counts(), faults.count, faults.kept(), compared.kept(),
        tuple(record["id"] for record in records), bool(new) and books.fund.get(fund) is None,
        sum(grant.rounded for grant in new), len(listed) - len(grants), _sums(new), _other_names(grants), digest,
        len(raw), dry_run,
    )  # fmt: skip
    if new and not dry_run:
        label = _label(books, funder)
        commit = committer(enter_key(sequencer, funder, keys, label, grants[0].funder), label, CHANNEL)
        _enter_parties(sequencer, operator, records)
        if done.fund_made:
            enter(sequencer, funder, [[_fund_record(books, fund, funder.party)]])
        _enter_payments(sequencer, funder, fund, [(grant, commit(grant.id)) for grant in new], party_of, _source(done))
    return done


def _label(books: Books, funder: Author) -> str:
    """The label of grants, which has no end."""
    return label_chooser(books, funder.party, CHANNEL)(local_today(books, funder.clock()))


def _expected(books: Books, funder: Author, admitted: dict[str, str | None], keys: ReferenceKeys) -> Expected:
    key = keys.find(_label(books, funder))
    units = {unit: row.exponent for unit, row in books.unit.items()}
    whose = admitted.get(funder.party) or (key.of if key else "")
    return Expected(whose, units, local_today(books, funder.clock()))


def _check_start(books: Books, funder: Author, operator: Author, fund: str) -> None:
    for author in (funder, operator):
        check_author(books, author)
    if books.fund.get(fund) is not None:
        check_owner(books, fund, funder.party, "fund")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error, "name the file", "file") from None
    if len(raw) > FILE_BYTES:
        raise SizeError(f"{path}: more than {FILE_BYTES} bytes; import it in parts", rule="size-limit")
    return raw


def _places(sequencer: Sequencer, party: str, grants: list[Grant], keys: ReferenceKeys) -> dict[int, Known]:
    """Which grants the ledger has, and where, by number."""
    found: dict[int, Known] = {}
    beginning = channel_key(party, CHANNEL, "")
    for commit in keys.committers(CHANNEL).values():
        places = sequencer.known([beginning + commit(grant.id) for grant in grants])
        found.update({grant.number: place for grant, place in zip(grants, places, strict=True) if place is not None})
    return found


def _recipients(grants: Sequence[Grant], admitted: dict[str, str | None]) -> tuple[dict[str, str], list[Record]]:
    """Bare org-id → party of every recipient, and the records that admit those the ledger does not have. Raises Conflict."""
    party_of: dict[str, str] = {}
    for party, identifier in admitted.items():
        if identifier is not None:
            party_of.setdefault(bare(identifier), party)
    records: list[Record] = []
    for grant in sorted(grants, key=lambda grant: grant.number):
        if bare(grant.payee) in party_of:
            continue
        party_of[bare(grant.payee)] = slug = party_slug(grant.payee)
        if admitted.get(slug) is not None:
            raise Conflict(
                f"party {slug!r}: is already admitted as {admitted[slug]!r}, not as {grant.payee!r}; admit the recipient by hand",
                rule="party",
            )
        if slug not in admitted:
            records.append({
                "entity": "organisation", "id": slug, "identifier": grant.payee, "kind": "party", "name": grant.payee_name,
                "roles": ["implementer"],
            })  # fmt: skip
    return party_of, records


def _enter_parties(sequencer: Sequencer, operator: Author, records: list[Record]) -> None:
    _enter_groups(sequencer, operator, [records[at : at + RECORDS] for at in range(0, len(records), RECORDS)])


def _enter_groups(sequencer: Sequencer, author: Author, statements: list[list[Record]]) -> None:
    for at in range(0, len(statements), GROUP):
        enter(sequencer, author, statements[at : at + GROUP])


def _fund_record(books: Books, fund: str, party: str) -> Record:
    owner = books.party.get(party)
    name = f"Grants of {owner.name if owner else party}"
    return {
        "id": fund, "kind": "fund", "name": name[:200], "purpose": "Grants awarded, as the funder's 360Giving file lists them",
        "restriction": "unrestricted",
    }  # fmt: skip


def _enter_payments(
    sequencer: Sequencer, funder: Author, fund: str, new: list[Referred], party_of: dict[str, str], source: Record
) -> None:
    statements: list[list[Record]] = []
    for unit, group in groupby(sorted(new, key=lambda one: one[0].unit), key=lambda one: one[0].unit):
        statements += _statements(sequencer.books, fund, unit, list(group), party_of)
    statements[-1].append(source)
    _enter_groups(sequencer, funder, statements)


def _statements(books: Books, fund: str, unit: str, new: list[Referred], party_of: dict[str, str]) -> list[list[Record]]:
    """Statements of 64 records: an income of what the payments take, less what an earlier one of that class left, and the payments.
    They are in the order of their days."""
    first_day, total = new[0][0].paid_on, sum(grant.amount_minor for grant, _ in new)
    units = _left_of_unstated(books, fund, unit, first_day)
    lacking = max(0, total - size(units))
    start = (books.tape.get(f"{fund}/{unit}") or EMPTY).end
    records: list[Record] = [{
        "amount": lacking, "channel": "own", "fund": fund, "income_class": "unstated", "kind": "income", "received_on": first_day,
        "source": WHENCE.format(count=len(new)), "unit": unit,
    }] if lacking else []  # fmt: skip
    units += [(start, start + lacking)] if lacking else []
    for grant, reference in new:
        taken, units = _first(units, grant.amount_minor)
        records.append({
            **_known_as(grant, fund, _payee(grant, party_of)), "channel": CHANNEL, "channel_ref": reference,
            "cost_class": "programme", "units": [list(span) for span in taken],
        })  # fmt: skip
    return [records[at : at + RECORDS] for at in range(0, len(records), RECORDS)]


def _left_of_unstated(books: Books, fund: str, unit: str, day: str) -> list[Span]:
    """The units of unstated income of up to that day that are still in the fund, in at most as many ranges as a payment names."""
    tape = books.tape.get(f"{fund}/{unit}") or EMPTY
    rows = [row for _, row in books.income.items() if (row.fund, row.unit, row.income_class) == (fund, unit, "unstated")]
    spans = [span for row in sorted(rows, key=lambda row: row.start) if row.day <= day for span in row.units]
    free = tape.lowest(tape.free())
    left = [(max(low, start), min(high, end)) for start, end in spans for low, high in free]
    return [(start, end) for start, end in left if start < end][:RANGES]


def _first(units: list[Span], amount: int) -> tuple[list[Span], list[Span]]:
    """The first units of some ranges, as many as the amount, and the others."""
    taken: list[Span] = []
    while amount:
        (start, end), *units = units
        stop = min(end, start + amount)
        taken = [*taken[:-1], (taken[-1][0], stop)] if taken and taken[-1][1] == start else [*taken, (start, stop)]
        units = [(stop, end), *units] if stop < end else units
        amount -= stop - start
    return taken, units


def _known_as(grant: Grant, fund: str, payee: str) -> Record:
    """The members of a payment that the file determines."""
    return {
        "amount": grant.amount_minor, "fund": fund, "grant": {}, "kind": "payment", "paid_on": grant.paid_on, "payee": payee,
        "unit": grant.unit,
    }  # fmt: skip


def _payee(grant: Grant, party_of: dict[str, str]) -> str:
    """The party that is paid; for an organisation that is not admitted, the party that it would be."""
    return party_of.get(bare(grant.payee)) or party_slug(grant.payee)


def _source(done: GrantImport) -> Record:
    return source_record(
        "application/json", done.size_bytes, done.digest, "360giving-1.4", rows=done.rows, entered=done.entered,
        known=done.known, left_out=done.broken + done.to_itself,
    )  # fmt: skip


def _sums(new: list[Grant]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for grant in new:
        sums[grant.unit] = sums.get(grant.unit, 0) + grant.amount_minor
    return tuple(sorted(sums.items()))


def _other_names(grants: list[Grant]) -> tuple[tuple[str, str], ...]:
    first: dict[str, str] = {}
    named = dict.fromkeys((grant.payee, grant.payee_name) for grant in grants)
    return tuple((payee, name) for payee, name in named if first.setdefault(payee, name) != name)[:NAMES_KEPT]
