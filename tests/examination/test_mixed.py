"""Statements of mixed gifts: of several funds and units, some with a fee, some with private digests, in any order. Examined and
folded together they leave the same books, findings and facts aside as one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audit.replay import Replay
from ledger.canonical import encode, parse, to_base64url
from ledger.examination.chunk import Chunk, Examiner
from ledger.examination.examine import brief
from ledger.findings.scope import EVERYTHING
from tests.audit.mirror import rechained, signed_anew
from tests.audit.test_replay import begun
from tests.examination.test_chunk import both, forged
from tests.writer.on_disk import OnDisk, a_town

NUMBERS = count(1)
PLACES = [("school", "CNY"), ("general", "CNY"), ("general", "box"), ("well", "USD"), ("school", "USD")]
KEEPERS = ["square", "till"]


def digests(number: int, many: int) -> list[str]:
    return sorted(to_base64url((1000 * number + n).to_bytes(32)) for n in range(many))


def gift(place: int = 0, amount: int = 100, fee: int = 0, private: int = 0, holder: bool = False, day: int = 7) -> dict[str, Any]:
    """A gift into one of the places; `fee` is a share of it in tenths, `private` how many digests it has."""
    number, (fund, unit) = next(NUMBERS), PLACES[place]
    more: dict[str, Any] = {}
    if fee:
        more |= {"fee": max(1, amount * fee // 10), "fee_to": KEEPERS[fee % 2]}
    if private:
        more["private"] = digests(number, private)
    if holder:
        more["holder"] = to_base64url(number.to_bytes(32))
    if number % 7:
        more["channel_ref"] = f"hmac-sha256:2026:{to_base64url(number.to_bytes(32))}"
    channel = ("card", "wallet")[number % 2] if number % 7 else "cash"
    return {
        "kind": "donation", "fund": fund, "unit": unit, "amount": amount, "channel": channel, 
        "received_on": f"2026-09-0{day}", **more,
    }  # fmt: skip


def begin(place: Path) -> OnDisk:
    """A charity with several funds, another with one, and a platform that keeps fees."""
    town = a_town(place)
    for said in ("op: party square platform zhou", "river: fund relief unrestricted"):
        town.play(said)
    town.play("hope: project well restricted")
    return town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnDisk]:
    """Mixed statements of a charity, and single gifts of another between them."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("mixed")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = begin(place / "ledger")
        for first in range(8):
            mixed = [gift((first + n) % 5, 50 + n, (0, 3, 0, 1)[n % 4], (0, 0, 2)[n % 3], n % 5 == 0) for n in range(9)]
            river = {**gift(0, 20 + first), "fund": "relief"}
            town.sequencer.submit([town.made("hope", mixed), town.made("river", [river]), town.made("hope", [gift(first % 5)])])
        yield town
        town.close()


def replayed(place: Path, raws: Sequence[bytes], together: bool) -> Replay:
    found = begun(place, list(raws))
    seen = Examiner(EVERYTHING).examine(raws, 0) if together else (brief(raw, index) for index, raw in enumerate(raws))
    found.run(seen, len(raws), lambda done, of: None, lambda replay: None)
    return found


def left(found: Replay) -> dict[str, Any]:
    """All that an audit knows at the end, and has written aside."""
    accounting = found.accounting
    aside = {
        "keys": [sorted(part[at : at + 8] for at in range(0, len(part), 8)) for part in map(bytes, accounting._keys._waiting)],
        "claims": list(accounting._claims.in_order()),
        "hashes": [found.hashes.get(index) for index in range(found.hashes.size)],
        "books": sorted(accounting.books.rows()),
        "skipped": (sorted(accounting.books.skipped), accounting.books.passed_over),
        "records": dict(accounting.records),
    }
    found.finish()
    said = {"findings": found.findings.all(), "unknown": found.unknown_from}
    return {**aside, **said, "counts": found.counts, "root": found.tree.root}


def compared(place: Path, raws: Sequence[bytes]) -> dict[str, Any]:
    """What both ways leave."""
    number = next(NUMBERS)
    quick, slow = (left(replayed(place / f"{number}-{together}", raws, together)) for together in (True, False))
    for name, value in quick.items():
        assert value == slow[name], name
    return quick


