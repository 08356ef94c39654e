"""Each check of the quick lane has a forged log that it alone finds: one that is right, but for that, as the quick lane sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.books.alike import apply_alike
from ledger.books.fold import apply
from ledger.books.state import Books
from ledger.canonical import encode, parse
from ledger.examination.chunk import Chunk, Examiner
from ledger.examination.examine import Brief, brief
from ledger.findings.scope import EVERYTHING
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Forged, edited, places, signed_anew
from tests.examination.test_chunk import REF, both
from tests.writer.on_disk import TRUST, OnDisk, a_town

LONG = "f" * 60
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
Edit = Callable[[dict[str, Any]], None]


def gift(number: int, fund: str = "school", **more: Any) -> dict[str, Any]:
    reference = f"{REF[:-3]}{ALPHABET[number // 64 % 64]}{ALPHABET[number % 64]}{ALPHABET[number // 4096]}A"
    return {
        "amount": 1 + number % 9, "channel": "wechat", "channel_ref": reference, "fund": fund, "kind": "donation",
        "received_on": "2026-09-07", "unit": "CNY", **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnDisk]:
    """Three rounds of statements by two officers, of several gifts, into a fund with a long name, and of one gift each into two
    funds in turn."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("quick")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = a_town(place / "ledger")
        town.play("op: party auditco auditor zhou")
        town.play(f"hope by li, auditco.zhou, wang: key wang; fund {LONG} unrestricted; project well restricted")
        for first in (0, 100, 200):
            town.sequencer.submit([town.made("hope", [gift(first + n)], "hope.wang hope.li") for n in range(4)])
            town.sequencer.submit([town.made("hope", [gift(first + 10 * n + m) for m in range(20, 24)]) for n in range(4)])
            town.sequencer.submit([town.made("hope", [gift(first + n, LONG)]) for n in range(70, 74)])
            town.sequencer.submit([
                town.made("hope", [gift(first + n, ("school", "well")[n % 2], received_on="2026-09-06")]) for n in range(80, 90)
            ])  # fmt: skip
        yield town
        town.close()


def at(town: OnDisk, what: str) -> int:
    """The third of the four of the last round; of single gifts the last of all but one."""
    end = town.sequencer.tree_size
    return {"two": end - 20, "many": end - 16, "long": end - 12, "one": end - 2}[what]


def in_statement(**members: Any) -> Edit:
    return lambda value: value["statement"].update(members)


def in_gift(**members: Any) -> Edit:
    return lambda value: value["statement"]["records"][0].update(members)


def gifts(count: int, **more: Any) -> Edit:
    """So many gifts, with the flows that they make."""

    def edit(value: dict[str, Any]) -> None:
        fund = value["statement"]["records"][0]["fund"]
        records = [gift(5000 + number, fund, **more) for number in range(count)]
        at, flows = value["flows"][0][3], []
        for number, record in enumerate(records):
            flows.append([number, "+", f"{fund}/CNY", at, at + record["amount"]])
            at += record["amount"]
        value["statement"]["records"], value["flows"] = records, flows

    return edit


def later(seconds: int, *members: str) -> Edit:
    """The entry's time, or that of the signature, so much later than it was; below a minute."""

    def edit(value: dict[str, Any]) -> None:
        for name in members:
            place = value if name == "time" else value["statement"]
            day, _, clock = place[name].partition("T")
            hour, minute, second = (int(part) for part in clock.rstrip("Z").split(":"))
            moment = 3600 * hour + 60 * minute + second + seconds
            place[name] = f"{day}T{moment // 3600:02}:{moment // 60 % 60:02}:{moment % 60:02}Z"

    return edit


