"""The entry point `givetrail`: the list of commands."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from ledger import __version__

from .command import LateGroup
from .outcome import asks_for_json, report_unexpected, run
from .screen import as_utf8
from .tried import COMMAND, KIND, meant

COMMANDS = {
    "init": ("cli.commands.init", "Make a ledger."),
    "key": ("cli.commands.key", "Make, list, add and revoke keys of officers."),
    "party": ("cli.commands.party", "Admit parties, and list them."),
    "record": ("cli.commands.record", "Record a gift, a payment, or anything else."),
    "import": ("cli.commands.imports", "Record gifts or grants from a file."),
    "inclusion-promise": ("cli.commands.inclusion_promise", "Promise donors that their gifts will be recorded in time."),
    "approve": ("cli.commands.approve", "Add a signature to a statement, and submit it."),
    "balance": ("cli.commands.balance", "Show the line that adds up: what came in, what left, what is left."),
    "list": ("cli.commands.listing", "List what was recorded, newest first."),
    "status": ("cli.commands.status", "Show what is due, what waits and what differs."),
    "trace": ("cli.commands.trace", "Follow a gift forward, or a payment back."),
    "verify": ("cli.commands.verify", "Check a ledger, an exported folder or a trace bundle."),
    "challenge": ("cli.commands.challenge", "Look for a promised gift, or write a challenge if it is missing."),
    "explain": ("cli.commands.explain", "Explain a finding, an error or a word."),
    "proof": ("cli.commands.proof", "Write the trace bundle of a gift, or the proof of an entry."),
    "export": ("cli.commands.export", "Write the log as a folder of static files."),
    "mirror": ("cli.commands.mirror", "Copy a log from a server into a folder of static files."),
    "witness": ("cli.commands.witness", "Ask the witnesses to cosign, and look at their alarms."),
    "monitor": ("cli.commands.monitor", "Follow a log, keep its checkpoints, and raise an alarm if they contradict."),
    "serve": ("cli.commands.serve", "Serve the read API and the log's files over HTTP."),
    "backup": ("cli.commands.backup", "Make a backup of a ledger, even while others write to it."),
    "restore": ("cli.commands.restore", "Make a ledger from a backup, or from any copy of its log."),
    "repair": ("cli.commands.repair", "Restore entries that are damaged or missing."),
    "copy": ("cli.commands.copy", "Make a copy of a ledger to try things out."),
    "stamp": ("cli.commands.stamp", "Have a timestamp authority stamp the log."),
    "scrub": ("cli.commands.scrub", "Check the whole directory for damage."),
    "rebuild": ("cli.commands.rebuild", "Rebuild indexes and totals from the entries."),
    "demo": ("cli.commands.demo", "Make a demonstration ledger."),
}


class Program(LateGroup):
    """The command itself: parses, runs, prints, exits."""

    def meant(self, ctx: click.Context, word: str) -> str:
        """The command that people mean by a word, or the kind of record."""
        return meant(word, COMMANDS, {**{word: f"record {kind}" for word, kind in KIND.items()}, **COMMAND})

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, complete_var: str | None = None,
        standalone_mode: bool = True, **settings: object,
    ) -> NoReturn:  # fmt: skip
        """Run one command line and exit with its code."""
        words = [as_utf8(word) for word in (sys.argv[1:] if args is None else args)]
        run_it, name = super().main, prog_name or "givetrail"
        sys.exit(run(lambda so_far: run_it(words, name, complete_var, False, obj=so_far, **settings), asks_for_json(words)))


@click.group(cls=Program, late=COMMANDS)
@click.version_option(__version__, prog_name="givetrail", message="%(prog)s %(version)s")
def cli() -> None:
    """A donation ledger that anyone can check.

    Results go to stdout, progress and hints to stderr. Exit codes: 0 success, 1 disk error or internal
    error, 2 usage, 3 failed, 4 could not verify, 5 audit findings (with --fail-on audit), 6 conflict,
    7 partly verified.
    """


def collect_less() -> None:
    """Run the garbage collector less often: decoded entries have no cycles, and searching for them took a sixth of an import."""
    gc.set_threshold(50_000, 20, 100)


def main() -> None:
    """Run the command line of this process."""
    collect_less()
    report_unexpected(asks_for_json(sys.argv[1:]))
    cli.main()
