"""`givetrail proof`: a proof that anyone can check without the ledger."""

from __future__ import annotations

import click

from ledger.books.gift import split_ref
from ledger.canonical import JsonObject
from ledger.pasted import pasted_record, pasted_ref
from ledger.view.view import View

from ..command import Command, ledger_directory
from ..files import check_output, output_option, spoken, written
from ..outcome import Outcome
from ..screen import counted, entries


@click.command("proof", cls=Command)
@click.argument("ref")
@click.option("--tlog", is_flag=True, help="Write the C2SP tlog-proof of REF's entry. REF can be any record, or an entry.")
@output_option("The file to write; - is stdout.", required=True)
def command(ref: str, tlog: bool, output: str) -> Outcome:
    """Write the trace bundle of gift REF. Anyone with the bundle and the trust policy can verify the gift offline."""
    ref = pasted_ref(ref) if tlog else pasted_record(ref)
    check_output(output)
    with View.open(ledger_directory()) as view:
        snapshot = view.at()
        raw = snapshot.proof(_entry(ref)) if tlog else snapshot.bundle(ref)
    size = snapshot.tree_size
    value = {"file": output, "ref": ref, "form": "tlog-proof" if tlog else "trace-bundle", "tree_size": size, "bytes": len(raw)}
    return written(output, raw, value, _lines(value))


def _entry(ref: str) -> int:
    return split_ref(ref if "." in ref else f"{ref}.0")[0]


def _lines(value: JsonObject) -> list[str]:
    name = spoken(value["file"], "stdout")
    return [f"{name}: {value['form']} of {value['ref']} at {entries(value['tree_size'])}, {counted(value['bytes'], 'byte')}"]
