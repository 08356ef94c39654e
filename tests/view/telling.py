"""Random ledgers on disk, in which several statements are often committed together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import ledger.view.followed
import ledger.view.history
import ledger.writer.group
from tests.trace.telling import PLACE, Step, Telling
from tests.writer.on_disk import OnDisk

SOME = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def told(story: Sequence[Step], block_entries: int = 8) -> Iterator[Telling]:
    """A ledger on disk in which these steps were tried. Its history is kept by small blocks and figures are worked out by small
    parts, so that even short stories have several; after the story come gifts in one statement, some alike, and some statements
    in one group."""
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIVETRAIL_STATE", f"{place}/state")
        blocks_of(patch, block_entries)
        patch.setattr(ledger.view.followed, "PIECES", 2)
        town = OnDisk(Path(place) / "ledger")
        town.play(PLACE)
        telling = Telling(town).tell(story)
        many_at_once(town)
        yield telling
        town.close()


def blocks_of(patch: pytest.MonkeyPatch, entries: int) -> None:
    """Keep history by blocks of so many entries."""
    patch.setattr(ledger.writer.group, "BLOCK_ENTRIES", entries)
    patch.setattr(ledger.view.history, "BLOCK_ENTRIES", entries)
    patch.setattr(ledger.view.history, "FEW_ENTRIES", entries // 4)


def many_at_once(town: OnDisk) -> None:
    """Runs of gifts that are alike, between others; twelve statements in one group."""
    alike = ["donation 3 CNY -> school", "donation 4 CNY -> school", "donation 2 JPY -> general"]
    alike.append("donation 5 CNY -> school fee=1 fee_to=till")
    said = ["; ".join([*alike[: 1 + n % 4], *alike[: n % 3]]) for n in range(12)]
    town.sequencer.submit([town.made("hope", text) for text in said])
    town._take_up()
