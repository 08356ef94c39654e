"""What the books remember: rows that are written and read again, and money that is never made or lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.books.rows import Project, Sum
from ledger.books.state import Books, total
from ledger.books.table import Table
from ledger.bounds import MAX_INTEGER
from ledger.canonical import encode
from ledger.errors import CanonicalError, Refused
from tests.books import test_bank_statements as banks
from tests.books.test_holders import answer, digest
from tests.language import ORIGIN, Ledger, a_ledger, key_text

STORY = f"""
    2026-09-08
    hope: fund guard restricted fee_limits=CNY:1/100:5; project clinic restricted guard cost_limits=administration:1/10
    hope by li, wang: key wang
    hope: donation 100.00 CNY -> school as gift fee=1.00 fee_to=till; donation 50.00 CNY -> general
    hope: donation 9.00 CNY -> clinic fee=1.00 fee_to=till
    hope: allocation 60.00 CNY school -> books; allocation 1.00 CNY school -> desks as spare
    hope: payment 10.00 CNY books -> shop as paid; payment 4.00 CNY books -> shop goods=10:box:books:4.00
    hope: delivery 4 box books -> village units=3..7 holder={digest("one.time")} as handed; progress books
    shop: receipt 6.00 of ^paid
    hope: payment-return 3.00 of ^paid
    hope: feedback readers 40 payments=^paid; feedback readers 2 activity=books from_day=2026-09-01 to_day=2026-09-07
    hope by li, wang: refund ^gift school CNY units=9000..9100 fee=1.00 fee_from=general reason=legal; reversal of ^spare
    hope: income 2.00 CNY -> general; exchange 1.00 CNY general -> 0.10 USD rate=1/10
    hope: income 2.00 CNY -> clinic; income 1.00 CNY -> school income_class=advance lender=press as lent
    hope by li, wang: write-off 0.50 CNY clinic; payment 1.00 CNY school -> press repays=^lent
    hope by li, wang: payment 1.00 CNY general -> hope breach=self-payment:Ours invoice=hmac-sha256:invoices:{"A" * 43}:1.00
    friends: fund camp restricted
    hope: payment 1.00 CNY books -> friends grant=camp as granted
    friends: receipt 0.50 of ^granted into=camp as took
    friends: payment 0.20 CNY camp -> hope returns=^took units=0..20 as back; payment-return 0.20 of ^back
    op: party bank custodian ba
    hope by li, wang: mandate channels=bank:bank; key-revocation wang reason=rotated
    hope: relation of=friends to=hope nature=founder starts_on=2026-09-01
    hope: donation 9.00 CNY -> general donor=friends related=founder
    op: unit JPY 0; party new charity ed jurisdiction=CN identifier=CN-1; rate USD CNY ratio=7/1 day=2026-09-08
    op: requirement jurisdiction=CN name=fee/custodian ratio=6/1000 from_day=2026-09-01 basis=Law
    new: fund shed unrestricted
    new: donation 9.00 CNY -> shed fee=1.00 fee_to=till; exchange 1.00 CNY shed 1.00 JPY rate=1/1
    hope: reference-key label=of-2026 check_value={"A" * 43} destroy_on=2036-12-31
    hope: mandate thresholds=CNY:99.00+USD:9.00 second=shop labels=of-2026:bank:2026-01-01 channels=bank:bank books_from=2026-07-01
