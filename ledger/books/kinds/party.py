"""The kind `party`: an organisation or a person that the operator admits."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ..days import not_after_today
from ..field import Day, KeyText, KindNames, Name, NewPartyId, Part, Place, Private, Slug
from ..keys import admits, gives_key, is_new_key, is_new_party, limits, not_operator
from ..kind import Kind
from ..record import Rows
from ..register import is_new_identifier, is_registered
from ..requirements import is_under
from ..rule import each, when
from ..signing import Signing

Role = Literal[
    "operator", "platform", "charity", "implementer", "vendor", "beneficiary", "sponsor", "custodian", "inspector", "auditor",
    "regulator",
]  # fmt: skip


class OfficerKey(Part):
    """An officer of the party, and the key that the officer holds."""

    key: KeyText = Field(description="A public key, so that the officer can sign for the party.")
    officer: Slug = Field(description="The officer who holds the key.")
    kinds: KindNames | None = Field(None, description="The only kinds of records that the key signs; if left out, all.")


def _each_key_once(keys: tuple[OfficerKey, ...]) -> tuple[OfficerKey, ...]:
    """no key twice"""
    if len({one.key for one in keys}) < len(keys):
        raise ValueError("must name each key once")
    return keys


class Party(Kind):
    """Admits a party. An organisation has a name; a person has only a random id and private digests. A party with `keys` can
    sign; each of them signs this too, and is in force at once."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("new key",))
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact")

    demands: ClassVar[Rows] = (
        is_new_party("id"), not_operator("roles"), when("books_from", not_after_today("books_from")),
        when("identifier", is_new_identifier("identifier")), each("keys", is_new_key("keys.key")),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (
        admits("id", "name", "roles", "books_from"),
        each("keys", gives_key("keys.key", "keys.officer", "id"), limits("keys.key", "keys.kinds")),
        when("jurisdiction", is_under("id", "jurisdiction")),
        when("identifier", is_registered("id", "identifier")),
    )  # fmt: skip

    kind: Literal["party"]
    id: NewPartyId = Field(description="A short id for the party; a random one for a person.")
    entity: Literal["organisation", "person"] = Field(description="Whether the party is an organisation or a person.")
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=11)] = Field(
        description="What the party does in this ledger."
    )
    name: Name | None = Field(None, description="The organisation's name; left out for a person.")
    identifier: Name | None = Field(
        None, description="The organisation's id in a public register, such as GB-CHC-1234567; no other party has it."
    )
    jurisdiction: Place | None = Field(None, description="The place whose law it is under: an ISO 3166 code such as CN or CN-51.")
    books_from: Day | None = Field(None, description="The day on which its books begin; otherwise the day of the entry.")
    private: Private | None = Field(None, description="Digests of private data about a person.")
    keys: Annotated[tuple[OfficerKey, ...], Field(min_length=1, max_length=6), AfterValidator(_each_key_once)] | None = Field(
        None, description="The keys of its officers, so that the party can sign."
    )

    @model_validator(mode="after")
    def _named_or_private(self) -> Self:
        """an organisation has a `name`, a person neither `name` nor `identifier`"""
        if (self.entity == "organisation") != (self.name is not None):
            raise ValueError("an organisation must have a name, and a person must not")
        if self.entity == "person" and self.identifier is not None:
            raise ValueError("a person must not have an identifier in the ledger; commit it in private")
        return self
