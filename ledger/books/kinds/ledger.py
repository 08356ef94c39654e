"""The kind `ledger`: entry 0, which names the ledger and admits its operator."""

from typing import ClassVar, Literal

from ..field import KeyText, Name, RuleSet, Slug, TimeZone
from ..identity import known_rules, names_ledger, not_log_key, rules_change, stands_first
from ..keys import gives_key, makes_operator
from ..record import Record, Rows, Signing

RULES = "givetrail/1"


class Ledger(Record):
    """Names the ledger, its fixed offset from UTC, its rule set, its operator's first key and the key of the log."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("new key",))
    demands: ClassVar[Rows] = (stands_first(), known_rules("rules"), not_log_key("key", "log_key"))
    remembers: ClassVar[Rows] = (
        names_ledger("time_zone", "log_key"),
        rules_change("rules"),
        makes_operator("operator_name"),
        gives_key("key", "officer"),
    )

    kind: Literal["ledger"]
    name: Name
    time_zone: TimeZone
    rules: RuleSet
    operator_name: Name
    key: KeyText
    officer: Slug
    log_key: KeyText
