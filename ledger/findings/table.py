"""The table of what an audit can find: the class and meaning of each id (docs/reference/findings.md).

`broken` makes the verdict *failed* (exit 3), `unknown` *could not verify* (exit 4), `audit` is left to people to judge (exit 5 with
`--fail-on audit`). `fold` says whether the fold then applies the record or skips it. A skipped record still moves its units on the
tapes if possible, so that one fault gives one finding. A finding about a whole entry skips its records only if the entry cannot be
read.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Class = Literal["broken", "unknown", "audit"]
Area = Literal["integrity", "authenticity", "accounting", "traceability"]


class Rule(NamedTuple):
    """One id: its area, its class, what the fold does (`applies`, `skips`, or `-` if no record is concerned), its meaning, and its
    remedy. A rule of `conduct` is of class `audit` where the record names it in its `breach`."""

    area: Area
    kind: Class
    fold: Literal["applies", "skips", "-"]
    means: str
    do: str
    conduct: bool = False


LATER = "Verify with a later version of the program."
KEEP = "Keep a copy of the files as evidence, and ask the operator to explain."


def _broken(area: Area, fold: Literal["applies", "skips", "-"], means: str, do: str = KEEP) -> Rule:
    return Rule(area, "broken", fold, means, do)


def _conduct(area: Area, means: str, do: str) -> Rule:
    return Rule(area, "broken", "applies", means, do, conduct=True)


RULES: dict[str, Rule] = {
    "canonical": _broken("integrity", "skips", "The bytes are not the canonical encoding of what they say."),
    "size-limit": _broken("integrity", "skips", "An entry or statement is larger than the format allows."),
    "schema": _broken("integrity", "skips", "A member is missing or breaks the rule of its kind."),
    "chain": _broken("integrity", "applies", "An entry's index or `prev` does not follow from the entry before it."),
    "root": _broken("integrity", "-", "The entries do not give the root that the checkpoint signs."),
    "tile": _broken("integrity", "-", "A tile of hashes does not match the entries."),
    "checkpoint": _broken("integrity", "-", "The checkpoint is not a well-formed note of this log."),
    "checkpoint-signature": _broken("authenticity", "-", "The checkpoint is not signed by the log that the trust policy names."),
    "witness-quorum": _broken("authenticity", "-", "Fewer witnesses have cosigned the checkpoint than the trust policy asks for."),
    "consistency": _broken("integrity", "-", "The log does not continue the log that was seen before."),
    "fork": _broken("integrity", "-", "Two signed checkpoints of one log contradict each other."),
    "inclusion": _broken("integrity", "-", "A proof does not lead from the entry to the root."),
    "statement-signature": _broken("authenticity", "applies", "A signature over a statement is false or missing."),
    "timestamp": _broken(
        "authenticity", "-",
        "A timestamp token is not one of this log, is not the one that was recorded, or was changed after an authority signed it.",
        "Get the token from another copy of the log. If it is the same there, ask the operator to explain.",
    ),
    "weak-key": _broken(
        "authenticity", "applies",
        "The key is unsafe: someone without it could make signatures that pass. "
        "(It is not a canonical Ed25519 point of prime order.)",
    ),
    "key-standing": _broken(
        "authenticity", "skips",
        "A signature was made with a key that does not belong to any party, is not in force yet, or was already revoked.",
    ),
    "authority": _broken("authenticity", "applies", "A party recorded or signed a statement that it had no right to."),
    "approval": _conduct(
        "authenticity",
        "A required signature is missing: of a second officer, or of an overseer.", "Ask the charity who approved the record.",
    ),
    "self-payment": _conduct(
        "accounting", "A party pays or delivers to itself.", "Ask the charity why it is its own payee, and where the money is.",
    ),
    "conflict-of-interest": _conduct(
        "accounting", "An officer signs a record about a party that the officer is related to.",
        "Ask the charity why nobody else signed, and whether others offered less.",
    ),
    "related-party": _broken(
        "accounting", "applies", "A record about a related party does not say so, or says another relation than is on record.",
        "Ask the charity who is related to whom, and why it did not say so.",
    ),
    "related-beneficiary": Rule(
        "accounting", "audit", "applies", "Money or goods go to a beneficiary who is related to the charity or to a donor.",
        "Ask the charity how it chose this beneficiary.",
    ),
    "relation-again": Rule(
        "accounting", "audit", "applies",
        "A relation of two parties is recorded again, less than a year after an earlier one ended.",
        "Look at what the two paid one another in between.",
    ),
    "breach": _broken(
        "accounting", "applies",
        "A record names a rule of conduct as broken that it does not break.", "Ask the charity why it named that rule.",
    ),
    "ledger": _broken(
        "authenticity", "applies",
        "A statement was made for another ledger, or a succession does not match the log that it continues.",
    ),
    "after": _broken(
        "authenticity", "skips",
        "A statement was signed for another history of the log, or before something that it names was recorded.",
    ),
    "time": _broken(
        "accounting", "applies",
        "The times of entries run backwards, or a statement was entered long after or before it was signed.",
        "Ask the operator when the entry was made.",
    ),
    "day": _broken(
        "accounting", "applies",
        "Something happened on a day that was still to come when it was recorded, or before the party's books begin; or a return "
        "or refund is more than a day before what it answers.",
        "Ask the party that made the record on which day it happened.",
    ),
    "statement-id": _broken("authenticity", "applies", "A party used the same statement id twice."),
    "duplicate-reference": _broken(
        "accounting", "applies",
        "A party recorded the same reference of a channel twice.", "Ask the charity which gift was recorded twice.",
    ),
    "identifier-again": _broken(
        "accounting", "applies", "Two parties were admitted with the same number in a public register.", "Ask the operator why.",
    ),
    "duplicate-invoice": _conduct(
        "accounting", "More is paid of an invoice than it comes to, or another amount is said of it.",
        "Ask the charity for the invoice, and what was paid of it.",
    ),
    "reference-missing": _broken(
        "accounting", "applies", "Money came or went by a channel, and the record has no reference of it.",
        "Ask the charity what the channel called this payment.",
    ),
    "reference": _broken(
        "accounting", "skips",
        "A record names something that does not exist or is not allowed there, or makes a fund more than 16 levels deep.",
        "Ask the party that made the record what it meant.",
    ),
    "rules": Rule("accounting", "unknown", "skips", "This program does not know the rule set.", LATER),
    "tape-flow": _broken("accounting", "applies", "The flows of an entry are not those that the rules give."),
    "tape-limit": _broken("accounting", "skips", "A fund, or a total that the books keep, would exceed 2^53-1 minor units."),
    "fragmented": _broken("accounting", "skips", "A record moves more ranges than the format allows."),
    "overdraft": _broken(
        "accounting", "skips", "A record takes money that the fund does not hold: it was already used, or never came in.",
        "Ask the charity where this money came from.",
    ),
    "fee": _broken(
        "accounting", "skips", "A fee is not less than its gift, or is kept by a party that may not keep fees.",
        "Ask the charity how much of the gift was kept as a fee.",
    ),
    "restriction": _broken(
        "accounting", "applies",
        "Restricted money, or an endowment, goes where it is not allowed.", "Ask the charity why restricted money was moved there.",
    ),
    "cost-limit": _conduct(
        "accounting",
        "A project spends more on a class of costs than it promised.", "Ask the charity why it spent more on this class of costs.",
    ),
    "receipt-excess": _broken(
        "accounting", "applies", "Receipts acknowledge, or take into funds, more than was paid.",
        "Ask the charity and the payee how much was received.",
    ),
    "bank-line": _broken("accounting", "skips", "A receipt opens a line that the bank statement lacks, or that does not prove it."),
    "bank-statement-gap": Rule(
        "accounting", "audit", "applies", "A bank statement does not continue the one before it of that account.",
        "Ask the charity for the statement of the days between.",
    ),
    "return-against-receipt": Rule(
        "accounting", "audit", "applies",
        "Money that somebody else acknowledged is said to have come back or is void, and the recipient did not sign that.",
        "Ask the payee whether it paid the money back.",
    ),
    "holder": _broken(
        "authenticity", "skips",
        "A one-time key answers a record without its digest, or a second one, or belongs to a party or a log, or did not sign.",
        "Ask who made the record how the answer was given.",
    ),
    "return-excess": _broken(
        "accounting", "skips",
        "More money comes back than was paid, or not the money that a grant brought.",
        "Ask the charity which payment came back, and how much of it.",
    ),
    "refund-units": _broken(
        "accounting", "applies", "A refund names money that is not from the gift, or was already refunded.",
        "Ask the charity which gift was refunded, and how much of it.",
    ),
    "opening-unconfirmed": Rule(
        "accounting", "audit", "-", "What was there when the books began is not what a statement or stocktake of that day shows.",
        "Ask the charity who saw this money or these goods when its books began.",
    ),
    "overdrawn-on-day": Rule(
        "accounting", "audit", "-",
        "By the days of its records, more had gone out of a fund tree than had come in. One finding counts all such days of a "
        "tree and unit, with the largest sum that was missing.",
        "Ask the charity what was paid on those days, and with which money.",
    ),
    "fee-limit": Rule(
        "accounting", "audit", "-", "More was kept of gifts as fees than the fund promised or the law allows.",
        "Ask the charity why so much was kept of the gifts.",
    ),
    "rate": Rule(
        "accounting", "audit", "applies", "Money was exchanged at another rate than others give for that day.",
        "Ask the charity who exchanged the money, and at what cost.",
    ),
    "late-void": Rule(
        "accounting", "audit", "applies", "A payment, delivery, exchange or income was declared void more than 7 days later.",
        "Ask the charity why it was recorded, and why that was noticed so late. If it was signed days before its entry, ask the "
        "operator.",
    ),
    "exponent": Rule(
        "accounting", "audit", "applies",
        "A currency is declared with other decimals than ISO 4217 gives it, so other programs misread its amounts.",
        "Ask the operator to declare the unit with the decimals of ISO 4217.",
    ),
    "document-twice": Rule(
        "traceability", "audit", "applies",
        "One document is shown for receipts of two statements.", "Ask the party what the document is a receipt for.",
    ),
    "statistics-cell": _broken(
        "accounting", "applies", "Statistics by region have a cell of few gifts, or do not follow the ones before.",
    ),
    "statistics-total": Rule(
        "accounting", "audit", "applies",
        "A signed total differs from the ledger.", "Ask the party for the figures behind the total.",
    ),
    "recovery": Rule(
        "authenticity", "audit", "applies",
        "The operator and an overseer gave a party a new key.", "Ask the party whether it knows of the new key.",
    ),
    "clock-corrected": Rule(
        "accounting", "audit", "applies",
        "The operator and an overseer turned the clock of the log back, after entries under a clock that was ahead.",
        "Ask the operator and the overseer since when the clock was wrong, and compare the times of the entries before.",
    ),
    "future": Rule(
        "accounting", "audit", "-",
        "The last entry has a time after the day of this verification: that of this computer, or of `--as-of` if that is later.",
        "Set this computer's clock, or ask the operator whether the clock of the log is wrong.",
    ),
    "overseer-unknown": Rule(
        "authenticity", "audit", "-",
        "An auditor, inspector or regulator co-signed another party's records, confirmed what it paid, or set the standards, and "
        "the verifier did not name its key: the operator may have invented it.",
        "Ask the overseer, by a way of its own, for its key, and name it in the file of `--overseers`.",
    ),
    "key-takeover": Rule(
        "authenticity", "audit", "applies",
        "Every key that a party had before was revoked within three days of the new ones, and no change of them waited.",
        "Ask the party, by another way than its new keys, whether it knows of them.",
    ),
    "backfilled": Rule(
        "accounting", "audit", "applies",
        "A party moved the first day of its books back, so that it can record what happened earlier.",
        "Ask the charity why the earlier records were not made in time.",
    ),
    "continued-after-loss": Rule(
        "authenticity", "audit", "applies",
        "The log continues another log that ended; entries of that log may have been lost.",
        "Ask the operator what was lost, and compare with a later checkpoint of the log that ended.",
    ),
    "inclusion-promise": _broken(
        "traceability", "-",
        "A donor was promised, with a signature, that a gift would be recorded by a stated time. It was not, or it was recorded "
        "late, or with another amount, unit or fund.",
        "Keep the challenge file, and ask the party that promised it, and the operator, to explain.",
    ),
    "overdue-receipt": Rule(
        "traceability", "audit", "-",
        "No receipt was recorded within the time that the project promised.", "Ask the payee for the missing receipt.",
    ),
    "overdue-feedback": Rule(
        "traceability", "audit", "-",
        "A receipt was recorded, but no feedback came within the time that the project promised.",
        "Ask the charity for the missing feedback. See who signed the first receipt, and for how much: it started the wait.",
    ),
    "missing": Rule("integrity", "unknown", "-", "Files are missing or cut off.", "Get a complete copy."),
    "derived": Rule(
        "integrity", "unknown", "-",
        "A table derived from the entries does not match them. The entries may be right.", "Run `givetrail rebuild`.",
    ),
    "database": Rule(
        "integrity", "unknown", "-",
        "The database file is damaged. The entries in it may be right.",
        "Make a new ledger with `givetrail restore COPY DIR`, as the message says.",
    ),
    "transport": Rule(
        "integrity", "unknown", "-",
        "A text was changed in transit: its line ends, or a byte order mark.", "Get the file again, in binary mode.",
    ),
    "unreachable": Rule(
        "integrity", "unknown", "-",
        "A server does not answer, or does not send the file.", "Run the command again later, or use a copy.",
    ),
    "version": Rule("integrity", "unknown", "skips", "This program does not know the version of the entry.", LATER),
    "unknown-kind": Rule("integrity", "unknown", "skips", "This program does not know the kind of record.", LATER),
    "unknown-member": Rule("integrity", "unknown", "skips", "This program does not know a member of the entry.", LATER),
    "trust-anchor": Rule(
        "authenticity", "unknown", "-",
        "No trust policy was given, or it names other logs.",
        "Get the trust policy of this log from someone other than the site that publishes the log.",
    ),
    "unknown-witness": Rule(
        "authenticity", "unknown", "-",
        "Only witnesses whose type of key this program does not know could fill the quorum of the trust policy.", LATER,
    ),
    "empty": Rule(
        "integrity", "unknown", "-", "The log has no entries.", "There is nothing to verify until something is recorded.",
    ),
}
