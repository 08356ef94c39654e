"""How a batch becomes rows."""

from __future__ import annotations

from .connection import Connection
from .protocol import Batch

SIGNS = {"+": 1, "-": -1}

_TILE = """
INSERT INTO tiles (level, number, hashes) VALUES (?, ?, ?)
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
"""
_ROW = "INSERT INTO state (name, key, body) VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET body = excluded.body"
_HISTORY = """
INSERT INTO history (block, name, key, body) VALUES (?, ?, ?, ?)
ON CONFLICT (block, name, key) DO UPDATE SET body = excluded.body
"""
_FLOW = "INSERT INTO flows (tape, sign, start, stop, entry, record) VALUES (?, ?, ?, ?, ?, ?)"
_SPAN = "INSERT INTO spans (tape, start, entry) VALUES (?, ?, ?)"
_MENTION = "INSERT INTO mentions (term, entry, record) VALUES (?, ?, ?)"
_CLAIM = "INSERT INTO claims (entry, record, by_entry, by_record, facts) VALUES (?, ?, ?, ?, ?)"
_ONCE = "INSERT OR IGNORE INTO once (entry, record, kind, start, stop) VALUES (?, ?, ?, ?, ?)"


def insert_entries(connection: Connection, batch: Batch) -> None:
    """The entries themselves."""
    connection.many("INSERT INTO entries (entry, body) VALUES (?, ?)", enumerate(batch.entries, batch.first))


def insert_derived(connection: Connection, batch: Batch) -> None:
    """All of the batch that has a table, but the entries; and how far the derived data reaches now."""
    connection.many(_TILE, batch.tiles)
    rows = {(table, key): body for _, table, key, body in batch.rows}
    connection.many(_ROW, ((table, key, body) for (table, key), body in rows.items()))
    connection.many(_HISTORY, batch.rows)
    connection.many(_MENTION, batch.mentions)
    tape = _tape_numbers(connection, batch)
    connection.many(_FLOW, ((tape[flow[0]], SIGNS[flow[1]], *flow[2:]) for flow in batch.flows))
    connection.many(_SPAN, ((tape[name], start, entry) for name, start, entry in batch.spans))
    connection.many(_CLAIM, batch.claims)
    connection.many(_ONCE, batch.once)
    size = batch.first + len(batch.entries)
    connection.all("UPDATE meta SET value = ? WHERE name = 'derived_size'", size)


def _tape_numbers(connection: Connection, batch: Batch) -> dict[str, int]:
    """A number for each tape of the batch. New ones are numbered by the entry that first names them, then by name.

    So the numbers do not depend on how entries were grouped into batches, and a rebuild gives the same.
    """
    seen = sorted({(flow[4], flow[0]) for flow in batch.flows} | {(span[2], span[0]) for span in batch.spans})
    names = list(dict.fromkeys(name for _, name in seen))
    connection.many("INSERT OR IGNORE INTO tapes (name) VALUES (?)", ((name,) for name in names))
    return {name: connection.one("SELECT tape FROM tapes WHERE name = ?", name)[0] for name in names}