def test_mixed_statements_are_taken_together_and_never_one_by_one(town: OnDisk, tmp_path: Path):
    raws = town.entries()
    chunks = [one for one in Examiner(EVERYTHING).examine(raws, 0) if isinstance(one, Chunk)]
    assert [len(one.hashes) for one in chunks] == [24] and len(chunks[0].alike.forms) > 12
    found = replayed(tmp_path, raws, together=True)
    assert found._source.read == [] and not compared(tmp_path, raws)["findings"]


@pytest.mark.parametrize("start", range(8, 28, 3))
def test_wherever_a_chunk_begins(start: int, town: OnDisk, tmp_path: Path):
    raws, examiner = town.entries(), Examiner(EVERYTHING)
    found = begun(tmp_path, raws)
    for index in range(start):
        found.take(brief(raws[index], index))
    for at in range(start, len(raws), 5):
        for one in examiner.examine(raws[at : at + 5], at):
            found.take(one)
    assert left(found) == left(replayed(tmp_path / "alone", raws, together=False))


GIFTS = st.lists(
    st.builds(
        gift, st.integers(0, 4), st.integers(2, 10**6), st.integers(0, 9), st.sampled_from([0, 0, 1, 3]), st.booleans(),
        st.integers(5, 7),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
ODD: list[Any] = [
    None, 0, 1, -1, 10**9, 2**53, "general", "school", "fees", "relief", "nowhere", "CNY", "USD", "card", "2026-09-09", "", "é",
    "},{", "a\nb", [], digests(1, 2), digests(1, 2)[::-1], digests(2, 1)[0], {"amount": 1, "fund": "fees"}, "income",
    {"amount": 10**7, "fund": "fees"}, {"amount": 1, "fund": "relief"}, {"amount": 1, "fund": "school"},
    {"amount": 0, "fund": "fees"},
]  # fmt: skip
MEMBERS = ["amount", "channel", "channel_ref", "fee", "fund", "holder", "kind", "private", "received_on", "unit"]


def check_both_ways(tmp_path_factory: Any, statements: list[list[dict[str, Any]]], data: st.DataObject) -> None:
    """Of honest gifts; and where one of them is another than the log's writer should have taken."""
    place = tmp_path_factory.mktemp("log")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        log = begin(place / "ledger")
        first = log.sequencer.tree_size
        log.sequencer.submit([log.made("hope", gifts) for gifts in statements])
        raws = log.entries()
        log.close()
    assert len(raws) == first + len(statements) and not compared(place, raws)["findings"]
    at = data.draw(st.integers(first, len(raws) - 1))
    record = data.draw(st.integers(0, len(statements[at - first]) - 1))
    member, odd = data.draw(st.sampled_from(MEMBERS)), data.draw(st.sampled_from(ODD))
    raws[at] = signed_anew(raws[at], lambda value: value["statement"]["records"][record].update({member: odd}), "hope.li")
    compared(place, list(rechained(raws)))


@settings(max_examples=8)
@given(st.lists(GIFTS, min_size=2, max_size=5), st.data())
def test_both_ways_leave_the_same(tmp_path_factory: Any, statements: list[list[dict[str, Any]]], data: st.DataObject):
    check_both_ways(tmp_path_factory, statements, data)


@pytest.mark.long
@settings(max_examples=100)
@given(st.lists(GIFTS, min_size=2, max_size=5), st.data())
def test_both_ways_leave_the_same_of_many(tmp_path_factory: Any, statements: list[list[dict[str, Any]]], data: st.DataObject):
    check_both_ways(tmp_path_factory, statements, data)



Edit = Callable[[dict[str, Any]], None]


def of(record: int, **members: Any) -> Edit:
    return lambda value: value["statement"]["records"][record].update(members)


def own_fee(value: dict[str, Any]) -> None:
    one = value["statement"]["records"][1]
    one["fee_to"] = "hope"


def unnamed(value: dict[str, Any]) -> None:
    one = value["statement"]["records"][4]
    one["channel"] = "wallet"
    one.pop("channel_ref", None)


def flows(edit: Callable[[list[Any]], Any]) -> Edit:
    return lambda value: edit(value["flows"])


def swap_tapes(rows: list[Any]) -> None:
    """Two gifts of one fund change places on its tape."""
    first, second = [row for row in rows if row[2] == rows[0][2]][:2]
    start, end = first[3], second[4]
    size = second[4] - second[3]
    second[3:], first[3:] = [start, start + size], [start + size, end]


MISCHIEF: dict[str, tuple[Edit, str]] = {
    "a fee as large as its gift": (of(1, fee=51, fee_to="square"), "fee"),
    "a fee above its gift": (of(3, fee=99, fee_to="square"), "fee"),
    "a fee of the owner itself": (own_fee, "fee"),
    "a fee of somebody who may keep none": (of(1, fee=1, fee_to="river"), "fee"),
    "a fee of nobody": (of(1, fee=1, fee_to="nowhere"), "reference"),
    "a fee that nobody was told of": (of(0, fee=1, fee_to="square"), "tape-flow"),
    "a fee that is larger than was booked": (of(3, fee=9, fee_to="square"), "tape-flow"),
    "another's fund": (of(4, fund="relief"), "authority"),
    "no fund": (of(4, fund="nowhere"), "reference"),
    "no unit": (of(4, unit="EUR"), "reference"),
    "a day that has not come": (of(5, received_on="2026-09-08"), "day"),
    "another amount": (of(6, amount=5), "tape-flow"),
    "nothing": (of(6, amount=0), "schema"),
    "digests out of order": (of(2, private=digests(5, 2)[::-1]), "schema"),
    "a digest twice": (of(2, private=digests(5, 1) * 2), "schema"),
    "a reference of another gift": (of(8, channel="wallet", channel_ref="REFERENCE OF A WALLET"), "duplicate-reference"),
    "no reference of a gift": (unnamed, "reference-missing"),
    "units that came before": (flows(lambda rows: rows[4].__setitem__(3, rows[4][3] - 1)), "tape-flow"),
    "the flows of two gifts in turn": (flows(lambda rows: rows.insert(0, rows.pop(1))), "tape-flow"),
    "two gifts on each other's units": (flows(swap_tapes), "tape-flow"),
    "no flow for a gift": (flows(lambda rows: rows.pop(2)), "tape-flow"),
    "a gift before the one before it": (flows(lambda rows: rows.insert(1, rows.pop(2))), "tape-flow"),
    "flows of the next statement": (flows(lambda rows: rows.append([9, "+", "school/CNY", 1, 2])), "tape-flow"),
    "no flows": (flows(list.clear), "tape-flow"),
}


@pytest.mark.parametrize("name", MISCHIEF)
def test_mischief_in_a_mixed_statement_is_found_the_same(name: str, town: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    edit, rule = MISCHIEF[name]
    raws = town.entries()[:29]
    at = 19
    assert len(parse(raws[at])["statement"]["records"]) == 9
    taken = [one for raw in raws[:at] for one in parse(raw)["statement"]["records"] if one.get("channel") == "wallet"]

    def changed(value: dict[str, Any]) -> None:
        edit(value)
        for one in value["statement"]["records"]:
            if one.get("channel_ref") == "REFERENCE OF A WALLET":
                one["channel_ref"] = next(other["channel_ref"] for other in taken if "channel_ref" in other)

    raws[at] = signed_anew(raws[at], changed, "hope.li")
    report = both(forged(raws, tmp_path / "log"), monkeypatch)
    assert rule in {finding.rule for finding in report.findings if finding.entry == at}
    compared(tmp_path, list(rechained(raws)))


def test_what_is_wrong_in_one_chunk_does_not_keep_its_forms_out_of_the_next(town: OnDisk, tmp_path: Path):
    """A fee that is not below its gift is the first of its form."""
    raws, examiner = town.entries()[:29], Examiner(EVERYTHING)
    first = next(index for index, raw in enumerate(raws) if b'"kind":"donation"' in raw)
    raws[first] = signed_anew(raws[first], of(1, fee=51, fee_to="square"), "hope.li")
    raws = list(rechained(raws))
    kinds = [[type(one) for one in examiner.examine(raws[at : at + 6], at)] for at in range(first, len(raws) - 5, 6)]
    assert Chunk not in kinds[0] and all(one == [Chunk] for one in kinds[1:]) and len(kinds) > 2


def test_a_chunk_goes_from_one_process_to_another(town: OnDisk, tmp_path: Path):
    import pickle

    raws = town.entries()
    found = begun(tmp_path, raws)
    for one in pickle.loads(pickle.dumps(list(Examiner(EVERYTHING).examine(raws, 0)))):
        found.take(one)
    assert left(found) == left(replayed(tmp_path / "alone", raws, together=False)) and encode(found.counts)
