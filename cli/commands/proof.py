"""`givetrail proof`: a proof that anyone can check without the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.books.gift import split_ref
from ledger.bundle.trace_bundle import make_bundle
from ledger.canonical import JsonObject
from ledger.disk.regular import read_regular, unreadable
from ledger.entries.store_flows import StoreFlows
from ledger.errors import Unverifiable
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.merkle import prove_inclusion
from ledger.log.note import MAX_NOTE_BYTES, parse_note
from ledger.log.proof import format_proof
from ledger.log.tile import CHECKPOINT, node_reader
from ledger.pasted import pasted_record, pasted_ref

from ..command import Command
from ..files import check_output, output_option, spoken, written
from ..outcome import Outcome
from ..screen import counted, entries
from ..session import Session, opened


@click.command("proof", cls=Command)
@click.argument("ref")
@click.option("--tlog", is_flag=True, help="Write the C2SP tlog-proof of REF's entry. REF can be any record, or an entry.")
@output_option("The file to write; - is stdout.", required=True)
def command(ref: str, tlog: bool, output: str) -> Outcome:
    """Write the trace bundle of gift REF. Anyone with the bundle and the trust policy can verify the gift offline."""
    ref = pasted_ref(ref) if tlog else pasted_record(ref)
    check_output(output)
    with opened(write=False) as session:
        note = _checkpoint(session.directory)
        raw = _tlog(session, ref, note) if tlog else make_bundle(StoreFlows(session.store, session.books), ref, note)
    size = parse_checkpoint(parse_note(note).text).tree_size
    value = {"file": output, "ref": ref, "form": "tlog-proof" if tlog else "trace-bundle", "tree_size": size, "bytes": len(raw)}
    return written(output, raw, value, _lines(value))


def _tlog(session: Session, ref: str, note: bytes) -> bytes:
    index = split_ref(ref if "." in ref else f"{ref}.0")[0]
    size = parse_checkpoint(parse_note(note).text).tree_size
    return format_proof(index, prove_inclusion(index, size, node_reader(session.store.tile)), note)


def _checkpoint(directory: Path) -> bytes:
    try:
        return read_regular(directory / CHECKPOINT, MAX_NOTE_BYTES)
    except FileNotFoundError:
        raise Unverifiable(
            f"{directory / CHECKPOINT}: is missing; open the ledger for writing once, which signs it again", rule="missing"
        ) from None
    except OSError as error:
        raise unreadable(directory / CHECKPOINT, error) from None


def _lines(value: JsonObject) -> list[str]:
    name = spoken(value["file"], "stdout")
    return [f"{name}: {value['form']} of {value['ref']} at {entries(value['tree_size'])}, {counted(value['bytes'], 'byte')}"]
