"""The last contact of a party that is not void."""

from __future__ import annotations

import pytest

import ledger.view.contact
from ledger.view.contact import contact_of
from ledger.view.view import View
from tests.writer.on_disk import OnDisk

ONE, TWO, THREE = (f'hope: contact "010 5550 000{n}" as c{n}\n' for n in range(3))


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("", None), (ONE, "0"), (ONE + TWO, "1"), (f"{ONE}{TWO}hope: reversal ^c1", "0"), (f"{ONE}{TWO}hope: reversal ^c0", "1"),
        (f"{ONE}hope: reversal ^c0", None), (f"{ONE}{TWO}{THREE}hope: reversal ^c2\nhope: reversal ^c1", "0"),
        (f"{ONE}{TWO}hope: contact complaints=Board", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("at_once", [1, 5])
def test_the_last_one_that_is_not_void_counts(
    town: OnDisk, monkeypatch: pytest.MonkeyPatch, said: str, last: str | None, at_once: int
):
    monkeypatch.setattr(ledger.view.contact, "AT_ONCE", at_once)
    town.play(said)
    with View.open(town.directory) as view:
        found = contact_of(view.at(), "hope")
        assert contact_of(view.at(), "shop") is contact_of(view.at(), "nobody") is None
    telephone = found and found.record.telephone
    assert telephone == (last and f"010 5550 000{last}")


def test_an_earlier_size_has_the_contact_of_its_time(town: OnDisk):
    town.play(ONE)
    size = len(town.leaves)
    town.play(TWO)
    with View.open(town.directory) as view:
        assert [contact_of(view.at(n), "hope").record.telephone[-1] for n in (size, size + 1)] == ["0", "1"]


def test_a_person_has_no_contact(town: OnDisk):
    town.play("""
        op by chief, p-1.one: party p-1 beneficiary one entity=person
        p-1 by one: contact complaints=Me
          ! reference: party 'p-1': is a person, and the ledger publishes no person's address
    """)
