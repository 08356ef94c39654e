"""Whether a party of the log holds the key of a witness that should watch it (books §2).

The books are the same for every auditor, so they do not know which witnesses an auditor trusts. The keys of the policy's witnesses
are looked up once, after all entries are in the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..books.state import Books
from ..canonical import to_base64
from ..entries.leaf import Leaf
from ..findings.finding import WHOLE, Finding
from ..log.policy import Policy


def watching_itself(books: Books, policy: Policy, leaf: Callable[[int], Leaf | None]) -> Iterator[Finding]:
    """A finding (`key-standing`) for each witness of the policy whose key a party has or had, at the record that introduced the
    key. `leaf` reads an entry again, and is called only for such records."""
    for witness in policy.witnesses:
        key = to_base64(witness.vkey.public)
        row = books.key.get(key)
        if row is not None:
            message = f"key {key}: it belongs to {row.party}, but it is also the key of witness {witness.name} in the trust policy"
            yield Finding(row.since, _record_that_gave(leaf(row.since), key), "key-standing", message)


def _record_that_gave(leaf: Leaf | None, key: str) -> int:
    """The number of the record that introduces a key; WHOLE if the entry cannot be read."""
    if leaf is None:
        return WHOLE
    for number, record in enumerate(leaf.statement.records):
        if any(introduced == key for introduced, _, _ in record.introduces(leaf.statement.party)):
            return number
    return WHOLE
