"""The rules of all kinds as data, for authors of verifiers, and the page that says what each of their words means.

    python -m ledger.rulebook.rules docs/reference

It writes `rules.json` and `rules.md`. The forms of records are next to them, in `schema/`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..books import kinds
from ..books.authority import DEMANDS, RELATIONS, WELCOME
from ..books.clock import SIGNED_AHEAD_S, SIGNED_BEFORE_S
from ..books.currency import EXPONENTS
from ..books.field import RANGES_PER_RECORD
from ..books.naming import ways
from ..books.programme import MOST_BELOW
from ..books.record import KINDS
from ..books.restriction import STRICTNESS
from ..books.rule import RULE_SETS, WORDS, Row, Word, plain
from ..bounds import MAX_AMOUNT, MAX_INTEGER
from ..canonical import JsonObject
from ..entries.statement import RECORDS, STATEMENT_BYTES
from ..findings.table import RULES
from ..log.entry import ENTRY_BYTES, FLOWS_BYTES
from .schema import COMPARISONS, comparisons

assert kinds, "importing the package registers the kinds"

FORMAT = "givetrail-rules/1"
FILE, PAGE = "rules.json", "rules.md"
WIDTH = 130
LIMITS = {
    "integer": MAX_INTEGER, "amount": MAX_AMOUNT,
    "entry_bytes": ENTRY_BYTES, "statement_bytes": STATEMENT_BYTES, "flows_bytes": FLOWS_BYTES,
    "records_per_statement": RECORDS, "flows_per_record": RANGES_PER_RECORD, "funds_below_the_root": MOST_BELOW,
    "signed_after_entry_s": SIGNED_AHEAD_S, "signed_before_entry_s": SIGNED_BEFORE_S,
}  # fmt: skip
PLACES = {
    "nests": "Rows that hold rows",
    "demands": "What is demanded",
    "moves": "What moves",
    "remembers": "What the books remember",
}
PAGE_HEAD = """# The rules as data

This page and [rules.json](rules.json) are made from the rows of the classes in `ledger/books/kinds/` by `make generate`; a test
compares. The program and the verifier in the browser read the same rows; with them, the schemas and [formats.md](formats.md) anyone
can write another verifier. `tests/rules/stranger.py` is one of at most 800 lines that uses nothing of ours. The golden ledger and
its mutations ([golden.md](golden.md)) show whether it judges as we do: each row below is broken by a mutation.

## The file

| member | holds |
|---|---|
| `words` | what each word means: the tables below |
| `relations` | who may make a record, or sign it too: what `said_by` and each of `may_sign` mean |
| `signatures` | who must sign it: what each of `signed_by` `means`, and which `roles` of other parties it lets sign too |
| `comparisons` | what is compared within a record beyond its schema in [schema/](schema/) |
| `kinds` | for each kind: who may make it and sign it, how it can be void, what it names, compares, moves and leaves in the books |
| `rule_sets` | for each rule set, and each kind, what is demanded |
| `findings` | for each finding of the rules: its `class`, and whether the record then `applies` or is skipped |
| `restrictions`, `currencies`, `limits` | restrictions from the mildest on; the decimals of ISO 4217; what may be at most |

`names` are `[what, path]`: a `fund`, an `activity`, a `unit`, a `party`, an earlier `record`, or of these a `disbursement`, which
is a payment or delivery. Each must exist when the record is judged (`reference`), and must not have been made by an entry
between the one that the statement is bound to and its own (`after`). `@2` is record 2 of the same statement; what an earlier
record of it made can be named. `compares` are `[path, name]`; a comparison that fails is `schema`, of the whole entry. A
`channel_ref` and its `channel` are in one record of a party only, of whatever kind (`duplicate-reference`), except in one that
`replaces` the last such record, or is a `correction` `of` it.

## A path

`cover.fund` is a member of a part, and nothing where the part is left out; through a list it is each item's. `[]` says that what
follows is of each item by itself. An empty path is the record. `fund/unit` is a pair, the name of a tape; `amount/to_amount` is a
pair too.

## The order

