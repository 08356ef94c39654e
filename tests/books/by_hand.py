"""Books, records and statements made by hand: what one function looks at, and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from ledger.books.fold import Fault, judge
from ledger.books.record import Record, runs_of
from ledger.books.rows import ACTIVE, Activity, Disbursement, Fund, Head, Held, KeyRow, Party, Project, UnitRow
from ledger.books.rows import Ledger as LedgerRow
from ledger.books.rule import FIRST, RULE_SETS, Row
from ledger.books.state import Books
from ledger.books.statement_context import Flow, JournalEntry, Kept, StatementContext, refuse
from ledger.books.tape import Tape
from ledger.entries.statement import validated_record
from ledger.errors import Refused
from tests.language import Ledger, flows_of

TIME, DAY, ORIGIN, ID = "2026-09-07T10:00:00Z", "2026-09-07", "ledger.example.org", "0" * 8
SIZE = 5


def books_of(**tables: dict[str, tuple]) -> Books:
    """Books with these rows, by the names of the tables."""
    books = Books()
    for name, rows in tables.items():
        for key, row in rows.items():
            getattr(books, name).load(key, row)
    return books


def fund(owner: str = "hope", **more: Any) -> Fund:
    """A fund's row; by itself and unrestricted, if nothing else is said."""
    bare = {"parent": "", "root": "root", "kind": "fund", "project": "", "restriction": "unrestricted"}
    return Fund(**{"owner": owner, **bare, "since": 0, "depth": 0, **more})


def party(*roles: str, officers: Sequence[str] = (), since: int = 0) -> Party:
    return Party("Name", roles, tuple(officers), since)


def key_row(party: str, officer: str, until: int = ACTIVE) -> KeyRow:
    return KeyRow(party, officer, 0, until)


def paid(amount: int = 1000, **more: Any) -> Disbursement:
    """The row of a payment out of the activity `books` to the shop."""
    return Disbursement(**{
        "kind": "payment", "party": "hope", "fund": "books", "tape": "books/CNY", "amount": amount, "payee": "shop",
        "cost_class": "programme", "day": DAY, "yields": "", **more,
    })  # fmt: skip


def small_books(**tables: dict[str, tuple]) -> Books:
    """A ledger of five entries at UTC+08:00 with two charities and an auditor; hope has a fund of its own, and a project with an
    activity. Each party has one officer, whose key is called as the party is. Rows of `tables` come to these, or replace them."""
    parties = {"op": "operator", "hope": "charity", "river": "charity", "shop": "vendor", "auditco": "auditor", "till": "custodian"}
    there: dict[str, dict[str, tuple]] = {
        "head": {"": Head(SIZE, TIME, "givetrail/1")},
        "ledger": {"": LedgerRow(ORIGIN, "Name", "op", "the.log", 480)},
        "unit": {"CNY": UnitRow(2, 0), "box": UnitRow(0, 0)},
        "party": {name: party(role, officers=["a"]) for name, role in parties.items()},
        "key": {name: key_row(name, "a") for name in parties},
        "held": {f"{name}/a": Held((name,)) for name in parties},
        "fund": {
            "general": fund(root="general"), "aid": fund("river", root="aid"),
            "school": fund(root="school", kind="project", project="school", restriction="restricted"),
            "books": fund(root="school", kind="activity", project="school", restriction="restricted", parent="school", depth=1),
        },
        "project": {"school": Project("hope", "School", (), 10, 30)},
        "activity": {"books": Activity("school", "hope", ())},
    }  # fmt: skip
    return books_of(**{name: {**there.get(name, {}), **tables.get(name, {})} for name in {**there, **tables}})


def record(text: str, party: str = "hope") -> Record:
    """One record in the tests' language; references stand in it as they are."""
    (said,), _ = Ledger().read(party, text)
    return validated_record(said)


def said(text: str, party: str = "hope", by: Sequence[str] | None = None, **more: Any) -> JournalEntry:
    """A statement of `party` for the small books, signed by its key, and entered when it was signed."""
    runs = runs_of([record(one, party) for one in text.split("; ")])
    whole = JournalEntry(
        SIZE, TIME, ORIGIN, party, ID, more.get("time", TIME), SIZE - 1, runs, (party,) if by is None else tuple(by)
    )
    return whole._replace(**more)


def act_of(party: str = "hope", text: str = "progress books", **slots: Any) -> StatementContext:
    """What a statement does before its first record was looked at, with these members set."""
    context = StatementContext(said(text, party), DAY, RULE_SETS[FIRST])
    for name, value in slots.items():
        setattr(context, name, value)
    return context


def judged(books: Books, text: str, flows: Sequence[Flow] = (), **more: Any) -> list[Fault]:
    """What an audit finds in a statement with these flows."""
    _, faults = judge(books, said(text, **more), [record(one, more.get("party", "hope")) for one in text.split("; ")], flows)
    return faults


def rule_of(call: Callable[..., Any], *args: Any) -> str:
    """The rule by which a call is refused; "" where it is not."""
    try:
        call(*args)
    except Refused as refused:
        assert str(refused)
        return refused.rule
    return ""


def faults_of(books: Books, call: Callable[..., Any], *args: Any) -> list[str]:
    """The rules that a call finds broken, as an audit finds them: it goes on."""
    kept, acts = Kept(), [arg for arg in args if isinstance(arg, StatementContext)]
    for context in acts:
        context.mode = kept
    call(books, *args)
    for context in acts:
        context.mode = refuse
    return [fault.rule for fault in kept]


def judging(word: Callable[..., Row]) -> Callable[..., None]:
    """A word of rules as a call with books, a context and the values of its fields."""
    return lambda books, context, *values: word.__wrapped__(books, context, ("field",) * len(values), *values)


def tapes(books: Books) -> dict[str, tuple]:
    """End, frontier and holes of every tape."""
    return {name: tuple(tape) for name, tape in books.tape.items()}


def at(shift_s: int) -> str:
    """So many seconds after the time of the small books."""
    moment = datetime.datetime.fromisoformat(TIME) + datetime.timedelta(seconds=shift_s)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def a_project(tape: dict[str, Tape]) -> Books:
    """Funds `p` and `q` of one project, and `a` of none."""
    funds = {"p": fund(project="p"), "q": fund(project="p"), "a": fund()}
    return books_of(fund=funds, tape=tape)


def check(text: str, books: Books | None = None, who: str = "hope", **slots: Any) -> list[str]:
    """The rules that a record breaks: those that an audit goes on after, or the one that stops it."""
    books = books or small_books()
    one, context, found = record(text, who), act_of(who, **slots), list[str]()
    stopped = rule_of(lambda: found.extend(faults_of(books, lambda b, a: one.check(b, a), context)))
    return [stopped] if stopped else found


def posted(text: str, books: Books | None = None, rows: list[str] | None = None, who: str = "hope", **slots: Any) -> Books:
    """The books after a record was remembered, and nothing else of it was done."""
    books = books or small_books()
    books.commit(keep=False)
    record(text, who).post(books, act_of(who, **slots), flows_of(rows or []))
    return books
