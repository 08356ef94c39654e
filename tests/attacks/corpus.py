"""The whole corpus: every attack of this folder, and those of the golden ledger that were taken over."""

from __future__ import annotations

from functools import cache

from . import (
    on_banks,
    on_bundle_gaps,
    on_bundle_lies,
    on_bundles,
    on_checkpoints,
    on_corrections,
    on_covers,
    on_days,
    on_declarations,
    on_fees,
    on_files,
    on_grants,
    on_history,
    on_inflow,
    on_json,
    on_keys,
    on_loosening,
    on_mandates,
    on_money,
    on_payees,
    on_promises,
    on_rates,
    on_receipts,
    on_references,
    on_registers,
    on_returned,
    on_second_words,
    on_signatures,
    on_successions,
    on_the_world,
    on_void,
)
from .adopted import ADOPTED
from .case import ATTACKS, Attack, Case

WRITTEN_IN = (
    on_files, on_checkpoints, on_history, on_json, on_signatures, on_keys, on_mandates, on_days, on_money, on_payees,
    on_registers, on_loosening, on_grants, on_declarations, on_fees, on_rates, on_promises, on_inflow, on_receipts,
    on_references, on_successions, on_void, on_returned, on_corrections, on_covers, on_second_words, on_the_world, on_bundles,
    on_bundle_gaps, on_bundle_lies, on_banks,
)  # fmt: skip


def sorted_by_room(attacks: list[Attack]) -> list[Attack]:
    """The attacks in the order of their files, whoever was imported first."""
    rooms = [module.__name__ for module in WRITTEN_IN]
    return sorted(attacks, key=lambda attack: rooms.index(attack.run.__module__))


OWN = sorted_by_room(ATTACKS)
ALL = [*OWN, *ADOPTED]
DEFECTS = [attack for attack in OWN if attack.defect]


@cache
def cases(attack: Attack) -> tuple[Case, ...]:
    """An attack before each of its auditors."""
    return tuple(attack.cases())
