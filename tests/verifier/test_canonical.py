"""Canonical JSON in the browser: the same bytes are refused, and what is taken is encoded to the same bytes again."""

from __future__ import annotations

from random import Random

from ledger.canonical import check_profile, encode, parse, to_base64
from ledger.errors import CanonicalError
from tests.verifier.asking import ask

NUMBERS = (
    "0", "-0", "1", "-1", "01", "+1", "1.0", "1.5", "0.10", ".5", "5.", "-0.0", "0.0", "1e5", "1E5", "100000.0", "1e+16", "1e16",
    "1e-6", "1e-06", "0.00001", "0.000001", "1e-7", "1.5e-7", "5e-324", "1e-400", "1e400", "123456789012345680.0",
    "1.2345678901234568e+17",
    "9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992", "18446744073709551615",
    "18446744073709551616",
    "1.8446744073709552e+19", "-9223372036854775808", "-9223372036854775809", "NaN", "Infinity", "0x1", "1_0", "--1", "1e", "1e+",
)  # fmt: skip
TEXTS = (
    '""', '"a"', '"\\n"', '"\n"', '"\\t"', '"\t"', '"\\u0009"', '"\\u001f"', '"\\u001F"', '"\\u0020"', '"\\/"', '"/"', '"\\\\"',
    '"\\""',
    '"\\b\\f\\r"', '"\\u0008"', '"\x7f"', '"\\u007f"', '"é"', '"\\u00e9"', '"\U0001f600"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\x"',
    '"\\u12"', '"', '"\\', '"\\"', '"\u2028"', '"\ufeff"', "'a'", "\ufeff1", '"\x00"',
)  # fmt: skip
SHAPES = (
    "", " ", "null", "true", "false", "True", "nul", "[]", "[ ]", "[1,]", "[,1]", "[1 ,2]", "[1,2]", "[1", "1]",
    "[1]]", "{}", "{ }",
    '{"a":1}', '{"a":1,}', '{"a" :1}', '{"a":1,"a":1}', '{"b":1,"a":1}', '{"a":1,"b":1}', '{"B":1,"a":1}', '{"a":1,"B":1}', '{"a"}',
    '{a:1}', '{"":1}', '{"__proto__":1}', '{"__proto__":{},"constructor":[]}', '{"é":1}', '{"\uffff":1,"\U0001f600":1}',
    '{"\U0001f600":1,"\uffff":1}', '{"1":1,"10":1,"9":1}', '{"1":1,"9":1,"10":1}', '{"a\\n":1}', "1 ", " 1", "1\n", "1 2", "//",
    "[null]",
    '{"a":{"b":[{"c":1.5}]}}', '{"a":-0}',
)  # fmt: skip


def said(raw: bytes) -> dict[str, object]:
    """What Python says of some bytes."""
    try:
        value = parse(raw)
    except CanonicalError:
        return {"canonical": False}
    try:
        check_profile(value, "text")
    except CanonicalError:
        return {"canonical": True, "profile": False, "encoded": encode(value).decode()}
    return {"canonical": True, "profile": True, "encoded": encode(value).decode()}


def check_alike(texts: list[bytes]) -> int:
    answers = ask({"json": to_base64(raw)} for raw in texts)
    unlike = [(raw, said(raw), answer) for raw, answer in zip(texts, answers, strict=True) if answer != said(raw)]
    assert not unlike, unlike[:5]
    return sum(answer["canonical"] for answer in answers)


def test_every_way_to_write_a_value_another_way_is_refused():
    texts = [text.encode() for text in (*NUMBERS, *TEXTS, *SHAPES)]
    within = [b'{"a":[%b]}' % text for text in texts]
    assert check_alike([*texts, *within]) > 60


def test_bytes_that_are_no_text_are_refused():
    assert (
        check_alike([b"\xff", b'"\xff"', b'"\xc3"', b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xf4\x90\x80\x80"', b"\xfe\xff\x00\x31"])
        == 0
    )


def test_depth_has_the_same_bounds():
    arrays = [b"[" * depth + b"]" * depth for depth in (1, 64, 65, 66, 253, 254, 255, 256, 1025, 30_000)]
    objects = [b'{"a":' * depth + b"1" + b"}" * depth for depth in (1, 64, 65, 254, 255, 9000)]
    assert check_alike([*arrays, *objects]) == 10


def test_random_numbers_are_spelled_alike():
    chance = Random(5)
    fractions = [chance.uniform(-1, 1) * 10.0 ** chance.randrange(-12, 24) for _ in range(400)]
    spelled = [encode(number) for number in fractions]
    other = [repr(number).encode() for number in fractions]
    whole = [b"%d" % chance.randrange(-(2**65), 2**65) for _ in range(100)]
    assert check_alike([*spelled, *other, *whole]) > 400
