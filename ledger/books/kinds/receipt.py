"""The kind `receipt`: a party acknowledges a payment or a delivery, or takes a grant into a fund of its own."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import moves_on
from ..bank import Line, opens_line, takes_line
from ..days import answers, in_books_of
from ..disbursement import acknowledges, within_paid
from ..disputes import agrees_with_returns
from ..field import Amount, Committed, Day, DisbursementRef, Files, FundId, ReceiptLevel
from ..grant import as_meant, not_taken, own_fund, receivable, takes
from ..holders import Opening, answers_holder, opens_holder
from ..kind import Kind
from ..life import brought_by, named_at, taken
from ..moves import comes_in
from ..record import Rows, VoidBy
from ..returned import receives
from ..rule import about, when
from ..signing import Signing
from ..state import Books


class Receipt(Kind):
    """Confirms that `amount` of a payment or delivery was received, from its lowest unit not yet confirmed up. Each level is
    counted separately. With `into`, the payee takes that much of a grant into a fund of its own instead."""

    stage: ClassVar[str] = "receipt"
    signing: ClassVar[Signing] = Signing("acknowledger")
    void_by: ClassVar[VoidBy] = "row"
    demands: ClassVar[Rows] = (
        in_books_of("received_on", "of"),
        receivable("of", "into", "level"),
        within_paid("of", "amount", "level", "into"),
        agrees_with_returns("of", "amount", "level", "into"),
        when("into", own_fund("into"), as_meant("into", "of"), answers("received_on", "of"), not_taken("of", "amount")),
        when("holder", opens_holder("of", "holder")),
        when("line", opens_line("of", "line", "received_on", "amount"), answers("received_on", "of")),
    )
    moves: ClassVar[Rows] = (when("into", about("of", "disbursement", comes_in("into/of.unit", "amount"))),)
    remembers: ClassVar[Rows] = (
        acknowledges("of", "level", "received_on", "into"),
        when("into", takes("of", "into", "received_on"), receives("amount"), moves_on("received_on")),
        when("holder", answers_holder("of", "holder")), when("line", takes_line("of", "line", "received_on", "amount")),
    )  # fmt: skip

    kind: Literal["receipt"]
    of: DisbursementRef = Field(description="The payment or delivery that was received.")
    amount: Amount = Field(description="How much of it was received.")
    level: ReceiptLevel = Field(
        description="Who confirms it: the recipient, the bank, a third party, the holder, or the payer itself."
    )
    received_on: Day = Field(description="When it was received.")
    into: FundId | None = Field(None, description="The payee's own fund that takes it, if it is a grant.")
    document: Committed | None = Field(None, description="The number of the paper receipt, as a keyed hash.")
    holder: Opening | None = Field(None, description="What the payment's or delivery's `holder` was the digest of.")
    line: Line | None = Field(None, description="The line of a bank statement by which the money went out.")
    evidence: Files | None = Field(None, description="Files that support the record, each as size, salted digest and media type.")

    @model_validator(mode="after")
    def _documented_by_files(self) -> Self:
        """the level `documented` has a `document` and `evidence`"""
        if self.level == "documented" and not (self.document and self.evidence):
            raise ValueError("level documented needs document and evidence")
        return self

    @model_validator(mode="after")
    def _holder_of_the_level(self) -> Self:
        """the level is `holder-signed` where there is a `holder`, and only there"""
        if (self.level == "holder-signed") != (self.holder is not None):
            raise ValueError("level holder-signed needs holder, and no other level has it")
        return self

    @model_validator(mode="after")
    def _line_of_the_level(self) -> Self:
        """where there is a `line`, the level is `confirmed`"""
        if self.line is not None and self.level != "confirmed":
            raise ValueError("a line belongs to level confirmed only")
        return self

    @property
    def opened_keys(self) -> Sequence[str]:
        """The one-time key of the holder."""
        return (self.holder.key,) if self.holder else ()

    def documents(self) -> Sequence[str]:
        """The paper and the files that show that it was received."""
        papers = () if self.document is None else (self.document,)
        return (*papers, *(file.digest for file in self.evidence or ()))

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and their names."""
        return "of", (self.of,)

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        name, place = named_at(self.of, ref)
        row = books.disbursement.get(name)
        return brought_by(books, name, place, row.takings, taken) if row and self.into is not None else None
