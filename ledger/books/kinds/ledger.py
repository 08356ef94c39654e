"""The kind `ledger`: entry 0, which names the ledger and admits its operator."""

from typing import ClassVar, Literal

from pydantic import Field

from ..days import not_after_today
from ..field import Day, KeyText, Name, RuleSet, Slug, TimeZone
from ..identity import known_rules, names_ledger, not_log_key, rules_change, stands_first
from ..keys import gives_key, makes_operator
from ..kind import Kind
from ..record import Rows
from ..rule import when
from ..signing import Signing

RULES = "givetrail/1"


class Ledger(Kind):
    """Names the ledger, its time zone, its rule set, its operator's first key and the key of the log."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("new key",))
    demands: ClassVar[Rows] = (
        stands_first(), known_rules("rules"), not_log_key("key", "log_key"), when("books_from", not_after_today("books_from")),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (
        names_ledger("time_zone", "log_key"),
        rules_change("rules"),
        makes_operator("operator_name", "books_from"),
        gives_key("key", "officer"),
    )

    kind: Literal["ledger"]
    name: Name = Field(description="The ledger's name, for readers.")
    time_zone: TimeZone = Field(description="Where the ledger's days begin, as a distance from UTC.")
    rules: RuleSet = Field(description="The rule set that applies, such as givetrail/1.")
    operator_name: Name = Field(description="The name of the party that runs the ledger.")
    key: KeyText = Field(description="The operator's first public key.")
    officer: Slug = Field(description="The operator's officer who holds the key.")
    log_key: KeyText = Field(description="The public key of the log.")
    books_from: Day | None = Field(None, description="The day on which the operator's books begin; otherwise the day of the entry.")
