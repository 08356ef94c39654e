"""The steps of the sequencer, each by what it leaves: where a statement is bound, when a head is signed, what a key is known by."""

from __future__ import annotations

import datetime
import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from ledger.books.state import Books
from ledger.canonical import to_base64
from ledger.clock import utc_now
from ledger.entries.leaf import keys_of_entry, keys_of_statement, read_leaf, statement_key
from ledger.entries.statement import sign_statement
from ledger.errors import Conflict, GiveTrailError, ReadOnly, Refused, SchemaError, VerificationError
from ledger.log.checkpoint import open_checkpoint
from ledger.log.entry import SIGNATURES
from ledger.log.merkle import leaf_hash, root_of
from ledger.store.sqlite import SqliteStore
from ledger.writer import submission as submissions
from ledger.writer.sequencer import GROUP, Answer, Known, Sequencer
from ledger.writer.submission import _signature_fault, chunks
from tests.language import ORIGIN, key
from tests.writer.on_disk import TRUST, OnDisk, a_gift, numbered_id
from tests.writer.test_once import reference, with_reference

VKEY = TRUST.logs[0].vkey
TIME = "2026-09-07T10:00:00Z"


def another(town: OnDisk, origin: str = ORIGIN, publish=lambda *published: None) -> Sequencer:
    """A second sequencer of the same ledger."""
    return Sequencer(town.sequencer.store, town.sequencer.books, origin, key("the.log"), publish, lambda: TIME)


def refused(town: OnDisk, **more: object) -> str:
    """Why a gift is refused that is made so."""
    with pytest.raises(Refused) as error:
        town.sequencer.submit_one(a_gift(town, **more))
    assert error.value.rule == "after"
    return error.value.message


def test_a_statement_names_an_entry_before_its_own_and_its_hash(town: OnDisk):
    bound = [town.made("op", "unit EUR 2", after=(0, town.hash_at(0))), a_gift(town, after=(3, town.hash_at(3)))]
    assert town.sequencer.submit(bound) == [Answer(4, False), Answer(5, False)]
    assert refused(town, after=None) == "after missing: must name an entry before 6"
    for index in (6, 7, 2**40):
        assert f"{index}:{'0' * 64}: must name an entry before 6" in refused(town, after=(index, "0" * 64))
    assert "after 5: the entry there has a different hash" in refused(town, after=(5, town.hash_at(4)))
    assert town.sequencer.tree_size == 6


def test_each_entry_names_the_one_before(town: OnDisk):
    town.sequencer.submit([a_gift(town), a_gift(town)])
    town.sequencer.submit([a_gift(town)])
    entries = town.entries()
    assert [read_leaf(raw).entry.prev for raw in entries] == ["0" * 64, *(leaf_hash(raw).hex() for raw in entries[:-1])]
    assert [read_leaf(raw).entry.index for raw in entries] == list(range(7))
    assert town.sequencer.head() == (6, leaf_hash(entries[6]).hex())
    checkpoint = town.sequencer.checkpoint()
    assert (checkpoint.origin, checkpoint.tree_size, checkpoint.root) == (ORIGIN, 7, root_of(map(leaf_hash, entries)))


def test_a_head_is_signed_when_it_has_grown_since_and_not_before_there_is_one(town: OnDisk, tmp_path: Path):
    published: list[int] = []

    def publish(checkpoint, note: bytes) -> None:
        assert open_checkpoint(note, VKEY) == checkpoint
        published.append(checkpoint.tree_size)

    with SqliteStore.create(tmp_path / "empty", keys_of=keys_of_entry) as store:
        empty = Sequencer(store, Books(), ORIGIN, key("the.log"), publish, lambda: TIME)
        assert (empty.submit([]), published) == ([], [])
        with pytest.raises(Refused, match="the log is empty") as error:
            empty.head()
        assert error.value.rule == "after"
        founding = town.leaves[0]
        assert empty.submit([(founding.entry.statement_raw, founding.entry.signatures)]) == [Answer(0, False)]
        assert published == [1]
        empty.submit([])
        assert published == [1]
        again = Sequencer(store, empty.books, ORIGIN, key("the.log"), publish, lambda: TIME)
        again.submit([], sign=False)
        assert published == [1]
        again.submit([])
        assert published == [1, 1], "whoever opens it signs what may not have been signed"
        again.submit([])
        assert published == [1, 1]


def test_what_is_due_before_a_commit_is_done_before_it_and_only_then(town: OnDisk):
    seen: list[int] = []
    town.sequencer.before_commit = lambda: seen.append(town.sequencer.store.tree_size)
    known = a_gift(town)
    town.sequencer.submit([known])
    town.sequencer.submit([known])
    town.sequencer.submit([a_gift(town, after=None)])
    assert seen == [4]


