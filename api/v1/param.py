"""Names and places in addresses."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from ledger.books.field import Slug
from ledger.books.table import Table
from ledger.bounds import MAX_INTEGER
from ledger.canonical import SLUG
from ledger.errors import NotFound, shown
from ledger.pasted import pasted_record

from .text_types import REF

PASTED = REF.replace("^", "^#?")
"""A reference as answers or downloads write it. It accepts more forms than the document promises: see `ledger/pasted.py`."""


def _record(text: str) -> str:
    try:
        return pasted_record(text)
    except NotFound as refused:
        raise ValueError(refused.message.removeprefix(f"{shown(text)}: ")) from None


def _id(text: str) -> str:
    """An id as downloads write it: after an apostrophe if it looks like a number."""
    return text.removeprefix("'")


Id = Annotated[str, Path(pattern=f"^{SLUG}$", description="The id, a slug."), BeforeValidator(_id)]
RefAsked = Annotated[str, BeforeValidator(_record), WithJsonSchema({"type": "string", "pattern": PASTED})]
Ref = Annotated[RefAsked, Path(description="A record: `<entry>.<number>`.", examples=["1834.0"])]
Index = Annotated[int, Path(ge=0, le=MAX_INTEGER, description="The entry's position in the log.")]
SlugAsked = Annotated[Slug, BeforeValidator(_id)]
FundAsked = Annotated[SlugAsked | None, Query(description="Only items of this fund.")]
ProjectAsked = Annotated[SlugAsked | None, Query(description="Only items of this project.")]
CharityAsked = Annotated[SlugAsked | None, Query(description="Only items of funds that this party owns.")]
PartyAsked = Annotated[SlugAsked | None, Query(description="Only records that this party made or is named in.")]
AboutAsked = Annotated[RefAsked | None, Query(description="Only items that name this record, `<entry>.<number>`.")]
KindAsked = Annotated[Slug | None, Query(description="Only records of this kind.")]
Order = Annotated[Literal["oldest", "newest"], Query(description="Which items come first.")]


Row = TypeVar("Row", bound=tuple[Any, ...])


def known(table: Table[Row], id: str, what: str, place: str) -> Row:
    """The row for an id in a table of the books. Raises NotFound, which names the list at `place`."""
    row = table.get(id)
    if row is None:
        raise NotFound(f"{shown(id)}: there is no such {what}; /v1/{place} lists them", rule="reference", where=id)
    return row


class Wanted(NamedTuple):
    """The records of a kind that are requested, those that meet all conditions, by name; and their order."""

    conditions: dict[str, str]
    newest_first: bool


async def _wanted(
    fund: FundAsked = None, project: ProjectAsked = None, party: PartyAsked = None, about: AboutAsked = None,
    order: Order = "oldest",
) -> Wanted:  # fmt: skip
    return Wanted({"fund": fund or "", "project": project or "", "party": party or "", "about": about or ""}, order == "newest")


async def _scope(fund: FundAsked = None, project: ProjectAsked = None, charity: CharityAsked = None) -> dict[str, str]:
    return {"fund": fund or "", "project": project or "", "charity": charity or ""}


Sought = Annotated[Wanted, Depends(_wanted)]
Within = Annotated[dict[str, str], Depends(_scope)]
"""The scope of figures: a fund, the funds of a project or of a charity, or the whole ledger if all are ""."""