A row is `[word, path…]`. Rows are within `when`, `each` and `about` only. Entries are judged in their order, and their records in
theirs. First, of an entry as a whole: its form, its place in the log, its times; then whose keys signed. A key that does not belong
to any party, or is revoked, is `key-standing`. A statement needs a signature of the party that makes it, and a signature of another
party needs a record that asks for one of its `roles` in `signatures`, or to which it has a relation of `may_sign` (both
`authority`). A record that says `related` asks for those of `overseer`, or for the second of the party's mandate, and does not need
them. A key that a record of the statement gives may sign that statement. All these findings are about the whole entry, and its
records are still judged.

Then, for each record: who made it and who signed (`said_by`, `signed_by`, `may_sign`), what it names, what is demanded, what it
moves, and what is remembered. Keys and officers are those before the entry; everything else is as it is after all earlier records,
including those of the same statement. So is what a payee was paid on the day.

## A breach

The rules of conduct have `conduct` in `findings`. A record that breaks one may name it in its `breach`. Then the finding is of
class `audit`, and the record must also be signed as for `own rule`; or, if it names `approval`, as for `overseer`; without that
signature, `approval` is as if it were not named. A rule named that the record does not break is `breach`.

A word that `remarks` refuses nothing: where its row holds, that is a finding of class `audit`, and the record counts.

## After a finding

A record is still judged after a finding that `applies` (in `findings`). After any other it is skipped: it is not judged
further, and leaves nothing in the books, but the flows of its entry still move units, if the fund has them. A record that
names a skipped one is skipped too, without a finding. Where a record's flows are not what its rows give, that is `tape-flow`; the
entry's own flows then apply, where they move as much between the same tapes, and else what the rows give, where that is possible.

What `in-log`, `digests-of`, `of-gift` and, where the books remember nothing of the record, `can-be-undone` say of the named
record is judged after all entries were read. Their findings do not skip anything. `void_by` of a kind says how a reversal can
declare its records void: by what the books know of them (`row`), by what `gave` says (`gift`: exactly the gift's fund, unit,
amount, day and units), or simply so (`alone`). A record that is void cannot be named where a payment or delivery, or the gift of
a refund, is named (`reference`).

An entry that cannot be read (`canonical`, `size-limit`, `schema`, `version`, `unknown-kind`, `unknown-member`) is skipped in the
same way. Where it has records of the stages `registry` or `programme`, or its records cannot be read, later entries are no longer
judged by the books, because they may depend on it. The same holds after `rules`. The rule set in force is the one before the
entry, and at entry 0 the one that this names.

`bundle_decides` (*in a bundle*) says that a trace bundle, which holds some entries of a log only, shows whether a demand is met, or
that a trace asks for what is remembered; the verifier in the browser knows these words.

## What the books know

| of a | they know |
|---|---|
| fund | `owner`, `kind`, `parent`, root, project, `restriction`, and how far it is below its root |
| unit, party | from their record on: exponent; roles, and whether it is a person (`is_person`) |
| key | party, officer, from which day and until which it is in force; it signs from the entry after its own |
| mandate of a party | what is in force, and what is pending with its day: thresholds by unit, `second`, `key_delay_days` |
| activity | `owner`, `implementers` |
| disbursement | `party`, `payee`, `fund`, `unit`, `amount`, what has not come back (`left`), goods `bought` (tape, start, end) |
| | its kind and cost class, its day and that of its entry; how much was acknowledged at each level, and reported on |
| relation | of two parties: who said it last, and the day on which it ends |
| allocation | `party`, `source`, `to`, `unit`, `amount`, `units` |
| income | `party`, `fund`, `unit`, `amount`, `units`; its day and that of its entry |
| exchange | `party`, `fund`, `unit`, `amount`, `to_unit`, `to_amount`, `units`; its day and that of its entry |
| receipt | `party`, the payment or delivery, `amount`, `level` |
| taking | a receipt with `into`: `party`, the grant (`of`), `fund`, `unit`, `amount`, `units`; day; which units of the grant |
| feedback | `party`, its payments, `activity`, `from_day`, `to_day` |

Owner and party are the party that made the record. The payee is the party named or, of a group, `group/` with its class, which no
party is called. The root of a fund is the topmost fund above it, or itself; its project is the
project that it is, or that its parent belongs to. An allocation went from `source` to `to`; its `units` are those on the tape of
`to`, as ranges. The `units` of income, of an exchange and of a taking are those that came
in.

