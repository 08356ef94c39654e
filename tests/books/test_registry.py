"""Keys, parties, funds and the ledger itself: who is let in, what each is given, and what is taken away."""

from __future__ import annotations

import pytest

from ledger.books.keys import hold, is_new_key, revoke
from ledger.books.moment import local_day
from ledger.books.programme import MOST_BELOW
from ledger.books.rows import ACTIVE, Activity, Ended, Fund, Head, Held, KeyRow, Party, Project
from ledger.books.rows import Ledger as LedgerRow
from ledger.books.state import Books
from ledger.books.statement_context import Signer
from tests.books.by_hand import (
    DAY,
    TIME,
    act_of,
    books_of,
    check,
    fund,
    judging,
    key_row,
    party,
    posted,
    record,
    rule_of,
    small_books,
)
from tests.language import key_text

HEX = "a" * 64


def test_a_key_that_is_nobodys():
    books = books_of(
        key={"taken": key_row("hope", "li"), "gone": key_row("hope", "li", 3)}, ledger={"": LedgerRow("o", "N", "op", "log", 0)},
        ended={"old": Ended(3, HEX, "old-log")},
    )  # fmt: skip
    for key, rule in (("new", ""), ("taken", "key-standing"), ("gone", "key-standing"), ("log", "key-standing"),
        ("old-log", "key-standing")):
        assert rule_of(judging(is_new_key), books, act_of(), key) == rule, key
    assert rule_of(judging(is_new_key), Books(), act_of(), "log") == ""


def test_keys_come_into_force_and_go():
    """Officers are listed in order, each once, as long as one of their keys is in force."""
    books = books_of(party={"hope": party("charity")})

    def standing() -> tuple:
        return books.party.get("hope").officers, {name: row.keys for name, row in books.held.items()}

    for officer, key in (("li", "k1"), ("wang", "k2"), ("ada", "k3"), ("li", "k4"), ("li", "k5")):
        hold(books, key, KeyRow("hope", officer, 7, ACTIVE), DAY)
    assert standing() == (("ada", "li", "wang"), {"hope/ada": ("k3",), "hope/li": ("k1", "k4", "k5"), "hope/wang": ("k2",)})
    assert books.key.get("k4") == KeyRow("hope", "li", 7, ACTIVE)
    revoke(books, "k4", 9, DAY)
    assert standing() == (("ada", "li", "wang"), {"hope/ada": ("k3",), "hope/li": ("k1", "k5"), "hope/wang": ("k2",)})
    assert books.key.get("k4") == KeyRow("hope", "li", 7, 9)
    for key in ("k1", "k5"):
        revoke(books, key, 9, DAY)
    assert standing() == (("ada", "wang"), {"hope/ada": ("k3",), "hope/li": (), "hope/wang": ("k2",)})
    revoke(books, "k2", 9, DAY)
    assert standing()[0] == ("ada",)
    revoke(books, "k3", 9, DAY)
    assert standing() == ((), {"hope/ada": (), "hope/li": (), "hope/wang": ()})


def test_what_is_revoked_twice_or_of_nobody_changes_nothing():
    books = books_of(party={"hope": party(officers=["li"])}, key={"k": key_row("hope", "li"), "x": key_row("ghost", "a")})
    for key in ("nobody", "x"):
        revoke(books, key, 9, DAY)
    assert books.party.get("hope").officers == ("li",) and books.key.get("x").until == 9
    books.held.put("hope/li", Held(("other",)))
    revoke(books, "k", 9, DAY)
    assert (books.party.get("hope").officers, books.held.get("hope/li")) == (("li",), Held(("other",)))
    books.held.put("hope/li", Held(()))
    revoke(books, "k", 9, DAY)
    assert books.party.get("hope").officers == ("li",)


