"""A promise for a log that ended binds in the log that continues it."""

from __future__ import annotations

from typing import NamedTuple

from ledger.entries.inclusion_promise import Signed
from ledger.entries.leaf import Leaf
from ledger.inclusion_promises.search import answers
from tests.inclusion_promises.conftest import GIFT, Desk
from tests.language import ORIGIN, a_ledger, key_text


class Read(NamedTuple):
    """The leaves of a ledger in memory."""

    all: list[Leaf]

    def leaf(self, index: int) -> Leaf:
        return self.all[index]

    def leaves(self, end: int) -> list[Leaf]:
        return self.all[:end]


def test_it_is_kept_or_broken_in_the_log_that_continues(desk: Desk):
    ledger = a_ledger().play(f"""
        op by chief, auditco.zhou: succession {ORIGIN}:here:{"a" * 64} log_key={key_text("next.log")}
        2026-09-08
        hope: {GIFT}
    """)
    signed = Signed(desk.promise(key_entry=1), key_text("hope.li"), b"")
    (answer,) = answers([signed], ledger.books, Read(ledger.leaves))
    assert not answer.refused and answer.ref == f"{len(ledger.leaves) - 1}.0" and not answer.differs
