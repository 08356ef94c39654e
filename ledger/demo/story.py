"""The demonstration's table of contents, and its result."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..directory.creation import create
from ..errors import UsageError
from . import banks, cast, contacts, donors, elders, festival, law, masks, meals, office, passing_on, programme, schools, wells
from .clock import StoryClock
from .festival import NAMED_GIFTS
from .stage import Progress, Stage

CHAPTERS = (
    # August: the ledger is founded.
    cast.admit_parties, programme.declare_units, law.say_requirements, programme.say_mandates, contacts.say_contacts,
    programme.open_funds, programme.open_programmes, programme.open_balances,
    banks.sign_balances,
    # September: gifts come in, are passed on, and are spent.
    office.fill_petty_cash, office.say_relation, festival.hold_festival, law.say_rate, schools.exchange_dollars,
    passing_on.pass_on, passing_on.share_out, donors.consent,
    schools.assign_to_kits, wells.assign_to_drilling, masks.assign_to_masks, meals.serve_first_meals,
    schools.buy_kits, wells.drill, masks.buy_masks, meals.refund_a_gift,
    schools.take_kits_in, masks.take_masks_in, elders.borrow, elders.promise_much, wells.sign_for_drilling,
    office.pay_salaries, office.pay_in_cash, banks.confirm_salaries,
    # October: goods are delivered, some things go wrong, reports arrive.
    office.put_mistakes_right, elders.sign_for_repairs, wells.tell_of_progress, office.pay_a_relative,
    schools.deliver_kits, masks.deliver_masks, schools.reverse_transport, passing_on.give_back,
    meals.pay_allowances, office.pay_twice, elders.repay, donors.withdraw_and_erase, wells.take_money_back, cast.change_the_guard,
    festival.receive_late_gifts, wells.go_on_with_the_next_gift,
    schools.report_on_schools, wells.report_on_wells, meals.report_on_first_meals, masks.report_on_masks,
    cast.let_the_director_go, cast.give_and_withdraw_a_key,
    # November: the kitchen continues, the books are closed.
    meals.cook_through_the_autumn, meals.report_on_meals, masks.count_masks, masks.write_off_masks, contacts.move_house,
    meals.publish_september,
    elders.acknowledge_the_finding,
)  # fmt: skip


class DemoResult(NamedTuple):
    """The ledger that was made. `named` are references of gifts and payments worth looking at; `records` counts records by kind."""

    directory: Path
    origin: str
    gifts: int
    tree_size: int
    root: str
    records: dict[str, int]
    named: dict[str, str]


def make_demo(directory: Path, gifts: int, progress: Progress = lambda done, all: None) -> DemoResult:
    """Make a ledger of `gifts` gifts, 10 or more, in a new directory. The same number gives the same root everywhere.

    Raises UsageError for fewer gifts, or a directory that holds a ledger; StorageError.
    """
    if gifts < NAMED_GIFTS:
        raise UsageError(f"gifts {gifts}: the story needs {NAMED_GIFTS} or more", rule="demo-gifts")
    stage = Stage(directory, f"demo.example/2026/{gifts}", StoryClock("2026-08-24", "09:00"), gifts, progress)
    operator_key = stage.new_key(cast.OPERATOR, "registrar")
    sequencer = create(
        directory, origin=stage.origin, first_record=cast.first_record(), operator=cast.OPERATOR, statement_id=stage.new_id(),
        keys=(stage.new_key("log", "log"), operator_key), clock=stage.clock,
    )  # fmt: skip
    try:
        stage.open(sequencer, cast.OPERATOR, "registrar", operator_key)
        for chapter in CHAPTERS:
            chapter(stage)
        root = sequencer.checkpoint().root.hex()
        return DemoResult(directory, stage.origin, gifts, sequencer.tree_size, root, stage.records, stage.named)
    finally:
        sequencer.store.close()
