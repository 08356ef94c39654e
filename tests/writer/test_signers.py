"""Who signs, how often, and in which order: the log never holds signatures that it could not read again."""

from __future__ import annotations

import pytest

from ledger.canonical import from_base64, to_base64
from ledger.entries.leaf import read_leaf
from ledger.entries.statement import pae, sign_statement
from ledger.errors import GiveTrailError, Refused, VerificationError
from ledger.log.dsse import Signature
from ledger.writer.sequencer import Answer
from tests.golden.weak import weak_key, weak_signature
from tests.language import key, key_text
from tests.writer.on_disk import OnDisk, a_gift


@pytest.fixture
def two(town: OnDisk) -> OnDisk:
    """Hope has two officers from here on; what changes its funds needs both."""
    town.play("""
        op: party auditco auditor zhou
        hope by li, auditco.zhou, wang: key wang
    """)
    return town


def test_two_officers_sign_or_nothing_is_entered(two: OnDisk):
    fund = "fund second restricted school"
    for alone in ("hope.li", "hope.wang", "hope.li river.xu"):
        with pytest.raises(Refused) as refused:
            two.sequencer.submit_one(two.made("hope", fund, alone))
        assert refused.value.rule in ("approval", "authority")
    assert two.sequencer.submit_one(two.made("hope", fund, "hope.wang hope.li")) == Answer(6, False)
    signers = [signer for signer, _ in two.reopen().leaves[6].entry.signatures]
    assert sorted(signers) == sorted([key_text("hope.li"), key_text("hope.wang")])


def test_an_officer_with_two_keys_is_still_one_officer(two: OnDisk):
    two.play("hope by li, wang, li2: key li2")
    with pytest.raises(Refused) as refused:
        two.sequencer.submit_one(two.made("hope", "fund second restricted school", "hope.li hope.li2"))
    assert refused.value.rule == "approval"


def test_a_second_signature_taken_from_another_statement_is_refused(two: OnDisk):
    raw, signatures = two.made("hope", "fund second restricted school", "hope.li hope.wang")
    other, _ = two.made("hope", "fund third restricted school", "hope.li")
    wangs = next(pair for pair in signatures if pair[0] == key_text("hope.wang"))
    (lis,) = sign_statement(other, [key("hope.li")])
    with pytest.raises(VerificationError) as refused:
        two.sequencer.submit_one((other, in_order(lis, wangs)))
    assert refused.value.rule == "statement-signature"


def in_order(*signatures: Signature) -> tuple[Signature, ...]:
    """Signatures as an entry holds them."""
    return tuple(sorted(signatures, key=lambda pair: from_base64(pair[0])))


def entered_and_read(town: OnDisk, raw: bytes, signatures: tuple) -> bool:
    """Whether a statement was entered; if it was, its entry can be read again."""
    before = town.sequencer.tree_size
    try:
        answer = town.sequencer.submit_one((raw, signatures))
    except GiveTrailError:
        assert town.sequencer.tree_size == before
        return False
    read_leaf(town.sequencer.store.entry(answer.index))
    return True


def test_signatures_out_of_order_are_refused(two: OnDisk):
    raw, signatures = two.made("hope", "fund second restricted school", "hope.li hope.wang")
    assert not entered_and_read(two, raw, tuple(reversed(signatures)))
    assert entered_and_read(two, raw, signatures)
    assert len(two.reopen().leaves) == 7


def test_the_same_signature_twice_is_refused(two: OnDisk):
    raw, signatures = a_gift(two)
    assert not entered_and_read(two, raw, signatures * 2)
    assert entered_and_read(two, raw, signatures)


def test_more_signatures_than_an_entry_holds_are_refused(two: OnDisk):
    """All nine are of officers of the party, and each is true."""
    for number in range(1, 8):
        two.play(f"hope by li, wang, officer-{number}: key officer-{number}")
    names = ["hope.li", "hope.wang", *(f"hope.officer-{number}" for number in range(1, 8))]
    raw, _ = a_gift(two)
    assert not entered_and_read(two, raw, sign_statement(raw, [key(name) for name in names]))
    assert entered_and_read(two, raw, sign_statement(raw, [key(name) for name in names[:8]]))
    assert len(two.reopen().leaves[-1].entry.signatures) == 8


@pytest.mark.parametrize("spoil", [lambda text: text[:-1], lambda text: text + "=", str.lower, lambda text: "", str.swapcase])
def test_a_key_or_signature_in_other_letters_is_refused(town: OnDisk, spoil):
    raw, ((signer, signature),) = a_gift(town)
    assert not entered_and_read(town, raw, ((spoil(signer), signature),))
    assert not entered_and_read(town, raw, ((signer, spoil(signature)),))
    assert entered_and_read(town, raw, ((signer, signature),))


def test_a_key_that_fits_signatures_it_never_made_is_not_admitted(town: OnDisk):
    seed = bytes(32)
    weak = to_base64(weak_key(seed))
    party = town.read("op", "party weak vendor w")[0][0] | {"keys": [{"key": weak, "officer": "w"}]}
    raw, (operators,) = town.made("op", [party])
    own = (weak, to_base64(weak_signature(seed, pae(raw))))
    with pytest.raises(VerificationError) as refused:
        town.sequencer.submit_one((raw, in_order(operators, own)))
    assert refused.value.rule == "weak-key"
    assert town.sequencer.tree_size == 4


def test_the_logs_own_key_signs_no_statement(town: OnDisk):
    with pytest.raises(Refused) as refused:
        town.sequencer.submit_one(town.made("op", "unit EUR 2", "the.log"))
    assert refused.value.rule == "key-standing"


def test_the_operator_speaks_for_nobody(town: OnDisk):
    for said in ("donation 1.00 CNY -> school", "key wang", "fund mine unrestricted"):
        for names in ("op.chief", "op.chief hope.wang"):
            with pytest.raises(Refused):
                town.sequencer.submit_one(town.made("hope", said, names))
    assert town.sequencer.tree_size == 4
