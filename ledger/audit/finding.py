"""What an audit can find: the table of ids, with the class of each and what it means (docs/reference/findings.md).

`broken` makes the verdict *failed* (exit 3), `unknown` *could not verify* (exit 4), `audit` is for people to judge (exit 5
with `--fail-on audit`). `fold` says whether the fold then applies the record or skips it; what is skipped still moves its
units on the tapes where that is possible, so that one fault is one finding. A finding about a whole entry skips its records only
if the entry cannot be read.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Class = Literal["broken", "unknown", "audit"]
WHOLE = -1


Area = Literal["integrity", "authenticity", "accounting", "traceability"]


class Rule(NamedTuple):
    """One id: what it is about, its class, what the fold does (`applies`, `skips`, or `-` where no record is concerned), meaning,
    and remedy."""

    area: Area
    kind: Class
    fold: Literal["applies", "skips", "-"]
    means: str
    do: str


class Finding(NamedTuple):
    """Something found. `entry` and `record` are WHOLE where it concerns more than one."""

    entry: int
    record: int
    rule: str
    message: str

    @property
    def kind(self) -> Class:
        """Its class."""
        return RULES[self.rule].kind

    @property
    def where(self) -> str:
        """`entry 12`, `12.3`, or `log`."""
        if self.entry == WHOLE:
            return "log"
        return f"entry {self.entry}" if self.record == WHOLE else f"{self.entry}.{self.record}"

    def as_json(self) -> dict[str, str | int]:
        """The finding as `verify --json` prints it."""
        return {"id": self.rule, "class": self.kind, "entry": self.entry, "record": self.record, "message": self.message}


LATER = "Verify with a later version of the program."


def _broken(area: Area, fold: Literal["applies", "skips", "-"], means: str, do: str = "Keep the files; ask the operator.") -> Rule:
    return Rule(area, "broken", fold, means, do)


RULES: dict[str, Rule] = {
    "canonical": _broken("integrity", "skips", "The bytes are not the only canonical encoding of what they say."),
    "size-limit": _broken("integrity", "skips", "An entry or statement is larger than the format allows."),
    "schema": _broken("integrity", "skips", "A member is missing or breaks the rule of its kind."),
    "chain": _broken("integrity", "applies", "An entry's index or `prev` does not follow from the entry before it."),
    "root": _broken("integrity", "-", "The entries do not give the root that the checkpoint signs."),
    "tile": _broken("integrity", "-", "A tile of hashes does not match the entries."),
    "checkpoint": _broken("integrity", "-", "The checkpoint is not a well-formed note of this log."),
    "checkpoint-signature": _broken("authenticity", "-", "The checkpoint is not signed by the log that the trust policy names."),
    "witness-quorum": _broken(
        "authenticity", "-", "Fewer witnesses have cosigned the checkpoint than the trust policy asks for.",
    ),
    "consistency": _broken("integrity", "-", "The log does not continue the log that was seen before."),
    "fork": _broken("integrity", "-", "Two signed checkpoints of one log contradict each other."),
    "inclusion": _broken("integrity", "-", "A proof does not lead from the entry to the root."),
    "statement-signature": _broken("authenticity", "applies", "A signature over a statement is false or missing."),
    "weak-key": _broken(
        "authenticity", "applies", "The key is unsafe: someone without it could make signatures that pass. (It is not a canonical Ed25519 point of prime order.)",
    ),
    "key-standing": _broken("authenticity", "skips", "A signature was made with a key that does not belong to any party, or was already revoked."),
    "authority": _broken("authenticity", "applies", "A party recorded or signed a statement that it had no right to."),
    "approval": _broken(
        "authenticity", "applies", "A required signature is missing: of a second officer, or of an overseer.",
    ),
    "ledger": _broken(
        "authenticity", "applies", "A statement was made for another ledger, or a succession does not match the log that it continues.",
    ),
    "after": _broken("authenticity", "skips", "A statement was signed for another history of the log, or before something that it names was recorded."),
    "time": _broken("accounting", "applies", "Times run backwards, or a date was still in the future when it was recorded."),
    "statement-id": _broken("authenticity", "applies", "A party used the same statement id twice."),
    "duplicate-reference": _broken("accounting", "applies", "A party recorded the same reference of a channel twice."),
    "reference": _broken("accounting", "skips", "A record names something that does not exist or is not allowed there, or makes a fund more than 16 levels deep."),
    "rules": Rule("accounting", "unknown", "skips", "This program does not know the rule set.", LATER),
    "tape-flow": _broken("accounting", "applies", "The flows of an entry are not those that the rules give."),
    "tape-limit": _broken("accounting", "skips", "A fund, or a total that the books keep, would exceed 2^53-1 minor units."),
    "fragmented": _broken("accounting", "skips", "A record moves more ranges than the format allows."),
    "overdraft": _broken("accounting", "skips", "A record takes money that the fund does not hold: it was already used, or never came in."),
    "fee": _broken("accounting", "skips", "A fee is not less than its gift, or goes into the gift's own fund."),
    "restriction": _broken("accounting", "applies", "Restricted money, or an endowment, goes where it is not allowed."),
    "cost-limit": _broken("accounting", "applies", "A project spends more on a class of costs than it promised."),
    "receipt-excess": _broken("accounting", "applies", "Receipts acknowledge more than was paid."),
    "return-excess": _broken("accounting", "skips", "More money comes back than was paid."),
    "refund-units": _broken("accounting", "applies", "A refund names money that is not from the gift, or was already refunded."),
    "exponent": Rule(
        "accounting", "audit", "applies",
        "A currency is declared with other decimals than ISO 4217 gives it, so other programs misread its amounts.", "Ask the operator.",
    ),
    "statistics-total": Rule(
        "accounting", "audit", "applies", "A signed total differs from the ledger.", "Ask its party for the cells.",
    ),
    "recovery": Rule(
        "authenticity", "audit", "applies", "The operator and an overseer gave a party a new key.", "Ask the party whether it knows.",
    ),
    "continued-after-loss": Rule(
        "authenticity", "audit", "applies", "The log continues another log that ended; entries of that log may have been lost.",
        "Ask the operator what was lost; compare with a later checkpoint of the log that ended.",
    ),
    "overdue-receipt": Rule(
        "traceability", "audit", "-", "No receipt was recorded within the time that the project promised.", "Ask the payee.",
    ),
    "overdue-feedback": Rule(
        "traceability", "audit", "-", "A receipt was recorded, but no feedback came within the time that the project promised.", "Ask the charity.",
    ),
    "missing": Rule("integrity", "unknown", "-", "Files are missing or cut off.", "Get a complete copy."),
    "derived": Rule(
        "integrity", "unknown", "-", "A table derived from the entries does not match them. The entries may be right.",
        "Run `givetrail rebuild`.",
    ),
    "database": Rule(
        "integrity", "unknown", "-", "The database file is damaged. The entries in it may be right.",
        "Make a new ledger with `givetrail restore COPY DIR`, as the message says.",
    ),
    "transport": Rule(
        "integrity", "unknown", "-", "A text was changed in transit: its line ends, or a byte order mark.", "Get it again.",
    ),
    "unreachable": Rule(
        "integrity", "unknown", "-", "A server does not answer, or does not send the file.", "Run the command again later, or use a copy."
    ),
    "version": Rule("integrity", "unknown", "skips", "This program does not know the version of the entry.", LATER),
    "unknown-kind": Rule("integrity", "unknown", "skips", "This program does not know the kind of record.", LATER),
    "unknown-member": Rule("integrity", "unknown", "skips", "This program does not know a member of the entry.", LATER),
    "trust-anchor": Rule(
        "authenticity", "unknown", "-", "No trust policy was given, or it names other logs.", "Get the policy of this log.",
    ),
    "empty": Rule("integrity", "unknown", "-", "The log has no entries.", "There is nothing to verify."),
}
