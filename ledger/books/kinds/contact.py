"""The kind `contact`: how the public reaches a party."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..contact import Email, Telephone, Web, is_organisation
from ..field import Text
from ..kind import Kind
from ..record import Rows, VoidBy
from ..signing import Signing


class Contact(Kind):
    """Says how the public reaches the party that makes it: the address of an office, never of a person. The last one that is not
    void counts, and replaces all of the one before."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("any party", must=("own rule",))
    void_by: ClassVar[VoidBy] = "alone"
    demands: ClassVar[Rows] = (is_organisation(),)

    kind: Literal["contact"]
    telephone: Telephone | None = Field(None, description="The telephone number of the office, such as +86 10 5550 0101.")
    email: Email | None = Field(None, description="The e-mail address of the office, not of a person, as in office@hope.example.")
    web: Web | None = Field(None, description="The web address, such as https://hope.example.")
    complaints: Text | None = Field(None, description="Where to complain, in words or as an address, without naming a person.")

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        """it has at least one of `telephone`, `email`, `web` and `complaints`"""
        if (self.telephone, self.email, self.web, self.complaints) == (None,) * 4:
            raise ValueError("give telephone, email, web or complaints")
        return self
