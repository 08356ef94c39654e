"""What is examined and folded together is what would be, one by one: nothing passes in a chunk that does not pass alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit import replay
from ledger.audit.verify import verify
from ledger.books.statement_context import ALONE, Run
from ledger.canonical import encode, from_base64, parse, to_base64
from ledger.examination import parallel
from ledger.examination.chunk import Chunk, Examiner
from ledger.examination.entry_template import are_flows
from ledger.examination.examine import Brief, brief
from ledger.findings.report import Report
from ledger.findings.scope import EVERYTHING, Scope, scope_of
from ledger.log.merkle import leaf_hash
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Forged, edited, places, signed_anew
from tests.language import ORIGIN, key
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town

REF = "hmac-sha256:2026:" + "b" * 42
DIGEST = "A" * 43
GIFT = {
    "amount": 100, "channel": "cash", "fund": "school", "kind": "donation", "received_on": "2026-09-07", "unit": "CNY",
}  # fmt: skip
UNSIGNED = scope_of(("accounting", "traceability"))
FIRST = 4  # the entries before make the town


def gift(number: int, **more: Any) -> dict[str, Any]:
    return {**GIFT, "amount": 100 + number, "channel_ref": REF + "AEIMQUYcgkosw048"[number % 16], **more}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnDisk]:
    """Gifts of two charities into three funds, single and many in a statement, in turn; the last six are of one form."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("chunk")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = a_town(place / "ledger")
        town.play("river: fund relief unrestricted")
        for number in range(6):
            town.sequencer.submit([
                town.made("hope", [gift(number, channel="cash")]),
                town.made("river", [gift(number, fund="relief")]),
                town.made("hope", [gift(number, amount=7, channel_ref=f"{REF[:-3]}c{number}cA")]),
                town.made("hope", [gift(n, fund="general", channel_ref=f"{REF[:-3]}d{number}{n}A") for n in range(5)]),
            ])  # fmt: skip
        town.sequencer.submit([a_gift(town, number + 1) for number in range(6)])
        yield town
        town.close()


@pytest.fixture(scope="module")
def entries(town: OnDisk) -> list[bytes]:
    return town.entries()


def seen(entries: Sequence[bytes], start: int = 0, scope: Scope = EVERYTHING, examiner: Examiner | None = None) -> list[Any]:
    return list((examiner or Examiner(scope)).examine(entries, start))


def told(seen: Sequence[Brief | Chunk]) -> list[tuple]:
    """What each entry was found to say, whether it was examined alone or in a chunk; and at last what may exist once."""
    found, keys = [], set()
    for one in seen:
        keys.update(one.keys[at : at + 8] for at in range(0, len(one.keys), 8))
        if isinstance(one, Brief):
            gifts = [gift for run in one.journal_entry.runs for gift in said_of(run)]
            found.append((one.hash, one.journal_entry.party, one.journal_entry.signers, gifts, parse(one.flows)))
            continue
        alike = one.alike
        records = list(zip(alike.which, alike.amounts, alike.shares, strict=True))
        ends = list(accumulate(alike.counts, initial=0))
        for leaf, flows, (start, end) in zip(one.hashes, one.flows, pairwise(ends), strict=True):
            said = alike.forms[alike.which[start]]
            gifts = [(*constants(alike.forms[form].runs[0].first), amount, share) for form, amount, share in records[start:end]]
            found.append((leaf, said.party, said.signers, gifts, parse(flows)))
    return [*found, keys]


def constants(gift: Any) -> tuple[str, ...]:
    return gift.fund, gift.unit, gift.received_on, gift.fee_to or ""


def said_of(run: Run) -> list[tuple]:
    """The gifts of a run: one that can be like no other says its amount itself."""
    share = run.first.fee or 0
    return [(*constants(run.first), amount, share) for amount in (run.amounts if run.amounts != ALONE else (run.first.amount,))]


def test_chunks_say_what_the_entries_say(entries: list[bytes]):
    gifts = entries[FIRST + 1 :]
    alone = [brief(raw, index) for index, raw in enumerate(gifts, FIRST + 1)]
    together = seen(gifts, FIRST + 1)
    assert told(together) == told(alone)
    chunks = [one for one in together if isinstance(one, Chunk)]
    assert sum(len(one.hashes) for one in chunks) == len(gifts)
    assert max(len(one.alike.forms) for one in chunks) >= 4, "forms that stand in turn are of one chunk"
    assert sum(one.size for one in together) == sum(map(len, gifts))
    assert sum(one.signatures for one in together) == len(gifts) == sum(one.drawn for one in chunks)
    for one in chunks:
        before = gifts[one.alike.index - FIRST - 2] if one.alike.index > FIRST + 1 else entries[FIRST]
        assert one.prev == leaf_hash(before).hex()


