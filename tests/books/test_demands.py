"""Who may say a record and what its signatures have to meet (books §2), one relation and one demand at a time."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books import authority
from ledger.books.authority import DEMANDS, RELATIONS, check_nobody_else, identify
from ledger.books.mandate import NOTHING
from ledger.books.record import runs_of
from ledger.books.rows import Activity, Allocation, Held, Sum
from ledger.books.state import Books
from ledger.books.statement_context import Signer
from tests.books.by_hand import act_of, books_of, faults_of, key_row, paid, party, record, rule_of, small_books

A = "A" * 43


def may(books: Books, relation: str, text: str, *parties: str) -> list[bool]:
    """Whether each of the parties stands in the relation to a record."""
    one = record(text)
    return [who in RELATIONS[relation][0](books, one, act_of(who)) for who in parties]


def test_the_operator_is_who_says_entry_0_and_no_other_later():
    assert may(small_books(), "operator", "unit EUR 2", "op", "hope") == [True, False]
    assert may(Books(), "operator", "ledger chief", "anybody") == [True]


def test_the_owner_of_a_fund():
    books = small_books()
    assert may(books, "owner of the fund", "donation 1 CNY aid", "river", "hope") == [True, False]
    assert rule_of(may, books, "owner of the fund", "donation 1 CNY nowhere", "hope") == "reference"
    assert may(books, "owner of the parent fund", "fund new restricted", "river", "hope") == [True, True]
    assert may(books, "owner of the parent fund", "fund new restricted aid", "river", "hope") == [True, False]
    assert may(books, "owner of the parent fund", "activity new school", "river", "hope") == [False, True]
    assert rule_of(may, books, "owner of the parent fund", "activity new nowhere", "hope") == "reference"


def test_any_party():
    assert may(small_books(), "any party", f"erasure 1.0 request digests={A}", "river", "stranger") == [True, True]


def test_the_holder_of_a_key():
    one = record("key-revocation hope.li reason=lost")
    books = books_of(key={one.key: key_row("hope", "li")})
    assert may(books, "holder of the key", "key-revocation hope.li reason=lost", "hope", "op") == [True, False]
    assert rule_of(may, books, "holder of the key", "key-revocation hope.wang reason=lost", "hope") == "reference"


@pytest.mark.parametrize(
    ("level", "shop", "hope", "other"),
    [("recipient-signed", True, False, False), ("self-declared", False, True, False), ("third-party", False, False, True)],
)
def test_who_acknowledges_at_a_level(level: str, shop: bool, hope: bool, other: bool):
    books = books_of(disbursement={"3.0": paid()})
    text = f"receipt 1 3.0 level={level}"
    assert may(books, "acknowledger", text, "shop", "hope", "auditco") == [shop, hope, other]


def test_who_pays_itself_is_no_recipient():
    books = books_of(disbursement={"3.0": paid(payee="hope")})
    for level, right in (("recipient-signed", False), ("self-declared", True), ("third-party", False)):
        assert may(books, "acknowledger", f"receipt 1 3.0 level={level}", "hope") == [right]


def test_who_made_a_payment():
    books = books_of(disbursement={"3.0": paid()})
    assert may(books, "owner of the disbursement", "payment-return 1 3.0", "hope", "shop", "auditco") == [True, False, False]
    assert rule_of(may, books, "owner of the disbursement", "payment-return 1 3.1", "hope") == "reference"


def test_who_does_the_work_of_an_activity():
    books = small_books(activity={"books": Activity("school", "hope", ("friends",))})
    said = may(books, "owner or implementer of the activity", "progress books", "hope", "friends", "shop")
    assert said == [True, True, False]


def test_whom_a_feedback_concerns_in_everything_that_it_is_about():
    books = small_books(
        disbursement={"3.0": paid(), "3.1": paid(payee="river"), "3.2": paid(payee="auditco")},
        activity={"books": Activity("school", "hope", ("friends",))},
    )
    relation = "concerned by the disbursement or activity"
    everybody = ("hope", "shop", "river", "friends", "auditco", "op")
    for about, right in (
        ("payments=3.0", [True, True, False, False, True, False]),
        ("payments=3.0,3.1", [True, False, False, False, True, False]),
        ("payments=3.0,3.2", [True, False, False, False, False, False]),
        ("payments=3.2", [True, False, False, False, True, False]),
        ("activity=books from_day=2026-09-01 to_day=2026-09-02", [True, False, False, True, True, False]),
    ):
        assert may(books, relation, f"feedback readers 4 {about}", *everybody) == right, about


def test_who_undoes_an_allocation():
    books = books_of(allocation={"3.0": Allocation("hope", "school", "books", "CNY", 1, 0)})
    assert may(books, "maker of the record", "reversal 3.0", "hope", "op") == [True, False]
    assert may(books, "maker of the record", "reversal 3.1", "hope", "op") == [True, True]  # the claim is settled later
    assert rule_of(may, books, "maker of the record", "reversal 5.0", "hope") == "reference"


def unmet(books: Books, demand: str, text: str, party: str = "hope", **slots: Any) -> bool:
    """Whether a demand is not met by a statement of one officer, if nothing else is said."""
    context = act_of(party, **{"officers": frozenset({"li"}), **slots})
    return DEMANDS[demand][0](books, record(text, party), context) != ""


TWO, NONE = frozenset({"li", "wang"}), frozenset[str]()


@pytest.mark.parametrize(("officers", "met"), [(NONE, False), ({"li"}, False), (TWO, True), ({"li", "wang", "xu"}, True)])
def test_two_officers(officers: set[str], met: bool):
    books = books_of(party={"hope": party("charity")})
    for demand in ("two officers", "own rule", "second signature"):
        assert unmet(books, demand, "progress books", officers=frozenset(officers), needs_two=True) != met, demand
    assert not unmet(books, "own rule", "progress books", officers=frozenset(officers), needs_two=False)


def test_a_new_key_signs_or_is_there_already():
    """Who brings a key that is the key of a party already is told that, not that it has to sign."""
    one = record("key wang")
    there = books_of(key={one.key: key_row("shop", "sun")})
    assert unmet(Books(), "new key", "key wang")
    assert not unmet(Books(), "new key", "key wang", new_keys=frozenset({one.key}))
    assert unmet(Books(), "new key", "key wang", new_keys=frozenset({"another"}))
    assert not unmet(there, "new key", "key wang")
    assert not unmet(Books(), "new key", "party quiet vendor", party="op")
    assert unmet(Books(), "new key", "party loud vendor a", party="op")


@pytest.mark.parametrize(("before", "amount", "met"), [(0, 500, True), (0, 501, False), (1, 499, True), (1, 500, False)])
def test_the_threshold_of_a_day(before: int, amount: int, met: bool):
    mandate = NOTHING._replace(thresholds=(("CNY", 500, 500, ""),))
    books = books_of(mandate={"hope": mandate}, paid={"hope/shop/2026-09-07/CNY": Sum(before)})
    text = f"payment {amount} CNY general shop"
    assert unmet(books, "two officers above the threshold", text) != met
    assert not unmet(books, "two officers above the threshold", text, officers=TWO)
    assert not unmet(books, "two officers above the threshold", f"payment {min(amount, 500)} CNY general press")
    assert not unmet(books, "two officers above the threshold", f"payment {amount} USD general shop")


@pytest.mark.parametrize(
    ("role", "second", "overseer"),
    [("auditor", True, True), ("regulator", True, True), ("inspector", True, False), ("vendor", False, False)],
)
def test_who_signs_beside_a_party(role: str, second: bool, overseer: bool):
    """Of another party one key is enough, of the party itself none is."""
    books = books_of(party={"eye": party("sponsor", role), "hope": party(role)})
    own, other = Signer("k1", "hope", "li"), Signer("k2", "eye", "a")
    for demand, met in (("second signature", second), ("auditor or regulator", overseer)):
        assert unmet(books, demand, "progress books", signers=(own, other)) != met
        assert unmet(books, demand, "progress books", signers=(other,)) != met
        assert unmet(books, demand, "progress books", signers=(own,))
        assert unmet(books, demand, "progress books", signers=(own, Signer("k3", "nobody", "a")))


def test_signers_are_who_has_a_key_in_force():
    books = books_of(
        ledger={"": small_books().ledger.get("")}, party={"hope": party("charity", officers=["li", "wang"])},
        key={"li": key_row("hope", "li"), "li2": key_row("hope", "li"), "sun": key_row("shop", "sun"),
            "old": key_row("hope", "xu", 0), "wang": key_row("hope", "wang")},
        held={"hope/li": Held(("li", "li2")), "hope/wang": Held(("wang",))},
    )  # fmt: skip
    context = act_of()
    assert faults_of(books, identify, context, ("sun", "li", "li2", "old", "ghost")) == ["key-standing", "key-standing"]
    assert context.signers == (Signer("sun", "shop", "sun"), Signer("li", "hope", "li"), Signer("li2", "hope", "li"))
    assert (context.officers, context.needs_two, context.new_keys) == ({"li"}, True, frozenset())


@pytest.mark.parametrize(("officers", "two"), [([], False), (["li"], False), (["li", "wang"], True), (["a", "b", "c"], True)])
def test_from_the_second_officer_on_two_are_needed(officers: list[str], two: bool):
    context = act_of()
    keys, held = {name: key_row("hope", name) for name in {"li", *officers}}, {f"hope/{name}": Held((name,)) for name in officers}
    identify(books_of(party={"hope": party(officers=officers)}, key=keys, held=held), context, ("li",))
    assert context.needs_two is two
    identify(Books(), context, ())
    assert context.needs_two is False


def test_a_key_that_signs_its_introduction_speaks_in_entry_0_only():
    one = record("key wang")
    for books, signers in ((Books(), (Signer(one.key, "hope", "wang"),)), (small_books(), ())):
        context = act_of(text="key wang")
        assert faults_of(books, identify, context, (one.key,)) == []
        assert (context.signers, context.new_keys, context.introduced) == (signers, {one.key}, {one.key: ("hope", "wang")})
    known = small_books(key={one.key: key_row("hope", "wang", 3)})
    context = act_of(text="key wang")
    assert faults_of(known, identify, context, (one.key,)) == ["key-standing"]
    assert (context.signers, context.new_keys) == ((), frozenset())


def test_a_refused_key_stops_intake():
    assert rule_of(identify, small_books(), act_of(), ("hope", "ghost")) == "key-standing"


def test_each_record_of_who_may_not_is_a_fault():
    """An audit finds both, intake stops at the first."""
    books, one = small_books(), record("donation 1 CNY general")
    context = act_of("river")
    assert faults_of(books, authority.check, one, context) == ["authority"]
    assert faults_of(books, authority.check, one, context) == ["authority"]
    assert rule_of(authority.check, books, one, context) == "authority"
    assert faults_of(books, authority.check, one, act_of("hope")) == []
    assert faults_of(books, authority.check, record("write-off 1 CNY general"), context) == ["authority", "approval"]
    assert faults_of(books, authority.check, record("write-off 1 CNY general"), act_of(officers=TWO)) == []


@pytest.mark.parametrize(
    ("text", "signers", "faults"),
    [
        ("progress books", ["hope"], 0), ("progress books", [], 1), ("progress books", ["shop"], 2),
        ("progress books", ["hope", "shop"], 1), ("progress books", ["hope", "shop", "river"], 2),
        ("progress books", ["hope", "auditco"], 1), ("write-off 1 CNY general", ["hope", "auditco"], 0),
        ("write-off 1 CNY general", ["hope", "shop"], 1), ("write-off 1 CNY general", ["hope", "auditco", "shop"], 1),
        ("progress books; write-off 1 CNY general", ["hope", "auditco"], 0),
    ],
)  # fmt: skip
def test_a_signature_that_nothing_calls_for(text: str, signers: list[str], faults: int):
    context = act_of(text=text, signers=tuple(Signer(name, name, "a") for name in signers))
    context.officers = frozenset(signer.officer for signer in context.signers if signer.party == "hope")
    assert faults_of(small_books(), check_nobody_else, context) == ["authority"] * faults


def test_a_key_that_signed_its_introduction_is_nobody_elses():
    context = act_of(
        "op", "party new vendor a", signers=(Signer("op", "op", "a"), Signer("k", "new", "a")), officers=frozenset("a")
    )
    assert faults_of(small_books(), check_nobody_else, context) == ["authority"]
    context.new_keys = frozenset({"k"})
    assert faults_of(small_books(), check_nobody_else, context) == []


def test_an_operator_and_an_auditor():
    """Of the roles that a demand names, and of no other: an inspector may be the second signature, and no auditor."""
    books = small_books(party={"eye": party("inspector")})
    for text, right in ((f"recovery river {'a'} reason=lost", 1), ("write-off 1 CNY general", 0)):
        signers = (Signer("eye", "eye", "a"), Signer("own", "hope", "a"))
        context = act_of(runs=runs_of([record(text)]), officers=frozenset("a"), signers=signers)
        assert faults_of(books, check_nobody_else, context) == ["authority"] * right
