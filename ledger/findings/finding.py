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
    "canonical": _broken("integrity", "skips", "Bytes that are not the one canonical encoding of what they say."),
    "size-limit": _broken("integrity", "skips", "An entry or statement larger than the format allows."),
    "schema": _broken("integrity", "skips", "A member is missing or breaks the rule of its kind."),
    "chain": _broken("integrity", "applies", "An entry's index or `prev` does not follow from the entry before it."),
    "root": _broken("integrity", "-", "The entries do not give the root that the checkpoint was signed over."),
    "tile": _broken("integrity", "-", "A tile of hashes is not what the entries give."),
    "checkpoint": _broken("integrity", "-", "The checkpoint is no well-formed note of this log."),
    "checkpoint-signature": _broken("authenticity", "-", "The checkpoint is not signed by the log of the trust policy."),
    "witness-quorum": _broken(
        "authenticity", "-", "Fewer witnesses have cosigned the checkpoint than the trust policy asks for.",
    ),
    "consistency": _broken("integrity", "-", "The log does not extend the log that was seen before."),
    "fork": _broken("integrity", "-", "Two signed checkpoints of one log exclude each other."),
    "inclusion": _broken("integrity", "-", "A proof does not lead from the entry to the root."),
    "statement-signature": _broken("authenticity", "applies", "A signature over a statement is false or missing."),
    "weak-key": _broken(
        "authenticity", "applies", "A key that fits signatures it never made: no canonical point of prime order.",
    ),
    "key-standing": _broken("authenticity", "skips", "A signature by a key that belongs to no party, or was revoked before."),
    "authority": _broken("authenticity", "applies", "A statement said or signed by a party that has no right to it."),
    "approval": _broken(
        "authenticity", "applies", "A signature that the rule demands, of a second officer or an overseer, is missing.",
    ),
    "ledger": _broken(
        "authenticity", "applies", "A statement made for another ledger, or a succession that does not fit what it continues.",
    ),
    "after": _broken("authenticity", "skips", "A statement bound to another history, or to a time before what it names."),
    "time": _broken("accounting", "applies", "Times that run backwards, or days that had not come."),
    "statement-id": _broken("authenticity", "applies", "A party's statement id stands in the log twice."),
    "duplicate-reference": _broken("accounting", "applies", "A party's reference in a channel stands in the log twice."),
    "reference": _broken("accounting", "skips", "A record names what is not there, or not allowed; or makes a fund 17 deep."),
    "rules": Rule("accounting", "unknown", "skips", "A rule set that this program does not know.", LATER),
    "tape-flow": _broken("accounting", "applies", "The flows of an entry are not what the rules give."),
    "tape-limit": _broken("accounting", "skips", "A tape, or a sum that the books keep, would grow past 2^53-1."),
    "fragmented": _broken("accounting", "skips", "A record moves more ranges than the format allows."),
    "overdraft": _broken("accounting", "skips", "Units are taken that are gone or never came in."),
    "fee": _broken("accounting", "skips", "A fee that is no part of its gift, or goes into the gift's own fund."),
    "restriction": _broken("accounting", "applies", "Restricted money or an endowment goes where it may not."),
    "cost-limit": _broken("accounting", "applies", "A project spends more on a cost class than it promised."),
    "receipt-excess": _broken("accounting", "applies", "Receipts above the payment they acknowledge."),
    "return-excess": _broken("accounting", "skips", "More comes back than was paid."),
    "refund-units": _broken("accounting", "applies", "A refund of units that are not the gift's, or were refunded before."),
    "exponent": Rule(
        "accounting", "audit", "applies",
        "A currency with other decimals than ISO 4217 gives it: other programs read its amounts wrong.", "Ask the operator.",
    ),
    "statistics-total": Rule(
        "accounting", "audit", "applies", "A signed total that is not the ledger's.", "Ask its party for the cells.",
    ),
    "recovery": Rule(
        "authenticity", "audit", "applies", "Operator and overseer gave a party a new key.", "Ask the party whether it knows.",
    ),
    "continued-after-loss": Rule(
        "authenticity", "audit", "applies", "The log continues another one that ended; entries of that may have been lost.",
        "Ask the operator what was lost; compare with a later checkpoint of the log that ended.",
    ),
    "overdue-receipt": Rule(
        "traceability", "audit", "-", "A payment without receipt after the project's own days.", "Ask the payee.",
    ),
    "overdue-feedback": Rule(
        "traceability", "audit", "-", "Received, and nothing reported after the project's own days.", "Ask the charity.",
    ),
    "missing": Rule("integrity", "unknown", "-", "Files are missing or cut off.", "Get a complete copy."),
    "derived": Rule(
        "integrity", "unknown", "-", "A table beside the entries is not what they give; the entries may be right.",
        "Run `givetrail rebuild`.",
    ),
    "database": Rule(
        "integrity", "unknown", "-", "The file that the entries are in is damaged; the entries may be right.",
        "Make a new ledger with `givetrail restore COPY DIR`, as the message says.",
    ),
    "transport": Rule(
        "integrity", "unknown", "-", "A text that was changed on its way: line ends, a byte order mark.", "Get it again.",
    ),
    "unreachable": Rule(
        "integrity", "unknown", "-", "A server does not answer, or not with the file.", "Run it again later, or name a copy."
    ),
    "version": Rule("integrity", "unknown", "skips", "An entry of a version that this program does not know.", LATER),
    "unknown-kind": Rule("integrity", "unknown", "skips", "A kind that this program does not know.", LATER),
    "unknown-member": Rule("integrity", "unknown", "skips", "A member that this program does not know.", LATER),
    "trust-anchor": Rule(
        "authenticity", "unknown", "-", "No trust policy was named, or it names other logs.", "Get the policy of this log.",
    ),
    "empty": Rule("integrity", "unknown", "-", "The log has no entries.", "There is nothing to verify."),
}
