"""Signatures that are forged, taken away, moved or bent, and keys that were never what they seem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.canonical import encode, from_base64, to_base64
from ledger.entries.statement import pae
from tests.golden.cast import key, public
from tests.golden.telling import a

from .case import CHARITY, NOTHING, OPERATOR, POLICY, Hearing, Outcome, attack, broken, unseen
from .curve import (
    IDENTITY,
    IDENTITY_NOT_CANONICAL,
    NO_POINT,
    ORDER_EIGHT,
    signature_of_the_identity,
    with_order_added,
    with_small_r,
)
from .forging import LogForge, gift, paid, payment, receipt, story
from .scene import TODAY

OVER = 5100


def signed_by(entry: dict[str, Any], signatures: dict[bytes, bytes]) -> None:
    """Give an entry these signatures, by key."""
    entry["signatures"] = [{"key": to_base64(public), "sig": to_base64(sig)} for public, sig in sorted(signatures.items())]


def last_signature(f: LogForge, change: Callable[[bytes, bytes], bytes]) -> int:
    """Change the signature of the last entry: from it and the message that it is over."""
    def edit(value: dict[str, Any]) -> None:
        one = value["signatures"][0]
        one["sig"] = to_base64(change(from_base64(one["sig"]), pae(encode(value["statement"]))))

    return f.edit(f.last, edit)


@attack(OPERATOR, story)
def signature_malleated(f: LogForge) -> Hearing:
    """The order of the group is added to S of a signature: a second signature that fits, for careless programs."""
    yield POLICY, broken("statement-signature", last_signature(f, lambda sig, message: with_order_added(sig)))


@attack(CHARITY, story)
def signature_whose_r_says_nothing(f: LogForge) -> Hearing:
    """A charity signs with the identity as R: the equation holds, and libraries differ on it."""
    index = last_signature(f, lambda sig, message: with_small_r("hope.li2", message))
    yield POLICY, broken("statement-signature", index)


@attack(OPERATOR, story)
def signature_of_zeros(f: LogForge) -> Hearing:
    """A signature is 64 zeros."""
    yield POLICY, broken("statement-signature", last_signature(f, lambda sig, message: bytes(64)))


@attack(CHARITY, story)
def signature_over_the_bytes_alone(f: LogForge) -> Hearing:
    """A charity signs the statement's bytes without the envelope that says what they are."""
    raw = encode(f.value(f.last)["statement"])
    yield POLICY, broken("statement-signature", last_signature(f, lambda sig, message: key("hope.li2").sign(raw)))


@attack(CHARITY, story)
def signature_for_another_type(f: LogForge) -> Hearing:
    """A charity's signature was made for the same bytes as a payload of another type."""
    raw = encode(f.value(f.last)["statement"])
    other = b"DSSEv1 16 application/json %d %b" % (len(raw), raw)
    yield POLICY, broken("statement-signature", last_signature(f, lambda sig, message: key("hope.li2").sign(other)))


@attack(OPERATOR, story)
def signatures_swapped_between_entries(f: LogForge) -> Hearing:
    """The signatures of two statements of one officer change places."""
    one, other = gift(f, 50), gift(f, 60)
    signatures = f.value(one)["signatures"], f.value(other)["signatures"]
    f.edit(one, lambda value: value.update(signatures=signatures[1]))
    f.edit(other, lambda value: value.update(signatures=signatures[0]))
    yield POLICY, broken("statement-signature", one, also=(("statement-signature", other, -1), ("after", other, -1)))


@attack(OPERATOR, story)
def signature_of_the_second_officer_stripped(f: LogForge) -> Hearing:
    """A payment that two officers signed is shown as one officer's own doing."""
    gift(f, OVER)
    f.append("hope.li2 hope.wang", payment(OVER), flows=f.out("school-desks/CNY", OVER))
    index = f.edit(f.last, lambda value: value["signatures"].pop())
    yield POLICY, broken("approval", index, 0)


@attack(OPERATOR, story)
def signature_of_a_party_exchanged_for_the_operators(f: LogForge) -> Hearing:
    """The operator signs a charity's gift in its place, with its own key."""
    said = a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    yield POLICY, broken("authority", f.append("op.chief", said, flows=f.into("school-desks/CNY", 50), party="hope"))


@attack(OPERATOR, story)
def signature_twice(f: LogForge) -> Hearing:
    """One officer's signature is given twice in an entry that needs two."""
    f.append("hope.li2", payment(OVER), flows=f.out("school-desks/CNY", OVER))
    yield POLICY, broken("schema", f.edit(f.last, lambda value: value.update(signatures=value["signatures"] * 2)))


