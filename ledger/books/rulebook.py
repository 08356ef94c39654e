"""The rules of all kinds as data, for whoever writes a verifier, and the page that says what each word of them means.

    python -m ledger.books.rulebook docs/reference

It writes `rules.json` and `rules.md`. The forms of records stand beside them, in `schema/`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import kinds
from .authority import DEMANDS, RELATIONS
from .naming import ways
from .record import KINDS
from .rule import RULE_SETS, WORDS, Row, Word, plain
from .schema import COMPARISONS, comparisons

assert kinds, "importing the package registers the kinds"

FORMAT = "givetrail-rules/1"
FILE, PAGE = "rules.json", "rules.md"
WIDTH = 130
PLACES = {
    "nests": "Rows that hold rows",
    "demands": "What is demanded",
    "moves": "What moves",
    "remembers": "What the books remember",
}
PAGE_HEAD = """# The rules as data

This page and [rules.json](rules.json) are made from the rows of the classes in `ledger/books/kinds/` by `make generate`; a test
compares. The program and the verifier in the browser read the same rows; with them and the schemas anyone can write another
verifier. `tests/rules/stranger.py` is one of at most 400 lines that uses nothing of ours.

## The file

| member | holds |
|---|---|
| `words` | what each word means: the tables below |
| `relations`, `signatures` | what `said_by` and `signed_by` mean |
| `comparisons` | what is compared within a record beyond its schema in [schema/](schema/) |
| `kinds` | for each kind: who says it and who has to sign, what it names, compares, moves and leaves in the books |
| `rule_sets` | for each rule set, and each kind, what is demanded |

`names` are `[what, path]`: a `fund`, an `activity`, a `party` or an earlier `record`. Each has to be there when the record is
judged (`reference`), and not to have been made after the entry to which the statement is bound (`after`). `compares` are
`[path, name]`; `[]` in a path are the items of a list, and an empty path is the record. A `channel_ref` and its `channel` stand
in one record of a party only, of whatever kind (`duplicate-reference`).

## A row

A row is `[word, field…]`, and its fields are paths: `fee.amount` is a member of a part, and nothing where the part is left out;
through a list it is each item's. `fund/unit` is a pair, the name of a tape; `amount/to_amount` is a pair too. Rows stand within
`when`, `each` and `about` only. A word of the books is judged by the books as they are just before its record: after all records
before it, also those of its own statement. Signatures alone are judged by the books before the entry.

Entries are judged in their order, and within one the records in theirs. For each record: who says it and who signed (`said_by`,
`signed_by`), what it names, what is demanded, then what it moves, then what is remembered. What breaks `restriction`, `time`,
`authority`, `approval`, `cost-limit`, `exponent`, `ledger`, `receipt-excess` or `statistics-total` is a finding and still applies;
with any other finding a record moves and leaves nothing. The rule set is the one that was in force before the entry.

`bundle_decides` (*in a bundle*) says that a trace bundle, which holds some entries of a log only, shows whether a demand is met, or
that a trace asks for what is remembered; the verifier in the browser knows these words.

## What the books know

A **fund** has an owner, a kind, a parent, a root (the topmost fund above it, or itself), a project (the one it is, or that its
parent belongs to), a restriction and thresholds. A **unit** and a **party**, with its roles, are known from their record on, a
**key** from the entry after its own. An **activity** has an owner, the party that said it, and implementers. A **disbursement**
is a payment or delivery: its party, payee, fund, unit, amount, first unit, and how much of it was acknowledged at each level,
reported on, and returned. An **allocation** has its party, the fund it left and the one it went to, its unit, amount and first
unit. How units are numbered on a **tape**, and which are free, is said in [books.md](books.md) §1.
"""


def rulebook() -> dict[str, Any]:
    """`rules.json` as a value: `words`, `relations`, `signatures`, `kinds` and `rule_sets`."""
    kinds_said = {kind: _kind(kind) for kind in sorted(KINDS)}
    return {
        "format": FORMAT,
        "words": {word.name: _word(word) for word in _in_order()},
        "relations": {name: sentence for name, (_, sentence) in RELATIONS.items()},
        "signatures": {name: sentence for name, (_, sentence) in DEMANDS.items()},
        "comparisons": dict(sorted(COMPARISONS.items())),
        "kinds": kinds_said,
        "rule_sets": {name: {kind: plain(rows[kind]) for kind in sorted(rows)} for name, rows in RULE_SETS.items()},
    }


def _word(word: Word) -> dict[str, Any]:
    return {"does": word.does, "means": word.sentence, "breaks": list(word.breaks), "bundle_decides": word.decidable}


def _kind(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    return {
        "stage": kind.stage, "said_by": kind.signing.author, "signed_by": list(kind.signing.must), "is_gift": kind.is_gift,
        "names": [[way.what, ".".join(way.path)] for way in ways(kind) if not way.is_new],
        "compares": [list(one) for one in comparisons(name)], "moves": plain(kind.moves), "remembers": plain(kind.remembers),
    }  # fmt: skip


def _in_order() -> list[Word]:
    return sorted(WORDS.values(), key=lambda word: (list(PLACES).index(word.does), word.name))


def page() -> str:
    """docs/reference/rules.md: how the rows are read, and what each word means."""
    parts = [PAGE_HEAD]
    for does, title in PLACES.items():
        rows = [_line(word) for word in _in_order() if word.does == does]
        parts.append("\n".join([f"## {title}\n", "| word | means | breaks | in a bundle |", "|---|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def _line(word: Word) -> str:
    breaks = ", ".join(f"`{rule}`" for rule in word.breaks)
    return f"| `{word.name}` | {word.sentence} | {breaks} | {'yes' if word.decidable else ''} |"


def said(rows: Iterable[Row]) -> Iterator[str]:
    """What rows demand of a record, a sentence each, for the page of its kind."""
    for row in rows:
        inner = [arg for arg in row.args if isinstance(arg, Row)]
        fields = ", ".join(f"`{arg}`" for arg in row.args if isinstance(arg, str))
        if inner:
            yield from (f"{sentence} (of {fields}, where it is there)" for sentence in said(inner))
        else:
            yield f"{fields}: {WORDS[row.word].sentence}" if fields else WORDS[row.word].sentence


def text() -> str:
    """`rules.json`: a row a line."""
    return "".join(_lines(rulebook(), "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    """JSON, broken where it would not fit on a line."""
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
