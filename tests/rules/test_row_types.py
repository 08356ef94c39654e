"""Who makes a kind, or a word, is told of a mistake in its rows when the class is made, and not at the first record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from ledger.books import authority, kinds, signing
from ledger.books.days import not_after_today
from ledger.books.demands import as_many
from ledger.books.disbursement import acknowledges, disburses, takes_back
from ledger.books.fees import below
from ledger.books.field import Amount, Day, FundId, KeyText, PartyId, Slug, Unit
from ledger.books.gift_totals import given
from ledger.books.identity import declares
from ledger.books.keys import gives_key, gives_key_later
from ledger.books.kind import Kind, declare_rules
from ledger.books.kind_types import check_kind
from ledger.books.moves import comes_in, goes_out, move, rest_comes_in, units_go_out
from ledger.books.programme import promises
from ledger.books.record import KINDS, Record
from ledger.books.restriction import allocates, enters, spendable, stays_in_tree
from ledger.books.rule import FIRST, RULE_SETS, SETTLED, WORDS, about, demand, each, memory, when
from ledger.books.shape import EARLIER
from ledger.books.signing import Signing
from ledger.books.state import Books
from ledger.books.statement_context import Leg, StatementContext
from ledger.entries.statement import validated_record
from ledger.errors import SchemaError
from ledger.findings.table import RULES
from tests.golden.reading import golden_entries
from tests.language import a_ledger, key_text
from tests.rules.kind_under_test import NAME, fields, probe
from tests.rules.matching import registered
from tests.rules.places import left_out

assert kinds, "importing the package registers the kinds"

Fields = tuple[str, ...]
DAY = "2026-09-07"
TODAY = not_after_today("day")
IN = comes_in("fund/unit", "amount")
AS_MANY = as_many("units", "amount", "unit")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    with registered():
        yield


DEMANDS = {
    "a field that is misspelt": (not_after_today("dya"), "the record has no field 'dya'"),
    "a misspelt field of a part": (not_after_today("bit.dya"), "bit has no field 'dya'; it has day, fund, tags"),
    "a misspelt field within": (when("end", not_after_today("ned")), 'when("end", …): not_after_today("ned"): the record has no'),
    "a member of a text": (not_after_today("day.year"), "day is a text, which has no fields"),
    "a part where a text is wanted": (when("bit", not_after_today("bit")), "bit is a Bit, but must be a text"),
    "a part that can be left out": (not_after_today("bit.day"), "bit.day can be left out, but must be given"),
    "a field of such a part": (spendable("bit.fund"), "bit.fund can be left out, but must be given; say the row within when(…)"),
    "what can be left out": (not_after_today("end"), "end can be left out, but must be given"),
    "what can be left out of a part": (when("bit", not_after_today("bit.day")), "bit.day can be left out"),
    "another field than that of the when": (when("until", not_after_today("end")), "end can be left out"),
    "a path through a list": (spendable("shares.fund"), "shares is a list; read its items within each('shares', …)"),
    "a list within a part": (each("bit.tags", spendable("bit.tags")), "'bit.tags' is not a field of the record"),
    "a property": (not_after_today("later"), "the record has no field 'later'"),
    "a class variable": (not_after_today("stage"), "the record has no field 'stage'"),
    "a method": (not_after_today("stands_alone"), "the record has no field 'stands_alone'"),
    "a number where a text is wanted": (not_after_today("amount"), "must be a text (it is the word's 'day')"),
    "a text where a number is wanted": (below("day", "amount", "unit"), "day is a text, but must be a number"),
    "a text where ranges are wanted": (as_many("fund", "amount", "unit"), "but must be a list (each a pair) or left out"),
    "texts where ranges are wanted": (as_many("tags", "amount", "unit"), "tags is a list (each a text), but must be"),
    "too few fields": (as_many("amount"), "as_many(\"amount\"): takes (units, amount, unit), and is given 1 of 3"),
    "too many fields": (not_after_today("day", "end"), "takes (day), and is given 2 of 1"),
    "two fields for one": (not_after_today("day/end"), "'day/end' is 2 fields as 'a/b', but must be one field"),
    "a move": (IN, "comes_in(\"fund/unit\", \"amount\"): is a word of `moves`"),
    "a memory": (enters(), "enters(): is a word of `remembers`"),
    "a move within": (when("end", IN), "is a word of `moves`"),
    "a word that was not called": (not_after_today, "not_after_today: is not a row; call a word with the names of fields"),
    "a text": ("day", "'day': is not a row"),
    "when without a row": (when("end"), "must be when(field, row, …), with at least one row"),
    "when without a field": (when(TODAY), "must be when(field, row, …)"),
    "when of two fields": (when("end", "to", TODAY), "must be when(field, row, …)"),
    "when with rows before the field": (when(TODAY, "end"), "must be when(field, row, …)"),
    "when with rows around the field": (when("end", TODAY, "to"), "must be when(field, row, …)"),
    "when with what is no row": (when("end", not_after_today), "not_after_today: is not a row"),
    "when of a path": (when("bit.day", TODAY), "'bit.day' is not a field of the record"),
    "when of no field": (when("edn", TODAY), "the record has no field 'edn'"),
    "when of what is always there": (when("day", TODAY), "day is always there, so the rows always hold"),
    "when of a list that may be empty": (when("tags", TODAY), "tags is always there, so the rows always hold"),
    "each without a row": (each("shares"), "must be each(field, row, …)"),
    "each of a text": (each("day", TODAY), "day is not a list; say the row by itself"),
    "each of a pair": (each("rate", TODAY), "rate is not a list"),
    "each within when": (when("end", each("shares", spendable("shares.fund"))), "rows nest one deep"),
    "an item as the list": (each("shares", spendable("shares")), "shares is a Share, but must be a text"),
    "about without a table": (about("of", TODAY), "must be about(field, table, row, …)"),
    "about an unknown table": (about("of", "disbursment", TODAY), "there is allocation and disbursement"),
    "about a table of tapes": (about("of", "tape", TODAY), "the books have no table 'tape' of earlier records"),
    "about a fund": (about("fund", "allocation", TODAY), "fund is not a reference that is always there"),
    "about what can be left out": (about("other", "allocation", TODAY), "other is not a reference that is always there"),
    "about a payment that is an allocation": (about("paid", "allocation", TODAY), "paid names a payment or delivery"),
    "about a column that others have not": (about("paid", "disbursement", spendable("paid.tape")), "paid has no field 'tape'"),
    "about a row, whole": (about("paid", "disbursement", spendable("paid")), "paid is a Disbursement, but must be a text"),
    "about a number for a text": (about("of", "allocation", spendable("of.amount")), "of.amount is a number"),
}  # fmt: skip
MOVES = {
    "one field for a tape": (comes_in("fund", "amount"), "'fund' is one field, but must be 2 fields as 'a/b'"),
    "three for a tape": (comes_in("fund/unit/day", "amount"), "'fund/unit/day' is 3 fields"),
    "a pair of numbers for a tape": (comes_in("rate", "amount"), "'rate' is one field"),
    "a fund that can be left out": (comes_in("to/unit", "amount"), "to can be left out, but must be given"),
    "no fields": (comes_in(), "takes (tape, amount), and is given 0 of 2"),
    "units that can be left out": (units_go_out("fund/unit", "units"), "units can be left out"),
    "a text for units": (goes_out("fund/unit", "amount", "to"), "to is a text or left out, but must be a list (each a"),
    "a demand": (TODAY, "not_after_today(\"day\"): is a word of `demands`"),
    "a memory": (declares("unit", "amount"), "is a word of `remembers`"),
}  # fmt: skip
REMEMBERS = {
    "a demand": (TODAY, "is a word of `demands`"),
    "a move": (IN, "is a word of `moves`"),
    "a word that was not called": (enters, "enters: is not a row"),
    "what the record has not": (
        promises("fund", "amount", "amount", "to"), "there is no field 'name', which the word reads of the record",
    ),
    "keys within when": (
        when("end", gives_key_later("key", "officer")), "cannot be said within when: it is not seen there",
    ),
    "a disbursement that need not be": (when("end", disburses("fund", "day")), "cannot be said within when: it is not seen there"),
    "keys of a list": (
        each("keys", gives_key_later("keys.key", "keys.officer")), "cannot be said within each: it is not seen there",
    ),
    "nothing moved in": (allocates("fund", "fund", "unit"), "must move units in by exactly one row, one that always holds"),
}  # fmt: skip


def told(says: str, base: type[Record] | None = None, **said: Any) -> None:
    """The class is refused with this, by its name, and is not there."""
    with pytest.raises(TypeError) as refused:
        probe(base, **said)
    assert str(refused.value).startswith("Probe: ") and says in str(refused.value)
    assert NAME not in KINDS and all(NAME not in demands for demands in RULE_SETS.values())


@pytest.mark.parametrize("name", DEMANDS)
def test_a_wrong_demand_is_told(name: str):
    row, says = DEMANDS[name]
    told(says, demands=(row,))


@pytest.mark.parametrize("name", MOVES)
def test_a_wrong_move_is_told(name: str):
    row, says = MOVES[name]
    told(says, moves=(row,))


@pytest.mark.parametrize("name", REMEMBERS)
def test_a_wrong_memory_is_told(name: str):
    row, says = REMEMBERS[name]
    told(says, remembers=(row,))


def test_every_misuse_is_told_beside_rows_that_are_right():
    told("'dya'", demands=(TODAY, not_after_today("dya")))
    told("'dya'", demands=(when("end", TODAY, not_after_today("dya")),))


@pytest.mark.parametrize("place", ["demands", "moves", "remembers"])
@pytest.mark.parametrize("rows", [TODAY, [TODAY], "day", None])
def test_rows_are_a_tuple(place: str, rows: Any):
    told(f"{place}: is not a tuple of rows; write it with a comma after the last one", **{place: rows})


def test_a_row_nests_in_no_word():
    with pytest.raises(TypeError, match="not-after-today takes names of fields only; rows nest in when, each and about"):
        not_after_today(TODAY)


@pytest.mark.parametrize("path", ["", "day.", "day/", ".day", "day day", "day()"])
def test_what_is_no_path_is_told_when_the_row_is_written(path: str):
    with pytest.raises(ValueError, match="is not a path of members"):
        not_after_today(path)


SIGNINGS: dict[str, tuple[Any, str]] = {
    "an unknown relation": (Signing("owner of the fnud"), "signing: there is no 'owner of the fnud'"),
    "an unknown demand": (Signing("any party", must=("two ofcers",)), "there is no 'two ofcers'"),
    "a text for many": (Signing("any party", must="own rule"), "must be Signing("),  # type: ignore[arg-type]
    "no signing": ("any party", "must be Signing("),
    "a relation to what is not there": (Signing("acknowledger"), "'acknowledger' reads 'disbursements' of the record"),
    "a demand of what is not there": (
        Signing("any party", must=("two officers above the threshold",)), "compares what the record counts; say counts(…)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNINGS)
def test_a_wrong_signing_is_told(name: str):
    said, says = SIGNINGS[name]
    told(says, signing=said)


def test_who_signs_is_read_off_what_is_there():
    class Undoing(Kind):
        stage: ClassVar[str] = "correction"
        of: Slug | None = None

    maker = "maker of the record"
    told(f"signing: {maker!r} reads 'of' of the record, which can be left out", Undoing, signing=Signing(maker))


def test_authority_judges_by_the_words_of_signing_and_no_others():
    assert set(authority.RELATIONS) == set(signing.RELATIONS) and set(authority.DEMANDS) == set(signing.DEMANDS)


def test_what_comes_in_has_to_be_one_row_that_always_holds():
    """A memory of one inflow finds none, or takes one of two."""
    row = takes_back("paid", "amount")
    for moves in (), (when("end", IN),), (IN, IN), (about("of", "allocation", IN),), (goes_out("fund/unit", "amount", "units"),):
        told("must move units in by exactly one row, one that always holds", moves=moves, remembers=(row,))
    told("cannot be said within each: the record moved in once", moves=(IN,), remembers=(each("shares", row),))
    moves = (about("paid", "disbursement", IN), goes_out("fund/unit", "amount", "units"))
    probe(moves=moves, remembers=(row,), demands=(AS_MANY,))


def test_units_that_are_named_have_to_be_as_many():
    """Else one unit could go out by name, and the whole amount come in."""
    moves = (goes_out("fund/unit", "amount", "units"), IN)
    for demands in (), (as_many("units", "count", "unit"),), (when("end", AS_MANY),):
        told("moves: goes_out takes units that are named; demand as_many", moves=moves, demands=demands)
    probe(moves=moves, demands=(AS_MANY,))


def test_a_gift_is_what_a_trace_reads():
    told("is_gift: there is no field 'received_on', which a trace reads of a gift", is_gift=True, moves=(IN,))

    class Dated(fields()):  # type: ignore[misc]
        received_on: Day
        fee: Amount | None = None
        fee_to: PartyId | None = None

    told("the first row by which units come in must always hold", Dated, is_gift=True, moves=(when("end", IN),))
    probe(Dated, is_gift=True, moves=(IN,))


def test_a_default_that_json_has_not_is_told():
    class Counted(fields()):  # type: ignore[misc]
        times: Amount = 1

    told("the field times has a default, which other verifiers do not know; make it `X | None = None`", Counted)


def test_fields_that_are_there_together_are_named_rightly():
    told("together: the record has no field 'ned'", together=(("end", "ned"),))
    told("together: day is always there", together=(("end", "day"),))
    probe(together=(("end", "until"),), demands=(when("end", not_after_today("until")),))


RIGHT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "what can be left out, where that is": {"demands": (when("end", not_after_today("end")), as_many("units", "amount", "unit"))},
    "a part that can be left out": {"demands": (when("bit", spendable("bit.fund")),)},
    "a tape of such a part": {"moves": (when("bit", comes_in("bit.fund/unit", "amount")),)},
    "items, and what is beside them": {"demands": (each("shares", below("shares.count", "amount", "unit")),)},
    "items that are texts": {"demands": (each("tags", spendable("tags")),)},
    "an allocation": {"moves": (about("of", "allocation", units_go_out("of.to/of.unit", "of.units")),)},
    "a disbursement": {"demands": (about("paid", "disbursement", stays_in_tree("paid.fund", "fund")),)},
    "a disbursement, where a field is there": {
        "demands": (when("end", about("paid", "disbursement", stays_in_tree("paid.fund", "fund"))),),
    },
    "a payment acknowledged": {"remembers": (acknowledges("paid", "fund", "day", "fund"), enters())},
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_taken(name: str):
    assert probe(**RIGHT[name]) is KINDS[NAME]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_right(kind: str):
    check_kind(KINDS[kind])


# Words.


def word_of(function: Callable[..., Any], *, make: Callable[..., Any] = demand, fields: Fields = ("of",)) -> Any:
    return make("It is so")(function)(*fields)


def test_a_claim_that_nothing_settles_is_told():
    def claims_so(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
        context.claim("claims-so", of)

    row = word_of(claims_so)
    told("it claims, and SETTLED of claims.py does not say how 'claims-so' is settled", demands=(row,))
    SETTLED["claims-so"] = SETTLED["in-log"]
    probe(demands=(row,))


def test_a_claim_by_the_name_of_another_word_is_told():
    def claims_other(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
        context.claim("claims-othre", of)

    SETTLED["claims-other"] = SETTLED["in-log"]
    told("it claims by another word than its own, 'claims-other'", demands=(word_of(claims_other),))


def test_a_word_says_what_it_takes():
    def bare(books: Books, context: StatementContext, fields: Fields, of) -> None:
        """Nothing said of `of`."""

    def short(books: Books, of: str) -> None:
        """Called with more."""

    def many(books: Books, context: StatementContext, fields: Fields, *of: str) -> None:
        """Of any number of fields."""

    def unread(books: Books, context: StatementContext, fields: Fields, of: Nowhere) -> None:  # type: ignore[name-defined] # noqa: F821
        """A type that is not there."""

    def swapped(context: StatementContext, books: Books, record: Any, rows: Any, of: str) -> None:
        """The wrong way round."""

    told("does not say by a type what 'of' is", demands=(word_of(bare),))
    told("takes (books, context, fields, field, …), each by its place", demands=(word_of(short),))
    told("takes (books, context, fields, field, …), each by its place", demands=(word_of(many),))
    told("an annotation of the word's function cannot be read: name 'Nowhere'", demands=(word_of(unread),))
    told("takes (books, context, record, rows, field, …)", remembers=(word_of(swapped, make=memory),))


def test_a_move_says_which_way_units_go():
    def goes(tape: str, amount: int) -> Leg:
        return Leg(tape, amount)

    told("annotate it `-> In` or `-> Out`", moves=(word_of(goes, make=move, fields=("fund/unit", "amount")),))


def test_a_name_that_is_taken_is_told():
    def spent(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
        """Another meaning."""

    meant = WORDS["spent"]
    for make in demand, memory, move:
        with pytest.raises(TypeError, match=r"the word 'spent' is one of ledger\.books\.claims already"):
            make("It is so")(spent)
    assert WORDS["spent"] is meant
    first = probe()
    with pytest.raises(TypeError, match="Probe: the kind 'probe' is Probe already; choose another name"):
        probe()
    assert KINDS[NAME] is first


def test_a_word_that_is_forgotten_is_told():
    with registered():

        def passing(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
            """Of this context only."""

        row = word_of(passing)
    told('passing("of"): there is no such word', demands=(row,))


def test_words_break_rules_that_an_audit_can_find():
    assert {rule for word in WORDS.values() for rule in word.breaks} <= set(RULES)


def test_a_rule_that_is_none_is_missed():
    @demand("It is so", "referense")
    def breaks_it(books: Books, context: StatementContext, fields: Fields, day: str) -> None:
        context.fault("referense", "No")

    probe(demands=(breaks_it("day"),))
    assert "ledger/findings/table.py: RULES has no `referense`, which `breaks-it` breaks" in left_out(NAME)


def test_rows_read_what_words_make():
    assert set(EARLIER) == {word.makes for word in WORDS.values()} - {""}


# Rule sets.


def test_a_rule_set_is_judged_as_the_classes_are():
    wrong = not_after_today("recieved_on")
    with pytest.raises(
        TypeError, match=r"Donation: givetrail/2 of donation: not_after_today\(\"recieved_on\"\): the record has no"
    ):
        declare_rules("givetrail/2", {"donation": (wrong,)})
    with pytest.raises(TypeError, match="there is no kind 'donatoin'"):
        declare_rules("givetrail/2", {"donatoin": ()})
    with pytest.raises(TypeError, match="there is a rule set 'givetrail/1' already"):
        declare_rules(FIRST, {})
    assert set(RULE_SETS) == {FIRST}


def test_a_rule_set_lacks_no_kind():
    declare_rules("givetrail/2", {"donation": ()})
    probe(demands=(TODAY,))
    assert RULE_SETS["givetrail/2"] == {**RULE_SETS[FIRST], "donation": ()} and RULE_SETS["givetrail/2"][NAME] == (TODAY,)


# Records that are alike.

LIKE: dict[str, Any] = {
    "alike": ("fund", "unit", "day"), "varies": frozenset({"amount"}), "demands": (TODAY,), "moves": (IN,),
    "remembers": (given("fund/unit", "day", "amount"),), "post_run": lambda self, books, tape, amount, count: None,
}  # fmt: skip
ALIKE = {
    "a day that can differ": ({"alike": ("fund", "unit")}, "day is read by `demands`, and can differ"),
    "a fund that can differ": ({"alike": ("unit", "day")}, "fund is read by `moves`, and can differ"),
    "an amount that is judged": ({"demands": (as_many("units", "amount", "unit"),)}, "units is read by `demands`"),
    "an amount that is held against another": (
        {"alike": ("fund", "unit", "day", "count"), "demands": (below("count", "amount", "unit"),)}, "amount is read by `demands`",
    ),
    "a when that can differ": ({"demands": (when("end", TODAY),)}, "end is read by `demands`"),
    "what is remembered only": ({"demands": (), "alike": ("fund", "unit")}, "day is read by `remembers`"),
    "a move of what can differ": ({"moves": (comes_in("fund/unit", "count"),)}, "count is read by `moves`"),
    "a field that is not there": ({"alike": ("fund", "unit", "dya")}, "the record has no field 'dya'"),
    "a field that varies and is not there": ({"varies": frozenset({"amount", "dya"})}, "the record has no field 'dya'"),
    "a field alone that is not there": ({"alone": ("dya",)}, "the record has no field 'dya'"),
    "the amount is alike": ({"alike": ("fund", "unit", "day", "amount")}, "must hold the amount, and none of"),
    "the amount does not vary": ({"varies": frozenset()}, "`varies` must hold the amount"),
    "two moves": ({"moves": (IN, IN)}, "a run brings its amounts in by one row"),
    "no move": ({"moves": ()}, "a run brings its amounts in by one row"),
    "a move out": ({"alike": ("fund", "unit", "day", "units"), "moves": (goes_out("fund/unit", "amount", "units"),)}, "by one row"),
    "nothing remembered of a run": ({"post_run": Record.post_run}, "say in post_run what is remembered of a run"),
    "who signs": ({"signing": Signing("maker of the record")}, "of is read by `signing`"),
}  # fmt: skip


def like(**said: Any) -> type[Record]:
    """A kind of records that are alike, with what they need and no more."""

    class Base(Kind):
        stage: ClassVar[str] = "control"
        signing: ClassVar[Any] = Signing("any party")

        fund: FundId
        unit: Unit
        amount: Amount
        day: Day
        count: Amount
        of: Slug
        end: Day | None = None
        units: tuple[tuple[int, int], ...] | None = None

    class Shared(Base):
        fee: Amount | None = None

    return probe(Shared if "share" in said else Base, **{**LIKE, **said})


REST = rest_comes_in("fund/unit", "amount", "fee")
BELOW = below("fee", "amount", "unit")
SHARED: dict[str, Any] = {
    "share": "fee", "alike": ("fund", "unit", "day"), "alone": ("fee",), "demands": (TODAY, when("fee", BELOW)), "moves": (REST,),
}  # fmt: skip
SHARES = {
    "a share that is of no field alone": ({"alone": ()}, "the share fee must be a field of `alone`"),
    "a share that comes in too": (
        {"moves": (REST, when("fee", comes_in("fund/unit", "fee")))}, "the amount comes in without the share",
    ),
    "an amount that comes in whole": ({"moves": (IN,)}, "the amount comes in without the share fee, by rest_comes_in"),
    "a share that may be all": ({"demands": (TODAY,)}, "demand below('fee', 'amount', …)"),
    "a share of which more is asked": (
        {"demands": (TODAY, when("fee", BELOW, below("fee", "count", "unit")))}, "nothing else of the share",
    ),
    "a share that the amount is below": ({"demands": (when("fee", below("amount", "fee", "unit")),)}, "demand below("),
}  # fmt: skip


@pytest.mark.parametrize("name", SHARES)
def test_what_can_differ_in_a_share_is_told(name: str):
    change, says = SHARES[name]
    like(**SHARED)
    KINDS.pop(NAME)
    with pytest.raises(TypeError, match="Probe: alike: ") as refused:
        like(**{**SHARED, **change})
    assert says in str(refused.value) and NAME not in KINDS


@pytest.mark.parametrize("name", ALIKE)
def test_what_can_differ_in_a_run_is_told(name: str):
    change, says = ALIKE[name]
    with pytest.raises(TypeError, match="Probe: alike: ") as refused:
        like(**change)
    assert says in str(refused.value) and NAME not in KINDS


def test_a_record_that_does_more_is_in_no_run():
    made = like(alone=("end",), demands=(TODAY, when("end", below("count", "amount", "unit"))), moves=(IN, when("end", IN)))
    one = {"kind": "probe", "fund": "school", "unit": "CNY", "amount": 5, "day": DAY, "count": 9, "of": "x"}
    assert not made(**one).stands_alone() and made(**one, end=DAY).stands_alone()
    assert made(**one).likeness(made(**one)) == ("school", "CNY", DAY)


def test_what_is_named_is_alike():
    told("of is read by `names`, and can differ", **LIKE)


# What the checks rest on.


def golden_records() -> Iterator[dict[str, Any]]:
    """Every record of the golden ledger."""
    return (record for raw in golden_entries() for record in json.loads(raw)["statement"]["records"])


@pytest.mark.parametrize(("kind", "group"), [(kind, group) for kind, made in sorted(KINDS.items()) for group in made.together])
def test_a_validator_sees_to_what_is_there_together(kind: str, group: tuple[str, ...]):
    whole = next(record for record in golden_records() if record["kind"] == kind and set(group) <= set(record))
    validated_record(whole)
    for name in group:
        with pytest.raises(SchemaError):
            validated_record({field: value for field, value in whole.items() if field != name})


def test_members_of_any_name_are_read_within_each():
    """An item stands for its list in what is a record too: its members, and those of the record, are found by any name."""
    names = ("count", "index", "record", "field", "item")
    probe(demands=tuple(each("shares", below(f"shares.{name}", name, "unit")) for name in names))
    ledger = a_ledger().play("hope: donation 10.00 CNY -> general; payment 1.00 CNY general -> shop")
    share = {"fund": "general", **dict.fromkeys(names, 4)}
    whole = {
        "kind": "probe", "fund": "general", "unit": "CNY", "amount": 5, "day": DAY, "of": "4.0", "paid": "4.1",
        "rate": [1, 1], **dict.fromkeys(names, 5), "shares": [share],
    }  # fmt: skip
    ledger.say("hope", [whole], ["hope.li"])
    for name in names:
        with pytest.raises(Exception, match=f"shares.{name} 0.04 CNY: must be less than the {name}, 0.04 CNY"):
            ledger.say("hope", [{**whole, name: 4}], ["hope.li"])


def test_a_key_whose_party_is_left_out_is_that_of_the_party_that_speaks():
    class Loan(fields()):  # type: ignore[misc]
        key: KeyText
        officer: Slug
        party: PartyId | None = None

    made = probe(Loan, remembers=(gives_key("key", "officer", "party"),))
    said = made.model_construct(kind=NAME, key=key_text("press.ink"), officer="ink")
    assert list(said.introduces("hope")) == [(said.key, "hope", "ink")]
    assert list(said.model_copy(update={"party": "press"}).introduces("hope")) == [(said.key, "press", "ink")]
    ledger = a_ledger().play("hope: donation 1.00 CNY -> general")
    said.post(ledger.books, ledger.context, ())
    assert ledger.books.key.get(said.key).party == "hope"
