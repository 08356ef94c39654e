"""Whose word counts: a policy means in the browser what it means on the command line, and what is no policy is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from ledger.bundle.trace_bundle import format_bundle, parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.errors import Unverifiable
from ledger.log.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import COSIGNATURE, ML_DSA_COSIGNATURE, NoteSignature, UnknownKey, VerifierKey, format_note, parse_note
from ledger.log.policy import Policy
from tests.golden.reading import GOLDEN
from tests.verifier.asking import Case, ask, check_alike, reports, said_in_python

POLICY = (GOLDEN / "trust.policy").read_text()
BUNDLE = (GOLDEN / "bundle-platform.json").read_bytes()
LOG, NORTH, SOUTH, EAST, GROUP, QUORUM = POLICY.splitlines()
STRANGER = SigningKey.from_seed(bytes(32))


def policy(*lines: str) -> str:
    return "".join(line + "\n" for line in lines)


def log_of(name: str, key: SigningKey = STRANGER) -> str:
    return f"log {VerifierKey(name, key.public).format()}"


TEXTS = {
    "as it is": POLICY,
    "no witness asked for": policy(LOG, "quorum none"),
    "with a comment, tabs and an address": policy("# ours", f"\t{LOG} https://ledger.example.org", "", "  # more", "quorum\tnone"),
    "all three witnesses": policy(LOG, NORTH, SOUTH, EAST, "group all all north south east", "quorum all"),
    "any witness": policy(LOG, NORTH, SOUTH, EAST, "group any any north south east", "quorum any"),
    "a witness that has not signed": policy(LOG, EAST, "quorum east"),
    "a witness that has": policy(LOG, NORTH, "quorum north"),
    "a group of groups": policy(
        LOG, NORTH, SOUTH, EAST, "group a 1 north east", "group b all south", "group c 2 a b", "quorum c"
    ),
    "the log's key under another name": policy(LOG.replace("golden+", "silver+"), "quorum none"),
    "another log": policy(log_of("ledger.example.org/other"), "quorum none"),
    "another key of this log": policy(log_of("ledger.example.org/golden"), "quorum none"),
    "both keys of this log": policy(log_of("ledger.example.org/golden"), LOG, "quorum none"),
    "a witness's key as a log's": policy(f"log {NORTH.split()[2]}", "quorum none"),
    "a log's key as a witness's": policy(LOG, f"witness w {LOG.split()[1]}", "quorum none"),
    "no quorum": policy(LOG), "two quorums": policy(LOG, "quorum none", "quorum none"), "no such quorum": policy(LOG, "quorum two"),
    "no log": policy("quorum none"), "no newline": POLICY.rstrip("\n"), "with a carriage return": POLICY.replace("\n", "\r\n"),
    "the same log twice": policy(LOG, LOG, "quorum none"), "the same witness twice": policy(LOG, NORTH, NORTH, "quorum none"),
    "the same key under two names": policy(LOG, NORTH, NORTH.replace(" north ", " nord "), "quorum none"),
    "a name used before it is defined": policy(LOG, "group g any north", NORTH, "quorum g"),
    "a witness in two groups": policy(LOG, NORTH, "group a any north", "group b any north", "quorum a"),
    "none in a group": policy(LOG, "group g any none", "quorum g"),
    "a witness called none": policy(LOG, NORTH.replace("north", "none", 1)),
    "a group of none": policy(LOG, NORTH, "group g 0 north", "quorum g"),
    "of too many": policy(LOG, NORTH, "group g 2 north", "quorum g"),
    "a share that every object has": policy(LOG, NORTH, "group g constructor north", "quorum g"),
    "a share with a zero before it": policy(LOG, NORTH, "group g 01 north", "quorum g"),
    "too many words": policy(LOG + " a b", "quorum none"),
    "an unknown word": policy(LOG, "monitor x", "quorum none"),
    "a name with a space that is none": policy(LOG, NORTH.replace(" north", " n\u00a0")),
    "a mark at the beginning": "\ufeff" + POLICY, "a name in Chinese": policy(LOG, NORTH.replace(" north ", " 北 "), "quorum 北"),
    "an empty line": "\n", "garbage": "\x00\n", "a page": "<!doctype html>\n", "too long": POLICY + "#" * 66_000 + "\n",
}  # fmt: skip


def test_every_policy_means_the_same():
    said = check_alike([Case(name, BUNDLE, text) for name, text in TEXTS.items()])
    verdicts = Counter(one.verdict for one in said)
    assert (verdicts["verified"], verdicts["failed"], verdicts["could not verify"]) == (8, 3, len(TEXTS) - 11)


def test_who_asks_for_no_witness_is_told():
    texts = [POLICY, policy(LOG, "quorum none"), policy(LOG, NORTH, "quorum none")]
    said = check_alike([Case(text[-20:], BUNDLE, text) for text in texts])
    assert [(one.verdict, one.witnessed) for one in said] == [("verified", True), ("verified", False), ("verified", False)]


@pytest.mark.parametrize("damage", [
    lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("\n", "\r\r\n"), lambda text: text.replace("\n", "\r"),
    lambda text: "\ufeff" + text, lambda text: "\ufeff" + text.replace("\n", "\r\n"),
])  # fmt: skip
def test_a_policy_that_was_changed_on_its_way_is_told_alike(damage: Callable[[str], str]):
    (said,) = check_alike([Case("damaged", BUNDLE, damage(POLICY))])
    assert (said.verdict, said.findings) == ("could not verify", {("transport", -1, -1)})


DAMAGED = {
    "a line end": BUNDLE + b"\n", "a line end of Windows": BUNDLE + b"\r\n", "several": BUNDLE + b"\n\n\r\n",
    "a mark": b"\xef\xbb\xbf" + BUNDLE, "both": b"\xef\xbb\xbf" + BUNDLE + b"\n",
    "UTF-16": b"\xff\xfe" + BUNDLE.decode().encode("utf-16-le"), "the other": b"\xfe\xff" + BUNDLE.decode().encode("utf-16-be"),
}  # fmt: skip


def test_a_bundle_that_was_changed_on_its_way_is_told_alike():
    said = check_alike([Case(name, raw, POLICY) for name, raw in DAMAGED.items()])
    assert {(one.verdict, *one.findings) for one in said} == {("could not verify", ("transport", -1, -1))}


def test_damage_is_told_in_the_same_words():
    cases = [Case(name, raw, POLICY) for name, raw in DAMAGED.items()]
    for case, report in zip(cases, reports(cases), strict=True):
        with pytest.raises(Unverifiable) as told:
            verify_bundle(case.bundle, Policy.parse(POLICY.encode()))
        assert told.value.message == report["findings"][0]["message"], case.name


def test_what_else_is_wrong_is_no_damage_on_the_way():
    cut, other = BUNDLE[:-1] + b"\n", BUNDLE.replace(b'"v":1', b'"v":1,"w":1') + b"\n"
    later = BUNDLE.replace(b'"v":1', b'"v":2')
    said = check_alike([Case(str(len(raw)), raw, POLICY) for raw in (cut, other, later)])
    assert all(("transport", -1, -1) not in one.findings for one in said)


def test_a_policy_with_a_character_changed_is_read_alike():
    chance, cases = Random(2), []
    for _ in range(150):
        at = chance.randrange(len(POLICY))
        text = POLICY[:at] + chance.choice(("", "x", "+", " ", "\n", "A", "=", "0", "é", "\x85")) + POLICY[at + 1 :]
        cases.append(Case(f"character {at}: {text[max(0, at - 9) : at + 9]!r}", BUNDLE, text))
    assert {one.verdict for one in check_alike(cases)} == {"verified", "could not verify"}


def noted(raw: str) -> bytes:
    """The bundle with another checkpoint."""
    return format_bundle(parse_bundle(BUNDLE)._replace(checkpoint=raw.encode()))


def test_a_checkpoint_that_is_written_or_signed_in_another_way_is_read_alike():
    note = parse_bundle(BUNDLE).checkpoint.decode()
    parsed = parse_note(note.encode())
    own, *others = parsed.signatures
    head = parse_checkpoint(parsed.text)
    text = parsed.text.decode()
    west = VerifierKey("witness.example.org/west", STRANGER.public, COSIGNATURE)
    cosigned = cosign(head, 1_800_000_000, west.name, STRANGER)
    time = (2**63).to_bytes(8)
    late = NoteSignature(west.name, west.key_id, time + STRANGER.sign(b"cosignature/v1\ntime %d\n" % 2**63 + parsed.text))
    short = NoteSignature(own.name, own.key_id, own.signature[:-1])
    size = head.tree_size

    def sized(line: str) -> str:
        changed = note.replace(f"\n{size}\n", f"\n{line}\n")
        assert changed != note
        return changed

    written = [
        "", "\n\n", note + "\n", note[:-1], note.replace("\n\n", "\n"), note.replace("\n\n", "\n\n\n"), note.replace("\u2014", "-"),
        note.replace("\u2014 ", "\u2014  "), text, text + "\n", sized(f"0{size}"), sized(f"{size + 1}"),
        sized("9" * 20), note.replace("golden\n", "golden x\n"), "more\n" + note, note + note,
        sized(f"{size}\nextension"), note[: note.index("\u2014")] + "\u2014 a QQ==\n",
        note + "\u2014 a QUJDRA==\n", note + "\u2014 a\ufeffb QUJDREU=\n",
        note + "\u2014 a\x85b QUJDREU=\n", note[: note.index("\u2014")],
        note + f"\u2014 {own.name} " + "A" * 200_000 + "\n",
    ]  # fmt: skip
    signed = [
        [own], [own, own], others, [*others, own], [own, *others, *others], [short, *others], [own] * 100, [own] * 101,
        [own, cosigned],
        [own, late], [own, NoteSignature(west.name, west.key_id, b"x")], [own, NoteSignature("stranger", b"1234", b"x")],
    ]  # fmt: skip
    for signatures in signed:
        written.append(note[: note.index("\u2014")] + "".join(format_note(b"\n", [one]).decode()[2:] for one in signatures))
    written.append(sign_checkpoint(head, STRANGER).decode())
    policies = [POLICY, policy(LOG, "quorum none"), policy(LOG, f"witness west {west.format()}", "quorum west")]
    cases = [Case(f"{raw[:90]!r} under {text[:9]!r}", noted(raw), text) for raw in written for text in policies]
    verdicts = Counter(one.verdict for one in check_alike(cases))
    assert verdicts["verified"] > 10 and verdicts["failed"] > 10 and verdicts["could not verify"] > 40


WEST = f"witness west {UnknownKey('witness.example.org/west', b'abcd', 0x0A, bytes(32)).format()}"
ML_DSA_KEY = MLDSAKey.from_seed(bytes(32))
ML_DSA = VerifierKey("witness.example.org/north", ML_DSA_KEY.public, ML_DSA_COSIGNATURE)
MODERN = f"witness modern {ML_DSA.format()}"
UNKNOWN = {
    "named only": (policy(LOG, WEST, "quorum none"), "verified"),
    "beside one that fills the quorum": (policy(LOG, WEST, NORTH, "group g any west north", "quorum g"), "verified"),
    "beside two that do": (policy(LOG, NORTH, WEST, SOUTH, EAST, "group g 2 north west south east", "quorum g"), "verified"),
    "needed by the quorum": (policy(LOG, WEST, "quorum west"), "could not verify"),
    "needed beside one": (policy(LOG, WEST, NORTH, "group g all west north", "quorum g"), "could not verify"),
    "not enough beside one that has not": (policy(LOG, WEST, EAST, "group g all west east", "quorum g"), "failed"),
    "in a group of groups": (policy(LOG, WEST, NORTH, "group g any west", "group h all g north", "quorum h"), "could not verify"),
    "with north's key id": (
        policy(LOG, NORTH, WEST.replace("/west+61626364", "/north+" + NORTH.split("+")[1]), "quorum north"), "verified",
    ),
}  # fmt: skip
MALFORMED = {
    "unknown twice": policy(LOG, WEST, WEST.replace(" west ", " wild "), "quorum none"),
    "an unknown log": policy(LOG, WEST.replace("witness west", "log"), "quorum none"),
    "a log of ML-DSA": policy(LOG, f"log {ML_DSA.format()}", "quorum none"),
    "ML-DSA that is cut off": policy(LOG, MODERN[:-4], "quorum none"),
    "ML-DSA under another name": policy(LOG, MODERN.replace("/north+", "/south+"), "quorum none"),
    "no key id": policy(LOG, WEST.replace("+61626364", ""), "quorum none"),
    "a short key id": policy(LOG, WEST.replace("+61626364", "+616263"), "quorum none"),
    "a key id in capitals": policy(LOG, WEST.replace("+61626364", "+ABCD6364"), "quorum none"),
    "no key": policy(LOG, WEST.partition("+61626364+")[0] + "+61626364+", "quorum none"),
    "no base64": policy(LOG, WEST + "!", "quorum none"), "not canonical": policy(LOG, WEST[:-2] + "B=", "quorum none"),
}  # fmt: skip


def test_a_witness_of_an_unknown_type_is_passed_over_alike():
    said = check_alike([Case(name, BUNDLE, text) for name, (text, _) in UNKNOWN.items()])
    assert [one.verdict for one in said] == [verdict for _, verdict in UNKNOWN.values()]
    for one in said:
        assert one.not_checked.count(
            "Not checked: witness west, because its key is of a type that this version does not know (0x0a)"
        ) == 1
        assert (one.findings == {("unknown-witness", -1, -1)}) == (one.verdict == "could not verify")


def test_what_is_no_witness_of_any_type_is_refused_alike():
    said = check_alike([Case(name, BUNDLE, text) for name, text in MALFORMED.items()])
    assert {(one.verdict, one.findings) for one in said} == {("could not verify", frozenset({("policy", -1, -1)}))}


def modern(signed: bool = True) -> bytes:
    """The bundle, also cosigned with ML-DSA-44, or falsely."""
    note = parse_note(parse_bundle(BUNDLE).checkpoint)
    line = cosign(parse_checkpoint(note.text), 1_800_000_000, ML_DSA.name, ML_DSA_KEY)
    line = line if signed else NoteSignature(line.name, line.key_id, bytes(2428))
    return noted(format_note(note.text, [*note.signatures, line]).decode())


@pytest.mark.parametrize(("lines", "in_python", "in_browser"), [
    ((MODERN, "quorum none"), "verified", "verified"),
    ((MODERN, NORTH, "group g any modern north", "quorum g"), "verified", "verified"),
    ((MODERN, "quorum modern"), "verified", "could not verify"),
    ((MODERN, NORTH, "group g all modern north", "quorum g"), "verified", "could not verify"),
    ((MODERN, EAST, "group g any modern east", "quorum g"), "verified", "could not verify"),
    ((MODERN, EAST, "group g all modern east", "quorum g"), "failed", "failed"),
])  # fmt: skip
def test_ml_dsa_is_checked_on_the_command_line_and_passed_over_in_the_browser(
    lines: tuple[str, ...], in_python: str, in_browser: str
):
    case = Case("ML-DSA", modern(), policy(LOG, *lines))
    (report,) = reports([case])
    assert (said_in_python(case).verdict, report["verdict"]) == (in_python, in_browser)
    assert report["passed_over"] == [{"witness": "modern", "type": "0x06"}]
    assert report["not_checked"].count(
        "Not checked: witness modern, because its key is of a type that this version does not know (0x06)"
    ) == 1
    if in_browser == "could not verify":
        (finding,) = report["findings"]
        assert (finding["id"], finding["class"]) == ("unknown-witness", "unknown") and "with modern cannot" in finding["message"]


def test_a_false_signature_of_ml_dsa_is_not_verified_where_it_would_be_needed():
    case = Case("false", modern(signed=False), policy(LOG, MODERN, "quorum modern"))
    (report,) = reports([case])
    assert (said_in_python(case).verdict, report["verdict"]) == ("failed", "could not verify")


def test_who_was_passed_over_is_said_in_both_languages():
    (known,) = ask([{"known": True}])
    for table in known["languages"].values():
        assert "{witness}" in table["passed_over"] and "{type}" in table["passed_over"] and table["found"]["unknown-witness"]
