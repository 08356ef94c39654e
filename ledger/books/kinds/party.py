"""The kind `party`: an organisation or a person that the operator admits."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..field import KeyText, Name, NewPartyId, Private, Slug
from ..keys import admits, gives_key, is_new_key, is_new_party, not_operator
from ..kind import Kind
from ..record import Rows
from ..rule import when
from ..signing import Signing

Role = Literal[
    "operator", "platform", "charity", "implementer", "vendor", "beneficiary", "sponsor", "custodian", "inspector", "auditor",
    "regulator",
]  # fmt: skip


class Party(Kind):
    """Admits a party. An organisation has a name; a person has only a random id and private digests. A party with a `key` can
    sign."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("new key",))
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact")
    together: ClassVar[tuple[tuple[str, ...], ...]] = (("key", "officer"),)

    demands: ClassVar[Rows] = (is_new_party("id"), not_operator("roles"), when("key", is_new_key("key")))
    remembers: ClassVar[Rows] = (admits("id", "name", "roles"), when("key", gives_key("key", "officer", "id")))

    kind: Literal["party"]
    id: NewPartyId = Field(description="A short id for the party; a random one for a person.")
    entity: Literal["organisation", "person"] = Field(description="Whether the party is an organisation or a person.")
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=11)] = Field(
        description="What the party does in this ledger."
    )
    name: Name | None = Field(None, description="The organisation's name; left out for a person.")
    identifier: Name | None = Field(None, description="The organisation's id in a public register, such as GB-CHC-1234567.")
    private: Private | None = Field(None, description="Digests of private data about a person.")
    key: KeyText | None = Field(None, description="A public key, so that the party can sign.")
    officer: Slug | None = Field(None, description="The officer who holds the key.")

    @model_validator(mode="after")
    def _named_or_private(self) -> Self:
        """an organisation has a `name`, a person neither `name` nor `identifier`; `key` and `officer` are there together or
        not at all"""
        if (self.entity == "organisation") != (self.name is not None):
            raise ValueError("an organisation must have a name, and a person must not")
        if self.entity == "person" and self.identifier is not None:
            raise ValueError("a person must not have an identifier in the ledger; commit it in private")
        if (self.key is None) != (self.officer is None):
            raise ValueError("give key and officer together, or neither")
        return self
