"""A gift in one sentence, in the reader's language: the same facts in the same order as `ledger.books.gift.sentence`."""

from __future__ import annotations

from collections.abc import Callable

from ledger.books.gift import PAID, WAITING, GiftTrace

from .locale import Voice, marked
from .names import LEVELS, PROMISED, words

Money = Callable[[int], str]
ENDS = {
    "disputed": marked(
        "%(amount)s disputed: someone other than the payer signed for it, and the payer says that it came back or never went out"
    ),
    "fee": marked("%(amount)s kept as a fee"), "refunded": marked("%(amount)s given back to you"),
    "covered": marked("%(amount)s given back to you from another fund after it was spent"),
    "unspent-covered": marked("%(amount)s given back to you from another fund, still unspent"),
    "written-off": marked("%(amount)s written off as lost"),
    "void": marked("%(amount)s void, because it should not have been recorded"),
}  # fmt: skip
OVERDUE = {
    "receipt": marked("Overdue: receipt for %(ref)s, due by %(day)s."),
    "feedback": marked("Overdue: feedback on %(ref)s, due by %(day)s."),
}


def sentence(voice: Voice, trace: GiftTrace, fund: str, goods: str = "") -> str:
    """Where the money is; `fund` and `goods` are the names of the fund and of donated goods. Sentences of their own say what is
    overdue."""
    totals = trace.totals_told()

    def money(minor: int) -> str:
        return voice.money(minor, trace.exponent, trace.unit, goods)

    waiting = sum(totals.get(state, 0) for state in WAITING)
    parts = [_paid(voice, trace, totals, money)]
    if waiting:
        parts.append(voice.say("%(amount)s waiting since %(day)s", amount=money(waiting), day=voice.day(trace.waiting_since)))
    parts += [voice.say(end, amount=money(totals[state])) for state, end in ENDS.items() if totals.get(state)]
    said = voice.say_as("between clauses", "; ").join(part for part in parts if part)
    whole = voice.say(
        "%(amount)s, given on %(day)s to “%(fund)s”: %(parts)s.", amount=money(trace.amount), day=voice.day(trace.received_on),
        fund=fund, parts=said,
    )  # fmt: skip
    return voice.gap.join([whole, *(overdue_sentence(voice, one.stage, one.ref, one.due_on) for one in trace.overdue)])


def overdue_sentence(voice: Voice, stage: str, ref: str, due_on: str) -> str:
    """That a stage is overdue."""
    said = OVERDUE.get(stage)
    return voice.say(said, ref=ref, day=voice.day(due_on)) if said else f"{words(voice, PROMISED, stage)} {ref} {voice.day(due_on)}"


def _paid(voice: Voice, trace: GiftTrace, totals: dict[str, int], money: Money) -> str:
    paid = sum(totals.get(state, 0) for state in PAID)
    if not paid:
        return ""
    received = totals.get("received", 0) + totals.get("reported", 0)
    parts = [_ways(voice, trace, money(paid))]
    if received:
        levels = sorted({piece.level for piece in trace.pieces if piece.state in PAID and piece.level})
        said = voice.say_as("between words", ", ").join(words(voice, LEVELS, level) for level in levels)
        parts.append(voice.say("%(amount)s of it has a receipt (%(levels)s)", amount=money(received), levels=said))
    if "reported" in totals:
        parts.append(voice.say("%(amount)s of it has feedback", amount=money(totals["reported"])))
    return voice.say_as("between clauses", ", ").join(parts)


def _ways(voice: Voice, trace: GiftTrace, amount: str) -> str:
    payments = voice.say_many("%(count)s payment", "%(count)s payments", trace.payments)
    deliveries = voice.say_many("%(count)s delivery", "%(count)s deliveries", trace.deliveries)
    if not trace.deliveries:
        return voice.say("%(amount)s paid in %(payments)s", amount=amount, payments=payments)
    if not trace.payments:
        return voice.say("%(amount)s delivered as goods in %(deliveries)s", amount=amount, deliveries=deliveries)
    return voice.say(
        "%(amount)s paid in %(payments)s and delivered as goods in %(deliveries)s", amount=amount, payments=payments,
        deliveries=deliveries,
    )  # fmt: skip
