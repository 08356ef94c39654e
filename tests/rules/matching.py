"""A kind of the tests, as a new one would come: a gift is doubled out of a pool. It costs its class, one word with what settles its
claim, a twin of that word, and its words for the pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

from api.pages import names
from api.pages.locale import marked
from api.verifier import forms
from ledger.books.claims import Bar, Facts, Settling
from ledger.books.demands import as_many
from ledger.books.field import Amount, FundId, Ranges, Ref, Unit
from ledger.books.flows import Target, ins
from ledger.books.kind import Kind
from ledger.books.moves import comes_in, goes_out
from ledger.books.record import BY_OWNER, KINDS, Record, Rows
from ledger.books.rule import RULE_SETS, SETTLED, WORDS, demand
from ledger.books.state import Books
from ledger.books.statement_context import StatementContext
from ledger.bounds import MAX_INTEGER
from ledger.errors import Refused
from tests.verifier.asking import RUN

KIND = "doubling"
VERIFIER = Path(forms.__file__).parent
TWIN = Path(__file__).with_name("matching.js")


@contextmanager
def registered() -> Iterator[None]:
    """Forget, at the end, every kind, word and claim that came meanwhile."""
    tables = [KINDS, WORDS, SETTLED, names.KINDS, RULE_SETS, *RULE_SETS.values()]
    before = [dict(table) for table in tables]
    try:
        yield
    finally:
        for table, kept in zip(tables, before, strict=True):
            table.clear()
            table.update(kept)


def doubling(settled: bool = True, worded: bool = True) -> type[Record]:
    """Register the kind `doubling`, its word, and what else it needs; `settled` without what settles its claims, `worded` without
    words for people."""

    @demand(
        "it names a gift of that amount to that tape, none of which was refunded, and which was not doubled",
        "reference", decidable=True,
    )  # fmt: skip
    def doubles(
        books: Books, context: StatementContext, fields: tuple[str, ...], gift: str, tape: tuple[str, str], amount: int
    ) -> None:
        context.claim("doubles", gift, tape="/".join(tape), amount=amount)

    SETTLED["doubles"] = Settling(_is_the_gift, _whole, BARS) if settled else Settling(lambda facts, target: None)
    if worded:
        names.KINDS[KIND] = marked("gift")

    class Doubling(Kind):
        """Puts as much as a gift into its fund, out of a pool."""

        stage: ClassVar[str] = "implementation"
        signing: ClassVar[Any] = BY_OWNER
        demands: ClassVar[Rows] = (doubles("gift", "to/unit", "amount"), as_many("units", "amount", "unit"))
        moves: ClassVar[Rows] = (goes_out("fund/unit", "amount", "units"), comes_in("to/unit", "amount"))

        kind: Literal["doubling"]
        gift: Ref
        fund: FundId
        to: FundId
        unit: Unit
        amount: Amount
        units: Ranges | None = None

    return Doubling


def _is_the_gift(facts: Facts, target: Target) -> None:
    if not target.record.is_gift or target.record.amount != facts["amount"] or ins(target.rows)[0][0] != facts["tape"]:
        raise Refused("gift: is not a gift of that amount to that fund; double the whole of it", rule="reference")


def _whole(facts: Facts) -> Any:
    return [(0, 1)]


BARS = (
    Bar("doubles", _whole, lambda start, end: Refused("gift: was doubled before; a gift is doubled once", rule="reference")),
    Bar("of-gift", lambda facts: [(0, MAX_INTEGER)], lambda start, end: Refused("gift: was refunded", rule="reference")),
)


def browser(folder: Path, twin: bool = True) -> Path:
    """The verifier in the browser as `make generate` would make it now, with or without the twin of the word; its run.mjs."""
    there = Path(shutil.copytree(VERIFIER, folder / "api" / "verifier"))
    (there / "forms.js").write_text(forms.source(), encoding="utf-8")
    if twin:
        (there / "matching.js").write_bytes(TWIN.read_bytes())
        with (there / "verify.js").open("a") as file:
            file.write('import "./matching.js";\n')
    (folder / "tests" / "verifier").mkdir(parents=True)
    return Path(shutil.copy(RUN, folder / "tests" / "verifier" / RUN.name))