SIGNED = {
    "signed-ahead": ("one", later(301, "signed_at"), "time"),
    "signed-before": ("one", in_statement(signed_at="2026-08-01T00:00:00Z"), "time"),
    "another-log": ("one", in_statement(ledger="ledger.example.org/other"), "ledger"),
    "not-yet-a-project": ("one", in_gift(fund="nowhere"), "reference"),
    "of-tomorrow": ("one", in_gift(received_on="2026-12-01"), "day"),
    "of-no-day": ("one", in_gift(received_on="2026-02-30"), "schema"),
    "nothing": ("one", in_gift(amount=0), "schema"),
    "amounts-of-many": ("many", in_gift(amount=99), "tape-flow"),
    "too-many": ("many", gifts(257), "size-limit"),
    "statement-too-large": ("many", gifts(250), "size-limit"),
    "flows-too-large": ("long", gifts(160, amount=10**13), "fragmented"),
    "bound-to-itself": ("one", lambda value: value["statement"].update(after=f"{value['index']}:{'a' * 64}"), "after"),
    "bound-to-another-beginning": ("one", in_statement(after=f"0:{'a' * 64}"), "after"),
    "bound-to-another": ("one", in_statement(after=f"3:{'a' * 64}"), "after"),
}


def log(town: OnDisk, changes: dict[int, bytes], place: Path, chained: bool = True) -> Path:
    """The log with these entries in it, up to the one after them: later statements are bound to what was there before."""
    entries = town.entries()[: max(changes, default=10_000) + 2]
    for index, raw in changes.items():
        entries[index] = raw
    export_tiles(Forged(entries, chained), place)
    return place


