"""What is derived: rows with checksums, their counts, the text of their tables; and what is said of each that is not what was
written."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NotFound, StorageError
from ledger.store import sqlite_reading as reading
from ledger.store.protocol import Batch
from ledger.store.sqlite import FILE_NAME, SqliteStore
from ledger.store.sqlite_checksum import PRIME, WEIGHTS, expression, summer
from ledger.store.sqlite_reading import MAX_ENTRY_BYTES
from ledger.store.sqlite_soundness import REMEDY
from ledger.store.sqlite_tables import ALL, DERIVED, ENTRIES, KEPT, META, MOST, SPANS, STATE, TAPES, _bare, check_schema
from tests.store.sample import FOREVER, TAPE, batch, entry, fill, keys_of, rows_of, tile, write_again
from tests.store.test_sqlite_mending import change

COLUMNS = {"a": int, "b": str, "c": bytes, "d": int}


@given(st.integers(-(2**63), 2**63 - 1), st.text(st.characters(exclude_categories=["Cs"])), st.binary(), st.integers(0, 2**40))
def test_python_and_sqlite_come_to_one_sum(a: int, b: str, c: bytes, d: int):
    row = (a, b, c, d)
    sums = [value if isinstance(value, int) else zlib.crc32(value if isinstance(value, bytes) else value.encode()) for value in row]
    wanted = sum(weight * value for weight, value in zip(WEIGHTS, sums, strict=False)) % PRIME
    assert summer(COLUMNS)(row) == wanted
    with closing(sqlite3.connect(":memory:")) as database:
        database.create_function("crc32", 1, zlib.crc32)
        for crc in (None, {"b": str(zlib.crc32(b.encode()))}):
            words = f"SELECT {expression(COLUMNS, crc)} FROM (SELECT ? AS a, ? AS b, ? AS c, ? AS d)"
            assert database.execute(words, row).fetchone()[0] % PRIME == wanted
        assert database.execute(
            f"SELECT {expression(COLUMNS)} FROM (SELECT 1 AS a, x'61' AS b, x'62' AS c, 1 AS d)"
        ).fetchone() == (None,)


def test_a_table_has_its_text():
    assert ENTRIES.sql() == "CREATE TABLE entries (entry INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT"
    assert META.sql() == "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID"
    wanted = "tape INTEGER NOT NULL, start INTEGER NOT NULL, entry INTEGER NOT NULL, checksum INTEGER NOT NULL"
    assert SPANS.sql() == f"CREATE TABLE spans ({wanted}, PRIMARY KEY (tape, start)) STRICT, WITHOUT ROWID"
    assert (
        TAPES.sql()
        == "CREATE TABLE tapes (name TEXT PRIMARY KEY, tape INTEGER NOT NULL, checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID"
    )
    assert (TAPES.counters, TAPES.row) == (("tapes_rows", "tapes_sum"), "INTO tapes (name, tape, checksum) VALUES (?, ?, ?)")
    assert SPANS.found == "SELECT checksum FROM spans WHERE tape = ? AND start = ?"
    assert (ENTRIES.row, META.row) == ("INTO entries (entry, body) VALUES (?, ?)", "INTO meta (name, value) VALUES (?, ?)")
    assert _bare('CREATE TABLE [a] ("b"  INTEGER,\n c\t)') == "CREATETABLEa(bINTEGER,c)"
    assert set(KEPT) == {"entries", "meta"} and set(ALL) == set(KEPT) | {table.name for table in DERIVED}


@pytest.mark.parametrize(
    ("sql", "what", "remedy"),
    [
        ("CREATE VIEW notes AS SELECT 1", "view 'notes' is not of a ledger", "givetrail rebuild"),
        ("CREATE INDEX of_bodies ON entries (body)", "index 'of_bodies' is not of a ledger", "givetrail rebuild"),
        ("DROP TABLE spans", "table 'spans' is missing", "givetrail rebuild"),
        ("DROP TABLE meta", "table 'meta' is missing", "givetrail restore"),
        ("ALTER TABLE spans ADD COLUMN more INTEGER", "table 'spans' is not of a ledger", "givetrail rebuild"),
        ("ALTER TABLE entries ADD COLUMN more INTEGER", "table 'entries' is not of a ledger", "givetrail restore"),
        ("ALTER TABLE meta RENAME TO other", "table 'other' is not of a ledger", "givetrail rebuild"),
    ],
)
def test_a_file_has_our_tables_and_nothing_else(small: Path, sql: str, what: str, remedy: str):
    change(small, sql)
    with pytest.raises(StorageError) as refused:
        SqliteStore.open(small, write=False)
    assert what in refused.value.message and remedy in refused.value.message
    assert (refused.value.rule, refused.value.where) == ("database", str(small / FILE_NAME))


def test_of_what_is_not_kept_nothing_is_asked_where_it_is_made_again(small: Path):
    change(small, "DROP TABLE spans", "CREATE VIEW notes AS SELECT 1", "CREATE INDEX of_bodies ON entries (body)")
    with SqliteStore.open_to_replace(small) as store:
        check_schema(store._connection, whole=False)
        with pytest.raises(StorageError):
            check_schema(store._connection)
    change(small, "DROP TABLE meta")
    with pytest.raises(StorageError, match="'meta' is missing"):
        SqliteStore.open_to_replace(small)


def test_what_is_made_again_leaves_nothing_that_is_not_ours(small: Path, tmp_path: Path):
    with SqliteStore.create(tmp_path / "other", keys_of=keys_of) as store:
        fill(store, 2, 3)
    change(small, "DROP TABLE claims", "CREATE VIEW claims AS SELECT 1", "CREATE INDEX i ON flows (stop)")
    change(small, 'CREATE VIEW "a ""view" AS SELECT 1', "CREATE TRIGGER t AFTER INSERT ON spans BEGIN SELECT 1; END")
    change(small, 'CREATE TABLE "[x]" (a)', "CREATE INDEX j ON entries (body)")
    with SqliteStore.open_to_replace(small) as store:
        assert store.differences(tmp_path / "other") == {"claims": 5}
        store.take_over(tmp_path / "other")
        assert store.differences(tmp_path / "other") == {}
        names = [name for (name,) in store._connection.all("SELECT name FROM sqlite_master WHERE sql IS NOT NULL")]
        assert sorted(names) == sorted(ALL)
    with write_again(small) as store:
        fill(store, 1)


def test_of_many_things_in_a_file_some_are_looked_at(small: Path):
    """So a file with a million tables costs nobody more than one with a dozen."""
    change(small, *(f"CREATE VIEW z{number} AS SELECT 1" for number in range(MOST)))
    with SqliteStore.open_to_replace(small) as store:
        asked: list[str] = []
        store._connection.sqlite.set_trace_callback(asked.append)
        check_schema(store._connection, whole=False)
        assert asked[0].endswith(f"LIMIT {MOST}")


def made_sound(small: Path, sql: str, table: Any, row: tuple) -> None:
    """A row in the place of another one, with the checksum that it would have."""
    with closing(sqlite3.connect(small / FILE_NAME)) as database, database:
        database.execute(sql, (*row, table.checksum(row)))


@pytest.mark.parametrize("table", [table.name for table in DERIVED if table.name != "once"])
def test_a_row_that_is_changed_or_gone_is_told(small: Path, table: str):
    with closing(sqlite3.connect(small / FILE_NAME)) as database:
        (rows,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
        key = next(one for one in DERIVED if one.name == table).key
        least = " AND ".join(f"{name} = (SELECT {name} FROM {table} ORDER BY {', '.join(key)} LIMIT 1)" for name in key)
    change(small, f"UPDATE {table} SET checksum = checksum + 1 WHERE {least}")
    check_told(small, table, f"1 of {rows} rows are not as they were written")
    change(small, f"UPDATE {table} SET checksum = checksum - 1 WHERE {least}")
    SqliteStore.open(small, write=False).close()
    change(small, f"DELETE FROM {table} WHERE {least}")
    check_told(small, table, f"has {rows - 1} rows instead of {rows}")


def check_told(small: Path, table: str, what: str) -> None:
    for write in (False, True):
        with pytest.raises(StorageError) as refused:
            SqliteStore.open(small, write=write, keys_of=keys_of)
        assert refused.value.message == f"{small / FILE_NAME}: table {table}: {what}; {REMEDY}"
        assert (refused.value.rule, refused.value.where) == ("derived", table)
    with SqliteStore.open(small, write=False, checked=False) as store, store.one_commit():
        assert store.faults() == [f"{small / FILE_NAME}: table {table}: {what}; {REMEDY}"]


def test_a_row_that_was_written_by_somebody_else_is_told(small: Path):
    made_sound(small, "REPLACE INTO state VALUES (?, ?, ?, ?)", STATE, ("party", "p0", b'{"a":1}'))
    check_told(small, "state", "its rows are not as they were written")


def test_derived_tables_that_do_not_reach_the_last_entry_are_told(small: Path):
    for size in (4, 6):
        change(small, f"UPDATE meta SET value = {size} WHERE name = 'derived_size'")
        check_told(small, "meta", f"covers {size} entries of 5")
    change(small, "DELETE FROM meta WHERE name = 'derived_size'")
    check_told(small, "meta", "covers None entries of 5")
    with SqliteStore.open(small, write=False, checked=False) as store:
        with pytest.raises(StorageError, match="table meta: has no derived_size") as refused:
            assert store.derived_size
        assert refused.value.rule == "derived"


def test_the_state_is_compared_with_what_it_should_be(small: Path):
    with SqliteStore.open(small, write=False) as store, store.one_commit():
        state = [(name, key, row) for name in store.tables() for key, row in store.rows(name)]
        assert store.faults(state) == store.faults() == store.faults(iter(state)) == []
        for other in (state[1:], [*state, ("a", "b", b"")], [*state[1:], (*state[0][:2], b"other")]):
            (told,) = store.faults(other)
            name, key, _ = min(set(other) ^ set(state))
            assert f"table state: '{name} {key}' does not match the entries" in told


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("tiles", lambda store: store.tile(0, 0)), ("state", lambda store: list(store.rows("party"))),
        ("history", lambda store: list(store.history(0, 1))), ("tapes", lambda store: store.outflows(TAPE, 0, FOREVER)),
        ("mentions", lambda store: store.mentions("fund:0", (0, 0), (FOREVER, 0), 9)),
        ("flows", lambda store: store.outflows(TAPE, 0, FOREVER)),
        ("spans", lambda store: list(store.spans(f"{TAPE}-0", 0, FOREVER))),
        ("claims", lambda store: store.claims_on(0, 1)),
    ],
)  # fmt: skip
def test_a_damaged_row_is_never_given_out(small: Path, table: str, read: Callable[[SqliteStore], object]):
    with SqliteStore.open(small, write=False) as store:
        assert read(store)
    change(small, f"UPDATE {table} SET checksum = checksum + 1")
    with SqliteStore.open(small, write=False, checked=False) as store:
        with pytest.raises(StorageError, match=f"table {table}: a row is not as it was written") as refused:
            read(store)
        assert (refused.value.rule, refused.value.where) == ("derived", table)


def test_a_damaged_claim_of_units_is_never_given_out(small: Path):
    with write_again(small) as store:
        store.append(Batch(first=5, once=[(0, 1, "refund", 0, 10)]))
        assert store.is_claimed(0, 1, "refund", 0, 1) is True
    change(small, "UPDATE once SET stop = 1")
    with SqliteStore.open(small, write=False, checked=False) as store, pytest.raises(StorageError, match="table once"):
        store.is_claimed(0, 1, "refund", 5, 6)


def test_units_are_claimed_from_their_first_to_their_last(small: Path):
    with write_again(small) as store:
        store.append(Batch(first=5, once=[(0, 1, "refund", 10, 20), (0, 1, "refund", 30, 31), (0, 1, "other", 40, 50)]))
        spans = [(0, 10), (9, 10), (20, 30), (31, 60), (0, 1)]
        assert [store.is_claimed(0, 1, "refund", *span) for span in spans] == [False] * 5
        spans = [(9, 11), (10, 11), (19, 20), (19, 30), (12, 13), (0, 99), (30, 31), (29, 31)]
        assert [store.is_claimed(0, 1, "refund", *span) for span in spans] == [True] * 8
        assert [store.is_claimed(*about, 0, 99) for about in ((0, 0, "refund"), (1, 1, "refund"), (0, 1, "none"))] == [False] * 3


def test_rows_that_are_replaced_are_counted_once(small: Path):
    """What `meta` counts is compared with the tables when they are opened."""
    with write_again(small) as store:
        store.append(
            Batch(first=5, tiles=[(0, 0, b"a" * 32), (7, 7, b"b")], rows=[(0, "party", "p0", b"1"), (1, "party", "p0", b"2")])
        )
        store.append(Batch(first=5, tiles=[(0, 0, b"c" * 32)], rows=[(1, "party", "p0", b"3"), (1, "party", "new", b"4")]))
        store.append(Batch(first=5, once=[(0, 1, "refund", 0, 10)]))
        store.append(Batch(first=5, once=[(0, 1, "refund", 0, 12)]))
        store.append(Batch(first=5))
    with SqliteStore.open(small, write=False) as store:
        assert (store.tile(0, 0), store.tile(7, 7), store.derived_size) == (b"c" * 32, b"b", 5)
        assert dict(store.rows("party"))["p0"] == b"3"
        assert [store.kept_number(f"{name}_rows") for name in ("tiles", "once", "tapes")] == [2, 1, 4]


def test_tapes_are_numbered_by_the_entry_that_names_them_first_and_then_by_name(tmp_path: Path):
    """Whatever the order of the rows, and however far from its beginning an entry has units on a tape."""
    flows = [("late", "-", 0, 1, 8, 0), ("b", "+", 900, 901, 5, 0), ("b", "-", 5, 6, 3, 0), ("late", "-", 1, 2, 9, 0)]
    spans = [("span", 900, 2), ("a", 0, 3), ("z", 1, 3), ("later", 0, 7)]
    with SqliteStore.create(tmp_path / "one", keys_of=keys_of) as store:
        store.append(Batch(first=0, flows=flows, spans=spans))
        names = [name for (name,) in store._connection.all("SELECT name FROM tapes ORDER BY tape")]
        assert names == ["span", "a", "b", "z", "later", "late"]
        assert [number for (number,) in store._connection.all("SELECT tape FROM tapes ORDER BY tape")] == list(range(1, 7))
        store.append(Batch(first=0, flows=[("a", "-", 0, 1, 10, 0), ("more", "-", 0, 1, 11, 0)]))
        assert store._connection.all("SELECT name FROM tapes ORDER BY tape")[6:] == [("more",)]
        assert (store.outflows("a", 0, 9), store.outflows("more", 0, 9)) == ([(0, 1, 10, 0)], [(0, 1, 11, 0)])
        assert (store.outflows("b", 0, 999), store.inflows("b", 0, 999)) == ([(5, 6, 3, 0)], [(900, 901, 5, 0)])


def test_an_entry_is_read_up_to_its_largest_size_and_only_where_it_is(small: Path):
    change(small, f"UPDATE entries SET body = zeroblob({MAX_ENTRY_BYTES}) WHERE entry = 1")
    change(
        small, f"UPDATE entries SET body = zeroblob({MAX_ENTRY_BYTES + 1}) WHERE entry = 2", "DELETE FROM entries WHERE entry = 3"
    )
    with SqliteStore.open(small, write=False) as store:
        assert (store.entry(1), list(store.entries(0, 2))) == (bytes(MAX_ENTRY_BYTES), [entry(0), bytes(MAX_ENTRY_BYTES)])
        for read in (lambda: store.entry(2), lambda: list(store.entries(0, 5)), lambda: next(store.entries(2, 3))):
            with pytest.raises(StorageError, match="entry 2 does not have the right form") as refused:
                read()
            assert (refused.value.rule, refused.value.where) == ("database", str(small / FILE_NAME))
        for read in (lambda: store.entry(3), lambda: list(store.entries(3, 5)), lambda: list(store.entries(3, 4))):
            with pytest.raises(StorageError, match="entry 3 is missing among 5; `givetrail repair`") as refused:
                read()
            assert (refused.value.rule, refused.value.where) == ("database", "3")
        for index in (-1, 5, 6):
            for read in (lambda index=index: store.entry(index), lambda index=index: list(store.entries(index, index + 1))):
                with pytest.raises(NotFound) as missing:
                    read()
                assert (missing.value.rule, missing.value.where) == ("entry", str(index))
                assert "not in this ledger, which has 5 entries" in missing.value.message
        with pytest.raises(StorageError, match="4 entries of 5"):
            store.check()
    change(small, "DELETE FROM entries WHERE entry = 0")
    with SqliteStore.open(small, write=False) as store, pytest.raises(StorageError, match="entry 0 is missing among 5"):
        store.entry(0)


def test_pages_are_read_one_after_the_other_and_no_row_is_lost_between(small: Path, monkeypatch: pytest.MonkeyPatch):
    with write_again(small) as store:
        store.append(batch(5, 11)._replace(spans=[("paged", start, start + 3) for start in range(12)]))
    with SqliteStore.open(small, write=False) as store:
        for rows in (1, 3, 4, 16, 17):
            monkeypatch.setattr(reading, "PAGE_ROWS", rows)
            assert list(store.entries(0, 16)) == [entry(index) for index in range(16)]
            assert list(store.spans("paged", 0, 12)) == list(range(3, 15))
            assert list(store.spans("paged", 2, 5)) == [5, 6, 7]
            assert (list(store.spans("paged", 5, 5)), list(store.spans("paged", 11, 12))) == ([], [14])


def test_a_tape_and_a_store_without_anything_answer_with_nothing(tmp_path: Path):
    with SqliteStore.create(tmp_path / "empty", keys_of=keys_of) as store:
        assert (store.tree_size, store.derived_size, store.tables(), list(store.rows("party"))) == (0, 0, [], [])
        assert (store.outflows(TAPE, 0, 9), store.inflows(TAPE, 0, 9), list(store.spans(TAPE, 0, 9))) == ([], [], [])
        assert (store.claims_on(0, 0), store.is_claimed(0, 0, "refund", 0, 9), store.tile(0, 0)) == ([], False, b"")
        store.check()
        with pytest.raises(NotFound, match="not in this ledger, which has 0 entries"):
            store.entry(0)


def test_flows_are_of_one_sign_and_between_two_units(small: Path):
    with SqliteStore.open(small, write=False) as store:
        assert store.outflows(TAPE, 0, 50) == [(0, 10, 0, 0), (20, 30, 2, 0), (40, 50, 4, 0)]
        assert store.inflows(TAPE, 0, 50) == [(10, 20, 1, 0), (30, 40, 3, 0)]
        assert (store.outflows(TAPE, 9, 20), store.outflows(TAPE, 10, 20), store.outflows(TAPE, 19, 21)) == (
            [(0, 10, 0, 0)], [], [(20, 30, 2, 0)],
        )  # fmt: skip
        assert (store.outflows(TAPE, 5, 5), store.outflows(TAPE, 6, 5)) == ([], [])


def test_one_moment_is_seen_whatever_is_written_meanwhile(small: Path):
    with write_again(small) as store, SqliteStore.open(small, write=False) as reader:
        with reader.one_commit():
            fill(store, 1)
            assert (reader.tree_size, reader.tile(0, 0)) == (5, tile(0, 5))
        assert (reader.tree_size, list(reader.history(0, 1))) == (6, [row[1:] for row in sorted(rows_of(0, 6))])


def test_a_store_reads_no_longer_than_it_has_time(small: Path):
    with SqliteStore.open(small, write=False) as store:
        store.check_time()
        with pytest.raises(StorageError) as refused, store.within(lambda: True):
            store.check_time()
        assert refused.value.rule == "too-long"
        store.check_time()


def test_a_difference_counts_the_rows_that_are_other_gone_or_more(small: Path, tmp_path: Path):
    with SqliteStore.create(tmp_path / "other", keys_of=keys_of) as store:
        fill(store, 2, 3)
    change(small, "UPDATE flows SET stop = stop + 1 WHERE start < 20", "DELETE FROM spans WHERE start < 30", "DELETE FROM claims")
    change(small, "INSERT INTO mentions VALUES ('more', 1, 1, 0)", "DELETE FROM flows WHERE start = 40")
    with SqliteStore.open_to_replace(small) as store:
        assert store.differences(tmp_path / "other") == {"flows": 3, "spans": 3, "claims": 5, "mentions": 1}
        assert "beside" not in [name for _, name, _ in store._connection.all("PRAGMA database_list")]
    with SqliteStore.open_to_replace(small) as store:
        store.take_over(tmp_path / "other")
        assert store.differences(tmp_path / "other") == {}
    SqliteStore.open(small, write=True, keys_of=keys_of).close()
