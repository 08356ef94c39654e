"""A ledger of 700 entries with many kinds of records, as files, and as somebody else reads them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ledger.directory.source import DirectorySource
from ledger.log_files.export import export_tiles
from tests.directory.test_rebuild import STORY
from tests.interop.foreign import Export, read_export
from tests.writer.on_disk import a_gift, a_town

NAME = 'Bibliothèque 图书馆 📚, "books" and/or é'


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("interop")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = a_town(place / "ledger")
        town.play(STORY)
        town.play(f"2026-09-10\n hope by li, wang: fund library restricted school name='{NAME}'")
        town.sequencer.submit([a_gift(town, number + 1) for number in range(680)])
        town.close()
        with closing(DirectorySource(town.directory)) as source:
            export_tiles(source, place / "export")
    return place / "export"


@pytest.fixture(scope="session")
def export(folder: Path) -> Export:
    return read_export(folder)