def test_no_signature_is_verified_that_was_not_drawn(entries: list[bytes]):
    scope = scope_of((), 0.5, 11)
    found = seen(entries, 0, scope)
    assert sum(one.signatures for one in found) == sum(scope.draws(index) for index in range(len(entries)))


ODD_BYTES = b'"\\{],09.aA \x7f\x80'


def taken_together(examiner: Examiner, pair: Sequence[bytes], start: int) -> bool:
    """Flows that are of no form are found when they are folded, or passed over."""
    found = seen(pair, start, examiner=examiner)
    return len(found) == 1 and isinstance(found[0], Chunk) and are_flows(found[0].flows)


@pytest.mark.parametrize("scope", [EVERYTHING, UNSIGNED], ids=["signed", "unsigned"])
def test_what_a_chunk_takes_with_a_byte_changed_passes_alone(entries: list[bytes], scope: Scope):
    """Every byte of an entry. Without signatures some changes are sound, and are taken: another amount, another id."""
    start = len(entries) - 2
    examiner, taken = Examiner(scope), 0
    last = entries[-1]
    for at in range(len(last)):
        for odd in ODD_BYTES:
            changed = last[:at] + bytes([odd]) + last[at + 1 :]
            if changed != last and taken_together(examiner, [entries[-2], changed], start):
                taken += 1
                alone = brief(changed, start + 1, scope)
                assert not alone.findings and alone.journal_entry is not None, changed
                assert told([alone])[0] == told(seen([entries[-2], changed], start, examiner=examiner))[1]
                assert scope is UNSIGNED or parse(changed)["statement"] == parse(last)["statement"]
    assert taken > 50, "flows and times are not signed, and may be others"


ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 100.0, 2**53, 2**63, "", "100", "CNY", "cny", "donation", "payment", [], {}, [1],
    "2026-02-30", "2026-09-08", "\n", "é", REF + "A", REF + "B", REF, DIGEST, [DIGEST], [DIGEST, DIGEST],
    {"amount": 1, "fund": "general"},
]  # fmt: skip
MEMBERS = [*GIFT, "channel_ref", "fee", "fee_to", "holder", "private", "note", ""]
OF_STATEMENTS = ["after", "id", "ledger", "party", "signed_at", "time", "index", "prev", "v"]


@settings(max_examples=600)
@given(st.data())
def test_what_a_chunk_takes_passes_alone(town: OnDisk, data: st.DataObject):
    """Statements of gifts in which members were set, dropped and replaced."""
    examiner, more = Examiner(UNSIGNED), data.draw(st.dictionaries(st.sampled_from(MEMBERS), st.sampled_from(ODD), max_size=1))
    start, raws = 50, list[bytes]()
    entry = parse(town.entries()[-1])
    signed = [{"key": to_base64(key(name).public), "sig": entry["signatures"][0]["sig"]} for name in ("hope.li", "op.chief")]
    signed.sort(key=lambda one: from_base64(one["key"]))
    entry["signatures"] = [signed[which] for which in data.draw(st.sampled_from([(0,), (0, 1), (1, 0), (0, 0)]))]
    for number in range(4):
        records: list[Any] = [gift(n, **more) for n in range(data.draw(st.integers(1, 3)))]
        value = {**entry, "index": start + number, "prev": leaf_hash(raws[-1]).hex() if raws else "0" * 64}
        value["statement"] = {**entry["statement"], "records": records}
        if number > 1 and data.draw(st.booleans()):
            at, name = data.draw(st.integers(0, len(records) - 1)), data.draw(st.sampled_from(MEMBERS + OF_STATEMENTS))
            odd = deepcopy(data.draw(st.sampled_from(ODD)))
            place = value if name in value else value["statement"] if name in value["statement"] else records[at]
            place.pop(name, None) if data.draw(st.booleans()) else place.update({name: odd})
        raws.append(encode(value))
    found = seen(raws, start, examiner=examiner)
    alone = [brief(raw, index, UNSIGNED) for index, raw in enumerate(raws, start)]
    if all(one.journal_entry is not None and not one.findings for one in alone):
        assert told(found) == told(alone)
    if any(one.journal_entry is None or one.findings for one in alone):
        assert sum(len(one.hashes) for one in found if isinstance(one, Chunk)) < len(raws)
        assert len([one for one in found if isinstance(one, Brief) and (one.journal_entry is None or one.findings)]) == len(
            [one for one in alone if one.journal_entry is None or one.findings]
        )


class Alone(Examiner):
    """Takes no two entries together."""

    def _found(self, raw: bytes) -> tuple[None, bytes, tuple[()], int]:
        return None, raw, (), 0


def both(folder: Path, monkeypatch: pytest.MonkeyPatch, **asked: Any) -> Report:
    """What an audit says, the same with chunks and without."""
    together = verify(FolderSource(folder), TRUST, **asked)
    with monkeypatch.context() as patch:
        patch.setattr(parallel, "Examiner", Alone)
        alone = verify(FolderSource(folder), TRUST, **asked)
    assert replace_target(together) == replace_target(alone)
    return together


