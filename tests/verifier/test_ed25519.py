"""The two verdicts on a signature in the browser, on every edge case that is known (C2SP/CCTV ed25519) and on every flipped bit."""

from __future__ import annotations

from ledger.errors import GiveTrailError
from ledger.log.key import SigningKey, check_party_key, verify_note_signature, verify_statement_signature
from tests.log.test_ed25519 import MESSAGE, ORDER, PUBLIC, SIGNATURE, cases, flags, parts
from tests.verifier.asking import ask

assert cases, "the fixture that reads the vectors"
P = 2**255 - 19
Signed = tuple[bytes, bytes, bytes]


def accepts(verify, *arguments: bytes) -> bool:
    try:
        verify(*arguments)
    except GiveTrailError:
        return False
    return True


def answers(signed: list[Signed]) -> list[dict[str, bool]]:
    """What the browser's verifier says of each key and signature."""
    return ask({"key": key.hex(), "signature": signature.hex(), "message": message.hex()} for key, signature, message in signed)


def check_alike(signed: list[Signed]) -> list[dict[str, bool]]:
    """Every rule says the same in both languages."""
    said = answers(signed)
    for (key, signature, message), answer in zip(signed, said, strict=True):
        assert answer == {
            "party_key": accepts(check_party_key, key),
            "statement": accepts(verify_statement_signature, key, signature, message),
            "note": accepts(verify_note_signature, key, signature, message),
        }, (key.hex(), signature.hex(), message)
    return said


def test_every_case_of_the_vectors_has_the_verdict_of_its_rule(cases):
    said = check_alike([parts(case) for case in cases])
    assert len(said) == 914
    assert [one["party_key"] and one["statement"] for one in said] == [flags(case) == set() for case in cases]
    assert sum(one["note"] for one in said) == 208


def test_every_flipped_bit_is_refused():
    signed = [(PUBLIC, (int.from_bytes(SIGNATURE) ^ 1 << bit).to_bytes(64), MESSAGE) for bit in range(8 * 64)]
    signed += [((int.from_bytes(PUBLIC) ^ 1 << bit).to_bytes(32), SIGNATURE, MESSAGE) for bit in range(8 * 32)]
    signed.append((PUBLIC, SIGNATURE, MESSAGE + b"\0"))
    said = check_alike([*signed, (PUBLIC, SIGNATURE, MESSAGE)])
    assert said.pop() == {"party_key": True, "statement": True, "note": True}
    assert not any(one["statement"] or one["note"] for one in said)


def test_a_larger_s_and_other_lengths_are_refused():
    larger = int.from_bytes(SIGNATURE[32:], "little") + ORDER
    signed = [
        (PUBLIC, SIGNATURE[:32] + larger.to_bytes(32, "little"), MESSAGE),
        (PUBLIC, SIGNATURE[:-1], MESSAGE),
        (PUBLIC, b"", MESSAGE),
    ]
    signed += [(PUBLIC[:-1], SIGNATURE, MESSAGE), (PUBLIC + b"\0", SIGNATURE, MESSAGE), (b"", SIGNATURE, MESSAGE)]
    assert not any(one["statement"] or one["note"] for one in answers(signed))


def test_points_of_small_order_in_every_spelling_and_others_off_the_curve_are_no_keys():
    order_8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
    ys = [0, 1, P - 1, P, P + 1, order_8, P - order_8, 2, 3, 4, 5, 6, 7, 8, 9, 2**255 - 1]
    keys = [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]
    keys += [SigningKey.from_seed(bytes([number]) * 32).public for number in range(20)]
    said = check_alike([(key, SIGNATURE, MESSAGE) for key in keys])
    assert sum(one["party_key"] for one in said) >= 20
