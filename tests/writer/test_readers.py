"""Readers beside the writer: what they see is one moment of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.audit.verify import verify
from ledger.directory.opening import open_reader
from ledger.directory.source import DirectorySource
from tests.writer.on_disk import TRUST, OnDisk
from tests.writer.test_kill import acknowledged, entering


@contextmanager
def a_writer(directory: Path) -> Iterator[None]:
    """A process that enters gifts meanwhile."""
    process = entering(directory, 0)
    try:
        assert process.stdout and process.stdout.readline()
        yield
    finally:
        acknowledged(process, 0)


def test_the_books_of_a_reader_are_of_one_moment(town: OnDisk):
    """Gift n is n + 1 minor units, so the number of entries says what lies in the fund."""
    town.close()
    sizes = set()
    with a_writer(town.directory):
        while len(sizes) < 6:
            store, books = open_reader(town.directory)
            with closing(store):
                given = books.head.get("").size - 4
                assert books.tape.get("school/CNY").end == given * (given + 1) // 2
                sizes.add(given)


def test_an_audit_beside_the_writer_verifies_what_was_signed(town: OnDisk):
    town.close()
    with a_writer(town.directory):
        for _ in range(5):
            with closing(DirectorySource(town.directory)) as source:
                report = verify(source, TRUST)
            assert (report.verdict, report.findings) == ("verified", ())