@pytest.mark.parametrize("name", SIGNED)
def test_what_a_party_signs_that_breaks_one_rule_is_found(name: str, town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    where, edit, rule = SIGNED[name]
    index = at(town, where)
    raw = signed_anew(town.entries()[index], edit, "hope.li")
    report = both(log(town, {index: raw}, tmp_path / "log"), monkeypatch)
    assert (rule, index) in {(found, entry) for found, entry, _ in places(report)}


def test_the_bounds_of_time_hold_to_the_second(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    index = at(town, "one")
    for seconds, verdict in ((300, "verified"), (301, "failed")):
        raw = signed_anew(town.entries()[index], later(seconds, "signed_at"), "hope.li")
        assert both(log(town, {index: raw}, tmp_path / str(seconds)), monkeypatch).verdict == verdict


def test_time_does_not_run_back_within_a_chunk(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nor does it where the first of the chunk is later than what came before it."""
    index = at(town, "one")
    raw = edited(town.entries()[index], later(60, "time"))
    report = both(log(town, {index: raw}, tmp_path / "log"), monkeypatch)
    assert places(report) == {("time", index + 1, -1)}


@pytest.mark.parametrize("member", ["prev", "index"])
@pytest.mark.parametrize("where", [-1, -2])
def test_an_entry_that_names_another_place_is_found(
    member: str, where: int, town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The log is signed over it as it is."""
    entries = town.entries()
    index = len(entries) + where
    value = parse(entries[index])
    odd = {"prev": "a" * 64, "index": value["index"] + 1}[member]
    report = both(log(town, {index: encode({**value, member: odd})}, tmp_path / "log", chained=False), monkeypatch)
    assert ("chain", index) in {(found, entry) for found, entry, _ in places(report)}


@pytest.mark.parametrize("number", [0, 1])
def test_each_signature_of_a_statement_is_verified(number: int, town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    index = at(town, "two")
    value = parse(town.entries()[index])
    assert len(value["signatures"]) == 2
    value["signatures"][number]["sig"] = parse(town.entries()[index - 1])["signatures"][number]["sig"]
    report = both(log(town, {index: encode(value)}, tmp_path / "log"), monkeypatch)
    assert places(report) == {("statement-signature", index, -1)}


@pytest.mark.parametrize(("names", "rule"), [("hope.li op.chief", "authority"), ("hope.li shop.sun", "authority")])
def test_who_was_not_called_for_is_found(names: str, rule: str, town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    index = at(town, "two")
    raw = signed_anew(town.entries()[index], lambda value: None, *names.split())
    report = both(log(town, {index: raw}, tmp_path / "log"), monkeypatch)
    assert {(found, entry) for found, entry, _ in places(report)} == {(rule, index)}


def test_a_signer_that_nobody_knows_is_found(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    index = at(town, "one")
    raw = signed_anew(town.entries()[index], lambda value: None, "nobody")
    report = both(log(town, {index: raw}, tmp_path / "log"), monkeypatch)
    assert {entry for _, entry, _ in places(report)} == {index} and report.verdict == "failed"


@pytest.mark.parametrize(("of", "to"), [("one", "one"), ("one", "many"), ("many", "one"), ("two", "one")])
def test_what_may_exist_once_is_found_twice(of: str, to: str, town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A reference of the channel, in one chunk or in two; also as the last of several gifts."""
    entries = town.entries()
    index = at(town, to)
    other = index + 1 if of == to else at(town, of)
    reference = parse(entries[other])["statement"]["records"][-1]["channel_ref"]

    def edit(value: dict[str, Any]) -> None:
        value["statement"]["records"][-1]["channel_ref"] = reference

    raw = signed_anew(entries[index], edit, "hope.li")
    report = both(log(town, {other: entries[other], index: raw}, tmp_path / "log"), monkeypatch)
    twice = {entry for found, entry, _ in places(report) if found == "duplicate-reference"}
    assert twice == {max(index, other)}


def test_a_statement_that_is_there_twice_is_found(town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    entries = town.entries()
    index = at(town, "one")
    twice = parse(entries[index - 1])["statement"]["id"]
    raw = signed_anew(entries[index], in_statement(id=twice), "hope.li")
    report = both(log(town, {index: raw}, tmp_path / "log"), monkeypatch)
    assert ("statement-id", index) in {(found, entry) for found, entry, _ in places(report)}


def test_the_books_are_the_same_whichever_way_they_were_folded(town: OnDisk):
    """Tapes, what came into a project, what was given in each month, and the head, whose time is not that of a signature."""
    entries = town.entries()
    entries[-1] = signed_anew(entries[-1], later(60, "signed_at"), "hope.li")
    quick, alone, together = Books(), Books(), 0
    for one in Examiner(EVERYTHING).examine(entries, 0):
        if isinstance(one, Brief):
            apply(quick, one.journal_entry)
        else:
            assert list(map(encode, apply_alike(quick, one.alike))) == list(one.flows)
            together += len(one.hashes)
        quick.commit()
    for index, raw in enumerate(entries):
        apply(alone, brief(raw, index).journal_entry)
        alone.commit()
    assert together > len(entries) // 2
    assert sorted(quick.rows()) == sorted(alone.rows())


def test_a_chunk_has_the_keys_of_its_entries_and_no_others(town: OnDisk):
    """Also where two forms stand in turn."""
    entries, forms, examiner = town.entries(), set(), Examiner(EVERYTHING)
    end = len(entries)
    parts = [(0, end), (end - 10, end), (end - 14, end - 10)]
    for one in chain.from_iterable(examiner.examine(entries[start:stop], start) for start, stop in parts):
        if isinstance(one, Chunk):
            start = one.alike.index
            alone = [brief(raw, index).keys for index, raw in enumerate(entries[start : start + len(one.hashes)], start)]
            assert eights(one.keys) == sorted(key for keys in alone for key in eights(keys))
            forms.add(len(one.alike.forms))
    assert {2, 5} <= forms


def eights(keys: bytes) -> list[bytes]:
    return [keys[at : at + 8] for at in range(0, len(keys), 8)]


def test_the_honest_log_is_verified_and_its_ends_are_chunks(town: OnDisk, tmp_path: Path):
    entries = town.entries()
    examined = list(Examiner(EVERYTHING).examine(entries, 0))
    together = {one.alike.index + place for one in examined if isinstance(one, Chunk) for place in range(len(one.hashes))}
    assert {at(town, what) for what in ("one", "two", "many", "long")} <= together
    assert verify(FolderSource(log(town, {}, tmp_path / "log")), TRUST).verdict == "verified"
