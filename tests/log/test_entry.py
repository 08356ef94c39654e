"""An entry is no larger than may be, and that is said before it is read."""

from __future__ import annotations

import pytest

from ledger.errors import GiveTrailError, SizeError
from ledger.log.entry import ENTRY_BYTES, decode_entry


def test_an_entry_that_is_too_large_is_not_read():
    with pytest.raises(SizeError, match=f"{ENTRY_BYTES + 1} bytes; at most {ENTRY_BYTES}"):
        decode_entry(b" " * (ENTRY_BYTES + 1))
    with pytest.raises(GiveTrailError) as refused:
        decode_entry(b" " * ENTRY_BYTES)
    assert refused.value.rule != "size-limit"
