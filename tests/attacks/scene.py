"""The logs that are attacked: the story of the golden ledger, and the same with a crowd of gifts after it, so that there are full
tiles, partial ones and two levels."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ledger.bundle.trace_bundle import make_bundle
from ledger.entries.store_flows import StoreFlows
from tests.golden.forge import cosigned
from tests.golden.story import tell
from tests.golden.telling import Telling, a

TODAY = "2026-05-06"
CROWD = 540
GIFT_OF_THE_CROWD = 60


class Scene(NamedTuple):
    """A log: its entries, its checkpoint, the entries by what they are called in the story, and trace bundles by their gift."""

    entries: list[bytes]
    note: bytes
    entry: dict[str, int]
    bundles: dict[str, bytes]


@cache
def the_story() -> Scene:
    """76 entries: every kind of record and every way money goes."""
    return _told(lambda telling: None)


@cache
def the_crowd() -> Scene:
    """The story, and then some hundreds of gifts: three tiles of entries, the last one partial, and a second level."""
    return _told(crowd)


def crowd(t: Telling) -> None:
    """Gifts of one moment are bound to the same entry; every sixtieth statement has seen all before. The log ends with six gifts of
    one moment, which nobody has looked at."""
    school = {"fund": "hope-school", "unit": "CNY", "channel": "cash", "received_on": TODAY}
    for first in range(0, CROWD, GIFT_OF_THE_CROWD):
        gifts = [a("donation", **school, amount=1 + number % 7) for number in range(first, first + GIFT_OF_THE_CROWD)]
        t.enter(*(t.made("hope", [gift], "hope.wang") for gift in gifts))
        t.entry[f"seen-{first // GIFT_OF_THE_CROWD}"] = t.say(
            "hope.wang", a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=20)
        )
    t.entry["tail"] = t.store.tree_size
    t.enter(*(t.made("hope", [a("donation", **school, amount=10 + n)], "hope.wang") for n in range(6)))


def _told(more: Callable[[Telling], None]) -> Scene:
    with tempfile.TemporaryDirectory(prefix="givetrail-attacks-") as folder:
        telling = Telling(Path(folder))
        tell(telling)
        more(telling)
        entries, note = list(telling.store.entries(0, telling.store.tree_size)), cosigned(telling.note)
        store_flows = StoreFlows(telling.store, telling.books)
        telling.entry |= {"programme": telling.entry["gifts"], "new-key": telling.entry["revocation"] - 1}
        names = {"goods": f"{telling.entry['gifts']}.0", "private": f"{telling.entry['gifts']}.2",
                 "refunded": f"{telling.entry['gifts']}.1", "platform": f"{telling.entry['fee']}.0",
                 "covered": f"{telling.entry['covered']}.0", "own": f"{telling.entry['units']}.1"}  # fmt: skip
        bundles = {name: make_bundle(store_flows, ref, note, TODAY) for name, ref in names.items()}
        telling.store.close()
        return Scene(entries, note, telling.entry, bundles)