"""


def rows(books: Books) -> dict[str, list]:
    return {table.name: list(table.items()) for table in books.tables}


def loaded(saved: list[tuple[str, str, bytes]]) -> Books:
    books = Books()
    for table, key, raw in saved:
        books.load(table, key, raw)
    return books


def test_rows_come_back_as_they_were_written(ledger):
    saved = {(table, key): raw for table, key, raw in ledger.books.take_changes()}
    ledger.play("op: timestamp 1 2026-09-07T00:00:00Z")
    later = 'op: rules\n 2026-09-08\n op by chief, auditco.zhou: clock-correction "A battery was empty"'
    ended = f"succession {ORIGIN}:here:{'a' * 64} log_key={key_text('next.log')}"
    ledger.play(STORY)
    lines = [banks.leaf(9_00)]
    ledger.play(f"hope: mandate 0 channels=bank:bank\n{banks.PAID}")
    ledger.play("""
        hope: income 1.00 CNY -> general income_class=opening-balance
        hope: fund kiosk restricted; donation 1.00 CNY -> kiosk as slip received_on=2026-09-08
        hope: reversal of ^slip gave=kiosk:CNY:1.00:2026-09-08:0..100
        hope: regional-statistics kiosk CNY 1.00 from_size=0 cells=other:1:100
    """)
    name = banks.state(ledger, lines, days="from_day=2026-07-01 to_day=2026-09-07")
    banks.confirm(ledger, ledger.labels["paid"], 1_00, banks.opening(name, lines, 0, 9_00))
    ledger.say("hope", [answer(ledger.labels["handed"])], ["hope.li", "one.time"])
    ledger.play(f"2027-09-08\n {later}\n op by chief, auditco.zhou: {ended}")
    saved |= {(table, key): raw for table, key, raw in ledger.books.take_changes()}
    books = loaded([(*name, raw) for name, raw in saved.items()])
    assert repr(rows(books)) == repr(rows(ledger.books)), "a row within a row is one too"
    assert all(type(row) is table.row for table in books.tables for _, row in table.items())
    assert all(rows(books).values()), "the story has a row for every table"


def test_loaded_books_go_on_where_the_others_were(ledger):
    ledger.play(STORY)
    other = a_ledger().play(STORY)
    other.books = loaded(ledger.books.take_changes())
    for each in (ledger, other):
        each.play("""
            hope: payment 9.00 CNY books -> shop
            hope: payment 60.00 CNY books -> shop
              ! overdraft: cannot pay 60.00 CNY: fund books
            hope: refund ^gift school CNY units=9050..9060 reason=legal
              ! overdraft: some are already used
        """)
    assert rows(other.books) == rows(ledger.books)


def test_changes_are_told_once_and_in_order(ledger):
    first = ledger.books.take_changes()
    assert [row[:2] for row in first] == sorted(row[:2] for row in first)
    assert ledger.books.take_changes() == []
    ledger.play("hope: donation 1.00 CNY -> school")
    assert [row[:2] for row in ledger.books.take_changes()] == [
        ("came", "school/CNY"), *(("given", f"school/CNY/{step}") for step in ("20", "2026", "2026-09", "2026-09-07")),
        ("head", ""), ("moved_from", "school/CNY"), ("moved_in", "school/CNY/2026-09"), ("tape", "school/CNY"),
    ]  # fmt: skip
    ledger.play("""
        hope: donation 1.00 CNY -> skool
          ! reference: there is no such fund
    """)
    assert ledger.books.take_changes() == []


def test_an_audit_keeps_no_changes(ledger):
    ledger.books.take_changes()
    ledger.books.paid.put("any", Sum(1))
    ledger.books.commit(keep=False)
    assert ledger.books.take_changes() == []
    assert ledger.books.paid.get("any") == Sum(1)


def test_rows_are_taken_back_to_where_they_were():
    books = Books()
    books.paid.put("old", Sum(1))
    books.commit()
    books.paid.put("old", Sum(2))
    books.paid.put("new", Sum(3))
    second = books.savepoint()
    books.paid.put("new", Sum(4))
    books.paid.put("newer", Sum(5))
    third = books.savepoint()
    books.back_to(second)
    assert list(books.paid.items()) == [("new", Sum(3)), ("old", Sum(2))]
    books.back_to(third)
    assert list(books.paid.items()) == [("new", Sum(4)), ("newer", Sum(5)), ("old", Sum(2))]
    books.rollback()
    assert list(books.paid.items()) == [("old", Sum(1))]


def test_a_row_that_is_not_canonical_is_not_loaded():
    with pytest.raises(CanonicalError):
        Books().load("paid", "any", encode([1]) + b" ")


def test_a_sum_has_a_most_and_may_fall():
    assert [total(amount, more, "it") for amount, more in ((0, 0), (5, 2), (5, -7), (MAX_INTEGER - 1, 1), (MAX_INTEGER, -1))] == [
        0, 7, -2, MAX_INTEGER, MAX_INTEGER - 1,
    ]  # fmt: skip
    for amount, more in ((MAX_INTEGER, 1), (1, MAX_INTEGER)):
        with pytest.raises(Refused, match="it would exceed") as refused:
            total(amount, more, "it")
        assert refused.value.rule == "tape-limit"


def test_a_table_knows_what_was_before():
    table = Table("paid", Sum)
    table.load("old", Sum(1))
    assert (table.get("old"), table.get("new"), table.before, table.changed()) == (Sum(1), None, {}, {})
    table.put("old", Sum(2))
    table.put("old", Sum(3))
    table.put("new", Sum(4))
    assert (table.before, table.changed()) == ({"old": Sum(1), "new": None}, {"old": Sum(3), "new": Sum(4)})
    assert list(table.items()) == [("new", Sum(4)), ("old", Sum(3))] and dict(table.all()) == dict(table.items())
    table.back_to({"more": Sum(5)})
    assert list(table.items()) == [("more", Sum(5)), ("old", Sum(1))] and table.before == {"more": None}
    table.back_to({})
    assert list(table.items()) == [("old", Sum(1))] and table.before == {}
    other = Table("paid", Sum)
    other.load_all(table)
    other.put("old", Sum(9))
    assert (list(other.items()), list(table.items())) == ([("old", Sum(9))], [("old", Sum(1))])


def test_what_was_committed_stays_and_waits_once():
    books = Books()
    books.paid.put("a", Sum(1))
    books.commit()
    books.paid.put("a", Sum(2))
    books.rollback()
    assert books.paid.get("a") == Sum(1)
    books.spent.put("b", Sum(3))
    books.commit()
    books.commit()
    assert books.take_changes() == [("paid", "a", b"[1]"), ("spent", "b", b"[3]")]
    assert books.take_changes() == []
    assert list(books.rows()) == [("spent", "b", b"[3]"), ("paid", "a", b"[1]")]
    other = books.copy()
    assert list(other.rows()) == list(books.rows()) and other.take_changes() == []


def test_a_row_with_lists_in_it_is_written_and_read():
    books, row = Books(), Project("hope", "P", (("administration", 1, 10), ("fundraising", 0, 1)), 10, 30)
    books.project.put("p", row)
    books.commit()
    ((table, key, raw),) = books.take_changes()
    assert raw == b'["hope","P",[["administration",1,10],["fundraising",0,1]],10,30,""]'
    other = Books()
    other.load(table, key, raw)
    assert other.project.get("p") == row and type(other.project.get("p")) is Project and other.project.before == {}


AMOUNTS = st.integers(1, 900)
RECORDS = st.one_of(
    st.builds("donation {} CNY -> school".format, AMOUNTS),
    st.builds("donation {} CNY -> general".format, AMOUNTS),
    st.builds("allocation {} CNY school -> books".format, AMOUNTS),
    st.builds("payment {} CNY books -> shop as paid".format, AMOUNTS),
    st.builds("payment {0} CNY books -> shop goods={1}:box:books:{0}".format, AMOUNTS, st.integers(1, 40)),
    st.builds("payment {} CNY general -> friends grant=camp as granted".format, AMOUNTS),
    st.builds("payment-return {} of ^paid".format, AMOUNTS),
    st.builds("payment-return {} of ^granted".format, AMOUNTS),
    st.builds("delivery {} box books -> village".format, st.integers(1, 40)),
    st.builds("allocation {1} CNY school -> desks units={0}..{2}".format, st.integers(0, 900), st.just(50), st.none()),
    st.just("reversal of ^given"),
)


def try_to_say(ledger: Ledger, text: str) -> None:
    """Play one statement; that the books refuse it is as good an answer."""
    try:
        ledger.play(text)
    except AssertionError as wrong:
        assert "\nrefused: " in str(wrong)


@settings(max_examples=60, deadline=None)
@given(st.lists(RECORDS, max_size=25))
def test_money_is_neither_made_nor_lost(texts):
    """Whatever is said: what came in from outside is what lies on the tapes, and what left them for good."""
    ledger = a_ledger().play("""
        friends: fund camp restricted
        hope: donation 5.00 CNY -> school; donation 5.00 CNY -> general; allocation 2.00 CNY school -> books as given
        hope: payment 1 CNY books -> shop as paid; payment 1 CNY general -> friends grant=camp as granted
    """)
    for text in texts:
        start = text.partition("units=")[2].partition("..")[0]
        try_to_say(ledger, "hope: " + text.replace("None", str(int(start or 0) + 50)))
    came, left, moved = 0, 0, 0
    for leaf in ledger.leaves:
        for number, record in enumerate(leaf.statement.records):
            flows = [row for row in leaf.rows(number) if row[2].endswith("/CNY")]
            inside = sum(end - start for _, sign, _, start, end in flows if sign == "+")
            outside = sum(end - start for _, sign, _, start, end in flows if sign == "-")
            if record.kind in ("donation", "payment-return"):
                came += inside
            elif inside:
                assert inside == outside
                moved += inside
            else:
                left += outside
    lying = sum(tape.free() for name, tape in ledger.books.tape.items() if name.endswith("/CNY"))
    assert came == lying + left
    assert sum(tape.end for name, tape in ledger.books.tape.items() if name.endswith("/CNY")) == came + moved
