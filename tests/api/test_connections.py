"""Clients that connect and say nothing, half of something, or read nothing: others are answered all the same.

Each server is a process of its own, with a limit of open files of its own.
"""

from __future__ import annotations

import os
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import pytest

from api.http.settings import Settings
from tests.api.story import Told
from tests.api.test_serve import GIVETRAIL, ROOT, hear, serving

SERVE = """
import resource, sys
from pathlib import Path
from api.http.settings import Settings
from cli.commands.serve import _address, _listen, _serve
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[2]), int(sys.argv[2])))
listener = _listen("127.0.0.1", 0)
print(_address(listener), file=sys.stderr, flush=True)
_serve(Path(sys.argv[1]), Settings(**eval(sys.argv[3])), listener)
"""
ASK = b"GET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n"
BUNDLE = b"GET /tile/entries/000 HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /checkpoint HTTP/1.1\r\nHost: x\r\nX-Slow: "
# Far less than the server waits for a silent client, so no answer has waited for one.
OTHERS_WITHIN_S = Settings().request_s / 10
ADDRESSES = ["127.0.0.1"] if sys.platform == "darwin" else [f"127.0.{n}.1" for n in range(1, 30)]
Running = tuple[subprocess.Popen[str], int]
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not say what a process has open")


@contextmanager
def server(told: Told, files: int = 1024, **settings: float) -> Iterator[Running]:
    """A server that may have so many files open, and its port."""
    with serving(sys.executable, "-c", SERVE, str(told.directory), str(files), repr(settings)) as (process, address):
        port = int(address.rpartition(":")[2])
        answer(port)
        yield process, port


def connected(port: int, said: bytes = b"", address: str = "127.0.0.1") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(address, 0))
    client.sendall(said)
    return client


def answer(port: int, ask: bytes = ASK) -> float:
    """How long a new client waits for its answer, in seconds."""
    began = time.perf_counter()
    with connected(port, ask) as client:
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    return time.perf_counter() - began


def said_until_closed(client: socket.socket, drip: bytes = b"") -> tuple[bytes, float]:
    """What a server says until it closes, and after how many seconds; it gets a byte again and again."""
    began, said = time.perf_counter(), b""
    client.settimeout(0.1)
    while time.perf_counter() - began < 20:
        try:
            got = client.recv(65536)
            if not got:
                break
            said += got
        except TimeoutError:
            if drip:
                client.send(drip)
        except ConnectionError:
            break
    return said, time.perf_counter() - began


def at_work(process: subprocess.Popen[str], seconds: float) -> float:
    """The share of a processor that it takes."""

    def ticks() -> int:
        return sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))

    before = ticks()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


def descriptors(process: subprocess.Popen[str]) -> int:
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def settled(process: subprocess.Popen[str]) -> int:
    """How many descriptors it has when it has let go of the clients that left."""
    time.sleep(0.3)
    return descriptors(process)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.perf_counter() + seconds
    while not holds() and time.perf_counter() < until:
        time.sleep(0.05)
    return holds()


@pytest.fixture(scope="module")
def hasty(told: Told) -> Iterator[int]:
    """The port of a server that gives a request one second, and has room for twenty."""
    with server(told, request_s=1.0, connections=20) as (_, port):
        yield port


@pytest.fixture(scope="module")
def tight(told: Told) -> Iterator[Running]:
    """A server that may open few files, and does not wait long for a client that reads nothing."""
    with server(told, files=100, unread_s=0.5) as running:
        answer(running[1], BUNDLE)
        yield running


@pytest.mark.parametrize(
    ("first", "drip", "status"),
    [
        (b"", b"", b""),
        (b"G", b"", b"408 Request Timeout"),
        (HALF, b"x", b"408 Request Timeout"),
        (ASK + HALF, b"x", b"200 OK"),
        (b"GET /checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", b"", b"200 OK"),
        (b"GET /checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n", b"x", b"200 OK"),
        (b"GET /checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", b"200 OK"),
    ],
    ids=["nothing", "a letter", "half a head", "half a second head", "no body", "half a body", "a body without end"],
)
def test_a_request_has_so_much_time(hasty: int, first: bytes, drip: bytes, status: bytes):
    """Bytes that come one by one do not lengthen it."""
    with connected(hasty, first) as client:
        said, after_s = said_until_closed(client, drip)
        assert 0.9 < after_s < 3
        assert said.startswith(b"HTTP/1.1 " + status if status else b"") and bool(said) == bool(status)
        assert (b"408" in said.rpartition(b"HTTP/1.1 ")[2][:4]) == (first.endswith(HALF) or first == b"G")


