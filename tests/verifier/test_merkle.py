"""Proofs of inclusion in the browser: every leaf of every small tree, and everything near a true proof that is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.errors import VerificationError
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of, verify_inclusion
from tests.verifier.asking import ask

LEAVES = [leaf_hash(b"%d" % number) for number in range(17)]


class Claim(NamedTuple):
    """That `leaf` is number `index` of the tree of that size and root."""

    leaf: bytes
    index: int
    size: int
    proof: Sequence[bytes]
    root: bytes

    def holds(self) -> bool:
        """What Python says."""
        try:
            verify_inclusion(self.leaf, self.index, self.size, self.proof, self.root)
        except VerificationError:
            return False
        return True

    def asked(self) -> dict[str, object]:
        proof = [step.hex() for step in self.proof]
        return {"leaf": self.leaf.hex(), "index": self.index, "size": self.size, "proof": proof, "root": self.root.hex()}


def true_claims() -> Iterator[Claim]:
    for size in range(1, len(LEAVES) + 1):
        root = root_of(LEAVES[:size])
        for index in range(size):
            proof = prove_inclusion(index, size, lambda level, at: root_of(LEAVES[at << level : (at + 1) << level]))
            yield Claim(LEAVES[index], index, size, proof, root)


def near(claim: Claim) -> Iterator[Claim]:
    """What is almost that claim."""
    proof = list(claim.proof)
    for index in {0, claim.index + 1, claim.size - 1, claim.size, claim.size + 1, claim.index ^ 1, claim.index + 2**32, 2**53 - 1}:
        yield claim._replace(index=index)
    for size in {0, 1, claim.index, claim.index + 1, claim.size - 1, claim.size + 1, claim.size * 2, claim.size + 2**32, 2**53 - 1}:
        yield claim._replace(size=size)
    for other in (proof[:-1], proof[1:], [*proof, LEAVES[0]], [LEAVES[0], *proof], proof[::-1], [], [claim.root], [claim.leaf]):
        yield claim._replace(proof=other)
    yield claim._replace(root=LEAVES[0])
    yield claim._replace(leaf=LEAVES[-1])
    yield claim._replace(leaf=claim.root, proof=[])


def test_every_proof_of_every_small_tree_and_all_that_is_near_it():
    true = list(true_claims())
    claims = [*true, *(other for claim in true for other in near(claim))]
    wanted = [claim.holds() for claim in claims]
    answers = ask(claim.asked() for claim in claims)
    unlike = [claim for claim, one, other in zip(claims, wanted, answers, strict=True) if one != other]
    assert not unlike, unlike[:3]
    assert all(wanted[: len(true)]) and sum(wanted) < len(wanted) // 3


def test_large_trees_are_climbed_without_loss():
    """Places beyond 2^31 and 2^32: the numbers of a proof have 53 bits."""
    path = [leaf_hash(b"step %d" % number) for number in range(53)]
    claims = []
    for index, size in (
        (2**52, 2**52 + 1),
        (2**33 - 1, 2**33),
        (2**32, 2**33 + 1),
        (2**53 - 2, 2**53 - 1),
        (5, 2**40),
        (2**31, 2**32),
    ):
        for length in range(54):
            claims.append(Claim(LEAVES[0], index, size, path[:length], rooted(index, size, path[:length])))
    answers = ask(claim.asked() for claim in claims)
    assert answers == [claim.holds() for claim in claims]
    assert sum(answers) == 6


def rooted(index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Where this proof leads, as the error says it; anything where it leads nowhere."""
    try:
        verify_inclusion(LEAVES[0], index, size, proof, bytes(32))
    except VerificationError as error:
        _, _, rest = error.message.partition("leads to the root ")
        return bytes.fromhex(rest[:64]) if rest else bytes(32)
    raise AssertionError("a root of zeros")
