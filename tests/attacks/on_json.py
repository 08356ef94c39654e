"""Entries whose bytes differ but say the same, or that programs read differently. Each is chained and signed again."""

from __future__ import annotations

import json

from ledger.canonical import encode
from tests.golden.on_bytes import replaced
from tests.golden.telling import a

from .case import CHARITY, OPERATOR, POLICY, Hearing, attack, broken, unknown, unseen
from .forging import LogForge, gift, story

AMOUNT = b'"amount":250,'


def amount_written(f: LogForge, written: bytes) -> int:
    """The last entry with its amount written so."""
    return f.replace(f.last, replaced(f.entries[-1], AMOUNT, b'"amount":%b,' % written))


@attack(OPERATOR, story)
def json_with_a_byte_order_mark(f: LogForge) -> Hearing:
    """The last entry begins with a byte order mark."""
    yield POLICY, broken("canonical", f.replace(f.last, b"\xef\xbb\xbf" + f.entries[-1]))


@attack(OPERATOR, story)
def json_with_a_newline_at_its_end(f: LogForge) -> Hearing:
    """The last entry ends with a newline."""
    yield POLICY, broken("canonical", f.replace(f.last, f.entries[-1] + b"\n"))


@attack(OPERATOR, story)
def json_with_a_second_object_behind_it(f: LogForge) -> Hearing:
    """The last entry is followed by another one, which some readers ignore."""
    yield POLICY, broken("canonical", f.replace(f.last, f.entries[-1] + f.entries[-2]))


@attack(OPERATOR, story)
def json_of_nothing(f: LogForge) -> Hearing:
    """An entry has no bytes at all."""
    yield POLICY, broken("canonical", f.replace(f.last, b""))


@attack(OPERATOR, story)
def json_in_two_bytes_a_letter(f: LogForge) -> Hearing:
    """The last entry is written in UTF-16."""
    yield POLICY, broken("canonical", f.replace(f.last, f.entries[-1].decode().encode("utf-16-le")))


@attack(OPERATOR, story)
def json_with_a_letter_in_too_many_bytes(f: LogForge) -> Hearing:
    """A letter is written in two bytes where UTF-8 has one."""
    yield POLICY, broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"allocation"', b'"\xc1\xa1llocation"')))


@attack(OPERATOR, story)
def json_with_half_a_letter(f: LogForge) -> Hearing:
    """A text holds the escape of a lone surrogate."""
    yield POLICY, broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"allocation"', b'"\\ud800llocation"')))


@attack(OPERATOR, story)
def json_with_half_a_letter_as_bytes(f: LogForge) -> Hearing:
    """A text holds the three bytes of a lone surrogate."""
    yield POLICY, broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"allocation"', b'"\xed\xa0\x80llocation"')))


@attack(OPERATOR, story)
def json_with_an_escaped_stroke(f: LogForge) -> Hearing:
    """A stroke is written as an escape, which JSON allows and the canonical form does not."""
    raw = f.entries[-1].replace(b"/CNY", b"\\/CNY")
    yield POLICY, broken("canonical", f.replace(f.last, raw))


@attack(OPERATOR, story)
def json_number_below_nothing(f: LogForge) -> Hearing:
    """The number 0 is written -0."""
    yield POLICY, broken("canonical", f.replace(f.last, replaced(f.entries[-1], b'"flows":[[0,', b'"flows":[[-0,')))


@attack(OPERATOR, story)
def json_number_with_a_power(f: LogForge) -> Hearing:
    """An amount is written 25e1."""
    yield POLICY, broken("canonical", amount_written(f, b"25e1"))


@attack(OPERATOR, story)
def json_number_with_a_leading_zero(f: LogForge) -> Hearing:
    """An amount is written 0250."""
    yield POLICY, broken("canonical", amount_written(f, b"0250"))


@attack(OPERATOR, story)
def json_number_that_is_none(f: LogForge) -> Hearing:
    """An amount is NaN, as some programs write it."""
    yield POLICY, broken("canonical", amount_written(f, b"NaN"))


@attack(OPERATOR, story)
def json_number_without_end(f: LogForge) -> Hearing:
    """An amount is a 1 with four hundred zeros: infinity to those who read fractions."""
    yield POLICY, broken("canonical", amount_written(f, b"1" + b"0" * 400))


