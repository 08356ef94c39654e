"""Which rows are equal, and the file that is read twice."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Conflict, UsageError
from ledger.exchange.equal import EqualRows, Repeat
from ledger.exchange.twice import BLOCK_BYTES, TwiceRead


@given(st.lists(st.sampled_from(["", "a", "b", "ä", "a\0"]), max_size=60), st.integers(min_value=1, max_value=7))
def test_repeats_are_counted_as_by_hand(contents: list[str], chunk: int):
    expected, seen = [], {}
    with closing(EqualRows(chunk)) as equal:
        for row, content in enumerate(contents, 1):
            equal.add(row, content)
            seen.setdefault(content, []).append(row)
            if len(seen[content]) > 1:
                expected.append(Repeat(row, len(seen[content]), seen[content][0]))
        equal.settle()
        assert (equal.count, list(equal.repeats())) == (len(expected), expected)
        assert list(equal.repeats()) == expected


def test_more_rows_than_memory_holds_lie_on_the_disk():
    with closing(EqualRows(1000)) as equal:
        for row in range(12_345):
            equal.add(row, str(row % 6000))
        equal.settle()
        assert equal.count == 6345
        assert [repeat.row for repeat in equal.repeats()] == list(range(6000, 12_345))
        assert [repeat.number for repeat in equal.repeats()] == [2] * 6000 + [3] * 345


def content(length: int) -> bytes:
    return bytes(i * 7 % 251 for i in range(length))


def test_second_reading_gives_the_same_bytes_and_digest(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(raw := content(2 * BLOCK_BYTES + 5))
    with closing(TwiceRead(path)) as file:
        assert file.readall() == raw
        digest, size = file.sha256(), file.size
        file.again()
        assert file.readall() == raw
        assert (file.sha256(), file.size) == (digest, size) == (digest, len(raw))


CHANGES = [lambda raw: raw + b"x", lambda raw: raw[:-1], lambda raw: raw[:9] + b"x" + raw[10:], lambda raw: b""]


@pytest.mark.parametrize("change", CHANGES)
def test_changed_file_is_refused_before_its_changed_part_is_given(tmp_path: Path, change):
    path = tmp_path / "file"
    path.write_bytes(raw := content(3000))
    with closing(TwiceRead(path)) as file:
        while file.read(1000):
            pass
        file.again()
        path.write_bytes(change(raw))
        given = b""
        with pytest.raises(Conflict, match="has changed") as caught:
            while block := file.read(1000):
                given += block
        assert raw.startswith(given)
        assert caught.value.rule == "file-changed"


def test_absent_file_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="No such file"):
        TwiceRead(tmp_path / "none")
