"""What an auditor is handed may be made to hang or to break whoever reads it: every kind of thing in the place of every file."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.transcript import Ended

Run = Callable[..., Ended]
PATIENCE_S = 15


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link_to_a_pipe(path: Path) -> None:
    path.with_name("far").unlink(missing_ok=True)
    os.mkfifo(path.with_name("far"))
    path.symlink_to("far")


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_socket(path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)  # the path of a socket is short
    with closing(socket.socket(socket.AF_UNIX)) as end:
        end.bind(path.name)
    os.fchdir(here)
    os.close(here)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_loop(path: Path) -> None:
    path.symlink_to(path.name)


def a_huge_file(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


def what_waits(path: Path) -> None:
    """A file of the kernel, which is a regular one and can wait."""
    path.symlink_to("/proc/kmsg" if os.access("/proc/kmsg", os.R_OK) else "/dev/zero")


KINDS = [a_pipe, a_link_to_a_pipe, a_device, a_socket, a_folder, a_loop, a_huge_file, what_waits]
IN_A_LEDGER = ["checkpoint", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.sqlite-journal"]
IN_AN_EXPORT = ["checkpoint", "tile", "tile/0", "tile/0/000.p/13", "tile/entries/000.p/13"]
NAMED = ["--trust", "--since", "--save"]


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Who waits for ever is woken, and fails."""

    def wake(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(PATIENCE_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def put(path: Path, kind: Callable[[Path], None]) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    kind(path)


def said(ended: Ended) -> str:
    assert "Traceback" not in ended.stderr and "unexpected" not in ended.stderr
    return ended.stdout + ended.stderr


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", IN_A_LEDGER)
def test_in_a_ledger(ledger: Path, run: Run, name: str, kind: Callable[[Path], None]):
    put(ledger / name, kind)
    ended = run("verify", "L", "--trust", "L/trust.policy")
    if name.startswith("ledger.sqlite-") and kind in (a_huge_file, what_waits):
        assert ended.exit_code in (0, 4), said(ended)  # SQLite takes none of it for its own, or does not open it
    elif (name, kind) == ("ledger.sqlite", what_waits):
        assert ended.exit_code == 4 and "is damaged" in said(ended)
    else:
        assert ended.exit_code == (3 if (name, kind) == ("checkpoint", a_huge_file) else 4), said(ended)
        assert name in said(ended) or kind is a_huge_file
    for words in (["trace", "7.0"], ["proof", "8.0", "-o", "gift.json"], ["export", "out"]):
        assert run(*words).exit_code in (0, 1, 2, 4), words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", IN_AN_EXPORT)
def test_in_an_export(ledger: Path, run: Run, name: str, kind: Callable[[Path], None]):
    assert run("export", "out").exit_code == 0
    put(Path("out") / name, kind)
    ended = run("verify", "out", "--trust", "L/trust.policy")
    false = kind is a_huge_file and name not in ("tile", "tile/0")
    assert ended.exit_code == (3 if false else 4), said(ended)
    assert name in said(ended) or name.startswith("tile") or kind is a_huge_file
    run("export", "out")
    said(run("verify", "out", "--trust", "L/trust.policy"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", NAMED)
def test_named(ledger: Path, run: Run, option: str, kind: Callable[[Path], None]):
    put(Path("given"), kind)
    words = ["--trust", "given"] if option == "--trust" else ["--trust", "L/trust.policy", option, "given"]
    ended = run("verify", "L", *words)
    assert ended.exit_code == 2 and "given" in said(ended)


@pytest.mark.parametrize("kind", KINDS)
def test_as_a_bundle_an_envelope_and_a_state(ledger: Path, run: Run, kind: Callable[[Path], None]):
    put(Path("given"), kind)
    for words in (
        ["verify", "given", "--trust", "L/trust.policy"], ["approve", "given", "--party", "hope", "--officer", "ben"],
        ["verify", "L", "--trust", "L/trust.policy", "--state", "given"],
    ):  # fmt: skip
        ended = run(*words)
        assert ended.exit_code in (1, 2, 4) or kind is a_folder, said(ended)
    put(Path("given"), a_folder)
    assert run("verify", "L", "--trust", "L/trust.policy", "--state", "given").exit_code == 0
    for name in ("state.json", "leaves"):
        if kind is not a_huge_file:
            put(Path("given") / name, kind)
            assert run("verify", "L", "--trust", "L/trust.policy", "--state", "given").exit_code in (1, 6)


def test_a_pipe_is_read_from_stdin_where_that_is_named(ledger: Path, run: Run):
    assert run("proof", "8.0", "-o", "gift.json").exit_code == 0
    policy = Path("L/trust.policy").read_text()
    assert run("verify", "gift.json", "--trust", "-", stdin=policy).exit_code == 0


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n) SELECT"
TABLES = {
    "entries": f"CREATE VIEW entries AS {ENDLESS} x AS entry, x'00' AS body FROM n",
    "meta": f"CREATE VIEW meta AS {ENDLESS} 'derived_size' AS name, x AS value FROM n",
    "tiles": f"CREATE VIEW tiles AS {ENDLESS} x AS level, x AS number, zeroblob(1000000000) AS hashes FROM n",
    "state": f"CREATE VIEW state AS {ENDLESS} 'party' AS name, x AS key, x'7b7d' AS body FROM n",
    "history": "CREATE TABLE history (block, name, key, body)",
    "tapes": 'CREATE TABLE "tapes" ("tape" INTEGER PRIMARY KEY, "name" TEXT NOT NULL, more AS (length(name)))',
}
ADDED = [
    "CREATE TRIGGER more AFTER INSERT ON entries BEGIN DELETE FROM tiles; END",
    "CREATE VIEW harmless AS SELECT 1",
    "CREATE TABLE notes (text)",
    "CREATE INDEX sizes ON entries (length(body))",
    "CREATE UNIQUE INDEX more ON tiles (hashes)",
    "DROP TABLE claims",
]


def change(ledger: Path, *statements: str) -> None:
    with closing(sqlite3.connect(ledger / "ledger.sqlite", isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_by_another_text(ledger: Path, run: Run, name: str):
    change(ledger, f"DROP TABLE {name}", TABLES[name])
    ended = run("verify", "L", "--trust", "L/trust.policy")
    assert ended.exit_code == 4 and f"'{name}' is not of a ledger" in said(ended) and ended.stderr.endswith("[database]\n")
    assert run("trace", "8.0").exit_code == 1
    rebuilt = run("rebuild")
    assert rebuilt.exit_code == (1 if name in ("entries", "meta") else 0), said(rebuilt)


@pytest.mark.parametrize("statement", ADDED)
def test_more_or_less_than_a_ledger_has(ledger: Path, run: Run, statement: str):
    change(ledger, statement)
    ended = run("verify", "L", "--trust", "L/trust.policy")
    assert ended.exit_code == 4 and "run `givetrail rebuild` [database]" in said(ended)
    assert run("rebuild").exit_code == 0
    assert run("verify", "L", "--trust", "L/trust.policy").exit_code == 0


@pytest.mark.parametrize("value", ["'text'", "NULL", "1.5", "zeroblob(70000)", "zeroblob(100000000)"])
@pytest.mark.parametrize("column", ["entries SET body", "tiles SET hashes"])
def test_a_value_of_another_form(ledger: Path, run: Run, column: str, value: str):
    """Tables are strict, so the text that makes them is changed, and put back when the value is in."""
    table = column.partition(" ")[0]
    key = "entry = 1" if table == "entries" else "level = 0"
    with closing(sqlite3.connect(ledger / "ledger.sqlite", isolation_level=None)) as database:
        ((sql,),) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchall()
        loose = sql.replace(" STRICT", "").replace(" NOT NULL", "")
        for text, then in ((loose, f"UPDATE {column} = {value} WHERE {key}"), (sql, "SELECT 1")):
            database.execute("PRAGMA writable_schema = ON")
            database.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (text, table))
            database.execute("PRAGMA writable_schema = RESET")
            database.execute(then)
    ended = run("verify", "L", "--trust", "L/trust.policy")
    assert ended.exit_code in (3, 4), said(ended)


def test_a_question_without_an_end_is_given_up(ledger: Path, monkeypatch: pytest.MonkeyPatch):
    from ledger.errors import StorageError
    from ledger.store import sqlite_connection as connection

    monkeypatch.setattr(connection, "TICK_STEPS", 1000)
    with closing(connection.Connection(ledger / "ledger.sqlite", write=False)) as reader:
        for _ in range(3):  # each question has a budget of its own
            assert reader.one(f"{ENDLESS} x FROM n LIMIT 1 OFFSET 20000") == (20000,)
            with pytest.raises(StorageError, match="does not end") as given_up:
                reader.one(f"{ENDLESS} max(x) FROM n")
            assert given_up.value.rule == "database"
