"""Gifts, and the bundles that prove where they are."""

from __future__ import annotations

from starlette.responses import Response

from ledger.books.kinds.donation import Donation as DonationRecord
from ledger.bundle.trace_bundle import MEMBERS, VERSION
from ledger.errors import SizeError
from ledger.view.listing import Listed
from ledger.view.snapshot import Snapshot

from .list_request import One
from .money import Money, Units, money_of, units_of
from .param import Ref
from .record import Said, said, serve_kind
from .route_docs import gives, resource
from .text_types import DaySaid

KIND = "donation"
BUNDLE_MEDIA = "application/json"
BUNDLE_BYTES = 16 * 2**20
BUNDLE_FORM = {
    "type": "object", "additionalProperties": False, "required": sorted(MEMBERS),
    "properties": {
        "checkpoint": {"type": "string"}, "entries": {"type": "array", "items": {"type": "object"}}, "gift": {"type": "string"},
        "openings": {"type": "array", "items": {"type": "object"}},
        "ranges": {"type": "array", "items": {"type": "object"}}, "v": {"const": VERSION},
    },
}  # fmt: skip

router = resource("donations")


class Donation(Said):
    """A gift. `amount` includes the fee, which `fee_to` keeps; 0 if there was none. `private` are digests; `channel_ref`
    and `holder` are commitments. `replaces` is a void record."""

    fund: str
    amount: Money
    received_on: DaySaid
    channel: str
    channel_ref: str | None
    fee: Money
    fee_to: str | None
    holder: str | None
    private: list[str]
    units: list[Units]
    replaces: str | None


def donation_of(snapshot: Snapshot, listed: Listed) -> Donation:
    """A gift as it was recorded."""
    gift: DonationRecord = listed.record
    return Donation(
        **said(snapshot, listed), fund=gift.fund, amount=money_of(snapshot.books, gift.amount, gift.unit),
        received_on=gift.received_on, channel=gift.channel, channel_ref=gift.channel_ref,
        fee=money_of(snapshot.books, gift.fee or 0, gift.unit), fee_to=gift.fee_to,
        holder=gift.holder, private=list(gift.private or ()), units=units_of(listed.rows),
        replaces=gift.replaces,
    )  # fmt: skip


serve_kind(router, "/donations", KIND, Donation, donation_of, many="Gifts.", single="One gift as it was recorded.")


@router.get("/donations/{ref}/bundle", **gives(BUNDLE_MEDIA, "A trace bundle (formats §6).", BUNDLE_FORM))
async def bundle(asked: One, ref: Ref) -> Response:
    """The trace bundle of a gift. Anyone with the bundle and the trust policy can verify the gift offline. At an older tree size,
    it is available only if the signed checkpoint of that size was kept."""
    return await asked.octets(lambda snapshot: _bundle(snapshot, ref), BUNDLE_MEDIA)


def _bundle(snapshot: Snapshot, ref: str) -> bytes:
    raw = snapshot.bundle(ref)
    if len(raw) > BUNDLE_BYTES:
        raise SizeError(f"bundle of {ref}: {len(raw)} bytes; this server gives up to {BUNDLE_BYTES}", rule="size-limit", where=ref)
    return raw
