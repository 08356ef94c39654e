"""Valid bytes of every format, from the golden ledger where it has them: where fuzzing begins."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ledger.canonical import encode, parse
from ledger.entries.inclusion_promise import made, open_inclusion_promise, sign_inclusion_promise
from ledger.entries.statement import write_envelope
from ledger.inclusion_promises.challenge import Challenge, LastEntry, format_challenge
from ledger.log.entry import Entry, decode_entry
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of
from ledger.log.note import VerifierKey, parse_note
from ledger.log.proof import format_proof
from ledger.log.tile import FULL_WIDTH, encode_entries
from tests.language import key

GOLDEN = Path(__file__).resolve().parents[1] / "vectors" / "golden"
LAYOUT = """[gifts]
fund = "relief"
unit = "CNY"
channel = "bank"
amount = "sum"
received = "at"
"""
MAPPINGS = (
    LAYOUT + 'amount_form = "decimal"\nreceived_form = "day"\nlist = "the list"\n',
    LAYOUT + 'amount_form = "minor"\nreceived_form = "datetime"\nreference = "ref"\n[file]\ndelimiter = ";"\nencoding = "cp1258"\n',
    LAYOUT + 'amount_form = "decimal"\nreceived_form = "%d.%m.%Y"\nfee = "fee"\nfee_to = "costs"\nreference = "ref"\n'
    'skip = { column = "sum", when = "negative" }\n[file]\nencoding = "utf-16"\n',
    LAYOUT + 'amount_form = "decimal"\nreceived_form = "%d/%m/%Y %H:%M %z"\nlist = "l"\n'
    'skip = { column = "fee", when = "empty" }\n',
)
FILES = (
    ("at,sum\n2024-09-10,12.50\n2024-02-29,0.01\n2024-02-29,0.01\n", "utf-8"),
    ('at;sum;ref\n2024-09-10T12:01:29+07:00;1250;"a;b"\n2024-09-10 17:00:00.25+00:00;1;"c""d"\n', "cp1258"),
    ("ref,at,sum,fee\nR-1,10.09.2024,100.00,0.60\nR-2,10.09.2024,-100.00,\nR-é,10.09.2024,1,0.00\n", "utf-16"),
    ("at,sum,fee\n10/09/2024 23:59 +0000,5,1\n11/09/2024 00:00 -0730,5,\n\n", "utf-8"),
)


@cache
def entries() -> tuple[bytes, ...]:
    """The bytes of every entry of the golden ledger."""
    return tuple((GOLDEN / "entries.jsonl").read_bytes().splitlines())


@cache
def golden(name: str) -> bytes:
    """A file of the golden ledger."""
    return (GOLDEN / name).read_bytes()


@cache
def examples(name: str) -> tuple[bytes, ...]:
    """Valid bytes for the target of that name."""
    return tuple(_EXAMPLES[name]())


def _statements() -> list[bytes]:
    return [decode_entry(raw).statement_raw for raw in entries()]


def _envelopes() -> list[bytes]:
    decoded: list[Entry] = [decode_entry(raw) for raw in entries()]
    return [write_envelope(entry.statement_raw, entry.signatures) for entry in decoded]


def _proofs() -> list[bytes]:
    hashes = [leaf_hash(raw) for raw in entries()]
    checkpoint = golden("log/checkpoint")
    paths = {
        index: prove_inclusion(index, len(hashes), lambda level, at: root_of(hashes[at << level : (at + 1) << level]))
        for index in (0, 11, 73)
    }
    return [format_proof(index, path, checkpoint, extra) for index, path in paths.items() for extra in (None, b"more")]


def _bundles() -> list[bytes]:
    return [golden("bundle-goods.json"), golden("bundle-platform.json")]


def _inclusion_promises() -> list[bytes]:
    log = VerifierKey("ledger.example.org/2026", key("the.log").public)
    said = {
        "ledger": log.name, "log_key": log.format(), "party": "hope", "key_entry": 2, "recorder": "river", "channel": "bank",
        "channel_ref": "hmac-sha256:2026:" + "A" * 43, "fund": "school", "unit": "CNY", "amount": 1000,
        "promised_at": "2026-09-07T12:00:00Z", "enter_by": "2026-09-10T12:00:00Z",
    }  # fmt: skip
    return [sign_inclusion_promise(made(reference=text, **said), key("hope.li")) for text in ("A-17", "捐款 é")]


def _challenges() -> list[bytes]:
    hashes = [leaf_hash(raw) for raw in entries()]
    last = len(hashes) - 1
    proof = prove_inclusion(last, len(hashes), lambda level, at: root_of(hashes[at << level : (at + 1) << level]))
    end = LastEntry(entries()[last], last, tuple(proof))
    return [
        format_challenge(Challenge(open_inclusion_promise(raw), golden("log/checkpoint"), end)) for raw in _inclusion_promises()
    ]


def _json() -> list[bytes]:
    texts = ["", "a\nb", "é\u0958İ\U0001f600\x7f\u2028", '"\\/']
    values: list[Any] = [0, -1, 2**53 - 1, True, texts, {"a": {"b": [[{}]]}, "a1": texts, "B": 1}]
    return [*map(encode, values), *_statements()[:3]]


def _policies() -> list[bytes]:
    parsed = golden("trust.policy").splitlines()
    vkeys = [line.split()[2].decode() for line in parsed[1:4]]
    log = parsed[0].decode()
    return [
        golden("trust.policy"), f"{log} https://ledger.example.org\nquorum none\n".encode(),
        f"# who counts\n{log}\n\twitness a {vkeys[0]} https://a.example.org\nwitness b {vkeys[1]}\nwitness c {vkeys[2]}\n"
        "group g1 any a b\ngroup g2 1 g1 c\n quorum g2\n".encode(),
    ]  # fmt: skip


def _vkeys() -> list[bytes]:
    return [word for line in golden("trust.policy").split(b"\n") for word in line.split() if word.count(b"+") >= 2]


def _texts() -> list[bytes]:
    return [b"0", b"9007199254740991", b"AA==", b"AAE=", b"AAEC", b"_-8", b"00ff", b"f" * 64, b"+/+/", b"A" * 43 + b"=", b""]


def _tiles() -> list[bytes]:
    hashes = [leaf_hash(raw) for raw in entries()]
    return [bytes([width - 1]) + b"".join(hashes[:width]) for width in (1, 2, 74)]


def _entry_bundles() -> list[bytes]:
    many = [entries()[0], b"", b"\0" * 300]
    return [bytes([len(part) - 1]) + encode_entries(part) for part in (many, entries()[:5], many[1:2], many[1:2] * FULL_WIDTH)]


def _paths() -> list[bytes]:
    return [
        b"tile/0/000", b"tile/0/000.p/74", b"tile/1/x001/067", b"tile/entries/x999/x999/x999/x999/x999/999", b"tile/63/255.p/1",
        b"tile/entries/000.p/255",
    ]  # fmt: skip


def _imports() -> list[bytes]:
    return [mapping.encode() + b"\0" + text.encode(encoding) for mapping, (text, encoding) in zip(MAPPINGS, FILES, strict=True)]


def _grants() -> list[bytes]:
    one = {
        "id": "360G-T-1", "title": "For Jane Doe", "awardDate": "2020-04-21", "amountAwarded": 500, "currency": "GBP",
        "recipientOrganization": [{"id": "GB-CHC-1", "name": "One"}], "fundingOrganization": [{"id": "GB-CHC-9", "name": "Trust"}],
    }  # fmt: skip
    two = {**one, "id": "360G-T-2", "amountAwarded": 41133.770000000004, "awardDate": "2020-04-21T00:00:00+14:00"}
    three = {**two, "id": "360G-é", "currency": "JPY", "amountAwarded": 1e3, "recipientOrganization": one["fundingOrganization"]}
    listed = [{"grants": [one, two, three]}, {"grants": [one], "license": "x", "version": "1.4"}, {"grants": []}]
    return [json.dumps(value).encode() for value in listed]


def _checkpoint_texts() -> list[bytes]:
    return [parse_note(golden("log/checkpoint")).text, b"a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"]


_EXAMPLES = {
    "canonical": _json,
    "canonical-texts": _texts,
    "note": lambda: [golden("log/checkpoint")],
    "checkpoint": _checkpoint_texts,
    "signed-checkpoint": lambda: [golden("log/checkpoint")],
    "vkey": _vkeys,
    "policy": _policies,
    "proof": _proofs,
    "tile": _tiles,
    "tile-entries": _entry_bundles,
    "tile-path": _paths,
    "entry": lambda: list(entries()),
    "statement": _statements,
    "envelope": _envelopes,
    "inclusion-promise": _inclusion_promises,
    "challenge": _challenges,
    "examine": lambda: list(entries()),
    "brief": lambda: [raw for raw in entries() if len(parse(raw)["statement"]["records"]) >= 4],
    "audit": lambda: list(entries()),
    "bundle": _bundles,
    "verify-bundle": _bundles,
    "mapping": lambda: [mapping.encode() for mapping in MAPPINGS],
    "gifts": _imports,
    "grants": _grants,
}
