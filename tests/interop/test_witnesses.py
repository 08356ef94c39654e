"""Other people's witnesses, unmodified, watch a ledger as it grows, as it is forked, and as an older copy of it is restored.

litewitness (Go, SQLite, its key in an ssh-agent) and omniwitness (Go) run as processes of their own; `givetrail` is what asks them.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.audit.verify import verify
from ledger.directory.alarms import alarms
from ledger.directory.publication import POLICY
from ledger.directory.source import DirectorySource
from ledger.errors import ReadOnly
from ledger.log.checkpoint import checkpoint_in
from ledger.log.key import SigningKey
from ledger.log.note import COSIGNATURE, VerifierKey, parse_note
from ledger.log.policy import Policy, Witness
from ledger.log.tile import CHECKPOINT
from ledger.log_files.export import export_tiles
from ledger.log_files.mirror import Mirror
from ledger.log_files.source import FolderSource
from ledger.network.log_server import UrlSource
from ledger.view.view import View
from ledger.witnessing.round import ask_witnesses
from tests.authority import Authority
from tests.cli.transcript import run_program
from tests.interop.programs import witness_programs
from tests.language import ORIGIN, key
from tests.log_files.tileserver import serving
from tests.verifier.asking import Case, check_alike
from tests.witnessing.witness import watching
from tests.writer.on_disk import OnDisk, a_town

pytestmark = pytest.mark.strangers

LOG = VerifierKey(ORIGIN, key("the.log").public)
STARTING_S = 30
GIFT = "hope: donation 1.00 CNY -> school"


class Running(NamedTuple):
    """A witness, and how to stop and start its process."""

    witness: Witness
    stop: Callable[[], None]
    start: Callable[[], None]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(words: list[str], port: int, cwd: Path, **environment: str) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """A server that listens on a port, and functions that stop it and start it again."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        with (cwd / f"{Path(words[0]).name}.log").open("ab") as log:
            running.append(subprocess.Popen(words, cwd=cwd, stdout=log, stderr=log, env={**os.environ, **environment}))
        until = time.monotonic() + STARTING_S
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((cwd / f"{Path(words[0]).name}.log").read_text()[-2000:])

    def stop() -> None:
        while running:
            running[-1].kill()
            running.pop().wait()

    start()
    try:
        yield stop, start
    finally:
        stop()


@contextmanager
def litewitness(programs: dict[str, str], place: Path, log: VerifierKey = LOG) -> Iterator[Running]:
    agent, db, port = place / "agent", str(place / "lite.db"), free_port()
    subprocess.run([programs["ssh-keygen"], "-q", "-t", "ed25519", "-N", "", "-f", "lite"], cwd=place, check=True)
    with process_of_agent(programs, agent):
        environment = {**os.environ, "SSH_AUTH_SOCK": str(agent)}
        subprocess.run([programs["ssh-add"], "-q", "lite"], cwd=place, check=True, env=environment)
        told = subprocess.run([programs["ssh-keygen"], "-lf", "lite.pub"], cwd=place, check=True, capture_output=True, text=True)
        blob = base64.b64decode((place / "lite.pub").read_text().split()[1])
        vkey = VerifierKey("lite.example/w", blob[-32:], COSIGNATURE)
        watched = ["-db", db, "-origin", log.name]
        for words in (["add-log", *watched], ["add-key", *watched, "-key", log.format()]):
            subprocess.run([programs["witnessctl"], *words], cwd=place, check=True, capture_output=True)
        words = [
            programs["litewitness"], "-db", db, "-name", vkey.name, "-key", told.stdout.split()[1], "-ssh-agent", str(agent),
            "-listen", f"127.0.0.1:{port}",
        ]  # fmt: skip
        with process(words, port, place) as (stop, start):
            yield Running(Witness("lite", vkey, f"http://127.0.0.1:{port}"), stop, start)


