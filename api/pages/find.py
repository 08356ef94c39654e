"""Where a reference leads."""

from __future__ import annotations

import re
import unicodedata

from ledger.books.gift import split_ref
from ledger.errors import NotFound
from ledger.view import Snapshot

from ..v1.param import REF
from .asking import Asked, Page
from .steps import path_of
from .voice import plain

SHOWN = 60


def find(snapshot: Snapshot, asked: Asked) -> Page:
    """The page of a reference, or a page that says that there is none."""
    given = asked.query.get("ref", "")
    ref = tidied(given)
    try:
        to = _path(snapshot, ref)
    except NotFound:
        to = ""
    if to:
        return Page("", {}, to=to)
    example = first_gift(snapshot)
    why = "empty" if not ref else "unknown" if re.fullmatch(REF, ref) or ref.isdigit() else "form"
    return Page("find.html", {"given": plain(given[:SHOWN]), "why": why, "example": example}, 404 if ref else 200)


def tidied(text: str) -> str:
    """What somebody typed, as a reference: full-width digits and stops are taken for plain ones, spaces are left out."""
    narrow = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", "", narrow).replace("。", ".").replace(",", ".").strip(".")[:SHOWN]


def first_gift(snapshot: Snapshot) -> str:
    """The reference of the ledger's first gift, for people who have never seen one; "" where there is none."""
    gifts = snapshot.records(kind="donation", limit=1).items
    return gifts[0].ref if gifts else ""


def _path(snapshot: Snapshot, ref: str) -> str:
    """The page of a reference; of an entry's number alone that of its gift, where it holds a single one. Raises NotFound."""
    if re.fullmatch(r"0|[1-9][0-9]{0,15}", ref):
        gifts = [number for number, record in enumerate(snapshot.leaf(int(ref)).statement.records) if record.is_gift]
        return f"/g/{ref}.{gifts[0]}" if len(gifts) == 1 else f"/entry/{ref}"
    if not re.fullmatch(REF, ref):
        return ""
    return path_of(ref, snapshot.trail.target(*split_ref(ref)).record.kind)
