"""What of a 360Giving file can stand in a ledger."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import FormatError, RowError
from ledger.imports.fault import Faults
from ledger.imports.grant import Expected, Grant, read_grants

EXPECTED = Expected("", {"GBP": 2, "JPY": 0}, "2026-03-02")


def grant(**changes: Any) -> dict[str, Any]:
    value = {
        "id": "360G-T-1", "title": "For Jane Doe", "awardDate": "2020-04-21", "amountAwarded": 500, "currency": "GBP",
        "recipientOrganization": [{"id": "GB-CHC-1", "name": "One"}], "fundingOrganization": [{"id": "GB-CHC-9", "name": "Trust"}],
        **changes,
    }  # fmt: skip
    return {name: member for name, member in value.items() if member is not None}


def read(*grants: Any, expected: Expected = EXPECTED, faults: Faults | None = None) -> list[Grant]:
    return read_grants(json.dumps({"grants": grants}).encode(), expected, faults or Faults(False))[1]


def raw(amount: str) -> bytes:
    return json.dumps({"grants": [grant(amountAwarded="AMOUNT")]}).replace('"AMOUNT"', amount).encode()


def test_grant_is_read():
    assert read(grant()) == [Grant(1, "360G-T-1", "GB-CHC-9", "2020-04-21", 50_000, "GBP", "GB-CHC-1", "One", False, False)]


@pytest.mark.parametrize(
    ("amount", "minor", "rounded"),
    [
        ("1", 100, False), ("40020.97", 4_002_097, False), ("41133.770000000004", 4_113_377, True), ("0.01", 1, False),
        ("44337.130000000005", 4_433_713, True), ("80394.50", 8_039_450, False), ("1e3", 100_000, False),
        ("0.30000000000000004", 30, True),
    ],
)  # fmt: skip
def test_amount_is_exact_or_off_by_the_last_places_of_a_double(amount: str, minor: int, rounded: bool):
    _, (one,) = read_grants(raw(amount), EXPECTED, Faults(False))
    assert (one.amount_minor, one.rounded) == (minor, rounded)
    assert rounded == (Decimal(amount) * 100 != minor)


@pytest.mark.parametrize(
    "amount",
    [
        "0", "-5", "0.001", "41133.775", "1e99", "1e999999999999999999", "90071992547410", "true", '"5"', "null", "[5]", "1e-9",
        "0.0100000099", "0.0099999901", "12.5000000000000000000000000000000000001",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(amount: str):
    with pytest.raises((RowError, FormatError)) as caught:
        read_grants(raw(amount), EXPECTED, Faults(False))
    assert "360G-T-1" in caught.value.message or amount.endswith("9" * 18)


def test_amount_in_a_unit_without_decimals():
    with pytest.raises(RowError, match="JPY has 0 decimals"):
        read(grant(currency="JPY", amountAwarded=10.5))


@pytest.mark.parametrize("text", ["2020-04-21", "2020-04-21T00:00:00+00:00", "2020-04-21T23:30:00Z", "2020-04-21T00:00:00+14:00"])
def test_award_date_is_the_day_as_written(text: str):
    assert read(grant(awardDate=text))[0].paid_on == "2020-04-21"


ORG = {"id": "GB-CHC-1", "name": "One"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"awardDate": "21/04/2020"}, "awardDate '21/04/2020'"), ({"awardDate": "2026-03-03"}, "after today"),
        ({"awardDate": None}, "awardDate None"), ({"id": 7}, "id 7"),
        ({"currency": "USD"}, "currency 'USD': there is no such unit"), ({"currency": None}, "currency"),
        ({"recipientOrganization": None}, "recipientOrganization: holds 0"),
        ({"recipientOrganization": [ORG, ORG]}, "holds 2"),
        ({"recipientOrganization": ORG}, "holds 0"),
        ({"recipientOrganization": [{"id": "GB-CHC-1"}]}, "recipientOrganization.name"),
        ({"recipientOrganization": [{"id": " ", "name": "One"}]}, "recipientOrganization.id"),
        ({"recipientOrganization": [{"id": "x", "name": "a\nb"}]}, "recipientOrganization.name"),
        ({"recipientOrganization": [{"id": "x\u200b", "name": "a"}]}, "recipientOrganization.id"),
        ({"recipientOrganization": [{"id": "x", "name": "a" * 201}]}, "1 to 200 characters"),
        ({"fundingOrganization": []}, "fundingOrganization: holds 0"),
    ],
)  # fmt: skip
def test_missing_or_odd_member_is_named_with_number_and_id(changes: dict[str, Any], words: str):
    odd = grant(**{"id": "360G-T-2", **changes})
    with pytest.raises(RowError) as caught:
        read(grant(), odd)
    assert caught.value.where == "2"
    assert "grant 2, id " + repr(odd["id"]) in caught.value.message
    assert words in caught.value.message


@pytest.mark.parametrize("member", ["recipientIndividual", "toIndividualsDetails"])
def test_grant_to_an_individual_is_refused_without_naming_anybody(member: str):
    person = grant(id="360G-T-2", recipientOrganization=None, **{member: [{"id": "360G-T-IND-7", "name": "Jane Doe"}]})
    with pytest.raises(RowError, match="individual") as caught:
        read(grant(), person)
    assert "Jane" not in caught.value.message
    faults = Faults(True)
    assert [one.id for one in read(grant(), person, faults=faults)] == ["360G-T-1"]
    assert (faults.count, faults.kept()[0].rule) == (1, "individual")


def test_a_name_is_counted_as_the_ledger_will_hold_it():
    """NFC makes two characters of U+0958, and one of e with its accent."""
    assert read(grant(recipientOrganization=[{"id": "x", "name": "e\u0301" * 200}]))[0].payee_name == "\u00e9" * 200
    with pytest.raises(RowError, match="1 to 200 characters"):
        read(grant(recipientOrganization=[{"id": "x", "name": "\u0958" * 101}]))


@pytest.mark.parametrize("day", ["0999-12-31", "0001-01-01T00:00:00Z"])
def test_a_day_that_no_record_may_hold_is_refused(day: str):
    with pytest.raises(RowError, match="of the years 1000 to 2999"):
        read(grant(awardDate=day))


def test_id_twice_is_refused():
    with pytest.raises(RowError, match="grant 2, id '360G-T-1': id: is already in grant 1"):
        read(grant(), grant(amountAwarded=7))


def test_grants_of_another_funder_are_refused():
    other = grant(id="360G-T-2", fundingOrganization=[{"id": "GB-CHC-8"}])
    for expected in (EXPECTED, EXPECTED._replace(funder="GB-CHC-9")):
        with pytest.raises(RowError, match="grant 2.*'GB-CHC-8'.*'GB-CHC-9'"):
            read(grant(), other, expected=expected)
    with pytest.raises(RowError, match="grant 1"):
        read(grant(), expected=EXPECTED._replace(funder="GB-CHC-8"))


@pytest.mark.parametrize("file", [b"", b"\xff", b"[]", b'{"grants":{}}', b'{"grants":[{"amountAwarded":NaN}]}', b"[" * 100_000])
def test_what_is_no_360giving_file_is_refused(file: bytes):
    with pytest.raises(FormatError, match="360Giving"):
        read_grants(file, EXPECTED, Faults(True))


@pytest.mark.parametrize("value", [1, None, "x", []])
def test_what_is_no_grant_is_refused(value: Any):
    with pytest.raises(RowError, match="grant 1, id None: is not an object"):
        read(value)


@pytest.mark.parametrize(("name", "count", "rounded"), [("abct-grants.json", 783, 0), ("alwf-grants.json", 475, 2)])
def test_real_files_are_read_whole(name: str, count: int, rounded: int, real):
    path: Path = real(name)
    faults = Faults(True)
    rows, grants = read_grants(path.read_bytes(), EXPECTED, faults)
    assert (rows, len(grants), faults.count) == (count, count, 0)
    # One grant of the first file gives the funder's own org-id as its recipient's.
    assert [one.id for one in grants if one.to_itself] == {"abct-grants.json": ["360G-ABCT-006b000000FrcPTAAZ"]}.get(name, [])
    assert sum(one.rounded for one in grants) == rounded
    listed = json.loads(path.read_bytes(), parse_float=Decimal)["grants"]
    total = sum((Decimal(one["amountAwarded"]) for one in listed), Decimal(0))
    assert total.quantize(Decimal("0.01")) == Decimal(sum(one.amount_minor for one in grants)).scaleb(-2)