@contextmanager
def process_of_agent(programs: dict[str, str], socket_path: Path) -> Iterator[None]:
    running = subprocess.Popen([programs["ssh-agent"], "-D", "-a", str(socket_path)], stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + STARTING_S
        while not socket_path.exists() and time.monotonic() < until:
            time.sleep(0.02)
        yield
    finally:
        running.kill()
        running.wait()


@contextmanager
def omniwitness(programs: dict[str, str], place: Path, log: VerifierKey = LOG) -> Iterator[Running]:
    name, seed, port = "omni.example/w", b"\x07" * 32, free_port()
    public = SigningKey.from_seed(seed).public
    id_ = VerifierKey(name, public).key_id.hex()
    (place / "omni.key").write_text(f"PRIVATE+KEY+{name}+{id_}+{base64.b64encode(bytes([1]) + seed).decode()}")
    row = f'Origin: "{log.name}"\n    PublicKey: "{log.format()}"\n    URL: "http://127.0.0.1:1"\n'
    (place / "logs.yaml").write_text(f"Logs:\n  - {row}")
    words = [
        programs["omniwitness"], "-private_key_path", str(place / "omni.key"), "-db_file", str(place / "omni.db"),
        "-additional_logs", str(place / "logs.yaml"), "-listen", f"127.0.0.1:{port}", "-metrics_listen", f"127.0.0.1:{free_port()}",
    ]  # fmt: skip
    with process(words, port, place) as (stop, start):
        yield Running(Witness("omni", VerifierKey(name, public, COSIGNATURE), f"http://127.0.0.1:{port}"), stop, start)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[Running]]:
    programs, place = witness_programs(), tmp_path / "witnesses"
    place.mkdir()
    with ExitStack() as stack:
        yield [stack.enter_context(litewitness(programs, place)), stack.enter_context(omniwitness(programs, place))]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnDisk]:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("ledger.witnessing.round.APART_S", 0.0)
    town = a_town(tmp_path / "ledger")
    yield town
    town.close()


def trust(town: OnDisk, witnesses: list[Witness], threshold: int) -> Policy:
    policy = Policy.for_log(LOG, witnesses, threshold)
    (town.directory / POLICY).write_bytes(policy.format())
    return policy


def asked(town: OnDisk) -> dict[str, str]:
    return {one.witness: one.what for one in ask_witnesses(town.directory).asked}


def published(town: OnDisk) -> tuple[int, int]:
    note = (town.directory / CHECKPOINT).read_bytes()
    return checkpoint_in(note).tree_size, len(parse_note(note).signatures)


