"""Makes inclusion promises: for one gift, or for the rows of a CSV file through the mapping with which they will be imported.

A reference is committed exactly as the import will commit it: under the key that the recorder has for the channel on the gift's
day. The key's record must be in the ledger first, so the promise is of a reference that can be found again. A gift that is recorded
already needs no promise: its trace bundle proves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..books.identity import label_key
from ..books.keys import in_force_on, signs
from ..books.record import channel_key
from ..books.state import Books
from ..canonical import to_base64
from ..entries.channel_reference import ReferenceKeys, commit_reference
from ..entries.inclusion_promise import made, sign_inclusion_promise
from ..entries.label import label_chooser
from ..entries.leaf import find_keys
from ..entries.log_keys import vkey_of
from ..errors import Refused, RowError, SchemaError, UsageError
from ..imports.entering import check_owner, exponent_of, local_today, offset_minutes
from ..imports.fault import Faults
from ..imports.mapping import Mapping
from ..imports.reading import SummedFile
from ..imports.row import GiftRows, Terms
from ..log.key import SigningKey
from ..store.protocol import Store
from .search import GIFT, may_promise

CHUNK = 4096


class PromisedGift(NamedTuple):
    """A gift that is to come: its number in the file, 1 if there is none; the channel's reference in its normal form; the day; the
    whole amount in minor units."""

    number: int
    reference: str
    received_on: str
    amount: int


class PromisingParty(NamedTuple):
    """Who promises what will be recorded: the party and the key that signs, and the recorder, channel, fund and unit of the
    gifts."""

    party: str
    key: SigningKey
    recorder: str
    channel: str
    fund: str
    unit: str


def check_promiser(books: Books, promiser: PromisingParty, now: str) -> None:
    """Refuse an inclusion promise that nobody could rely on: the key is not in force for the party, or is the log's; the party may
    not promise what the recorder records; the fund is not the recorder's; the unit does not exist. Raises Refused, UsageError."""
    today, text = local_today(books, now), to_base64(promiser.key.public)
    if promiser.key.public == vkey_of(books).public:
        words = "the log's key signs no inclusion promise; sign with an officer's key of the party"
        raise UsageError(words, rule="inclusion-promise")
    row = books.key.get(text)
    if row is None or row.party != promiser.party or not in_force_on(row, today) or not signs(row, GIFT):
        words = f"key {text}: is not a key of {promiser.party} that is in force and signs gifts; sign with one that is"
        raise Refused(words, rule="key-standing")
    if not may_promise(books, promiser.party, promiser.recorder, promiser.channel, today):
        raise Refused(
            f"{promiser.party} cannot promise what {promiser.recorder} records; let that party, the operator, a platform or the "
            f"custodian of channel {promiser.channel} promise it",
            rule="authority",
        )
    check_owner(books, promiser.fund, promiser.recorder, "fund")
    exponent_of(books, promiser.unit)


def gifts_in(path: Path, mapping: Mapping, books: Books, now: str) -> list[PromisedGift]:
    """The gifts of a CSV file, each with the reference that its import will commit.

    Raises RowError for the first broken row, or one that repeats a reference; UsageError if the mapping names no column with
    references, because a row without one is known by its place among the others only."""
    gifts = mapping.gifts
    if not gifts.reference:
        words = 'mapping: needs reference = "<column>": a gift without a reference of its own cannot be promised by itself'
        raise UsageError(words, rule="mapping", where="reference")
    terms = Terms(exponent_of(books, gifts.unit), offset_minutes(books), local_today(books, now))
    read, first = list[PromisedGift](), dict[str, int]()
    with closing(SummedFile(path)) as file:
        for number, day, amount, _, reference in GiftRows(file, mapping, terms, Faults(False)):
            if first.setdefault(reference, number) != number:
                words = f"row {number}, column {gifts.reference!r}: the reference is already in row {first[reference]}"
                raise RowError(f"{words}; correct the file", rule="reference", where=str(number))
            read.append(PromisedGift(number, reference, day, amount))
    return read


def unrecorded_labels(books: Books, promiser: PromisingParty, gifts: Sequence[PromisedGift]) -> list[str]:
    """The labels that commit the gifts' references and whose keys the ledger does not have yet, sorted. Raises UsageError."""
    label_of = label_chooser(books, promiser.recorder, promiser.channel)
    labels = sorted({label_of(gift.received_on) for gift in gifts})
    return [label for label in labels if books.reference_key.get(label_key(promiser.recorder, label)) is None]


def recorded_already(
    store: Store, keys: ReferenceKeys, promiser: PromisingParty, gifts: Sequence[PromisedGift]
) -> dict[int, str]:
    """The gifts that the ledger has already, by their numbers, each with its record. They are looked up under every reference key
    that is here, because a source may have corrected a day since."""
    found = dict[int, str]()
    for commit in keys.committers(promiser.channel).values():
        for start in range(0, len(gifts), CHUNK):
            some = gifts[start : start + CHUNK]
            places = find_keys(store, [channel_key(promiser.recorder, promiser.channel, commit(one.reference)) for one in some])
            found |= {one.number: f"{place[0]}.{place[1]}" for one, place in zip(some, places, strict=True) if place is not None}
    return found


def inclusion_promises(
    books: Books, keys: ReferenceKeys, promiser: PromisingParty, gifts: Sequence[PromisedGift], promised_at: str, enter_by: str
) -> Iterator[tuple[PromisedGift, str, bytes]]:
    """(gift, committed reference, envelope) of each gift. `promised_at` and `enter_by` are in UTC, `YYYY-MM-DDTHH:MM:SSZ`.

    Raises SchemaError if a member is not in its form, or `enter_by` is over; UsageError if a reference key is missing."""
    if enter_by < promised_at:
        words = f"enter_by {enter_by}: is over; name a time after {promised_at}"
        raise SchemaError(words, rule="inclusion-promise", where="enter_by")
    label_of = label_chooser(books, promiser.recorder, promiser.channel)
    log, row = vkey_of(books), books.key[to_base64(promiser.key.public)]
    for gift in gifts:
        label = label_of(gift.received_on)
        committed = commit_reference(keys.secret(label), label, promiser.channel, gift.reference)
        promise = made(
            ledger=log.name, log_key=log.format(), party=promiser.party, key_entry=row.since, recorder=promiser.recorder,
            channel=promiser.channel, channel_ref=committed, reference=gift.reference, unit=promiser.unit, amount=gift.amount,
            fund=promiser.fund, promised_at=promised_at, enter_by=enter_by,
        )  # fmt: skip
        yield gift, committed, sign_inclusion_promise(promise, promiser.key)