def replace_target(report: Report) -> Any:
    return replace(report, target="") if hasattr(report, "__dataclass_fields__") else report._replace(target="")


def forged(entries: list[bytes], place: Path) -> Path:
    export_tiles(Forged(entries), place)
    return place


def put(**members: Any):
    def edit(value: dict[str, Any]) -> None:
        value["statement"].update(members)

    return edit


def in_record(**members: Any):
    def edit(value: dict[str, Any]) -> None:
        value["statement"]["records"][0].update(members)

    return edit


def flows(value: dict[str, Any]) -> None:
    value["flows"][0][4] += 1


FORGERIES = {
    "amount": (in_record(amount=3), {"tape-flow"}),
    "flows": (flows, {"tape-flow"}),
    "after": (put(after=f"3:{'a' * 64}"), {"after"}),
    "after-later": (put(after=f"9999:{'a' * 64}"), {"after"}),
    "unseen": (put(after="HASH OF 0"), {"after"}),
    "ledger": (put(ledger="other.example/2026"), {"ledger"}),
    "signed-late": (put(signed_at="2026-12-07T10:00:00Z"), {"time"}),
    "signed-never": (put(signed_at="2026-02-30T10:00:00Z"), {"schema"}),
    "tomorrow": (in_record(received_on="2027-01-01"), {"day"}),
    "fund": (in_record(fund="nowhere"), {"reference"}),
    "party": (put(party="river"), {"authority"}),
    "id": (put(id="ID OF ANOTHER"), {"statement-id"}),
    "time": (lambda value: value.update(time="2020-01-01T00:00:00Z"), {"time"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_is_forged_within_a_chunk_is_found_where_it_is(name: str, town: OnDisk, tmp_path: Path, monkeypatch):
    edit, expected = FORGERIES[name]
    entries = town.entries()
    at = len(entries) - 3

    def changed(value: dict[str, Any]) -> None:
        edit(value)
        said = value["statement"]
        if said["after"] == "HASH OF 0":
            said["after"] = f"0:{leaf_hash(entries[0]).hex()}"
        if said["id"] == "ID OF ANOTHER":
            said["id"] = parse(entries[-5])["statement"]["id"]

    entries[at] = signed_anew(entries[at], changed, "hope.li")
    report = both(forged(entries, tmp_path / "log"), monkeypatch)
    assert report.verdict == "failed"
    assert expected <= {rule for rule, entry, _ in places(report) if entry in (at, at + 1)}


def test_an_honest_log_is_folded_in_chunks_alone(town: OnDisk, tmp_path: Path, monkeypatch):
    """None of them is read a second time: the fold takes every one as it is."""
    folder = forged(town.entries(), tmp_path / "log")
    monkeypatch.setattr(replay.Replay, "_one_by_one", lambda self, chunk: pytest.fail("a chunk was taken apart"))
    report = both(folder, monkeypatch)
    assert report.verdict == "verified" and report.records["donation"] == 6 * 8 + 6


def test_a_chunk_goes_over_midnight_and_is_taken_apart_where_a_gift_is_of_tomorrow(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    town = a_town(tmp_path / "ledger")
    for hour in ("15:59:58", "15:59:59", "16:00:00", "16:00:01"):
        town.time = f"2026-09-08T{hour}Z"
        town.sequencer.submit([a_gift(town, 5), a_gift(town, 6)])
    town.close()
    entries = town.reopen().entries()
    town.close()
    with monkeypatch.context() as patch:
        patch.setattr(replay.Replay, "_one_by_one", lambda self, chunk: pytest.fail("a chunk was taken apart"))
        assert both(forged(entries, tmp_path / "log"), monkeypatch).verdict == "verified"
    for index, found in ((4, {("day", 4, 0)}), (11, set())):
        changed = [*entries]
        changed[index] = signed_anew(entries[index], in_record(received_on="2026-09-09"), "hope.li")
        report = both(forged(changed, tmp_path / str(index)), monkeypatch)
        assert {place for place in places(report) if place[0] != "after"} == found


def test_a_source_that_changes_between_two_readings_is_said(town: OnDisk, tmp_path: Path):
    """The chunk is wrong, and what is read again is another one."""

    class Changing(FolderSource):
        readings = 0

        def entries(self, start: int, end: int) -> Iterator[bytes]:
            Changing.readings += 1
            for index, raw in enumerate(super().entries(start, end), start):
                yield edited(raw, put(ledger=ORIGIN + "x")) if Changing.readings > 1 and index == start else raw

    entries = town.entries()
    entries[-2] = signed_anew(entries[-2], in_record(amount=3), "hope.li")
    with pytest.raises(Exception, match="gave different bytes when read again"):
        verify(Changing(forged(entries, tmp_path / "log")), TRUST)