def test_the_time_begins_anew_with_each_request(hasty: int):
    """And a connection that is kept ends by itself."""
    with connected(hasty, ASK) as client:
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
        for _ in range(3):
            time.sleep(0.6)
            if select.select([client], [], [], 0)[0]:
                client.recv(4096)  # the body may come by itself
            client.sendall(HALF)
            time.sleep(0.6)
            client.sendall(b"x\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
        said, after_s = said_until_closed(client)
        assert not said.startswith(b"HTTP") and after_s < 6


def crowd(stack: ExitStack, port: int, count: int, said: bytes, addresses: Sequence[str]) -> list[socket.socket]:
    """So many clients that say this and wait."""
    return [stack.enter_context(connected(port, said, address)) for address, _ in zip(cycle(addresses), range(count), strict=False)]


@pytest.mark.parametrize("said", [b"", HALF, ASK], ids=["silent", "half a head", "kept"])
@pytest.mark.parametrize("addresses", [["127.0.0.1"], ADDRESSES], ids=["one address", "many addresses"])
def test_more_clients_than_descriptors_stop_nobody(tight: Running, said: bytes, addresses: Sequence[str]):
    process, port = tight
    with ExitStack() as stack:
        clients = crowd(stack, port, 150, said, addresses)
        assert max(answer(port) for _ in range(20)) < OTHERS_WITHIN_S
        if sys.platform != "darwin":
            assert at_work(process, 0.5) < 0.3
        clients[-1].sendall(ASK if not said else b"x\r\n\r\n" if said is HALF else ASK)
        assert b"HTTP/1.1 200 " in clients[-1].recv(65536), "who came last still has a place"


def test_a_room_full_of_answers_sends_others_away(hasty: int):
    """Streams are answers, so none is broken for who comes later."""
    port = hasty
    with ExitStack() as stack:
        streams = crowd(stack, port, 20, b"GET /v1/checkpoints/stream HTTP/1.1\r\nHost: x\r\n\r\n", ["127.0.0.1"])
        assert all(stream.recv(4096).startswith(b"HTTP/1.1 200 ") for stream in streams)
        with connected(port, ASK) as late:
            assert late.recv(4096).startswith(b"HTTP/1.1 503 ")
        streams.pop().close()
        assert within(5, lambda: connected(port, ASK).recv(4096).startswith(b"HTTP/1.1 200 "))
        for stream in streams:
            stream.settimeout(0.01)
            with pytest.raises(TimeoutError):
                while stream.recv(4096):
                    pass


@needs_proc
def test_a_client_that_does_not_read_is_let_go(tight: Running):
    process, port = tight
    before = settled(process)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(BUNDLE * 200)
        assert within(1, lambda: descriptors(process) > before)
        assert within(4, lambda: descriptors(process) == before)


def test_a_client_that_reads_slowly_gets_it_all(told: Told, tight: Running):
    with connected(tight[1]) as client:
        asked = 60
        client.sendall(BUNDLE * asked)
        length = len((told.export / "tile/entries/000").read_bytes())
        got = 0
        while got < asked * length:
            read = len(client.recv(100_000))
            assert read
            got += read
            time.sleep(0.005)


@needs_proc
def test_a_process_without_descriptors_waits_for_some(tight: Running):
    """It does not try again and again, and who waited is answered."""
    process, port = tight
    with ExitStack() as stack:
        limits = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (settled(process), limits[1]))
        clients = crowd(stack, port, 5, ASK, ["127.0.0.1"])
        assert at_work(process, 0.5) < 0.3
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, limits)
        assert all(client.recv(4096).startswith(b"HTTP/1.1 200 ") for client in clients)


def limited(soft: int, hard: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_low_limit_is_said(told: Told, workers: str):
    """The soft limit counts only where the hard one is as low."""
    process = subprocess.Popen(
        [GIVETRAIL, "serve", "--ledger", str(told.directory), "--port", "0", "--workers", workers], stderr=subprocess.PIPE,
        text=True, cwd=ROOT, preexec_fn=limited(100, 300),
    )  # fmt: skip
    with process:
        assert f"allows only 236 connections at once{' in each process' if workers == '2' else ''}," in hear(process, "allows")
        hear(process, "http://")
        process.terminate()


def test_a_limit_that_leaves_no_room_is_refused(told: Told):
    refused = subprocess.run(
        [GIVETRAIL, "serve", "--ledger", str(told.directory), "--port", "0"], capture_output=True, text=True, cwd=ROOT, check=False,
        preexec_fn=limited(70, 70),
    )  # fmt: skip
    assert refused.returncode == 2 and "may open only 70 files" in refused.stderr and "ulimit -n" in refused.stderr


@pytest.mark.long
@pytest.mark.parametrize("said", [b"", HALF], ids=["silent", "half a head"])
@pytest.mark.parametrize("addresses", [["127.0.0.1"], ADDRESSES], ids=["one address", "many addresses"])
def test_eleven_hundred_clients_that_wait_stop_nobody(told: Told, said: bytes, addresses: Sequence[str]):
    """With 1,024 descriptors, and with the seconds that the server gives a request."""
    with server(told, files=1024) as (process, port), ExitStack() as stack:
        crowd(stack, port, 1100, said, addresses)
        until, took_s = time.perf_counter() + Settings().request_s + 2, []
        while time.perf_counter() < until:
            took_s.append(answer(port))
            time.sleep(0.02)
        assert max(took_s) < OTHERS_WITHIN_S and len(took_s) > 300
        if sys.platform != "darwin":
            assert descriptors(process) < 64, "those who said nothing are gone"
