"""References as people paste them, read in one place for the command line, the search box and `/v1`.

A reference is `<entry>.<record>`. People copy it from a page's address, a downloaded table, a letter or a chat:

    46.0                                 as `record` prints it
    #46.0                                as downloads write it, so that programs do not read it as a number
    gift 46.0    Ref. No. 46.0    捐款 46.0
    https://ledger.example/g/46.0?lang=zh    the same without `https://`, /v1/donations/46.0/trace, /entry/46#r0
    " 46.0. "    “46.0”    ４６．０          blanks, quotes and stops around it; full-width digits

Anything else is refused: a guess could show someone another person's gift. References in records and bundles are not read here,
because signed references have only one form (`books.gift.split_ref`).
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, unquote

from .errors import NotFound, shown

MARK = "#"
LONGEST = 2048
REFERENCE = re.compile(r"(?:0|[1-9][0-9]{0,15})(?:\.(?:0|[1-9][0-9]{0,2}))?", re.ASCII)
RECORD_PLACE = re.compile(r"r(?P<record>0|[1-9][0-9]{0,2})", re.ASCII)
STOP = re.compile(r"\s*[.,。]\s*")
WORDS = re.compile(
    r"(?:gift|donation|payment|delivery|receipt|record|entry|reference|ref|number|nr|no)(?![a-z])"
    "|捐款|捐赠|善款|付款|交付|收据|回执|记录|条目|编号|参考号|第"
)
AROUND = " .,:;!?*_|·。、…\"'`´“”‘’„‚«»‹›「」『』《》〈〉【】<>()[]{}"
PLACES = frozenset(("g", "payment", "entry", "donations", "payments", "deliveries", "receipts", "feedback", "records", "entries"))
"""The path segment before a reference, in the address of a page or of `/v1`."""


def pasted_ref(text: str) -> str:
    """The reference in pasted text: `"1834.0"`, or `"1834"` if it names only an entry. Raises NotFound (`reference`) for anything
    else."""
    said = _tidied(text) if len(text) <= LONGEST else ""
    found = _of_address(said) if "/" in said else _of_words(said)
    if found is None:
        raise NotFound(
            f"{shown(text)}: is not a reference; give two numbers with a dot between them, such as 46.0, or the address of the "
            "record's page", rule="reference",
        )  # fmt: skip
    return found


def pasted_record(text: str) -> str:
    """The reference of a record in pasted text, such as `"1834.0"`. Raises NotFound (`reference`), also if it names only an
    entry."""
    ref = pasted_ref(text)
    if "." not in ref:
        raise NotFound(f"{shown(text)}: names only entry {ref}; add the record, such as {ref}.0", rule="reference")
    return ref


def marked_ref(ref: str) -> str:
    """A reference as downloads write it. Spreadsheets would read a plain `52.10` as a number, equal to `52.1`."""
    return f"{MARK}{ref}"


def _tidied(text: str) -> str:
    """The text with full-width digits and signs made plain, without invisible characters and surrounding punctuation."""
    plain = unicodedata.normalize("NFKC", text)
    seen = ("" if unicodedata.category(sign) == "Cf" else " " if unicodedata.category(sign) == "Cc" else sign for sign in plain)
    return "".join(seen).strip().strip(AROUND)


def _of_address(text: str) -> str | None:
    """The one reference in the path or the query of an address (`/find?ref=46.0`)."""
    rest, _, place = text.partition(MARK)
    path, _, query = rest.partition("?")
    parts = [unquote(part).strip(AROUND + MARK) for part in path.split("/") if part]
    named = {name for before, name in zip(parts, parts[1:], strict=False) if before.lower() in PLACES and REFERENCE.fullmatch(name)}
    if len(named) == 1:
        (name,) = named
        record = RECORD_PLACE.fullmatch(place) if "." not in name else None
        return f"{name}.{record['record']}" if record else name
    asked = parse_qs(query).get("ref", [""])[0]
    return _of_words(_tidied(asked)) if not named and parts[-1:] == ["find"] else None


def _of_words(text: str) -> str | None:
    """The reference after any words and marks before it."""
    rest = text.lower().removesuffix("号").rstrip()
    while rest and not rest[0].isdigit():
        word = WORDS.match(rest)
        if not word and rest[0] != MARK:
            return None
        rest = rest[word.end() if word else 1 :].lstrip(AROUND)
    found = REFERENCE.fullmatch(STOP.sub(".", rest))
    return found[0] if found else None