def test_a_log_that_may_not_be_written_enters_and_signs_nothing(town: OnDisk):
    gift, before = a_gift(town), (town.directory / "checkpoint").read_bytes()
    town.sequencer.read_only_because = "it has ended"
    for call in (lambda: town.sequencer.submit([gift], sign=False), lambda: town.sequencer.submit_one(gift), town.sequencer.sign):
        with pytest.raises(ReadOnly, match="it has ended") as error:
            call()
        assert error.value.rule == "read-only"
    assert (town.sequencer.tree_size, (town.directory / "checkpoint").read_bytes()) == (4, before)


def test_a_ledger_of_another_name_is_not_continued(town: OnDisk):
    """The books say one name, the sequencer another, as after a record that continues a log."""
    gift = a_gift(town)
    with pytest.raises(Refused, match="restore --successor") as error:
        another(town, "ledger.example.org/another").submit_one(gift)
    assert (error.value.rule, town.sequencer.tree_size) == ("ledger", 4)
    assert another(town).submit_one(gift) == Answer(4, False)


def test_a_key_is_known_by_its_entry_and_its_record(town: OnDisk):
    raw, signatures = with_reference(town, 1, 2, 3)
    town.sequencer.submit_one((raw, signatures))
    leaf = read_leaf(town.sequencer.store.entry(4))
    keys = [text for _, text in keys_of_statement(leaf.statement)]
    wanted = [Known(4, number, leaf.statement.records[number]) for number in (0, 0, 1, 2)]
    assert town.sequencer.known(keys) == wanted
    assert town.sequencer.known(["nothing", keys[2], "nothing else"]) == [None, wanted[2], None]
    assert town.sequencer.known([]) == []
    beginning = os.path.commonprefix(keys[1:])
    ends = ["nothing", *(text.removeprefix(beginning) for text in keys[1:]), ""]
    assert town.sequencer.known_of(beginning, ends) == {1: wanted[1], 2: wanted[2], 3: wanted[3]}
    assert town.sequencer.known_of(beginning, ["nothing"]) == {}


def test_what_only_looks_like_a_known_key_is_not_one(town: OnDisk, monkeypatch: pytest.MonkeyPatch):
    """The store gives candidates: who asks reads the entry."""
    town.sequencer.submit_one(with_reference(town, 1))
    (own, other) = (statement_key("hope", town.leaves[-1].statement.id), "another key")
    store, places = town.sequencer.store, [(4, 0), (3, 0), (4, 7)]
    monkeypatch.setattr(store, "candidates", lambda keys: [places for _ in keys])
    assert town.sequencer.known([other]) == [None] and town.sequencer.known_of("another ", ["key", "one"]) == {}
    assert [place and place[:2] for place in town.sequencer.known([own, statement_key("hope", numbered_id(0))])][1] is None
    fresh = with_reference(town, 2)
    assert town.sequencer.submit_one(fresh) == Answer(5, False), "and a statement is entered whose keys are not there"


def test_a_reference_that_is_taken_names_where_it_is(town: OnDisk):
    """In the ledger, in the group, in the statement itself; and one that is not taken stops nobody."""
    town.sequencer.submit_one(with_reference(town, 1, 2))
    answers = town.sequencer.submit([
        with_reference(town, 3, 4), with_reference(town, 5, 2), with_reference(town, 6, 7, 4), with_reference(town, 8, 9, 8),
        with_reference(town, 5, 6, 7, 8, 9),
    ])  # fmt: skip
    assert (answers[0], answers[4]) == (Answer(5, False), Answer(6, False))
    for answer, record, place in zip(answers[1:4], (1, 2, 2), ("4.1", "5.1", "6.0"), strict=True):
        assert isinstance(answer, Conflict) and answer.rule == "duplicate-reference"
        assert answer.message.startswith(f"channel_ref of record {record}: {place} has the same party, channel and reference")


def test_the_same_statement_is_known_in_its_group_and_after_it(town: OnDisk):
    first, second = a_gift(town), a_gift(town)
    other = a_gift(town, 2000, id=read_id(second))
    answers = town.sequencer.submit([first, second, first, second, other])
    assert answers[:4] == [Answer(4, False), Answer(5, False), Answer(4, True), Answer(5, True)]
    (later,) = town.sequencer.submit([other])
    for answer in (answers[4], later):
        assert isinstance(answer, Conflict) and answer.rule == "statement-id"
        assert "entry 5 used it for another statement" in answer.message
    assert town.sequencer.submit([second, first]) == [Answer(5, True), Answer(4, True)]


