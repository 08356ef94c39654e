"""`givetrail mirror`: a folder that follows a log on a server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from ledger.audit.target import is_url, open_source
from ledger.canonical import JsonObject
from ledger.errors import Unverifiable, UsageError, shown
from ledger.log.policy import Policy
from ledger.log_files.mirror import Mirror

from ..command import Command, wants_json
from ..outcome import Outcome
from ..remote import hinting_at_http, read_policy
from ..screen import Counter, hint, plain, say
from ..sofar import AGAIN, so_far

# What may have passed by the next round; everything else ends `--follow`.
PASSING = ("missing", "unreachable")


@click.command("mirror", cls=Command, on_ledger=False)
@click.argument("url")
@click.argument("folder", metavar="DIR")
@click.option("--trust", metavar="FILE", required=True, help="The trust policy: whose word counts.")
@click.option("--once", is_flag=True, help="Bring DIR up to date and end, which is the default.")
@click.option("--follow", type=click.IntRange(min=1), metavar="SECONDS", help="Go on for ever, so many seconds between rounds.")
def command(url: str, folder: str, trust: str, once: bool, follow: int | None) -> Outcome:
    """Copy the log at URL into DIR as static files, checking every hash, and refuse a log that was rolled back or forked.

    Run again, it fetches what is new. What was broken off is taken up. The rules of the money are not checked: run `verify`.
    """
    _check_usage(url, once, follow)
    policy = read_policy(trust)
    with closing(Mirror(Path(folder), policy)) as mirror, hinting_at_http(url):
        outcome = Outcome(_round(mirror, url, folder, policy), _lines)
        if follow is not None:
            outcome.show(as_json=False)
            _follow(mirror, url, folder, policy, follow)
        return outcome


def _check_usage(url: str, once: bool, follow: int | None) -> None:
    if not is_url(url):
        raise UsageError(f"{shown(url)}: is no address of a log; give http(s)://host/path", rule="url", where="url")
    if follow is not None and once:
        raise UsageError("--once and --follow exclude each other; leave one out", rule="usage", where="follow")
    if follow is not None and wants_json():
        raise UsageError("--follow never ends, so there is no one document; leave out --json", rule="usage", where="follow")


def _round(mirror: Mirror, url: str, folder: str, policy: Policy) -> JsonObject:
    """One update, as a document."""
    with closing(open_source(url)) as source, Counter("mirroring", f"{AGAIN}: it fetches what is missing") as count:
        done = mirror.update(source, count)
    so_far().made = f"{plain(folder)} has the first {done.tree_size} entries"
    return {"url": url, "folder": folder, **done._asdict(), "not_checked": list(_not_checked(done.before, policy))}


def _follow(mirror: Mirror, url: str, folder: str, policy: Policy, seconds: int) -> None:
    """Update for ever, and say what was new. A server that does not answer is asked again."""
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
    yield "the rules of the money: run givetrail verify on the folder"
    if not policy.asks_witnesses:
        yield "witnesses: the trust policy asks for none, so the log could show others another history"
    if not before:
        yield "earlier checkpoints: none was in the folder, so a log that was replaced as a whole is not seen"


def _head(value: JsonObject) -> str:
    return f"{plain(value['folder'])}: {plain(value['origin'])}, {value['tree_size']} entries, root {value['root']}"


def _lines(value: JsonObject) -> Iterator[str]:
    new = value["tree_size"] - value["before"]
    yield _head(value)
    yield f"checked: the log's signature, {new} new entries, their tiles and the root"
    if value["before"]:
        yield f"checked: the log extends the {value['before']} entries that were here"
    for words in value["not_checked"]:
        yield f"not checked: {words}"
    yield f"{value['files']} files written"
