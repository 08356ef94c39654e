"""Gifts that are alike are applied in one go; nobody can tell."""

from hypothesis import given
from hypothesis import strategies as st

from tests.language import a_ledger

GIFTS = st.lists(st.sampled_from([
    "donation 1.00 CNY -> school", "donation 0.07 CNY -> school", "donation 5.00 CNY -> school",
    "donation 2.00 CNY -> general", "donation 1.00 CNY -> school received_on=2026-09-01",
]), min_size=1, max_size=12)  # fmt: skip


@given(GIFTS)
def test_one_statement_of_many_gifts_leaves_what_many_statements_of_one_leave(gifts: list[str]):
    together, apart = a_ledger(), a_ledger()
    together.play("hope: " + "; ".join(gifts))
    for gift in gifts:
        apart.play(f"hope: {gift}")
    for table in ("tape", "given"):
        assert dict(getattr(together.books, table).items()) == dict(getattr(apart.books, table).items())
