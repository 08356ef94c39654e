"""`givetrail inclusion-promise`: what a donor gets when they pay, before the gift is in the ledger."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict, Unpack

import click

from ledger.amount import to_text
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.disk.atomic_directory import check_free, made_beside
from ledger.entries.channel_reference import ReferenceKeys, normal_reference
from ledger.errors import Conflict, UsageError, shown
from ledger.imports.entering import enter_key
from ledger.imports.mapping import read_mapping
from ledger.inclusion_promises.making import (
    PromisedGift,
    PromisingParty,
    check_promiser,
    gifts_in,
    inclusion_promises,
    recorded_already,
    unrecorded_labels,
)

from ..channel_reference import destroy_option, maker
from ..command import Day, Group, ledger_directory
from ..done_so_far import so_far
from ..files import check_output, spoken, written
from ..money import minor
from ..outcome import Outcome
from ..screen import counted, hint, plain
from ..session import Session, author, opened, passphrase_option
from ..signing import keys_of, speaker

TIME = "%Y-%m-%dT%H:%M:%SZ"


def _options() -> list[click.Option]:
    return [
        click.Option(["--party"], metavar="P", help="The party that promises. Needed if several parties have key files here."),
        click.Option(["--officer"], metavar="O", help="The officer who signs. Default: the party's only key file."),
        click.Option(
            ["--recorder"], metavar="P",
            help="The party that will record the gift, whose reference key is here. Default: the party that promises.",
        ),
        click.Option(["--enter-by"], metavar="TIME", help="The last moment to enter it, in UTC: 2026-09-10T00:00:00Z."),
        click.Option(["--within"], type=click.IntRange(1, 366), metavar="DAYS", help="The same, as days from now."),
        destroy_option(),
        passphrase_option(),
    ]


@click.group("inclusion-promise", cls=Group)
def command() -> None:
    """Promise donors, with a signature, that the ledger will have their gifts by a stated time."""


class _Words(TypedDict):
    """The options that both commands have."""

    party: str | None
    officer: str | None
    recorder: str | None
    enter_by: str | None
    within: int | None
    destroy_on: str | None


class _Promised(NamedTuple):
    """What was made: (gift, committed reference, envelope) of each, and the records of gifts that are in the ledger already."""

    made: list[tuple[PromisedGift, str, bytes]]
    known: dict[int, str]
    enter_by: str
    unit: str
    exponent: int

    def told(self, gift: PromisedGift, committed: str, file: str) -> JsonObject:
        """A row of the result."""
        money = to_text(gift.amount, self.exponent, self.unit)
        return {"file": file, "reference": gift.reference, "channel_ref": committed, "amount": money, "enter_by": self.enter_by}


@command.command("gift", params=[
    click.Option(["--reference"], metavar="TEXT", required=True, help="The channel's own number of the gift."),
    click.Option(["--channel"], metavar="C", required=True, help="The way the gift came in."),
    click.Option(["--fund"], metavar="F", required=True, help="The fund that will receive it."),
    click.Option(["--unit"], metavar="U", required=True, help="The unit of the amount."),
    click.Option(["--amount"], metavar="AMOUNT", required=True, help="The whole gift, with any fee, such as 12.50."),
    click.Option(["--received-on"], type=Day(), metavar="YYYY-MM-DD", help="The day that its record will say. Default: today."),
    click.Option(["-o", "--output"], metavar="FILE", required=True, help="The file to write; - is stdout."),
    *_options(),
])  # fmt: skip
def gift(
    reference: str, amount: str, received_on: str | None, output: str, channel: str, fund: str, unit: str, **words: Unpack[_Words]
) -> Outcome:
    """Write the inclusion promise of one gift that is not in the ledger yet."""
    check_output(output)

    def read(session: Session) -> list[PromisedGift]:
        minor_units = minor(amount, "amount", {"unit": unit}, {}, session.books)
        return [PromisedGift(1, normal_reference(reference), received_on or session.today, minor_units)]

    done = _promised(words, (channel, fund, unit), read)
    if done.known:
        said = f"it is recorded already, as {done.known[1]}; write its bundle with `givetrail proof {done.known[1]} -o FILE`"
        raise Conflict(f"reference {shown(reference)}: {said}", rule="duplicate-reference", where="reference")
    ((promised, committed, raw),) = done.made
    value = done.told(promised, committed, output)
    line = f"{spoken(output, 'stdout')}: inclusion promise of {value['amount']} to {fund}, to be entered by {done.enter_by}"
    return written(output, raw, value, [line])


@command.command("gifts", params=[
    click.Argument(["file"]),
    click.Option(["--mapping"], metavar="FILE", required=True, help="The mapping with which FILE will be imported."),
    click.Option(["-o", "--output"], metavar="DIR", required=True, help="A new directory, for one file for each gift."),
    *_options(),
])  # fmt: skip
def gifts(file: str, mapping: str, output: str, **words: Unpack[_Words]) -> Outcome:
    """Write the inclusion promise of each gift in the CSV file FILE that is not in the ledger yet: DIR/<row>.json."""
    check_free(Path(output))
    read = read_mapping(Path(mapping))
    said = read.gifts
    done = _promised(
        words, (said.channel, said.fund, said.unit), lambda session: gifts_in(Path(file), read, session.books, utc_now())
    )
    with made_beside(Path(output)) as folder:
        for promised, _, raw in done.made:
            (folder / f"{promised.number}.json").write_bytes(raw)
    so_far().made = f"{plain(output)} is complete"
    rows = [done.told(promised, committed, f"{output}/{promised.number}.json") for promised, committed, _ in done.made]
    return Outcome({"directory": output, "promises": rows, "known": list(done.known.values())}, _lines)


def _promised(words: _Words, of: tuple[str, str, str], read: Callable[[Session], list[PromisedGift]]) -> _Promised:
    """Make inclusion promises of the gifts that `read(session)` gives. If the ledger lacks a reference key, it is entered first."""
    party = speaker(ledger_directory(), words["party"])
    recorder = words["recorder"] or party
    now = utc_now()
    enter_by = _enter_by(words, now)
    with opened(write=False) as session:
        (key,) = keys_of(session.directory, party, [words["officer"]] if words["officer"] else [])
        promiser = PromisingParty(party, key, recorder, *of)
        check_promiser(session.books, promiser, now)
        promised = read(session)
        missing = unrecorded_labels(session.books, promiser, promised)
    if missing:
        _enter_keys(recorder, missing, words["destroy_on"])
    with opened(write=False) as session:
        keys = ReferenceKeys(session.directory, recorder, session.books)
        known = recorded_already(session.store, keys, promiser, promised)
        new = [one for one in promised if one.number not in known]
        made = list(inclusion_promises(session.books, keys, promiser, new, now, enter_by))
        return _Promised(made, known, enter_by, promiser.unit, session.books.unit[promiser.unit].exponent)


def _enter_keys(recorder: str, labels: Sequence[str], destroy_on: str | None) -> None:
    """Record the reference keys of these labels, as the import would, with the recorder's only key."""
    with opened(write=True) as session:
        keys = ReferenceKeys(session.directory, recorder, session.books, maker(recorder, session.today, destroy_on))
        signer = author(session, recorder, keys_of(session.directory, recorder, ()))
        for label in labels:
            enter_key(session.writer, signer, keys, label)
            hint(f"recorded the check value of the reference key {recorder}/{label}")


def _enter_by(words: _Words, now: str) -> str:
    """The last moment, in UTC. Raises UsageError unless one of the two options gives a time."""
    if (words["enter_by"] is None) == (words["within"] is None):
        raise UsageError("--enter-by and --within mean the same; give one of them", rule="usage", where="enter_by")
    if words["within"] is not None:
        then = datetime.datetime.strptime(now, TIME) + datetime.timedelta(days=words["within"])
        return then.strftime(TIME)
    try:
        return datetime.datetime.strptime(words["enter_by"] or "", TIME).strftime(TIME)
    except ValueError:
        given = shown(words["enter_by"])
        raise UsageError(f"--enter-by {given}: write it as 2026-09-10T00:00:00Z", rule="usage", where="enter_by") from None


def _lines(value: JsonObject) -> list[str]:
    known = f"; {len(value['known'])} already recorded" if value["known"] else ""
    return [f"{plain(value['directory'])}: {counted(len(value['promises']), 'inclusion promise')}{known}"]