def test_who_brings_a_key():
    one = record("key wang")
    for signers, rules in (
        ([("k", "hope")], []), ([], ["key-standing"]), ([("k", "shop")], ["key-standing"]), ([(one.key, "hope")], ["key-standing"]),
        ([(one.key, "hope"), ("k", "hope")], []), ([(one.key, "hope"), ("k", "shop")], ["key-standing"]),
    ):  # fmt: skip
        assert check("key wang", signers=tuple(Signer(key, who, "a") for key, who in signers)) == rules
    assert check("key wang", small_books(key={one.key: key_row("shop", "a")}),
        signers=(Signer("k", "hope", "a"),)) == ["key-standing"]
    assert tuple(one.introduces("hope")) == ((one.key, "hope", "wang"),)
    books = posted("key wang", number=1)
    assert books.party.get("hope").officers == ("a", "wang")
    assert books.key.get(one.key) == KeyRow("hope", "wang", 5, ACTIVE, DAY, "2026-09-10")
    assert rule_of(posted, "key wang", None, None, "stranger") == "reference"


def test_which_key_is_revoked():
    key = record("key-revocation li reason=lost").key
    for books, rules in (
        (small_books(), ["reference"]), (small_books(key={key: key_row("hope", "li")}), []),
        (small_books(key={key: key_row("hope", "li", 0)}), ["reference"]),
        (small_books(key={key: key_row("hope", "li", 4)}), ["reference"]),
    ):  # fmt: skip
        assert check("key-revocation li reason=lost", books) == rules
    assert posted("key-revocation li reason=lost", small_books(key={key: key_row("hope", "li")})).key.get(key).until == 5


def test_who_is_admitted():
    for text, rules in (
        ("party new vendor", []), ("party new vendor,charity k", []), ("party hope vendor", ["reference"]),
        ("party new operator", ["reference"]), ("party new vendor,operator k", ["reference"]),
    ):  # fmt: skip
        assert check(text, who="op") == rules, text
    loud = record("party new vendor k", "op")
    assert check("party new vendor k", small_books(key={loud.keys[0].key: key_row("hope", "a")}), "op") == ["key-standing"]
    assert tuple(loud.introduces("op")) == ((loud.keys[0].key, "new", "k"),)
    assert tuple(record("party new vendor").introduces("op")) == ()
    assert posted("party new vendor,charity").party.get("new") == Party("Name", ("vendor", "charity"), (), 5, DAY)
    books = posted("party new vendor k", who="op")
    assert (books.party.get("new").officers, books.held.get("new/k")) == (("k",), Held((loud.keys[0].key,)))
    assert posted(f"party new vendor entity=person private={'A' * 43}").party.get("new").name == "new"
    assert tuple(record("progress books").introduces("hope")) == ()


def test_a_party_is_recovered():
    one = record("recovery hope new", "op")
    assert check("recovery hope new", who="op") == [] and check("recovery ghost new", who="op") == ["reference"]
    assert check("recovery hope new", small_books(party={"hope": party(since=5)}), "op") == ["reference"]
    assert check("recovery hope new", small_books(party={"hope": party(since=4)}), "op") == []
    assert check("recovery hope new", small_books(key={one.key: key_row("shop", "a")}), "op") == ["key-standing"]
    assert tuple(one.introduces("op")) == ((one.key, "hope", one.officer),)
    books = small_books()
    for officer, key in (("li", "k1"), ("li", "k2"), ("wang", "k3")):
        hold(books, key, KeyRow("hope", officer, 2, ACTIVE), DAY)
    posted("recovery hope new", books, who="op")
    assert [books.key.get(key).until for key in ("hope", "k1", "k2", "k3", one.key, "shop")] == [5, 5, 5, 5, ACTIVE, ACTIVE]
    assert books.party.get("hope").officers == (one.officer,)
    bare = small_books(held={})
    bare.held.load("hope/a", Held(()))
    assert posted("recovery hope new", bare, who="op").party.get("hope").officers == ("a", one.officer)


LEDGER = "ledger chief officer=chief"


