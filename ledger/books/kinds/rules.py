"""The kind `rules`: another rule set governs the ledger from this entry on."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import RuleSet
from ..identity import known_rules, rules_change
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Rules(Kind):
    """Names the rule set from this entry on. This program knows one; it refuses to record any other, and to an audit any other is
    *unknown*."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule",))
    demands: ClassVar[Rows] = (known_rules("rules"),)
    remembers: ClassVar[Rows] = (rules_change("rules"),)

    kind: Literal["rules"]
    rules: RuleSet = Field(description="The rule set that applies from here on, such as givetrail/1.")
