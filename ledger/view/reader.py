"""A store as all snapshots of one view read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..books.flows import Target
from ..books.life import named_at
from ..books.moment import local_day
from ..books.promise import Waiting
from ..books.rows import Disbursement, Told
from ..books.tape import Span
from ..entries.store_flows import StoreFlows, leaf_reader
from ..store.protocol import Store
from .followed import Followed
from .kind_reader import KindReader
from .movement import Movement, refunded, written_off
from .ranges import GiftRanges


class Refunded(NamedTuple):
    """What a refund moved, and the spent units of a gift, on the gift's tape, that it covered."""

    movements: tuple[Movement, ...]
    tape: str
    covered: tuple[Span, ...]


class Returned(NamedTuple):
    """Minor units of a payment that came back on a day."""

    payment: str
    amount: int
    day: str


class Reader:
    """A store open for reading, and what was read from it, which snapshots share because entries do not change."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.leaves = leaf_reader(store)
        self.gifts = GiftRanges(store)
        self.refunds = KindReader("refund", _refund)
        self.returns = KindReader("payment-return", _returned)
        self.losses = KindReader("write-off", _loss)
        self.followed, self.followed_covers = Followed(), Followed()
        # Reference of a payment or delivery: its row, the last feedback about its activity and day, and its units that wait.
        self.waiting: dict[str, tuple[Disbursement, Told | None, tuple[Waiting, ...]]] = {}
        # The same for what a payment or delivery came to.
        self.paid: dict[str, tuple[Disbursement, Any]] = {}
        self._within = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A context in which all reads see one commit. Can be nested. Raises StorageError."""
        if self._within:
            yield
            return
        with self.store.one_commit():
            self._within = True
            try:
                yield
            finally:
                self._within = False


def _refund(_: StoreFlows, ref: str, target: Target) -> Refunded:
    refund = target.record
    return Refunded(refunded(refund), f"{refund.fund}/{refund.unit}", refund.cover.units if refund.cover else ())


def _returned(_: StoreFlows, ref: str, target: Target) -> Returned:
    return Returned(named_at(target.record.of, ref)[0], target.record.amount, target.record.returned_on)


def _loss(flows: StoreFlows, ref: str, target: Target) -> tuple[Movement, ...]:
    return written_off(target.record, local_day(flows.books, target.time))
