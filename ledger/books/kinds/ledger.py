"""The kind `ledger`: entry 0, which names the ledger and admits its operator."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText, Name, RuleSet, Slug, TimeZone
from ..record import Record, Signing
from ..state import Books, Head, Party
from ..state import Ledger as LedgerRow
from .key import hold

RULES = "givetrail/1"


class Ledger(Record):
    """Names the ledger, its fixed distance from UTC, its rule set, its operator's first key and the key of the log."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("new key",))

    kind: Literal["ledger"]
    name: Name
    time_zone: TimeZone
    rules: RuleSet
    operator_name: Name
    key: KeyText
    officer: Slug
    log_key: KeyText

    def introduces(self, party: str) -> Sequence[tuple[str, str, str]]:
        return ((self.key, party, self.officer),)

    def check(self, books: Books, act: Act) -> None:
        if act.index or act.number:
            raise Refused("a ledger record stands at 0.0 only", rule="reference")
        if self.rules != RULES:
            raise Refused(f"rules {self.rules!r}: this program knows {RULES!r} only", rule="rules")
        if self.key == self.log_key:
            raise Refused("key: is the log's key; a party needs a key of its own", rule="key-standing")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        sign = -1 if self.time_zone[3] == "-" else 1
        offset = sign * (60 * int(self.time_zone[4:6]) + int(self.time_zone[7:]))
        books.ledger.put("", LedgerRow(act.ledger, self.name, act.party, self.log_key, offset))
        books.head.put("", Head(0, act.time, self.rules))
        books.party.put(act.party, Party(self.operator_name, ("operator",), (), act.index))
        hold(books, act.party, self.officer, self.key, act.index)
