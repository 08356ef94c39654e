"""Targets that know no money: canonical JSON and its texts, notes, checkpoints, keys, policies, proofs, tiles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from ledger.canonical import decode, encode, from_base64, from_base64url, from_decimal, from_hex, parse, to_base64, to_base64url
from ledger.errors import GiveTrailError
from ledger.log.checkpoint import format_checkpoint, parse_checkpoint
from ledger.log.merkle import leaf_hash
from ledger.log.note import VerifierKey, format_note, parse_note
from ledger.log.policy import Policy
from ledger.log.proof import format_proof, parse_proof, verify_proof
from ledger.log.tile import decode_entries, decode_hashes, encode_entries, entries_path, parse_path, tile_path
from tests.fuzz.examples import entries, examples, golden

JSON_BYTES = 1 << 20
TEXTS = (
    (from_base64, to_base64), (from_base64url, to_base64url), (from_decimal, str),
    (lambda text: from_hex(text, len(text) // 2), bytes.hex),
)  # fmt: skip


def again(made: bytes, raw: bytes) -> None:
    """What was read has to give the bytes that it was read from."""
    assert made == raw, f"gives {made[:200]!r}"


@contextmanager
def promised(what: str) -> Iterator[None]:
    """What was accepted is not refused here."""
    try:
        yield
    except GiveTrailError as error:
        raise AssertionError(f"{what}: {error.message[:200]}") from error


def text_of(raw: bytes) -> str:
    """Bytes as a command line gives them to Python: what is no UTF-8 becomes lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


@cache
def trust() -> Policy:
    """The trust policy of the golden ledger."""
    return Policy.parse(golden("trust.policy"))


def canonical(raw: bytes) -> None:
    again(encode(parse(raw)), raw)
    again(encode(decode(raw, "fuzz", JSON_BYTES)), raw)


def canonical_texts(raw: bytes) -> None:
    """Base64, base64url, decimals, hex: refused where it is none of them."""
    text, refused = text_of(raw), []
    for read, write in TEXTS:
        try:
            value = read(text)
        except GiveTrailError as error:
            refused.append(error)
        else:
            again(write(value).encode(), raw)
    if len(refused) == len(TEXTS):
        raise refused[0]


def note(raw: bytes) -> None:
    said = parse_note(raw)
    with promised("a note that was read"):
        again(format_note(said.text, said.signatures), raw)


def checkpoint(raw: bytes) -> None:
    again(format_checkpoint(parse_checkpoint(raw)), raw)


def signed_checkpoint(raw: bytes) -> None:
    """Nobody has the keys: what a policy accepts is the checkpoint that they signed."""
    again(format_checkpoint(trust().check(raw)), parse_note(golden("log/checkpoint")).text)


def vkey(raw: bytes) -> None:
    said = VerifierKey.parse(text_of(raw))
    assert 1 <= len(said.name) <= 255 and len(said.public) == 32
    again(said.format().encode(), raw)


def policy(raw: bytes) -> None:
    said = Policy.parse(raw)
    with promised("a policy that was read"):
        assert Policy.parse(said.format()) == said
    said.check(golden("log/checkpoint"))


def proof(raw: bytes) -> None:
    """A proof of an entry that is accepted is the one proof of it."""
    said = parse_proof(raw)
    with promised("a proof that was read"):
        again(format_proof(said.index, said.hashes, said.checkpoint_raw, said.extra), raw)
    verify_proof(raw, leaf_hash(entries()[min(said.index, len(entries()) - 1)]), trust())
    true = {one.index: one.hashes for one in map(parse_proof, examples("proof"))}
    assert said.index < len(entries()) and said.hashes == true.get(said.index, said.hashes)


def tile(raw: bytes) -> None:
    """The first byte says how many hashes there should be."""
    again(b"".join(decode_hashes(raw[1:], int.from_bytes(raw[:1]) + 1)), raw[1:])


def tile_entries(raw: bytes) -> None:
    """The first byte says how many entries there should be."""
    said = decode_entries(raw[1:], int.from_bytes(raw[:1]) + 1)
    with promised("entries that were read"):
        again(encode_entries(said), raw[1:])


def path_of_a_tile(raw: bytes) -> None:
    level, index, width = parse_path(text_of(raw))
    with promised("a path that was read"):
        again((entries_path(index, width) if level is None else tile_path(level, index, width)).encode(), raw)