def test_entry_0_names_the_ledger():
    one = record(LEDGER, "op")
    assert tuple(one.introduces("op")) == ((one.key, "op", "chief"),)
    for index, number, rules in ((0, 0, []), (1, 0, ["reference"]), (0, 1, ["reference"]), (2, 2, ["reference"])):
        assert check(LEDGER, Books(), "op", index=index, number=number) == rules
    assert check(f"{LEDGER} rules=givetrail/2", Books(), "op", index=0) == ["rules"]
    assert check(f"{LEDGER} log_key={one.key}", Books(), "op", index=0) == ["key-standing"]


@pytest.mark.parametrize(
    ("zone", "minutes"), [("+08:00", 480), ("-03:30", -210), ("+00:00", 0), ("+14:59", 899), ("-12:00", -720), ("+00:01", 1)],
)  # fmt: skip
def test_what_entry_0_leaves(zone: str, minutes: int):
    books = posted(f"{LEDGER} time_zone=UTC{zone}", Books(), who="op", index=0, ledger="o.example")
    assert books.ledger.get("") == LedgerRow("o.example", "Name", "op", key_text("the.log"), minutes)
    assert books.head.get("") == Head(0, TIME, "givetrail/1")
    assert books.party.get("op") == Party("Operator", ("operator",), ("chief",), 0, local_day(books, TIME), keyed_since=0)
    assert books.key.get(record(LEDGER, "op").key) == KeyRow("op", "chief", 0, ACTIVE, DAY)


def test_what_a_new_fund_inherits():
    books = small_books(fund={
        "bound": fund(root="top", restriction="restricted", depth=3), "deep": fund(root="top", depth=MOST_BELOW),
        "last": fund(root="top", depth=MOST_BELOW - 1),
    })  # fmt: skip
    assert MOST_BELOW == 16
    for text, row in (
        ("fund new restricted", Fund("hope", "", "new", "fund", "", "restricted", 5, 0)),
        ("project new unrestricted", Fund("hope", "", "new", "project", "new", "unrestricted", 5, 0)),
        ("fund new unrestricted bound", Fund("hope", "bound", "top", "fund", "", "restricted", 5, 4)),
        ("project new endowment bound", Fund("hope", "bound", "top", "project", "new", "endowment", 5, 4)),
        ("activity new school", Fund("hope", "school", "school", "activity", "school", "restricted", 5, 1)),
        ("fund new unrestricted last", Fund("hope", "last", "top", "fund", "", "unrestricted", 5, 16)),
    ):  # fmt: skip
        assert check(text, books) == [] and posted(text, books.copy()).fund.get("new") == row, text
    for text in (
        "project school restricted", "activity school books", "fund new restricted nowhere", "fund new restricted books",
        "activity new books", "project new restricted school", "fund new restricted deep", "project new restricted deep",
    ):  # fmt: skip
        assert check(text, books) == ["reference"], text
    assert check("fund new restricted school", books) == []


def test_a_fund_is_recorded_once():
    for text, rules in (
        ("fund new restricted", []), ("fund new restricted nowhere", ["reference"]), ("fund general unrestricted", ["reference"]),
    ):  # fmt: skip
        assert check(text, small_books()) == rules, text


def test_projects_and_activities():
    books = posted("project well restricted general cost_limits=administration:1/10+fundraising:0/1")
    assert books.fund.get("well") == Fund("hope", "general", "general", "project", "well", "restricted", 5, 1)
    assert books.project.get("well") == Project("hope", "Name", (("administration", 1, 10), ("fundraising", 0, 1)), 10, 30)
    books = posted("activity a school implementers=shop,river")
    assert books.fund.get("a") == Fund("hope", "school", "school", "activity", "school", "restricted", 5, 1)
    assert books.activity.get("a") == Activity("school", "hope", ("shop", "river"))
    for text, parent in (("fund a restricted", None), ("fund a restricted school", "school"), ("project a restricted", None),
                         ("project a restricted school", "school"), ("activity a school", "school")):  # fmt: skip
        assert record(text).parent_fund == parent
