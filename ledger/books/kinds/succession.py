"""The kind `succession`: this log continues another one that ended, from its entries on."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import Count, HexDigest, KeyText, OriginText, Part, Text
from ..record import Record, Signing
from ..state import Books, Ended


class Continues(Part):
    """The log that ended: its name, how many of its entries stand before this one, and the root over them."""

    origin: OriginText
    size: Count
    root: HexDigest


class Succession(Record):
    """Ends the log that stands before it, and begins one of another name with another key. It stays a finding of every audit."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule", "auditor or regulator"))

    kind: Literal["succession"]
    continues: Continues
    log_key: KeyText
    reason: Text

    def check(self, books: Books, act: Act) -> None:
        row = books.ledger.get("")
        if row is None or act.number or len(act.runs) > 1:
            raise Refused("a succession stands alone in its statement, in a log that has entries", rule="reference")
        if self.continues.origin != row.origin:
            act.fault("ledger", f"continues {self.continues.origin!r}: the log before this entry is {row.origin!r}")
        if self.continues.size != act.index:
            act.fault("ledger", f"continues {self.continues.size} entries: {act.index} stand before this one")
        if act.ledger == row.origin or books.ended.get(act.ledger) is not None:
            act.fault("ledger", f"ledger {act.ledger!r}: a log that continues another has a name of its own")
        if self.log_key in (row.log_key, *(ended.log_key for _, ended in books.ended.all())):
            act.fault("key-standing", f"log_key {self.log_key}: is that of a log that ended; make another key")
        if books.key.get(self.log_key) is not None:
            act.fault("key-standing", f"log_key {self.log_key}: is a party's; make another key")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        row = books.ledger.get("")
        if row is None:
            return
        books.ended.put(row.origin, Ended(act.index, self.continues.root, row.log_key))
        books.ledger.put("", row._replace(origin=act.ledger, log_key=self.log_key))