@attack(CHARITY, story)
def signatures_of_nine(f: LogForge) -> Hearing:
    """An entry has nine signatures, one more than fits."""
    names = " ".join(["hope.li2", *(f"stranger.{number}" for number in range(8))])
    said = a("donation", fund="school-desks", unit="CNY", amount=5, channel="cash", received_on=TODAY)
    yield POLICY, broken("schema", f.append(names, said, flows=f.into("school-desks/CNY", 5)))


def admitted_with(f: LogForge, public_key: bytes, signature: bytes) -> int:
    """The operator admits a party with this key, whose signature is this."""
    said = a("party", id="shade", entity="organisation", roles=["vendor"], name="Shade",
        keys=[{"key": to_base64(public_key), "officer": "one"}])  # fmt: skip
    index = f.append("op.chief", said)
    own = f.value(index)["signatures"][0]
    both = {from_base64(own["key"]): from_base64(own["sig"]), public_key: signature}
    return f.edit(index, lambda value: signed_by(value, both))


def weak(index: int) -> Outcome:
    """A key that cannot be one; its signature is not accepted either."""
    return broken("weak-key", index, also=(("statement-signature", index, -1),))


@attack(OPERATOR, story)
def weak_key_identity(f: LogForge) -> Hearing:
    """A party's key is the identity: R the identity and S zero then fit every statement that will ever be made."""
    yield POLICY, weak(admitted_with(f, IDENTITY, signature_of_the_identity()))


@attack(OPERATOR, story)
def weak_key_of_small_order(f: LogForge) -> Hearing:
    """A party's key is a point of order eight: one signature in eight fits without any secret."""
    yield POLICY, weak(admitted_with(f, ORDER_EIGHT, signature_of_the_identity()))


@attack(OPERATOR, story)
def weak_key_not_canonical(f: LogForge) -> Hearing:
    """A party's key is a point written with y above the field's prime: two texts for one key."""
    yield POLICY, weak(admitted_with(f, IDENTITY_NOT_CANONICAL, signature_of_the_identity()))


@attack(OPERATOR, story)
def weak_key_off_the_curve(f: LogForge) -> Hearing:
    """A party's key is not a point of the curve."""
    yield POLICY, weak(admitted_with(f, NO_POINT, signature_of_the_identity()))


@attack(OPERATOR, story)
def weak_key_that_has_not_signed(f: LogForge) -> Hearing:
    """A weak key is introduced and does not sign, so that no signature gives it away."""
    said = a("party", id="shade", entity="organisation", roles=["vendor"], name="Shade",
        keys=[{"key": to_base64(IDENTITY), "officer": "one"}])  # fmt: skip
    yield POLICY, broken("approval", f.append("op.chief", said), 0)


@attack(CHARITY, story)
def receipt_signed_by_the_payer(f: LogForge) -> Hearing:
    """A charity pays, and says in the payee's name that the money came."""
    index = f.append("hope.li2", receipt(paid(f, 20), 20), party="shop")
    yield POLICY, broken("authority", index)


@attack(NOTHING, story)
def statement_made_up(f: LogForge) -> Hearing:
    """Somebody without any key writes a statement in a charity's name and signs it with a key of his own; the log takes it."""
    said = a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    index = f.append("mallory.key", said, flows=f.into("school-desks/CNY", 50), party="hope")
    yield POLICY, broken("key-standing", index, also=(("authority", index, -1),))


@attack(CHARITY, story)
def one_hand_with_two_officers_keys(f: LogForge) -> Hearing:
    """A charity's one officer makes a second officer up, holds both keys, and signs alone what two should sign."""
    more = {"time": "2026-05-09T01:00:00Z", "signed_at": "2026-05-09T01:00:00Z"}
    f.append("river.xu2 river.ghost", a("key", key=public("river.ghost"), officer="ghost"))
    said = a("fund", id="river-fund", name="Boats", purpose="Boats", restriction="unrestricted")
    f.append("river.xu2 river.ghost", said, a("mandate", thresholds=[{"unit": "CNY", "amount": 10}]), **more)
    gift(f, 90, "river-fund", "river.xu2")
    f.append("river.xu2 river.ghost", payment(90, "river-fund"), flows=f.out("river-fund/CNY", 90))
    yield POLICY, unseen("A key has an officer's name; whose hand holds it, no signature says.", "The people, and who they are.")
