"""The kind `rules`: from its own index on, another rule set governs the ledger."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import RuleSet
from ..record import Record, Signing
from ..state import Books
from .ledger import RULES


class Rules(Record):
    """Names the rule set from this entry on. This program knows one; another is refused here and is *unknown* to an audit."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule",))

    kind: Literal["rules"]
    rules: RuleSet

    def check(self, books: Books, act: Act) -> None:
        if self.rules != RULES:
            raise Refused(f"rules {self.rules!r}: this program knows {RULES!r} only; use a later version of it", rule="rules")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        head = books.head.get("")
        if head:
            books.head.put("", head._replace(rules=self.rules))
