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
    why = "empty" if not ref else "unknown" if re.fullmatch(REF, ref) or ref.isdigit() else "form"
    return Page("find.html", {"given": plain(given[:SHOWN]), "why": why}, 404 if ref else 200)


def tidied(text: str) -> str:
    """What somebody typed, as a reference: full-width digits and stops are taken for plain ones, spaces are left out."""
    narrow = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s", "", narrow).replace("。", ".").replace(",", ".").strip(".")[:SHOWN]


def _path(snapshot: Snapshot, ref: str) -> str:
    """Raises NotFound."""
    if re.fullmatch(r"0|[1-9][0-9]{0,15}", ref):
        snapshot.entry(int(ref))
        return f"/entry/{ref}"
    if not re.fullmatch(REF, ref):
        return ""
    return path_of(ref, snapshot.trail.target(*split_ref(ref)).record.kind)
