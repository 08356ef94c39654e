"""The log as static files: what the server gives is what the export has, and nothing beyond the published checkpoint is there."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from ledger.log.tile import CHECKPOINT, FULL_WIDTH, decode_entries, entries_path, tile_path, tiles_of
from tests.api.asking import Client
from tests.api.story import Told
from tests.writer.on_disk import OnDisk, a_gift

OCTETS = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"


def files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]


def test_every_file_of_the_export_is_served_as_it_is(told: Told, client: Client):
    names = files(told.export)
    tiles = {"tile/0/000", "tile/0/001.p/68", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/68"}
    assert set(names) == {"checkpoint", *tiles}
    for name in names:
        response = client.get(f"/{name}")
        assert (response.status_code, response.content) == (200, (told.export / name).read_bytes()), name


def test_the_checkpoint_is_text_that_is_soon_old(client: Client):
    headers = client.get("/checkpoint").headers
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=2"


@pytest.mark.parametrize("path", ["/tile/0/000", "/tile/1/000.p/1", "/tile/entries/000.p/9"])
def test_tiles_are_bytes_that_never_change(client: Client, path: str):
    headers = client.get(path).headers
    assert (headers["content-type"], headers["cache-control"]) == (OCTETS, FOREVER)


def test_partial_tiles_of_every_width_up_to_the_present(told: Told, client: Client):
    """Each is the beginning of the widest: 1 to 255 of the full ones, 1 to the present width of the last."""
    for level, index, width in tiles_of(told.tree_size):
        whole = client.get(f"/{tile_path(level, index, width)}").content
        for narrower in range(1, width):
            assert client.get(f"/{tile_path(level, index, narrower)}").content == whole[: 32 * narrower]
        if width < FULL_WIDTH:
            assert client.get(f"/{tile_path(level, index, width + 1)}").status_code == 404
            assert client.get(f"/{tile_path(level, index)}").status_code == 404


def test_partial_bundles_hold_so_many_entries(told: Told, client: Client):
    width = told.tree_size % FULL_WIDTH
    whole = decode_entries(client.get(f"/{entries_path(1, width)}").content, width)
    for narrower in (1, 2, width - 1):
        assert decode_entries(client.get(f"/{entries_path(1, narrower)}").content, narrower) == whole[:narrower]
    for beyond in (entries_path(1, width + 1), entries_path(1), entries_path(2, 1)):
        assert client.get(f"/{beyond}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/tile/0/0", "/tile/00/000", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/000.p/01", "/tile/0/x000/000", "/tile/0/000/",
        "/tile/64/000", "/tile/-1/000", "/tile/0/000.p/1/", "/tile//000", "/tile/entries/", "/tile/entries/0", "/tile/0/x001/000",
        "/tile/entries/x999/x999/x999/x999/x999/999", "/tile/0/+00", "/tile/0/000.p/-1", "/tile/0/٠٠٠", "/tile/2/000.p/1",
        "/tile/63/000", "/tile", "/tile/", "/tile/0", "/checkpoint/", "/tile/0/000%00", "/tile/0/000%0a",
        "/tile/0/..%2f..%2fcheckpoint",
    ],
)  # fmt: skip
def test_paths_are_strict(client: Client, path: str):
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [
        ("gzip", True), ("gzip, deflate, br", True), ("identity", False), ("", False), ("gzip;q=0", False), ("*", True),
        ("GZIP;q=0.5", True), ("*;q=0", False), ("gzip;q=0, *", False), ("x-gzip", False),
    ],
)  # fmt: skip
def test_bundles_are_compressed_where_that_is_accepted(told: Told, client: Client, accepts: str, packed: bool):
    response = client.get("/tile/entries/000", accept_encoding=accepts)
    assert response.headers.get("content-encoding") == ("gzip" if packed else None)
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.content == (told.export / "tile/entries/000").read_bytes(), "httpx has unpacked it"
    assert not packed or int(response.headers["content-length"]) < len(response.content) / 2


def test_compressed_bundles_are_the_same_every_time(client: Client):
    from api.http.bundle_cache import bundle_of
    from ledger.store.sqlite import SqliteStore

    with SqliteStore.open(client.app.state.window.directory, write=False) as store:
        first, second = bundle_of(store, 0, 256), bundle_of(store, 0, 256)
    assert first == second and gzip.decompress(first.gzipped) == first.raw


def test_what_is_not_signed_yet_is_not_there(town: OnDisk, reader: Client):
    """Entries are durable before the checkpoint is signed; until it is published they are nobody's business."""
    size, note = town.sequencer.tree_size, reader.get("/checkpoint").content
    town.sequencer.submit([a_gift(town), a_gift(town, 2)], sign=False)
    assert town.sequencer.tree_size == size + 2
    assert reader.get("/checkpoint").content == note
    for path in (tile_path(0, 0, size + 1), entries_path(0, size + 1)):
        assert reader.get(f"/{path}").status_code == 404
    town.sequencer.sign()
    assert reader.get("/checkpoint").content == (town.directory / CHECKPOINT).read_bytes() != note
    for path in (tile_path(0, 0, size + 2), entries_path(0, size + 2)):
        assert reader.get(f"/{path}").status_code == 200


def test_tiles_that_are_lost_are_no_404(town: OnDisk, reader: Client):
    """A cache would keep a 404, and a mirror would think that the log is broken."""
    town.sequencer.store._connection.all("DELETE FROM tiles")
    response = reader.get("/tile/0/000.p/1")
    assert response.status_code == 503 and response.json()["rule"] == "derived" and response.headers["retry-after"] == "1"


def test_a_missing_or_damaged_checkpoint_is_no_answer(town: OnDisk, reader: Client):
    path = town.directory / CHECKPOINT
    note = path.read_bytes()
    for damage in (path.unlink, lambda: path.write_bytes(b"nothing\n"), lambda: path.write_bytes(note[:-1])):
        damage()
        response = reader.get("/checkpoint")
        assert response.status_code == 503 and str(town.directory) not in response.text
    path.write_bytes(note)
    assert reader.get("/checkpoint").content == note


def test_the_token_of_a_timestamp_is_a_file_too(told: Told, client: Client):
    folder = told.directory / "timestamps"
    folder.mkdir()
    try:
        for name in ("1.tsr", "100000.tsr", "x.tsr"):
            (folder / name).write_bytes(b"token")
        response = client.get("/timestamps/1.tsr")
        assert (response.status_code, response.content) == (200, b"token")
        assert response.headers["content-type"] == "application/timestamp-reply"
        for name in ("2.tsr", "100000.tsr", "x.tsr", "01.tsr", "0.tsr", "1"):
            assert client.get(f"/timestamps/{name}").status_code == 404, name
    finally:
        shutil.rmtree(folder)
