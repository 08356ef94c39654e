"""`givetrail monitor`: follows a log by its checkpoints, and raises an alarm if they contradict each other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.errors import UsageError
from ledger.log.policy import Policy
from ledger.monitoring.monitor import SILENT_AFTER_S, Monitor, Monitored, told
from ledger.monitoring.monitor_folder import MonitorFolder
from ledger.monitoring.publishing import publish
from ledger.monitoring.webhook import Webhook

from ..command import Command, wants_json
from ..done_so_far import so_far
from ..outcome import Outcome
from ..remote import read_policy
from ..screen import counted, entries, hint, plain, say

FALSE = 3
WAITS = ("witness-quorum",)
"""Rules of alarms that the next round may put right, because witnesses sign after the log."""


@click.command("monitor", cls=Command, on_ledger=False)
@click.argument("address")
@click.argument("folder", metavar="DIR")
@click.option("--trust", metavar="FILE", required=True, help="The trust policy: the log key and witnesses that you trust.")
@click.option(
    "--compare", multiple=True, metavar="PLACE",
    help="Compare with the checkpoints of a file, a bundle, a monitor, an export, or an address. Repeat for more.",
)
@click.option("--webhook", metavar="URL", help="Send each alarm as JSON to URL: https, or http on this computer.")
@click.option(
    "--silent-after", type=click.IntRange(min=0), default=SILENT_AFTER_S, metavar="SECONDS",
    help=f"Raise an alarm if no checkpoint could be had for so long. Default: {SILENT_AFTER_S}.",
)
@click.option("--follow", type=click.IntRange(min=1), metavar="SECONDS", help="Keep going; wait this many seconds between rounds.")
def command(
    address: str, folder: str, trust: str, compare: tuple[str, ...], webhook: str | None, silent_after: int, follow: int | None
) -> Outcome:
    """Fetch the newest checkpoint of the log at ADDRESS, prove that it continues what DIR keeps, and keep it there.

    ADDRESS can also be a folder. Run it again for the next round. It ends with 3 if the log was rolled back or forked or a
    signature is false, and with 4 if a checkpoint could not be had. DIR has a page (index.html) and a feed (feed.atom).
    """
    if follow is not None and wants_json():
        raise UsageError("--follow never ends, so --json has no document to print; leave one out", rule="usage", where="follow")
    policy, kept = read_policy(trust), MonitorFolder(Path(folder))
    tell = Webhook(webhook) if webhook is not None else None
    with closing(Monitor(address, kept, policy, silent_after)) as monitor:

        def one_round() -> tuple[Monitored, JsonObject]:
            done = monitor.round(compare)
            publish(kept, policy)
            so_far().made = f"{plain(folder)} has what was found so far"
            return done, {"address": address, "folder": folder, **_document(done, policy), "not_told": _tell(kept, tell)}

        done, value = one_round()
        if follow is not None and done.log:
            say(_head(value))
        while follow is not None and not _ends(done):
            _warn(value)
            time.sleep(follow)
            done, value = one_round()
            if done.size > done.before:
                say(_head(value))
        _say_unreached(value)
        return Outcome(value, _lines, done.exit_code)


def _tell(kept: MonitorFolder, webhook: Webhook | None) -> list[str]:
    """Send what nobody was told yet; why that failed, if it did."""
    return list(told(kept, webhook.tell)) if webhook is not None else []


def _ends(done: Monitored) -> bool:
    """Whether a round ends `--follow`."""
    return any(alarm.is_false and alarm.rule not in WAITS for alarm in done.alarms)


def _document(done: Monitored, policy: Policy) -> JsonObject:
    return {
        "log": done.log, "tree_size": done.size, "root": done.root, "since": done.since, "before": done.before,
        "checkpoints": done.checkpoints, "unreached": done.unreached, "alarms": [alarm.as_json() for alarm in done.alarms],
        "compared": [one._asdict() for one in done.compared], "not_checked": list(_not_checked(done, policy)),
        "exit_code": done.exit_code,
    }  # fmt: skip


def _not_checked(done: Monitored, policy: Policy) -> Iterator[str]:
    yield "the entries and the rules about money: run givetrail verify on the log"
    if not done.compared and not policy.asks_witnesses:
        yield "whether others were shown the same log: name what they keep with --compare, or witnesses in the trust policy"
    if not done.before:
        yield "earlier checkpoints: the folder had none, so a log that was replaced as a whole would not be noticed"


def _warn(value: JsonObject) -> None:
    """During `--follow`: what is wrong, on stderr."""
    _say_unreached(value)
    for line in _wrong(value):
        hint(line)


def _say_unreached(value: JsonObject) -> None:
    if value["unreached"] and not wants_json():
        hint(f"not reached: {plain(value['unreached'])}")


def _head(value: JsonObject) -> str:
    return f"{plain(value['folder'])}: {plain(value['log'])}, {entries(value['tree_size'])}, root {value['root']}"


def _wrong(value: JsonObject) -> Iterator[str]:
    for alarm in value["alarms"]:
        yield f"alarm: {plain(alarm['message'])} [{alarm['rule']}]"
    for place in value["compared"]:
        for words in place["not_compared"]:
            yield f"not compared: {plain(words)}"
    for words in value["not_told"]:
        yield f"not told: {plain(words)}; the alarm stays, and the next round tries again"


def _lines(value: JsonObject) -> Iterator[str]:
    if value["log"]:
        yield _head(value)
        yield f"newest since {value['since']}, {counted(value['checkpoints'], 'checkpoint')} kept"
    if not value["alarms"] and not value["unreached"]:
        yield "checked: the log's signature, and the cosignatures that the policy asks for"
        if value["before"]:
            yield f"checked: the log continues from the {entries(value['before'])} that the folder had"
    for place in value["compared"]:
        yield f"compared: {plain(place['place'])}: {counted(place['agree'], 'checkpoint agrees', 'checkpoints agree')}"
    yield from _wrong(value)
    for words in value["not_checked"]:
        yield f"not checked: {words}"
