"""Lies about the world, which no ledger can tell from the truth: nothing is found, and each says what would tell."""

from __future__ import annotations

from ledger.entries.channel_reference import commit_reference
from tests.golden.cast import public, seed
from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, unseen
from .forging import LogForge, gift, paid, payment, receipt, story
from .on_promises import DESKS, THRESHOLD
from .scene import TODAY


@attack(CHARITY, story)
def threshold_split_over_weeks(f: LogForge) -> Hearing:
    """One officer pays a shop below the threshold day after day, each recorded on its day."""
    gift(f, 9000)
    for day in ("2026-05-07", "2026-05-08"):
        index = paid(f, THRESHOLD - 100, paid_on=day)
        f.retell(index, lambda value, day=day: (
            value.update(time=f"{day}T01:00:00Z"), value["statement"].update(signed_at=f"{day}T01:00:00Z")
        ))  # fmt: skip
    f.as_of = TODAY
    yield POLICY, unseen(
        "The threshold is one of a day: who pays on another day pays again.", "Sums by payee over a longer time."
    )


@attack(CHARITY, story)
def threshold_of_another_unit(f: LogForge) -> Hearing:
    """One officer changes yuan into dollars, as many as the threshold allows in a day, and pays in dollars, for which
    the party has no threshold."""
    gift(f, 5000)
    change = a("exchange", fund="school-desks", unit="CNY", amount=5000, to_unit="USD", to_amount=5000, rate=[1, 1], source="Bank",
               exchanged_on=TODAY)  # fmt: skip
    f.append("hope.li2", change, flows=f.out(DESKS, 5000) + f.into("school-desks/USD", 5000))
    f.append("hope.li2", {**payment(5000), "unit": "USD"}, flows=f.out("school-desks/USD", 5000))
    yield POLICY, unseen(
        "Units are never added to one another: a party has a threshold in every unit that it names, and in no other.",
        "Thresholds in all units that money can be changed into.",
    )


@attack(CHARITY, story)
def threshold_shared_among_payees(f: LogForge) -> Hearing:
    """One officer pays two vendors that are one person's."""
    gift(f, 9000)
    paid(f, THRESHOLD - 100)
    paid(f, THRESHOLD - 100, payee="bank")
    yield POLICY, unseen("Parties have ids; who is behind two of them is not in the ledger.", "The register of companies.")


@attack(CHARITY, story)
def cost_called_by_another_name(f: LogForge) -> Hearing:
    """A project pays its own rent and calls it a cost of the programme."""
    paid(f, 154, "hope-school", purpose="Rent of the office")
    yield POLICY, unseen("Only the charity says of which class a cost is.", "The invoice, and someone who reads it.")


@attack(CHARITY, story)
def gift_recorded_again_under_another_label(f: LogForge) -> Hearing:
    """A charity says another label in its mandate, records a gift a second time, and commits its reference under the new key."""
    label = {"label": "anew", "use": "wechat-pay", "from_day": "2026-01-01"}
    f.append("hope.li2 hope.wang", a("mandate", labels=[label]))
    again = commit_reference(seed("another channel key"), "anew", "wechat-pay", "4200000171")
    gift(f, 1000, "hope-school", channel="wechat-pay", channel_ref=again)
    yield POLICY, unseen(
        "References are committed, so that no one can search them; under two keys, they cannot be compared.",
        "The channel's own list, or both keys.",
    )


@attack(CHARITY, story)
def gift_never_recorded(f: LogForge) -> Hearing:
    """A charity keeps a gift and records nothing."""
    yield POLICY, unseen("A ledger holds what is said in it.", "The donor, who finds no reference.")


@attack(CHARITY, story)
def payment_to_a_vendor_of_its_own(f: LogForge) -> Hearing:
    """A charity has a vendor admitted that it owns, pays it for nothing, and the vendor signs the receipt."""
    said = a("party", id="front", entity="organisation", roles=["vendor"], name="Front",
        keys=[{"key": public("front.li"), "officer": "li"}])  # fmt: skip
    f.append("op.chief front.li", said)
    index = paid(f, 100, payee="front")
    f.append("front.li", receipt(index, 100))
    yield POLICY, unseen("Receipts prove who signed, not that goods arrived.", "The register of companies; a look at the shelf.")


@attack(CHARITY, story)
def evidence_of_something_else(f: LogForge) -> Hearing:
    """A charity commits a file as evidence that shows another delivery."""
    said = a("progress", activity="school-desks", done_on=TODAY, note="Desks",
             evidence=[{"bytes": 18, "digest": "0" * 64, "media": "image/jpeg"}])  # fmt: skip
    f.append("hope.li2", said)
    yield POLICY, unseen("The ledger holds digests; what a picture shows is not in it.", "The file, its salt, and eyes.")
