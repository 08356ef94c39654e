"""Targets of the imports: a mapping, a CSV file under a mapping, a 360Giving file. What they accept, the ledger has to take."""

from __future__ import annotations

import io
from typing import Any

from ledger.entries.statement import read_statement, write_statement
from ledger.imports.fault import Faults
from ledger.imports.grant import Expected, Grant, read_grants
from ledger.imports.mapping import Mapping, parse_mapping
from ledger.imports.organisation import party_slug
from ledger.imports.row import Gift, GiftRows, Terms
from tests.fuzz.on_the_log import promised

TODAY = "2026-03-02"
TERMS = Terms(exponent=2, offset_minutes=420, today=TODAY)
EXPECTED = Expected("", {"GBP": 2, "JPY": 0}, TODAY)
REFERENCE = "hmac-sha256:2026:" + "A" * 43


def mapping(raw: bytes) -> None:
    said = parse_mapping(raw, "fuzz")
    assert said.gifts.fund and said.name == "fuzz"


def gifts(raw: bytes) -> None:
    """A mapping, a NUL, a file. Read so that broken rows are counted, then so that the first one stops the reading."""
    head, _, file = raw.partition(b"\0")
    said = parse_mapping(head)
    faults = Faults(True)
    rows = GiftRows(io.BytesIO(file), said, TERMS, faults)
    found = list(rows)
    assert rows.rows == len(found) + rows.skipped + faults.count
    for gift in found:
        _enterable([_donation(said, gift)])
        gift[4].encode()
    if faults.count:
        list(GiftRows(io.BytesIO(file), said, TERMS, Faults(False)))
        raise AssertionError("a broken row stopped nothing")


def _donation(said: Mapping, gift: Gift) -> dict[str, Any]:
    _, day, amount, fee, _ = gift
    record = {
        "amount": amount, "channel": said.gifts.channel, "channel_ref": REFERENCE, "fund": said.gifts.fund, "kind": "donation",
        "received_on": day, "unit": said.gifts.unit,
    }  # fmt: skip
    return {**record, "fee": fee, "fee_to": said.gifts.fee_to} if fee else record


def grants(raw: bytes) -> None:
    """Grants, read so that broken ones are counted, then so that the first one stops the reading."""
    faults = Faults(True)
    count, found = read_grants(raw, EXPECTED, faults)
    assert count == len(found) + faults.count
    for grant in found:
        _enterable(_payment_and_payee(grant))
    if faults.count:
        read_grants(raw, EXPECTED, Faults(False))
        raise AssertionError("a broken grant stopped nothing")


def _payment_and_payee(grant: Grant) -> list[dict[str, Any]]:
    slug = party_slug(grant.payee)
    return [
        {
            "entity": "organisation", "id": slug, "identifier": grant.payee, "kind": "party", "name": grant.payee_name,
            "roles": ["implementer"],
        },
        {
            "amount": grant.amount_minor, "channel": "360giving", "channel_ref": REFERENCE, "cost_class": "programme",
            "fund": "fund", "kind": "payment", "paid_on": grant.paid_on, "payee": slug, "unit": grant.unit,
            "units": [[0, grant.amount_minor]],
        },
    ]  # fmt: skip


def _enterable(records: list[dict[str, Any]]) -> None:
    """What passed the check of a file is not refused after some of the file was entered."""
    with promised("a row that passed the check of its file"):
        raw = write_statement(
            ledger="ledger.example.org/fuzz", party="hope", id="0" * 8 + "-0000-0000-0000-" + "0" * 12,
            signed_at=f"{TODAY}T00:00:00Z", records=records, after=(0, "0" * 64),
        )  # fmt: skip
        read_statement(raw)
