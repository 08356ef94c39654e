"""The kind `rules`: from its own index on, another rule set governs the ledger."""

from typing import ClassVar, Literal

from ..field import RuleSet
from ..identity import known_rules, rules_change
from ..record import Record, Rows, Signing


class Rules(Record):
    """Names the rule set from this entry on. This program knows one; any other is refused here, and is *unknown* to an audit."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule",))
    demands: ClassVar[Rows] = (known_rules("rules"),)
    remembers: ClassVar[Rows] = (rules_change("rules"),)

    kind: Literal["rules"]
    rules: RuleSet
