"""Whose keys have signed a bundle's entries. The log's owner and a party forge it together; the reader has the bundle alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import format_bundle, parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.canonical import encode, parse
from ledger.log.merkle import leaf_hash
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, bundled, edited, forged, make_small, places, signed_anew
from tests.language import Ledger, key_text
from tests.verifier.asking import Case, check_alike
from tests.verifier.tampering import rebound
from tests.writer.on_disk import TRUST

TOWN = """
    op: unit CNY 2; party hope charity li identifier=GB-1; party shop vendor sun; \
        party auditco auditor zhou; party friends sponsor fan
    hope: project school restricted
    hope: donation 10.00 CNY -> school
"""
GIFT = "3.0"
SPEAKS = "fund x restricted"
Said = tuple[str, str | list[dict[str, Any]], str]
Found = tuple[str, int, int]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Four entries: the ledger, the parties, a project, a gift."""
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(folder / "state"))
        return make_small(folder, TOWN, GIFT)


def and_then(town: Small, said: Sequence[Said]) -> list[bytes]:
    """The entries of the town and of those who said more in it, which nobody judged."""
    entries = list(town.entries)
    for number, (party, words, names) in enumerate(said):
        records = Ledger().read(party, words)[0] if isinstance(words, str) else words
        statement = {
            "after": f"3:{leaf_hash(town.entries[3]).hex()}", "id": f"00000000-0000-4000-8000-{number:012x}", "party": party,
            "records": records,
        }  # fmt: skip
        value = {**parse(entries[3]), "flows": []}
        entries.append(signed_anew(encode(value), lambda one, new=statement: one["statement"].update(new), *names.split()))
    return entries


def shown(entries: list[bytes], town: Small) -> bytes:
    """A bundle of all these entries, under a true checkpoint."""
    return bundled(entries, GIFT, parse_bundle(town.bundle).ranges)


