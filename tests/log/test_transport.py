"""What mail and editors do to a file is told as that, and what is wrong otherwise is not."""

from __future__ import annotations

import pytest

from ledger.errors import FormatError, Unverifiable
from ledger.log.transport import ADDED, ENDED, MARKED, RECODED, undamaged

LINES, JSON = "a\nb\n", '{"a":1}'
SOUND = (LINES.encode(), JSON.encode())
MARK = "\ufeff"


def read(raw: bytes) -> str:
    """A reader as strict as ours: each text has one form."""
    if raw not in SOUND:
        raise FormatError("no form of it", rule="note")
    return raw.decode()


@pytest.mark.parametrize("raw", SOUND)
def test_what_is_whole_is_read(raw: bytes):
    assert undamaged(raw, "note", read) == raw.decode()


@pytest.mark.parametrize(
    ("raw", "damage"),
    [
        (b"a\r\nb\r\n", [ENDED]), (b"a\rb\r", [ENDED]), (b"a\nb\r\n", [ENDED]), (b"a\r\r\nb\r\r\n", [ENDED]),
        (b"a\nb\n\n", [ADDED]), (b"a\nb\n\n\n", [ADDED]), (b'{"a":1}\n', [ADDED]), (b'{"a":1}\r\n', [ADDED]),
        (b"a\nb\n\r\n", [ADDED]), (b"a\r\nb\r\n\r\n", [ENDED, ADDED]), (b"a\r\nb", [ENDED]),
        ((MARK + LINES).encode(), [MARKED]), ((MARK + JSON).encode(), [MARKED]), ((MARK + "a\r\nb\r\n").encode(), [MARKED, ENDED]),
        ((MARK + LINES).encode("utf-16-le"), [RECODED]), ((MARK + JSON).encode("utf-16-be"), [RECODED]),
        ((MARK + "a\r\nb\r\n\r\n").encode("utf-16-le"), [RECODED, ENDED, ADDED]),
    ],
)  # fmt: skip
def test_damage_on_the_way_is_told_in_words(raw: bytes, damage: list[str]):
    with pytest.raises(Unverifiable) as refused:
        undamaged(raw, "note", read)
    words = "; ".join(damage)
    assert refused.value.message == f"note: was changed in transit, so it cannot be verified: {words}; or get it again"
    assert (refused.value.rule, refused.value.where) == ("transport", "note")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"a\nb", b"a\nc\n", b"a\n\nb\n", b"a\r\nc\r\n", b"\na\nb\n", b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf\xff",
        (MARK + "a\nc\n").encode(), (MARK + "a\nc\n").encode("utf-16-le"), LINES.encode("utf-16-le"),
    ],
)  # fmt: skip
def test_what_is_wrong_otherwise_stays_what_the_reader_says(raw: bytes):
    with pytest.raises(FormatError, match="no form of it"):
        undamaged(raw, "note", read)


def test_a_mark_that_passes_for_a_letter_is_damage_all_the_same():
    with pytest.raises(Unverifiable, match="byte order mark"):
        undamaged((MARK + LINES).encode(), "note", bytes.decode)
    assert undamaged(b"\xff\xfe", "note", bytes.hex) == "fffe"

    def of_marks(raw: bytes) -> bytes:
        return raw if raw.startswith(b"\xef\xbb\xbf") else read(raw).encode()

    assert undamaged(MARK.encode(), "note", of_marks) == MARK.encode()


def test_what_would_be_read_if_this_program_knew_it_was_damaged_too():
    """A later version, in a file of which the line ends were changed."""

    def later(raw: bytes) -> None:
        read(raw)
        raise Unverifiable("a later version", rule="version")

    with pytest.raises(Unverifiable, match="line ends") as refused:
        undamaged(b"a\r\nb\r\n", "note", later)
    assert refused.value.rule == "transport"
    with pytest.raises(Unverifiable, match="a later version"):
        undamaged(LINES.encode(), "note", later)
