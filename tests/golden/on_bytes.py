"""Mutations of an entry's bytes and form."""

from __future__ import annotations

from ledger.canonical import encode

from .forge import Forge
from .mutation import OPERATOR, PARTY, Outcome, broken, mutation
from .telling import a


def flipped(raw: bytes, at: int = 0) -> bytes:
    """The bytes with one bit changed."""
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with one part, which stands there once, in other words."""
    assert raw.count(old) == 1, old
    return raw.replace(old, new)


def spaced(raw: bytes) -> bytes:
    """An entry's bytes, with a space after a colon."""
    return replaced(raw, b'"v":1', b'"v": 1')


@mutation(OPERATOR)
def canonical_space(f: Forge) -> Outcome:
    """The last entry has a space after a colon."""
    return broken("canonical", f.replace(f.last, spaced(f.entries[-1])))


@mutation(OPERATOR)
def canonical_key_order(f: Forge) -> Outcome:
    """The last entry has `v` as its first member."""
    raw = replaced(f.entries[-1], b',"v":1}', b"}")
    return broken("canonical", f.replace(f.last, b'{"v":1,' + raw[1:]))


@mutation(OPERATOR)
def canonical_duplicate_key(f: Forge) -> Outcome:
    """The last entry has the member `index` twice."""
    return broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"index":', b'"index":0,"index":')))


@mutation(OPERATOR)
def canonical_escape(f: Forge) -> Outcome:
    """The last entry writes a letter as a \\u escape."""
    return broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"allocation"', b'"\\u0061llocation"')))


@mutation(OPERATOR)
def canonical_not_utf8(f: Forge) -> Outcome:
    """The last entry has a byte that is not UTF-8."""
    return broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"allocation"', b'"\xffallocation"')))


@mutation(OPERATOR)
def canonical_no_json(f: Forge) -> Outcome:
    """The last entry is a word."""
    return broken("canonical", f.replace(f.last, b"allocation"))


@mutation(PARTY)
def canonical_number_with_a_point(f: Forge) -> Outcome:
    """An amount is written 250.0; its party has signed it so."""
    return broken("canonical", f.retell(f.last, lambda value: value["statement"]["records"][0].update(amount=250.0)))


@mutation(PARTY)
def canonical_number_too_large(f: Forge) -> Outcome:
    """An amount is 2^53; its party has signed it so."""
    return broken("canonical", f.retell(f.last, lambda value: value["statement"]["records"][0].update(amount=2**53)))


@mutation(PARTY)
def canonical_null(f: Forge) -> Outcome:
    """A member that may be left out is null; its party has signed it so."""
    return broken("canonical", f.retell(f.last, lambda value: value["statement"]["records"][0].update(units=None)))


@mutation(PARTY)
def canonical_in_the_middle(f: Forge) -> Outcome:
    """The entry of a gift has a space in it; everything after it is chained and signed again. Later entries spend the gift."""
    return broken("canonical", f.retell(f.entry["fee"], lambda value: None, spoil=spaced))


@mutation(PARTY)
def canonical_at_the_root_of_much(f: Forge) -> Outcome:
    """The entry that admits a charity has a space in it; everything after it is chained and signed again. Nothing that
    depends on it can be judged."""
    index = f.retell(f.entry["charity"], lambda value: None, spoil=spaced)
    return broken("canonical", index, kept=False)


@mutation(PARTY)
def size_limit_statement(f: Forge) -> Outcome:
    """A statement of progress has 45,056 bytes, and another one has one more."""
    said = [a("progress", activity="school-desks", done_on="2026-05-06", note=f"{n:03} " + "x" * 480) for n in range(80)]
    size = len(encode(f.value(f.append("build.ma", *said))["statement"]))
    del f.entries[-1]
    last = {**said.pop(), "note": "y" * (484 + 45_056 - size)}
    f.append("build.ma", *said, last)
    return broken("size-limit", f.append("build.ma", *said, {**last, "note": last["note"] + "y"}))


@mutation(PARTY)
def schema_amount_of_nothing(f: Forge) -> Outcome:
    """An allocation of 0 units."""
    return broken("schema", f.append("hope.li2", a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=0)))


@mutation(PARTY)
def schema_member_missing(f: Forge) -> Outcome:
    """An allocation that does not say from which fund."""
    return broken("schema", f.append("hope.li2", a("allocation", unit="CNY", to="school-desks", amount=10)))


@mutation(OPERATOR)
def schema_entry_without_time(f: Forge) -> Outcome:
    """The last entry has no time."""
    return broken("schema", f.edit(f.last, lambda value: value.pop("time")))


@mutation(OPERATOR)
def schema_nobody_signed(f: Forge) -> Outcome:
    """The last entry's list of signatures is empty."""
    return broken("schema", f.edit(f.last, lambda value: value["signatures"].clear()))


@mutation(OPERATOR)
def schema_signature_twice(f: Forge) -> Outcome:
    """The last entry has its signature twice."""
    return broken("schema", f.edit(f.last, lambda value: value.update(signatures=value["signatures"] * 2)))


@mutation(OPERATOR)
def schema_signatures_out_of_order(f: Forge) -> Outcome:
    """The two signatures of the last entry but one are in the wrong order."""
    f.entries.pop()
    return broken("schema", f.edit(f.last, lambda value: value["signatures"].reverse()))