HOPES = "GB-1"
X = {"kind": "party", "id": "x", "entity": "organisation", "name": "X", "roles": ["vendor"]}
FALSE: dict[str, tuple[list[Said], set[Found]]] = {
    "a key that vouches for itself": (
        [("hope", "key mallory", "hope.mallory"), ("hope", SPEAKS, "hope.mallory")],
        {("key-standing", 4, 0), ("authority", 4, -1), ("key-standing", 5, -1), ("authority", 5, -1)},
    ),
    "a key that the operator adds to a charity": (
        [("hope", "key mallory", "op.chief hope.mallory")], {("key-standing", 4, 0), ("authority", 4, -1)},
    ),
    "a key that speaks in the statement that introduces it": (
        [("hope", f"key mallory; {SPEAKS}", "hope.mallory")], {("key-standing", 4, 0), ("authority", 4, -1)},
    ),
    "a key that speaks before it is introduced": (
        [("hope", SPEAKS, "hope.wang"), ("hope", "key wang", "hope.li hope.wang")], {("key-standing", 4, -1), ("authority", 4, -1)},
    ),
    "a key that did not sign its introduction": ([("hope", "key wang", "hope.li")], {("approval", 4, 0)}),
    "a key that nobody introduced": ([("hope", SPEAKS, "hope.li mallory.key")], {("key-standing", 4, -1)}),
    "a key of two parties": (
        [("friends", "key friends.two", "friends.fan friends.two auditco.zhou"),
         ("hope", "key friends.two", "hope.li friends.two")],
        {("key-standing", 5, 0)},
    ),
    "the log's key for a party": (
        [("op", [{**X, "keys": [{"key": key_text("the.log"), "officer": "m"}]}], "op.chief the.log")], {("key-standing", 4, 0)},
    ),
    "a key of another party": ([("hope", SPEAKS, "friends.fan")], {("authority", 4, -1)}),
    "a party admitted by a charity": ([("hope", "party x vendor m", "hope.li x.m")], {("authority", 4, 0)}),
    "a party admitted by itself": (
        [("x", "party x vendor m", "x.m"), ("x", SPEAKS, "x.m")],
        {("authority", 4, -1), ("authority", 4, 0), ("key-standing", 5, -1), ("authority", 5, -1)},
    ),
    "a party admitted in the operator's name": (
        [("op", "party x vendor m", "hope.li x.m"), ("x", SPEAKS, "x.m")],
        {("authority", 4, -1), ("key-standing", 5, -1), ("authority", 5, -1)},
    ),
    "a party admitted again": (
        [("op", "party hope charity mallory", "op.chief hope.mallory"), ("hope", SPEAKS, "hope.mallory")],
        {("reference", 4, 0), ("key-standing", 5, -1), ("authority", 5, -1)},
    ),
    "the operator admitted again": ([("op", "party op vendor m", "op.chief op.m")], {("reference", 4, 0)}),
    "another operator": ([("op", "party x operator m", "op.chief x.m")], {("reference", 4, 0)}),
    "a recovery without an overseer": (
        [("op", "recovery hope mallory", "op.chief hope.mallory"), ("hope", SPEAKS, "hope.mallory")],
        {("recovery", 4, 0), ("approval", 4, 0), ("key-standing", 5, -1), ("authority", 5, -1)},
    ),
    "a recovery with a sponsor": (
        [("op", "recovery hope mallory", "op.chief friends.fan hope.mallory")], {("recovery", 4, 0), ("approval", 4, 0)},
    ),
    "a recovery by an auditor": (
        [("auditco", "recovery hope mallory", "auditco.zhou op.chief hope.mallory")],
        {("recovery", 4, 0), ("authority", 4, 0), ("approval", 4, 0)},
    ),
    "a key after a recovery": (
        [("op", "recovery hope wang", "op.chief auditco.zhou hope.wang"), ("hope", SPEAKS, "hope.li")],
        {("recovery", 4, 0), ("key-standing", 5, -1), ("authority", 5, -1)},
    ),
    "a key after its revocation": (
        [("hope", "key wang", "hope.li hope.wang auditco.zhou"),
         ("hope", "key-revocation hope.li reason=lost", "hope.wang auditco.zhou"),
         ("hope", SPEAKS, "hope.li")],
        {("key-standing", 6, -1), ("authority", 6, -1)},
    ),
    "a key revoked by another party": (
        [("op", "key-revocation hope.li reason=lost", "op.chief"), ("hope", SPEAKS, "hope.li")], {("authority", 4, 0)},
    ),
    "a party whose number another one has": (
        [("op", [{**X, "identifier": HOPES.lower(), "keys": [{"key": key_text("x.m"), "officer": "m"}]}], "op.chief x.m"),
         ("x", SPEAKS, "x.m")],
        {("identifier-again", 4, 0)},
    ),
    "a party whose books begin tomorrow": (
        [("op", "party x charity m books_from=2026-09-08", "op.chief x.m"), ("x", SPEAKS, "x.m")], {("day", 4, 0)},
    ),
    "a key revoked twice": (
        [("hope", "key wang; key-revocation hope.li reason=lost; key-revocation hope.li reason=lost", "hope.li hope.wang")],
        {("reference", 4, 2)},
    ),
    "a second ledger": ([("op", "ledger mallory name=N", "op.chief op.mallory")], {("reference", 4, 0)}),
}  # fmt: skip


@pytest.mark.parametrize("what", FALSE)
def test_a_key_without_right_is_refused(town: Small, what: str, tmp_path: Path):
    """And the full audit of that log finds the same fault of the same record."""
    said, found = FALSE[what]
    entries = and_then(town, said)
    report = verify_bundle(shown(entries, town), TRUST)
    assert (report.verdict, report.exit_code, places(report)) == ("failed", 3, found)
    full = verify(FolderSource(forged(entries, tmp_path)), TRUST)
    assert full.exit_code == 3
    assert {place for place in found if place[1] == 4} <= places(full)
    check_alike([Case(what, shown(entries, town), f"log {TRUST.logs[0].vkey.format()}\nquorum none\n")])


