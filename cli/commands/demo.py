"""`givetrail demo`: an invented ledger."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from ledger.audit.verify import verify
from ledger.books.gift import follow_gift
from ledger.books.moment import local_day
from ledger.canonical import JsonObject
from ledger.demo.story import make_demo
from ledger.directory.opening import open_reader
from ledger.directory.publication import POLICY
from ledger.directory.source import DirectorySource
from ledger.entries.store_flows import StoreFlows
from ledger.findings.report import spoken
from ledger.log.policy import Policy
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource

from ..command import Command
from ..done_so_far import so_far, start_over
from ..outcome import Outcome
from ..screen import Counter, counted, entries, hint, plain, table
from .trace import gift_lines, gift_value

EXPORT = "export"
SHOWN = "fully_reported"


@click.command("demo", cls=Command, on_ledger=False)
@click.argument("directory", metavar="DIR")
@click.option("--gifts", type=int, default=2000, show_default=True, metavar="N", help="The number of gifts.")
def command(directory: str, gifts: int) -> Outcome:
    """Make a ledger in DIR with some weeks of invented gifts, export it, verify the export, and follow one gift.

    The same number of gifts gives the same root hash on every machine.
    """
    home = Path(directory)
    again = start_over(home)
    with Counter("recording gifts", again) as count:
        done = make_demo(home, gifts, count)
    with closing(DirectorySource(home)) as source:
        export_tiles(source, home / EXPORT)
    with closing(FolderSource(home / EXPORT)) as source, Counter("verifying", again) as count:
        report = verify(source, Policy.parse((home / POLICY).read_bytes()), overseers=(), progress=count)
    value = {
        **done._asdict(), "directory": directory, "trust_policy": str(home / POLICY), "export": str(home / EXPORT),
        "as_of": report.as_of, "verdict": report.verdict, "witnessed": report.witnessed,
        "findings": [{"id": id_, "count": count} for id_, count in Counts(finding.rule for finding in report.findings).items()],
        "gift": _gift(home, done.named[SHOWN]),
    }  # fmt: skip
    so_far().made = f"the demonstration ledger {plain(home)} is complete"
    hint(f"Next: givetrail --ledger {plain(directory)} trace {done.named[SHOWN]}")
    return Outcome(value, _lines, report.exit_code)


def _gift(home: Path, ref: str) -> JsonObject:
    store, books = open_reader(home)
    with closing(store):
        store_flows, day = StoreFlows(store, books), local_day(books, books.head[""].time)
        return gift_value(store_flows, follow_gift(store_flows, ref, day), day)


def _lines(value: JsonObject) -> Iterator[str]:
    yield f"{plain(value['directory'])}: ledger {value['origin']}, {counted(value['gifts'], 'gift')}, {entries(value['tree_size'])}"
    yield f"root {value['root']}"
    yield from table([(ref, name) for name, ref in value["named"].items()])
    found = ", ".join(f"{one['count']} {one['id']}" for one in value["findings"])
    total = counted(sum(one["count"] for one in value["findings"]), "audit finding")
    verdict = spoken(value["verdict"], value["witnessed"]) + (f", with {total}: {found}" if found else "")
    yield f"{plain(value['export'])} as of {value['as_of']}: {verdict}"
    yield f"gift {value['gift']['ref']}:"
    yield from gift_lines(value["gift"])
