"""The kind `party`: an organisation or a person that the operator admits."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...errors import Refused
from ..act import Act, Flow
from ..field import KeyText, Name, PartyId, Private, Slug
from ..record import Record, Signing
from ..state import Books
from ..state import Party as PartyRow
from .key import check_new_key, hold

Role = Literal[
    "operator", "platform", "charity", "implementer", "vendor", "beneficiary", "sponsor", "custodian", "inspector", "auditor",
    "regulator",
]  # fmt: skip


class Party(Record):
    """Admits a party. An organisation is named; a person has a random id and private digests only. With `key` it can sign."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("new key",))
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact")

    kind: Literal["party"]
    id: PartyId
    entity: Literal["organisation", "person"]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=11)]
    name: Name | None = None
    identifier: Name | None = None
    private: Private | None = None
    key: KeyText | None = None
    officer: Slug | None = None

    @model_validator(mode="after")
    def _named_or_private(self) -> Self:
        if (self.entity == "organisation") != (self.name is not None):
            raise ValueError("an organisation has a name, a person has none")
        if self.entity == "person" and self.identifier is not None:
            raise ValueError("a person has no identifier in the ledger; commit it in private")
        if (self.key is None) != (self.officer is None):
            raise ValueError("key and officer go together")
        return self

    def introduces(self, party: str) -> Sequence[tuple[str, str, str]]:
        return ((self.key, self.id, self.officer),) if self.key and self.officer else ()

    def check(self, books: Books, act: Act) -> None:
        if books.party.get(self.id) is not None:
            raise Refused(f"id {self.id!r}: this party is admitted already; its own officers change its keys", rule="reference")
        if "operator" in self.roles:
            raise Refused("roles: the operator is named at entry 0 and nowhere else", rule="reference")
        if self.key:
            check_new_key(books, self.key)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        books.party.put(self.id, PartyRow(self.name or self.id, self.roles, (), act.index))
        if self.key and self.officer:
            hold(books, self.id, self.officer, self.key, act.index)
