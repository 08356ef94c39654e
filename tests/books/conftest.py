"""The ledger that the books' tests begin with (tests/language.py)."""

from __future__ import annotations

import pytest

from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger()