def test_a_statement_is_known_by_its_id_and_not_by_what_its_records_refer_to(town: OnDisk):
    gifts = with_reference(town, 1, 2, 3)
    assert town.sequencer.submit([gifts, gifts]) == [Answer(4, False), Answer(4, True)]
    assert town.sequencer.submit([gifts]) == [Answer(4, True)]


def test_of_a_bad_statement_with_a_bad_signature_the_statement_is_told(town: OnDisk):
    raw, signatures = town.made("hope", [{"kind": "donation"}])
    answers = town.sequencer.submit([(raw, signatures), (raw, ()), (a_gift(town)[0], signatures), a_gift(town)])
    assert [getattr(answer, "rule", "") for answer in answers] == ["schema", "schema", "statement-signature", ""]
    assert answers[3] == Answer(4, False)


def read_id(submission: submissions.Submission) -> str:
    found = re.search(rb'"id":"([^"]+)"', submission[0])
    assert found
    return found[1].decode()


def test_the_answer_of_one_is_given_or_raised(town: OnDisk):
    assert town.sequencer.submit_one(a_gift(town)) == Answer(4, False)
    with pytest.raises(GiveTrailError):
        town.sequencer.submit_one((b"", ()))


def test_statements_come_in_groups(monkeypatch: pytest.MonkeyPatch):
    one = (b"", ())
    for count, sizes in ((0, []), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])):
        assert [len(chunk) for chunk in chunks(iter([one] * count), 2)] == sizes
    assert GROUP == 128


@pytest.mark.parametrize(("processors", "parts"), [(1, [5]), (2, [3, 2]), (3, [2, 2, 1]), (5, [1] * 5), (9, [1] * 5)])
def test_signatures_are_checked_on_all_processors(town: OnDisk, processors: int, parts: list[int], monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    check = submissions._signature_faults
    monkeypatch.setattr(submissions, "PROCESSORS", processors)
    monkeypatch.setattr(submissions, "_signature_faults", lambda chunk: (seen.append(len(chunk)), check(chunk))[1])
    gifts = [a_gift(town) for _ in range(5)]
    gifts[3] = (gifts[3][0], gifts[2][1])
    answers = town.sequencer.submit(gifts)
    assert sorted(seen, reverse=True) == parts
    assert [isinstance(answer, VerificationError) for answer in answers] == [False, False, False, True, False]


def test_signatures_are_1_to_8_in_the_order_of_their_keys(town: OnDisk):
    keys = sorted((key(f"officer {number}") for number in range(SIGNATURES + 1)), key=lambda one: one.public)
    raw = a_gift(town)[0]
    signed = [sign_statement(raw, [one])[0] for one in keys]
    for good in (signed[:1], signed[:2], signed[:SIGNATURES], signed[1:]):
        assert _signature_fault((raw, tuple(good))) is None
    for bad in (signed, signed[1::-1], [signed[0]] * 2, [signed[1], signed[2], signed[0]]):
        fault = _signature_fault((raw, tuple(bad)))
        assert isinstance(fault, SchemaError) and (fault.rule, fault.where) == ("schema", "signatures")
    none = _signature_fault((raw, ()))
    assert isinstance(none, VerificationError) and none.rule == "statement-signature"
    for length in (31, 33):
        fault = _signature_fault((raw, ((to_base64(bytes(length)), signed[0][1]),)))
        assert fault is not None and "of 32 bytes" in fault.message
    false = _signature_fault((raw + b" ", tuple(signed[:1])))
    assert isinstance(false, VerificationError) and false.rule == "statement-signature"


def test_time_in_the_log_is_the_clocks_and_never_runs_back(town: OnDisk):
    for now, entered in (("2026-09-07T12:00:00Z",) * 2, ("2026-09-07T11:00:00Z", "2026-09-07T12:00:00Z")):
        town.time = now
        town.sequencer.submit([a_gift(town), a_gift(town)])
        assert [read_leaf(raw).entry.time for raw in town.entries()[-2:]] == [entered] * 2


def test_the_clock_is_of_utc_in_whole_seconds():
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    read = datetime.datetime.strptime(utc_now(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    assert before <= read <= datetime.datetime.now(datetime.UTC)


def test_a_reference_that_was_refused_is_free(town: OnDisk):
    overdraft = town.read("hope", "payment 9.00 CNY school -> shop")[0][0] | {"channel": "bank", "channel_ref": reference(1)}
    answers = town.sequencer.submit([town.made("hope", [overdraft]), with_reference(town, 1)])
    assert isinstance(answers[0], Refused) and answers[1] == Answer(4, False)
    with closing(town.sequencer.store):
        assert town.sequencer.tree_size == 5
