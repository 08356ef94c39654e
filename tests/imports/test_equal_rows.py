"""Which rows are equal, and the file that is read twice."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries.file_salt import FileSalt
from ledger.errors import UsageError
from ledger.imports.equal_rows import EqualRows, Repeat
from ledger.imports.reading import BLOCK_BYTES, CHUNK, SetAside, SummedFile


@given(st.lists(st.sampled_from(["", "a", "b", "ä", "a\0"]), max_size=60), st.integers(min_value=1, max_value=7))
def test_repeats_are_counted_as_by_hand(contents: list[str], chunk: int):
    expected, seen = [], {}
    with closing(EqualRows(chunk)) as equal:
        for row, content in enumerate(contents, 1):
            equal.add([(row, content)])
            seen.setdefault(content, []).append(row)
            if len(seen[content]) > 1:
                expected.append(Repeat(row, len(seen[content]), seen[content][0]))
        equal.settle()
        assert (equal.count, list(equal.repeats())) == (len(expected), expected)
        assert list(equal.repeats()) == expected


def test_more_rows_than_memory_holds_lie_on_the_disk():
    with closing(EqualRows(1000)) as equal:
        equal.add((row, str(row % 6000)) for row in range(12_345))
        equal.settle()
        assert equal.count == 6345
        assert [repeat.row for repeat in equal.repeats()] == list(range(6000, 12_345))
        assert [repeat.number for repeat in equal.repeats()] == [2] * 6000 + [3] * 345


def content(length: int) -> bytes:
    return bytes(i * 7 % 251 for i in range(length))


def test_bytes_are_summed_as_they_pass(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(raw := content(2 * BLOCK_BYTES + 5))
    with closing(SummedFile(path, FileSalt(tmp_path, "hope", lambda: b"s" * 32))) as file:
        assert file.readall() == raw
        assert (file.digest(), file.size) == (hashlib.sha256(b"s" * 32 + raw).hexdigest(), len(raw))


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_set_aside_comes_back_in_order(count: int):
    items = [(n, f"text {n}", n * 2**40) for n in range(count)]
    with closing(SetAside()) as aside:
        for at in range(0, count, CHUNK):
            aside.add(items[at : at + CHUNK])
        assert list(aside) == items


def test_absent_file_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="No such file"):
        SummedFile(tmp_path / "none")