@attack(CHARITY, story)
def json_number_beyond_64_bits(f: LogForge) -> Hearing:
    """An amount is 2^64 + 250; a program that keeps 64 bits reads 250."""
    yield POLICY, broken("canonical", amount_written(f, b"%d" % (2**64 + 250)))


@attack(CHARITY, story)
def json_number_that_is_true(f: LogForge) -> Hearing:
    """An amount is `true`, which is 1 to some programs; its party has signed it so."""
    yield POLICY, broken("schema", f.retell(f.last, lambda value: value["statement"]["records"][0].update(amount=True)))


@attack(CHARITY, story)
def json_number_in_a_text(f: LogForge) -> Hearing:
    """An amount is the text "250"; its party has signed it so."""
    yield POLICY, broken("schema", f.retell(f.last, lambda value: value["statement"]["records"][0].update(amount="250")))


@attack(CHARITY, story)
def json_member_twice_in_a_record(f: LogForge) -> Hearing:
    """A record has two amounts; some programs take the first, some the last."""
    yield POLICY, broken("canonical", f.replace(f.last, replaced(f.entries[-1], AMOUNT, b'"amount":9,"amount":250,')))


@attack(OPERATOR, story)
def json_nested_deeply_in_flows(f: LogForge) -> Hearing:
    """The flows of the last entry are brackets, ten thousand deep."""
    flows = b"[" * 10_000 + b"]" * 10_000
    raw = b'{"flows":' + flows + b',"index"' + f.entries[-1].partition(b',"index"')[2]
    yield POLICY, broken("canonical", f.replace(f.last, raw))


@attack(CHARITY, story)
def json_nested_deeply_in_a_record(f: LogForge) -> Hearing:
    """A purpose is a list in a list, two hundred deep; its party has signed it so."""
    deep = json.loads("[" * 200 + "]" * 200)
    yield POLICY, broken("canonical", f.retell(f.last, lambda value: value["statement"]["records"][0].update(purpose=deep)))


@attack(CHARITY, story)
def json_control_character_in_a_text(f: LogForge) -> Hearing:
    """A purpose holds the character that clears a terminal; its party has signed it so."""
    index = f.retell(f.last, lambda value: value["statement"]["records"][0].update(purpose="\x1b[2Jpaid"))
    yield POLICY, broken("canonical", index)


@attack(CHARITY, story)
def json_member_of_another_alphabet(f: LogForge) -> Hearing:
    """A record has a second `amount`, whose first letter is of another alphabet; its party has signed it so."""
    index = f.retell(f.last, lambda value: value["statement"]["records"][0].update({"\u0430mount": 9}))
    yield POLICY, unknown("unknown-member", index)


@attack(OPERATOR, story)
def json_hex_in_capitals(f: LogForge) -> Hearing:
    """`prev` is written in capitals: the same hash, other bytes."""
    yield POLICY, broken("schema", f.edit(f.last, lambda value: value.update(prev=value["prev"].upper())))


@attack(OPERATOR, story)
def json_base64_with_other_last_bits(f: LogForge) -> Hearing:
    """The last character of a signature has bits that decode to nothing: the same signature, another text."""
    def spoil(value: dict) -> None:
        sig = value["signatures"][0]["sig"]
        value["signatures"][0]["sig"] = sig[:85] + chr(ord(sig[85]) + 1) + "=="

    yield POLICY, broken("schema", f.edit(f.last, spoil))


@attack(CHARITY, story)
def json_list_where_an_object_belongs(f: LogForge) -> Hearing:
    """A statement is a list of its members."""
    value = f.value(f.last)
    yield POLICY, broken("schema", f.replace(f.last, encode({**value, "statement": [*value["statement"].values()]})))


@attack(CHARITY, story)
def json_name_that_looks_alike(f: LogForge) -> Hearing:
    """A charity makes a fund whose name looks like another's, in letters of another alphabet and in another order of writing."""
    name = "S\u202eloohc\u202c \u0455chool"
    f.append("river.xu2", a("fund", id="school-alike", name=name, purpose="Alike", restriction="unrestricted"))
    gift(f, 50, "school-alike", "river.xu2")
    yield POLICY, unseen("Names are words for people; ids are compared, and these differ.", "A look at the id and the owner.")