TRUE: dict[str, list[Said]] = {
    "a key that its party adds": [("hope", "key wang", "hope.li hope.wang auditco.zhou"), ("hope", SPEAKS, "hope.wang")],
    "a party that the operator admits": [("op", "party x charity m", "op.chief x.m"), ("x", SPEAKS, "x.m")],
    "a recovery": [("op", "recovery hope wang", "op.chief auditco.zhou hope.wang"), ("hope", SPEAKS, "hope.wang")],
    "a key that was revoked later": [
        ("hope", "key wang", "hope.li hope.wang auditco.zhou"), ("hope", SPEAKS, "hope.li"),
        ("hope", "key-revocation hope.li reason=lost", "hope.li hope.wang"), ("hope", "fund y restricted", "hope.wang"),
    ],
    "a party without a key": [("op", "party x vendor", "op.chief")],
}  # fmt: skip


@pytest.mark.parametrize("what", TRUE)
def test_a_key_with_standing_is_good(town: Small, what: str):
    report = verify_bundle(shown(and_then(town, TRUE[what]), town), TRUST)
    expected = {("recovery", 4, 0)} if what == "a recovery" else set()
    assert (report.verdict, places(report)) == ("verified", expected)


def test_without_entry_0_no_key_has_standing(town: Small):
    """Not even one that introduces itself as the operator's would in entry 0."""
    more = ("op", "party hope charity mallory", "op.mallory hope.mallory")
    bundle = parse_bundle(shown(and_then(town, [more, ("hope", SPEAKS, "hope.mallory")]), town))
    for kept in (bundle.entries[1:], bundle.entries[3:]):
        report = verify_bundle(format_bundle(bundle._replace(entries=kept)), TRUST)
        speaks = {entry.index for entry in kept}
        assert report.verdict == "failed"
        assert places(report) >= {(rule, index, -1) for rule in ("key-standing", "authority") for index in speaks}


def test_entry_0_that_names_no_ledger_is_refused(town: Small):
    """Its own keys would have standing."""
    entries = and_then(town, [("hope", "party hope charity mallory", "hope.mallory")])
    beginning = edited(entries[4], lambda value: value["statement"].pop("after"))
    report = verify_bundle(shown([signed_anew(beginning, lambda value: None, "hope.mallory"), *entries[1:4]], town), TRUST)
    assert report.verdict == "failed" and ("ledger", 0, -1) in places(report)


def test_entry_0_under_other_rules_is_not_judged(town: Small):
    values = [parse(raw) for raw in town.entries]
    values[0]["statement"]["records"][0].update(rules="givetrail/2")
    report = verify_bundle(shown(list(rebound(values)), town), TRUST)
    assert (report.verdict, places(report)) == ("could not verify", {("rules", 0, 0)})


LONG_AGO = """
    op: unit CNY 2
    op: party auditco auditor zhou
    op: party bureau regulator gu
    op: party hope charity li
    hope: project school restricted
    hope: key li2
    hope: key-withdrawal hope.li2; donation 10.00 CNY -> school
    op by op.chief, bureau.gu, auditco.new: recovery auditco new
    op by op.chief, auditco.new, hope.new: recovery hope new
    hope by new: donation 10.00 CNY -> school
"""


@pytest.mark.parametrize(("gift", "left_out"), [("7.1", {2, 3, 6}), ("10.0", {6, 7})])
def test_an_honest_bundle_without_the_entries_it_names_is_verified(gift: str, left_out: set[int], tmp_path: Path):
    """It revokes a key, or is signed with one that an overseer helped to give, and nothing else of these is in it."""
    bundle = make_small(tmp_path, LONG_AGO, gift).bundle
    assert not left_out & {entry.index for entry in parse_bundle(bundle).entries}
    report = verify_bundle(bundle, TRUST)
    assert report.verdict == "verified" and {finding.rule for finding in report.findings} <= {"recovery"}
