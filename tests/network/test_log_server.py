"""A log read from a server: the same as from its folder, ahead of who reads, and whatever the server gives instead is seen."""

from __future__ import annotations

import pickle
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ledger.audit.target import is_url, open_source
from ledger.audit.verify import Report, verify
from ledger.errors import FormatError, GiveTrailError, Unverifiable, UsageError
from ledger.log.tile import tiles_of
from ledger.log_files.source import FolderSource
from ledger.network.log_server import UrlSource
from tests.audit.mirror import Small, copied, judged, rules
from tests.log_files import tileserver
from tests.log_files.tileserver import BEFORE_LONG, HASTY, PATIENT, TileServer, body, put_log, serving, status
from tests.writer.on_disk import TRUST

ENTRIES, TILE = "tile/entries/000.p/6", "tile/0/000.p/6"
SIZE = 1000
WHOLE = [f"tile/entries/00{index}" for index in range(3)] + ["tile/entries/003.p/232"]


@pytest.fixture
def server(small: Small, tmp_path: Path) -> Iterator[TileServer]:
    """A small ledger's export, served."""
    with serving(copied(small.folder, tmp_path)) as server:
        yield server


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 1,000 entries that say nothing: four bundles."""
    return put_log(SIZE, tmp_path_factory.mktemp("large"))


@pytest.fixture
def library(large: Path) -> Iterator[TileServer]:
    """The same, served."""
    with serving(large) as server:
        yield server


def remote(server: TileServer, **how) -> UrlSource:
    return UrlSource(server.url, **{"patience": PATIENT, **how})


def judged_from(server: TileServer, **how) -> Report:
    with closing(remote(server, **how)) as source:
        return verify(source, TRUST)


def test_a_server_and_a_folder_get_the_same_report(server: TileServer):
    report = judged_from(server)
    assert report.target == server.url and report.verdict == "verified"
    assert report._replace(target="") == judged(server.folder)._replace(target="")
    assert Counter(server.paths) == {"checkpoint": 1, ENTRIES: 1, TILE: 1}


def test_an_address_is_opened_as_a_source(server: TileServer):
    with closing(open_source(server.url + "/")) as source:
        assert isinstance(source, UrlSource) and source.name == server.url
        assert verify(source, TRUST).verdict == "verified"


@pytest.mark.parametrize("target", ["ftp://log.example/", "file:///tmp", "http://me:secret@log.example", "https://"])
def test_an_address_of_another_kind_is_refused(target: str):
    assert is_url(target)
    with pytest.raises(UsageError) as refused:
        open_source(target)
    assert refused.value.rule == "url"


@pytest.mark.parametrize("target", ["L", "/tmp", "http:/x", "a/http://x", "-", "", Path("http://x")])
def test_a_path_is_no_address(target: str | Path):
    assert not is_url(target)


def test_every_entry_and_tile_is_the_folders(library: TileServer, large: Path):
    folder = FolderSource(large)
    with closing(remote(library)) as source:
        assert source.checkpoint() == folder.checkpoint()
        for start, end in [(0, SIZE), (0, 0), (5, 5), (255, 257), (256, 512), (700, SIZE), (SIZE - 1, SIZE)]:
            assert list(source.entries(start, end)) == list(folder.entries(start, end)), (start, end)
        for level, index, width in tiles_of(SIZE):
            assert source.tile(level, index, width) == folder.tile(level, index, width)
        for start, end in [(0, SIZE + 1), (SIZE, SIZE + 1), (4000, 4001)]:
            with pytest.raises(GiveTrailError) as here:
                list(folder.entries(start, end))
            with pytest.raises(GiveTrailError) as there:
                list(source.entries(start, end))
            assert (type(there.value), there.value.rule) == (type(here.value), here.value.rule)


def test_what_is_read_in_order_is_asked_for_once(library: TileServer):
    with closing(remote(library)) as source:
        assert len(list(source.entries(0, SIZE))) == SIZE
        for level, index, width in tiles_of(SIZE):
            source.tile(level, index, width)
        for index in range(SIZE - 1, SIZE - 100, -1):
            next(source.entries(index, index + 1))
    assert set(Counter(library.paths).values()) == {1}
    fresh = [one.path for one in library.asked if one.headers.get("cache-control") == "no-cache"]
    assert fresh == ["checkpoint"]


def test_one_entry_is_one_bundle(library: TileServer):
    with closing(remote(library)) as source:
        assert list(source.entries(300, 301)) == [tileserver.entry(300)]
    assert library.paths == ["checkpoint", "tile/entries/001"]


@pytest.mark.parametrize("at_once", [1, 3])
def test_bundles_are_fetched_ahead_and_not_too_many(library: TileServer, at_once: int):
    """No bundle is answered until so many are asked for: who asks for one after the other would wait for ever."""
    lock, enough, under_way, most = threading.Lock(), threading.Event(), set(), []

    def hold(answer: tileserver.Answer) -> None:
        with lock:
            under_way.add(answer.path)
            most.append(len(under_way))
            if len(under_way) == at_once:
                enough.set()
        enough.wait()
        with lock:
            under_way.remove(answer.path)
        tileserver.serve(answer)

    library.of = lambda path: hold if "entries" in path else None
    with closing(remote(library, at_once=at_once)) as source:
        assert len(list(source.entries(0, SIZE))) == SIZE
    assert max(most) == at_once


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_no_more_bundles_are_held_than_may_be_on_their_way(library: TileServer, at_once: int):
    with closing(remote(library, at_once=at_once)) as source:
        assert next(source.entries(0, SIZE)) == tileserver.entry(0)
    assert set(library.paths) <= {"checkpoint", *WHOLE[:at_once]}


def test_what_comes_first_is_read_before_what_fails(library: TileServer):
    library.always[WHOLE[2]] = status(404)
    with closing(remote(library)) as source:
        entries = source.entries(0, SIZE)
        assert [next(entries) for _ in range(512)] == [tileserver.entry(number) for number in range(512)]
        with pytest.raises(Unverifiable) as missing:
            next(entries)
    assert missing.value.rule == "missing"


@pytest.mark.parametrize("gone", [404, "page"])
def test_a_partial_tile_that_is_gone_is_read_from_the_full_one(library: TileServer, large: Path, tmp_path: Path, gone: int | str):
    """The log has grown since its checkpoint was made, and its server keeps full tiles only (tlog-tiles)."""
    (tmp_path / "grown").mkdir()
    put_log(SIZE + 500, tmp_path / "grown")
    (tmp_path / "grown/checkpoint").write_bytes((large / "checkpoint").read_bytes())
    with serving(tmp_path / "grown") as server, closing(remote(server)) as source:
        if gone == "page":
            server.of = lambda path: body(b"<!doctype html><p>Not found") if path.endswith(".p/232") else None
        assert list(source.entries(0, SIZE)) == list(FolderSource(large).entries(0, SIZE))
        assert source.tile(0, 3, 232) == FolderSource(large).tile(0, 3, 232)
        assert {WHOLE[-1], "tile/entries/003"} <= set(server.paths)


MISBEHAVIOUR = {
    "entries that are gone": (ENTRIES, status(404), "missing"),
    "a tile that is gone": (TILE, status(404), "missing"),
    "entries cut off": (ENTRIES, tileserver.cut_off, "missing"),
    "a tile cut off": (TILE, tileserver.cut_off, "missing"),
    "entries announced too short": (ENTRIES, tileserver.announced_short, "missing"),
    "entries that are a web page": (ENTRIES, body(b"<html><p>Sign in"), "missing"),
    "a tile that is a web page": (TILE, body(b"<html><p>Sign in"), "missing"),
    "other bytes": (ENTRIES, body(b"\0\1x" * 6), "canonical"),
    "more entries than there are": (ENTRIES, body(b"\0\1x" * 7), "tile"),
    "another tile": (TILE, body(bytes(192)), "tile"),
    "a tile without end": (TILE, tileserver.endless, "tile"),
    "a tile that is a bomb": (TILE, tileserver.bomb, "tile"),
    "entries without end": (ENTRIES, tileserver.chunked_endless, "tile"),
}


@pytest.mark.parametrize("name", list(MISBEHAVIOUR))
def test_what_a_server_gives_instead_is_found(server: TileServer, name: str):
    path, behaviour, rule = MISBEHAVIOUR[name]
    server.always[path] = behaviour
    report = judged_from(server)
    assert rule in rules(report)
    assert report.exit_code == (4 if rule == "missing" else 3)


def test_a_server_that_packs_is_read(server: TileServer):
    server.of = lambda path: tileserver.packed
    assert judged_from(server).verdict == "verified"


@pytest.mark.parametrize("name", ["checkpoint", ENTRIES, TILE])
def test_a_server_that_recovers_is_read(server: TileServer, name: str):
    server.next(name, status(503, Retry_After="0"), tileserver.broken_off, tileserver.hung_up)
    assert judged_from(server).verdict == "verified"


@pytest.mark.parametrize(
    ("behaviour", "patience", "rule"),
    [
        (status(404), PATIENT, "missing"),
        (body(b"<html>"), PATIENT, "missing"),
        (status(500), PATIENT, "unreachable"),
        (tileserver.silent, HASTY, "unreachable"),
        (tileserver.dripping, BEFORE_LONG, "unreachable"),
        (tileserver.endless, PATIENT, "size-limit"),
        (tileserver.redirect("http://log.example/checkpoint"), PATIENT, "unreachable"),
    ],
)
def test_without_a_checkpoint_there_is_no_source(server: TileServer, behaviour, patience, rule: str):
    server.always["checkpoint"] = behaviour
    with pytest.raises(GiveTrailError) as refused:
        remote(server, patience=patience).checkpoint()
    assert refused.value.rule == rule
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("givetrail-fetch")]


@pytest.mark.parametrize("note", [b"", b"not a note\n", b"\xff" * 100])
def test_a_checkpoint_that_is_none_is_a_finding(server: TileServer, note: bytes):
    server.always["checkpoint"] = body(note)
    report = judged_from(server)
    assert (report.exit_code, rules(report)) == (3, {"checkpoint"})


def test_a_server_that_is_lost_midway_says_so(library: TileServer):
    library.always[WHOLE[1]] = status(500)
    with closing(remote(library)) as source:
        entries = source.entries(0, SIZE)
        assert [next(entries) for _ in range(256)] == [tileserver.entry(number) for number in range(256)]
        with pytest.raises(Unverifiable) as lost:
            next(entries)
    assert (lost.value.rule, lost.value.exit_code) == ("unreachable", 4)
    assert WHOLE[1] in lost.value.message and "answers 500" in lost.value.message


@pytest.mark.parametrize("name", [ENTRIES, TILE])
def test_a_server_that_is_lost_midway_is_no_verdict(server: TileServer, name: str):
    server.always[name] = status(500)
    report = judged_from(server)
    assert (report.verdict, report.exit_code, rules(report)) == ("could not verify", 4, {"unreachable"})


def test_a_tile_of_too_many_bytes_is_malformed(library: TileServer):
    """An audit goes on after a malformed tile, so this is one."""
    library.always["tile/0/000"] = tileserver.endless
    with closing(remote(library)) as source, pytest.raises(FormatError):
        source.tile(0, 0, 256)


def test_a_worker_opens_the_same_log_under_the_same_checkpoint(server: TileServer):
    """The log has moved on meanwhile; the worker does not ask."""
    with closing(remote(server)) as source:
        source.checkpoint()
        server.always["checkpoint"] = body(b"another")
        opener = pickle.loads(pickle.dumps(source.opener()))
        assert opener == source.opener() and hash(opener) == hash(source.opener())
        with closing(opener()) as other:
            assert (other.name, other.checkpoint()) == (source.name, source.checkpoint())
            assert list(other.entries(0, 6)) == list(source.entries(0, 6))
            assert other.tile(0, 0, 6) == source.tile(0, 0, 6)
    assert server.paths.count("checkpoint") == 1


@pytest.fixture
def over_tls(small: Small, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The export behind TLS, with a certificate that nobody has vouched for: its address, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = made.sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (tmp_path / "server.pem").write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    with serving(small.folder) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield f"https://localhost:{server.server_port}", tmp_path / "certificate.pem"


def test_a_certificate_that_nobody_vouches_for_is_refused(over_tls: tuple[str, Path]):
    with pytest.raises(Unverifiable) as refused:
        UrlSource(over_tls[0], patience=PATIENT).checkpoint()
    assert refused.value.rule == "unreachable" and "CERTIFICATE_VERIFY_FAILED" in refused.value.message
    assert "tried" not in refused.value.message


def test_a_certificate_of_a_trusted_authority_is_accepted(over_tls: tuple[str, Path], monkeypatch: pytest.MonkeyPatch):
    url, certificate = over_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with closing(UrlSource(url, patience=PATIENT)) as source:
        assert verify(source, TRUST).verdict == "verified"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unverifiable):
        UrlSource(url.replace("localhost", "127.0.0.1"), patience=PATIENT).checkpoint()
