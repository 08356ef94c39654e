"""The town of the sequencer's tests, whose last checkpoint is kept in a place of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.writer.conftest import state as state
from tests.writer.on_disk import OnDisk, a_gift, a_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[OnDisk]:
    """A ledger with what a town does: gifts, payments, receipts, returns, refunds, in several statements."""
    ledger = a_town(tmp_path / "ledger")
    ledger.sequencer.submit([a_gift(ledger, minor) for minor in range(1000, 1300)])
    ledger.reopen()
    ledger.play("""
        hope: payment 20.00 CNY school -> shop programme
        hope: donation 5.00 CNY -> school
    """)
    yield ledger
    ledger.close()