def test_the_loop_with_two_witnesses(town: OnDisk, two: list[Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Growth; one witness down, so the quorum is missed; a restored backup, on another machine; and its fork."""
    lite, omni = two
    policy = trust(town, [lite.witness, omni.witness], 2)
    for _ in range(3):
        town.play(GIFT)
        assert asked(town) == {"lite": "cosigned", "omni": "cosigned"}
        assert published(town) == (town.sequencer.tree_size, 3)
    town.sequencer.store.close()
    shutil.copytree(town.directory, tmp_path / "backup")
    town.reopen()

    omni.stop()
    size = town.sequencer.tree_size
    town.play(GIFT)
    assert asked(town) == {"lite": "cosigned", "omni": "no-answer"} and published(town) == (size, 3), "the quorum is missed"
    omni.start()
    town.play(GIFT)
    assert asked(town) == {"lite": "cosigned", "omni": "cosigned"} and published(town) == (size + 2, 3)
    assert verify(DirectorySource(town.directory), policy).witnessed

    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "another machine"))
    back = town.moved_to(tmp_path / "backup").reopen()
    assert set(asked(back).values()) == {"alarm"}
    with pytest.raises(ReadOnly, match="has cosigned"):
        back.sequencer.submit_one(back.made("hope", "donation 1.00 CNY -> school"))
    assert {(one.kind, one.size) for one in alarms(back.directory)} == {("ahead", size + 2)}
    back.close()


def test_they_refuse_a_fork(town: OnDisk, two: list[Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    trust(town, [one.witness for one in two], 1)
    town.play(GIFT)
    town.sequencer.store.close()
    shutil.copytree(town.directory, tmp_path / "copy")
    town.reopen()
    town.play(GIFT)
    assert set(asked(town).values()) == {"cosigned"}
    size = town.sequencer.tree_size
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "another machine"))
    other = town.moved_to(tmp_path / "copy").reopen()
    for more in range(2):
        other.play("hope: donation 2.00 CNY -> school")
        done = ask_witnesses(other.directory)
        assert {one.what for one in done.asked} == {"alarm"}, f"at {size + more} entries"
        assert done.stopped and {one.kind for one in alarms(other.directory)} == {"fork"}
        (other.directory / "witnesses" / "stopped").unlink()
    other.close()


def test_one_that_lies_stops_nothing(town: OnDisk, two: list[Running]):
    with watching("liar", LOG) as liar:
        policy = trust(town, [*(one.witness for one in two), liar.witness], 2)
        liar.says = (409, "text/x.tlog.size", b"1000000\n")
        town.play(GIFT)
        done = ask_witnesses(town.directory)
        assert {one.witness: one.what for one in done.asked} == {"lite": "cosigned", "omni": "cosigned", "liar": "alarm"}
        assert not done.stopped and verify(DirectorySource(town.directory), policy).witnessed
        town.play(GIFT)


def test_what_they_cosigned_is_seen_everywhere(town: OnDisk, two: list[Running], tmp_path: Path):
    """In the directory, an export, at an address, in a mirror of it, and in a bundle."""
    policy = trust(town, [one.witness for one in two], 2)
    town.play(f"{GIFT} as gift")
    asked(town)
    size, gift = town.sequencer.tree_size, town.labels["gift"]
    town.play(GIFT)
    folder, mirrored = tmp_path / "export", tmp_path / "mirror"
    export_tiles(DirectorySource(town.directory), folder)
    with serving(folder) as server:
        with closing(Mirror(mirrored, policy)) as mirror:
            mirror.update(UrlSource(server.url))
        sources = [DirectorySource(town.directory), FolderSource(folder), UrlSource(server.url), FolderSource(mirrored)]
        for source in sources:
            report = verify(source, policy)
            assert (report.tree_size, report.witnessed, report.verdict) == (size, True, "verified"), source.name
    with View.open(town.directory) as view:
        bundle = view.at().bundle(gift)
    (said,) = check_alike([Case("cosigned", bundle, policy.format().decode())])
    assert said.witnessed and said.verdict == "verified", "on the command line and in the browser"


def test_a_ledger_that_is_cosigned_and_stamped_says_by_whom_and_when(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    """The whole loop on the command line, with two witnesses and OpenSSL's timestamp authority."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GIVETRAIL_LEDGER", "B")
    programs, place = witness_programs(), tmp_path / "witnesses"
    place.mkdir()
    assert run_program(["init", "B", "--origin", "b.example/1", "--unit", "CNY:2"]).exit_code == 0
    log = Policy.parse(Path("B", POLICY).read_bytes()).logs[0].vkey
    Path("roots.pem").write_bytes(authority.roots.read_bytes())
    with litewitness(programs, place, log) as lite, omniwitness(programs, place, log) as omni, authority.serving() as url:
        Path("B", POLICY).write_bytes(Policy.for_log(log, [lite.witness, omni.witness], 2).format())
        said = run_program(["witness"])
        assert said.exit_code == 0 and "2 entries: cosigned by lite (" in said.stdout and ", omni (" in said.stdout
        said = run_program(["stamp", "--authority", url, "--roots", "roots.pem"])
        assert said.exit_code == 0 and "verified; recorded as 2.0" in said.stdout and "cosigned by lite (" in said.stderr
        run_program(["party", "add", "shop", "--name", "Shop", "--role", "vendor"])
        said = run_program(["verify", "B", "--trust", f"B/{POLICY}", "--timestamp-roots", "roots.pem"])
    assert said.exit_code == 0 and said.stdout.endswith("\nverified\n"), said
    lines = said.stdout.splitlines()
    assert any(line.startswith("cosigned by lite (") and ", omni (" in line for line in lines)
    (stamp,) = [line for line in lines if line.startswith("timestamp: 2 entries, stamped at ")]
    assert stamp.endswith("recorded in entry 2; verified")
    assert any(line.startswith("entries 0 to 1: made before ") for line in lines)
    assert any(line.startswith("entry 3: made after ") for line in lines), said.stdout


def hammered(programs: dict[str, str], url: str) -> str:
    """What tessera's hammer prints as it reads a log for four seconds, its leaves in order and at random."""
    words = [
        programs["hammer"], "--log_public_key", LOG.format(), "--log_url", f"{url}/", "--num_readers_full", "1",
        "--num_readers_random", "1", "--max_read_ops", "200", "--show_ui=false", "--max_runtime", "4s", "--v", "2",
    ]  # fmt: skip
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stderr


def test_the_hammer_reads_the_log(town: OnDisk, tmp_path: Path):
    programs, folder = witness_programs(), tmp_path / "export"
    for _ in range(5):
        town.play(GIFT)
    export_tiles(DirectorySource(town.directory), folder)
    with serving(folder) as server:
        said = hammered(programs, server.url)
        assert f"Checkpoint size unchanged: {town.sequencer.tree_size}" in said and "Max runtime reached" in said
        assert all(f"getting {index}\n" in said for index in range(town.sequencer.tree_size)), said[-2000:]
        assert "error" not in said.lower() and "fail" not in said.lower().replace("will fail after", "")
        (folder / CHECKPOINT).write_bytes((folder / CHECKPOINT).read_bytes().replace(b"ledger.example", b"ledgre.example", 1))
        assert "Max runtime reached" not in (refused := hammered(programs, server.url)) or "error" in refused.lower()
