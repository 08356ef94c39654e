"""A statement fits one ledger and one history: elsewhere it is refused, whoever brings it."""

from __future__ import annotations

import pytest

from ledger.books.state import Books
from ledger.directory.creation import create
from ledger.entries.leaf import keys_of_entry
from ledger.errors import Refused, UsageError
from ledger.store.sqlite import SqliteStore
from ledger.writer.sequencer import Answer, Sequencer, Submission
from tests.language import ORIGIN, key
from tests.writer.on_disk import FIRST_RECORD, TOWN, OnDisk, a_gift, a_town, numbered_id, on_another_machine


def refused(town: OnDisk, statement: Submission) -> Refused:
    """Why a statement is not entered; nothing has changed."""
    before = town.entries()
    with pytest.raises(Refused) as error:
        town.sequencer.submit_one(statement)
    assert town.entries() == before
    return error.value


def test_a_statement_for_another_ledger_is_refused(town: OnDisk):
    stranger = town.made("hope", "donation 1.00 CNY -> school", ledger="ledger.example.org/other")
    error = refused(town, stranger)
    assert error.rule == "ledger"
    assert "'ledger.example.org/books'" in error.message


def test_what_one_ledger_took_another_of_the_same_name_refuses(town: OnDisk, tmp_path):
    """Same origin, same parties, same keys; only the operator's second minute was another one."""
    other = on_another_machine(lambda: OnDisk(tmp_path / "other"))
    other.time = "2026-09-07T10:00:01Z"
    other.play(TOWN)
    gift = a_gift(other)
    assert other.sequencer.submit_one(gift) == Answer(4, False)
    other.close()
    assert refused(town, gift).rule == "after"


def test_a_statement_of_a_branch_is_refused_on_the_other(town: OnDisk, tmp_path):
    twin = on_another_machine(lambda: a_town(tmp_path / "twin"))
    town.play("hope: donation 1.00 CNY -> school")
    twin.play("hope: donation 2.00 CNY -> school")
    before_the_fork, after_it = a_gift(twin, after=(3, twin.hash_at(3))), a_gift(twin)
    twin.close()
    error = refused(town, after_it)
    assert error.rule == "after"
    assert "another history" in error.message
    assert town.sequencer.submit_one(before_the_fork) == Answer(5, False)


@pytest.mark.parametrize("ahead", [0, 1, 1000, 2**40])
def test_a_statement_that_has_seen_the_future_is_refused(town: OnDisk, ahead: int):
    last, text = town.sequencer.head()
    assert refused(town, a_gift(town, after=(last + 1 + ahead, text))).rule == "after"


def test_a_statement_without_history_is_refused_but_at_the_start(town: OnDisk):
    assert refused(town, a_gift(town, after=None)).rule == "after"


def test_a_second_founding_is_refused(town: OnDisk):
    """The statement of entry 0 under a new id, with and without a place to stand on."""
    (record,) = [r.model_dump(exclude_none=True) for r in town.leaves[0].statement.records]
    for after in (None, town.sequencer.head()):
        assert refused(town, town.made("op", [record], after=after, id=numbered_id("again"))).rule in ("after", "reference")


def test_the_first_entry_may_name_no_history(tmp_path):
    """An origin's first statement that claims to stand on something finds nothing there."""
    with SqliteStore.create(tmp_path / "empty", keys_of=keys_of_entry) as store:
        time = "2026-09-07T10:00:00Z"
        sequencer = Sequencer(store, Books(), ORIGIN, key("the.log"), lambda *published: None, lambda: time)
        with pytest.raises(Refused) as error:
            sequencer.head()
        assert error.value.rule == "after"
        town = a_town(tmp_path / "town")
        (record,) = [r.model_dump(exclude_none=True) for r in town.leaves[0].statement.records]
        founding = town.made("op", [record], after=(0, town.hash_at(0)))
        gift = a_gift(town)
        town.close()
        assert [answer.rule for answer in sequencer.submit([founding, gift])] == ["after", "after"]
        assert store.tree_size == 0


def test_binding_to_any_earlier_entry_is_enough(town: OnDisk):
    town.sequencer.submit([a_gift(town) for _ in range(300)])
    for index in (3, 4, 131, 132, 255, 256, 302, 303):
        assert isinstance(town.sequencer.submit_one(a_gift(town, after=(index, town.hash_at(index)))), Answer)


def test_what_a_record_names_must_have_been_seen(town: OnDisk):
    """The fund is there, the signer's history ends before it: somebody else put that fund under the name."""
    before = town.sequencer.head()
    town.play("hope: fund later restricted")
    assert refused(town, town.made("hope", "donation 1.00 CNY -> later", after=before)).rule == "after"
    town.play("hope: donation 1.00 CNY -> later")


def test_the_directory_is_made_once(town: OnDisk):
    for directory in (town.directory, town.directory / "keys" / ".."):
        with pytest.raises(UsageError) as error:
            create(directory, origin=ORIGIN, first_record=FIRST_RECORD, operator="op", statement_id=numbered_id(0))
        assert error.value.rule == "directory"
    assert town.reopen().sequencer.tree_size == 4


def test_the_clock_may_go_backwards_and_time_in_the_log_does_not(town: OnDisk):
    town.time = "2026-09-07T12:00:00Z"
    town.sequencer.submit_one(a_gift(town))
    town.time = "2026-09-07T09:00:00Z"
    town.sequencer.submit_one(a_gift(town))
    town.time = "2026-09-07T13:00:00Z"
    town.sequencer.submit_one(a_gift(town))
    times = [leaf.entry.time for leaf in town.reopen().leaves[4:]]
    assert times == ["2026-09-07T12:00:00Z", "2026-09-07T12:00:00Z", "2026-09-07T13:00:00Z"]
