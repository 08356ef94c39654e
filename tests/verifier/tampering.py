"""Bundles that were tampered with, from a seed: bytes flipped on their way, values changed, logs forged by who has every key."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from ledger.bundle.trace_bundle import format_bundle, parse_bundle, ranges_of
from ledger.bundle.verification import verify_bundle
from ledger.canonical import encode, from_base64, parse, to_base64
from ledger.entries.statement import sign_statement
from ledger.log.merkle import leaf_hash
from tests.audit.mirror import bundled
from tests.language import key, key_text
from tests.verifier.asking import Case
from tests.writer.on_disk import TRUST

OFFICERS = (
    "op.chief", "hope.li", "hope.wang", "river.xu", "shop.sun", "auditco.zhou", "friends.fan", "press.ink", "village.ma",
    "gate.kuai", "the.log",
)  # fmt: skip
ODD = (
    None, True, False, 0, 1, -1, 2**53 - 1, 2**53, 2**64, 1.5, 1e16, "", "x", "+", "-", "2026-02-30", "school", "CNY",
    "books/CNY", [], {},
    [[0, 1]], ["3.0"], "@0", "3.0", "\u00e9", "\U0001f600", "a\nb", "a\tb",
)  # fmt: skip
Place = tuple[Any, Any]


def flipped(name: str, bundle: bytes, policy: str, chance: Random, times: int) -> Iterator[Case]:
    """The bundle with one bit of one byte changed."""
    for _ in range(times):
        at, bit = chance.randrange(len(bundle)), 1 << chance.randrange(8)
        yield Case(f"{name}: bit {bit:#x} of byte {at}", bundle[:at] + bytes([bundle[at] ^ bit]) + bundle[at + 1 :], policy)


def places(value: Any) -> Iterator[Place]:
    """(container, key) of everything within a value."""
    for key_or_index, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key_or_index
        yield from places(item)


def change(value: Any, chance: Random) -> str:
    """Change one thing in a JSON value; what was changed."""
    container, at = chance.choice(list(places(value)) or [({"": value}, "")])
    old = container[at]
    ways: list[Callable[[], Any]] = [lambda: container.__setitem__(at, copy.deepcopy(chance.choice(ODD)))] * 2
    ways += [lambda: container.__setitem__(at, copy.deepcopy(chance.choice(list(_alike(value, old))))) for _ in range(4)]
    if type(old) is int:
        ways += [lambda: container.__setitem__(at, old + chance.choice((-400, -100, -1, 1, 100, 400)))] * 4
    if isinstance(container, list):
        ways += [lambda: container.insert(at, copy.deepcopy(old)), lambda: container.reverse(), lambda: container.pop(at)]
    else:
        ways += [
            lambda: container.pop(at),
            lambda: container.__setitem__("more", old),
            lambda: container.__setitem__("kind", "gift-card"),
        ]
    chance.choice(ways)()
    return f"{at} {json.dumps(old)[:60]}"


def _alike(value: Any, old: Any) -> Iterator[Any]:
    """What elsewhere in a value is of the same type."""
    yield old
    for container, at in places(value):
        if type(container[at]) is type(old):
            yield container[at]


def changed(name: str, bundle: bytes, policy: str, chance: Random, times: int) -> Iterator[Case]:
    """The bundle with one value changed, in it or in an entry within it; nothing is signed anew."""
    for _ in range(times):
        value = parse(bundle)
        if chance.random() < 0.5:
            what = change(value, chance)
        else:
            part = chance.choice(value["entries"])
            entry = parse(from_base64(part["entry"]))
            what = f"in entry {part['index']}: {change(entry, chance)}"
            part["entry"] = to_base64(encoded(entry))
        yield Case(f"{name}: {what}", encoded(value), policy)


def encoded(value: Any) -> bytes:
    """Canonical bytes, also of what the canonical encoding has no spelling for."""
    try:
        return encode(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")


def forged(name: str, entries: list[bytes], honest: bytes, chance: Random, times: int) -> Iterator[Case]:
    """The bundle of a log in which one entry says or moves something else, and everybody has signed what then stands there. It
    holds the entries of an honest bundle, and most say the ranges that follow from them."""
    shown = parse_bundle(honest)
    places = [entry.index for entry in shown.entries]
    for _ in range(times):
        values = [parse(raw) for raw in entries]
        value = values[chance.choice(places)]
        what = f"in entry {value['index']}: " + change(
            chance.choice((value["flows"] or value["statement"], value["statement"]["records"])), chance
        )
        if chance.random() < 0.1:
            what += f", and {change(values[chance.choice(places)]['statement'], chance)}"
        yield forgery(f"{name}: {what}", values, shown.gift, places)


def forgery(name: str, values: list[dict[str, Any]], gift: str, places: list[int]) -> Case:
    """The bundle of some entries of a log in which all are bound to one another and signed anew."""
    raw = list(rebound(values))
    bundle = only(bundled(raw, gift, [], chained=False), places)
    trace = verify_bundle(bundle, TRUST).trace
    said = format_bundle(parse_bundle(bundle)._replace(ranges=ranges_of(trace))) if trace else bundle
    return Case(name, said, TRUST.format().decode())


def only(bundle: bytes, places: list[int]) -> bytes:
    """The bundle with these entries only."""
    whole = parse_bundle(bundle)
    return format_bundle(whole._replace(entries=tuple(entry for entry in whole.entries if entry.index in places)))


def rebound(values: list[dict[str, Any]]) -> Iterator[bytes]:
    """Entries chained, bound by `after` to what now stands before them, and signed by the keys that signed them."""
    names = {key_text(name): name for name in OFFICERS}
    prev, hashes = "0" * 64, []
    for index, value in enumerate(values):
        statement = value["statement"]
        bound = re.fullmatch(r"([0-9]+):[0-9a-f]{64}", str(statement.get("after")))
        if bound and int(bound[1]) < index:
            statement["after"] = f"{bound[1]}:{hashes[int(bound[1])]}"
        signers = [key(names[one["key"]]) for one in value["signatures"]]
        raw = encoded(statement)
        signatures = [{"key": signer, "sig": signature} for signer, signature in sign_statement(raw, signers)]
        entry = encoded({**value, "index": index, "prev": prev, "signatures": signatures})
        prev = leaf_hash(entry).hex()
        hashes.append(prev)
        yield entry


def without_some(name: str, bundle: bytes, policy: str) -> Iterator[Case]:
    """The bundle without each of its entries in turn."""
    for entry in parse_bundle(bundle).entries:
        value = parse(bundle)
        value["entries"] = [one for one in value["entries"] if one["index"] != entry.index]
        yield Case(f"{name}: without entry {entry.index}", encode(value), policy)
