"""`givetrail mirror`: a copy of a log on a server, kept up to date."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from ledger.audit.target import is_url, open_source
from ledger.canonical import JsonObject
from ledger.entries.stamped import stamps_in
from ledger.errors import Unverifiable, UsageError, shown
from ledger.log.policy import Policy
from ledger.log_files.mirror import Mirror

from ..command import Command, wants_json
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..remote import hinting_at_http, read_policy
from ..screen import Counter, counted, entries, hint, plain, say

# Errors that may pass by the next round; all others end `--follow`.
PASSING = ("missing", "unreachable")


@click.command("mirror", cls=Command, on_ledger=False)
@click.argument("url")
@click.argument("folder", metavar="DIR")
@click.option("--trust", metavar="FILE", required=True, help="The trust policy: the log key and witnesses that you trust.")
@click.option("--once", is_flag=True, help="Bring DIR up to date, then stop. This is the default.")
@click.option(
    "--follow", type=click.IntRange(min=1), metavar="SECONDS", help="Keep copying; wait this many seconds between rounds."
)
def command(url: str, folder: str, trust: str, once: bool, follow: int | None) -> Outcome:
    """Copy the log at URL into DIR as static files. Check every hash, and refuse a log that was rolled back or forked.

    Run it again to fetch new entries. An interrupted copy continues where it stopped. To check the rules about money too, run
    `verify` on DIR.
    """
    _check_usage(url, once, follow)
    policy = read_policy(trust)
    with closing(Mirror(Path(folder), policy, stamps_in)) as mirror:
        outcome = Outcome(_round(mirror, url, folder, policy), _lines)
        if follow is not None:
            outcome.show(as_json=False)
            _follow(mirror, url, folder, policy, follow)
        return outcome


def _check_usage(url: str, once: bool, follow: int | None) -> None:
    if not is_url(url):
        raise UsageError(f"{shown(url)}: is not the address of a log; give http(s)://host/path", rule="url", where="url")
    if follow is not None and once:
        raise UsageError("--once and --follow do not go together; leave one out", rule="usage", where="follow")
    if follow is not None and wants_json():
        raise UsageError("--follow never ends, so --json has no document to print; leave one out", rule="usage", where="follow")


def _round(mirror: Mirror, url: str, folder: str, policy: Policy) -> JsonObject:
    """One update, as a document."""
    counter = Counter("mirroring", f"{AGAIN}: it fetches what is missing")
    with closing(open_source(url)) as source, hinting_at_http(url, source), counter as count:
        done = mirror.update(source, count)
    so_far().made = f"{plain(folder)} has the first {entries(done.tree_size)}"
    return {"url": url, "folder": folder, **done._asdict(), "not_checked": list(_not_checked(done.before, policy))}


def _follow(mirror: Mirror, url: str, folder: str, policy: Policy, seconds: int) -> None:
    """Keep updating, and say what was new. If the server does not answer, ask again in the next round."""
    while True:
        time.sleep(seconds)
        try:
            value = _round(mirror, url, folder, policy)
        except Unverifiable as error:
            if error.rule not in PASSING:
                raise
            hint(f"{plain(error.message)} [{error.rule}]")
            continue
        if value["tree_size"] > value["before"]:
            say(_head(value))


def _not_checked(before: int, policy: Policy) -> Iterator[str]:
    yield "the rules about money: run givetrail verify on the folder"
    if not policy.asks_witnesses:
        yield "witnesses: the trust policy asks for none, so the log could show other people another history"
    if not before:
        yield "earlier checkpoints: the folder had none, so a log that was replaced as a whole would not be noticed"


def _head(value: JsonObject) -> str:
    return f"{plain(value['folder'])}: {plain(value['origin'])}, {entries(value['tree_size'])}, root {value['root']}"


def _lines(value: JsonObject) -> Iterator[str]:
    new = counted(value["tree_size"] - value["before"], "new entry", "new entries")
    yield _head(value)
    yield f"checked: the log's signature, {new}, their tiles and the root"
    if value["before"]:
        yield f"checked: the log continues from the {entries(value['before'])} that the folder had"
    for words in value["not_checked"]:
        yield f"not checked: {words}"
    yield f"{counted(value['files'], 'file')} written"