A threshold, goal or budget can be in a unit that is not declared. What a record `counts` is held against the threshold of its party
in that unit on the entry's day ([books.md](books.md) §2). How units are numbered on a **tape**, and which are free, is in
[books.md](books.md) §1; what inflow is, and what a cost limit allows, in §2.
"""


def rulebook() -> JsonObject:
    """`rules.json` as a value; PAGE_HEAD describes its members."""
    kinds_said = {kind: _kind(kind) for kind in sorted(KINDS)}
    return {
        "format": FORMAT,
        "words": {word.name: _word(word) for word in _in_order()},
        "relations": {name: sentence for name, (_, sentence) in RELATIONS.items()},
        "signatures": {name: {"means": said, "roles": sorted(WELCOME.get(name, ()))} for name, (_, said) in DEMANDS.items()},
        "comparisons": dict(sorted(COMPARISONS.items())),
        "kinds": kinds_said,
        "rule_sets": {name: {kind: plain(rows[kind]) for kind in sorted(rows)} for name, rows in RULE_SETS.items()},
        "findings": {
            id: {"class": rule.kind, "applies": rule.fold == "applies", **({"conduct": True} if rule.conduct else {})}
            for id, rule in RULES.items() if rule.fold != "-"
        },
        "restrictions": list(STRICTNESS),
        "currencies": EXPONENTS,
        "limits": LIMITS,
    }


def _word(word: Word) -> JsonObject:
    more = {"remarks": True} if word.remarks else {}
    return {"does": word.does, "means": word.sentence, "breaks": list(word.breaks), "bundle_decides": word.decidable, **more}


def _kind(name: str) -> JsonObject:
    kind = KINDS[name]
    return {
        "stage": kind.stage, "said_by": kind.signing.author, "signed_by": list(kind.signing.must),
        "may_sign": list(kind.signing.may), "is_gift": kind.is_gift, "void_by": kind.void_by,
        "names": [[way.what, ".".join(way.path)] for way in ways(kind) if not way.is_new],
        "compares": [list(one) for one in comparisons(name)], "moves": plain(kind.moves), "remembers": plain(kind.remembers),
    }  # fmt: skip


def _in_order() -> list[Word]:
    return sorted(WORDS.values(), key=lambda word: (list(PLACES).index(word.does), word.name))


def page() -> str:
    """docs/reference/rules.md: how to read the rows, and what each word means."""
    parts = [PAGE_HEAD]
    for does, title in PLACES.items():
        rows = [_line(word) for word in _in_order() if word.does == does]
        parts.append("\n".join([f"## {title}\n", "| word | means | breaks | in a bundle |", "|---|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def _line(word: Word) -> str:
    breaks = ", ".join(f"`{rule}`" for rule in word.breaks)
    return f"| `{word.name}` | {word.sentence} | {breaks} | {'yes' if word.decidable else ''} |"


def said(rows: Iterable[Row]) -> Iterator[str]:
    """A sentence for each demand that rows make of a record, or for what they report of it, for the page of its kind."""
    for row in rows:
        inner = [arg for arg in row.args if isinstance(arg, Row)]
        fields = ", ".join(f"`{arg}`" for arg in row.args if isinstance(arg, str))
        if inner:
            yield from (f"{sentence} (of {fields}, where it is there)" for sentence in said(inner))
        else:
            word = WORDS[row.word]
            yield f"{'Reported:' if word.remarks else 'Refused unless'} {fields}{': ' if fields else ''}{word.sentence}"


def text() -> str:
    """`rules.json` as text, one row per line."""
    return "".join(_lines(rulebook(), "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    """JSON, broken into lines where it would not fit on one."""
    whole = json.dumps(value, ensure_ascii=False)
    if not value or isinstance(value, str) or len(indent) + len(whole) <= WIDTH:
        yield whole
        return
    members = isinstance(value, dict)
    yield "{" if members else "["
    for number, one in enumerate(value):
        yield f"{',' if number else ''}\n{indent} " + (f"{json.dumps(one)}: " if members else "")
        yield from _lines(value[one] if members else one, indent + " ")
    yield f"\n{indent}" + ("}" if members else "]")


def write(directory: Path) -> None:
    """Write both files."""
    (directory / FILE).write_text(text(), encoding="utf-8")
    (directory / PAGE).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
