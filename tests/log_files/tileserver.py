"""A server of tiles on this machine, which can be told to misbehave: a real one, spoken to over a real connection."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from ledger.log_files.export import export_tiles
from ledger.network.retry import Patience
from tests.audit.mirror import Forged

# Long enough that a machine under load does not run out of it, and no test waits for it but where a server keeps silent.
PATIENT = Patience(connect_s=20, read_s=20, file_s=60, backoff_s=0.001, retry_after_s=0.01)
HASTY = PATIENT._replace(read_s=0.2, file_s=60, attempts=2)
BEFORE_LONG = PATIENT._replace(file_s=0.5)
MEBIBYTE = 1 << 20
GZIP_HEADER = gzip.compress(b"")[:10]


class Asked(NamedTuple):
    """One request: its path, and the headers by their names in small letters."""

    path: str
    headers: dict[str, str]


class Answer(BaseHTTPRequestHandler):
    """What is said to one request: what the next behaviour of its path says, or else the file."""

    protocol_version = "HTTP/1.1"
    server: TileServer

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.server.asked.append(Asked(path, {name.lower(): value for name, value in self.headers.items()}))
        with suppress(OSError):  # who asked has gone
            self.server.behaviour(path)(self)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is no place for it."""

    def file(self) -> bytes:
        """What lies at the path that was asked for."""
        return (self.server.folder / self.path.lstrip("/")).read_bytes()

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """An answer as it should be, or with other headers."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def part(self, raw: bytes) -> None:
        """Some bytes, now. Raises OSError where nobody reads on, or the server ends."""
        self.wfile.write(raw)
        self.wfile.flush()
        if self.server.ended.is_set():
            raise OSError("ended")


Behaviour = Callable[[Answer], None]


class TileServer(ThreadingHTTPServer):
    """Serves a folder. `once[path]` are behaviours for the next requests of a path, `always[path]` one for all of them, `of` one
    for all paths for which it gives one."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder = folder
        self.asked: list[Asked] = []
        self.once: dict[str, deque[Behaviour]] = {}
        self.always: dict[str, Behaviour] = {}
        self.of: Callable[[str], Behaviour | None] = lambda path: None
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [one.path for one in self.asked]

    def next(self, path: str, *behaviours: Behaviour) -> None:
        """How the next requests of that path are answered."""
        self.once.setdefault(path, deque()).extend(behaviours)

    def behaviour(self, path: str) -> Behaviour:
        """How this request is answered."""
        with suppress(KeyError, IndexError):
            return self.once[path].popleft()
        return self.always.get(path) or self.of(path) or serve

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: connections that are broken off are what these tests are about."""


@contextmanager
def serving(folder: Path) -> Iterator[TileServer]:
    """A server of a folder, while the block runs."""
    with TileServer(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def serve(answer: Answer) -> None:
    """The file, or 404."""
    try:
        body = answer.file()
    except OSError:
        answer.send(b"not here\n", 404)
    else:
        answer.send(body)


def status(code: int, **headers: str) -> Behaviour:
    """Another status."""
    return lambda answer: answer.send(b"no\n", code, **headers)


def body(raw: bytes, **headers: str) -> Behaviour:
    """Another body."""
    return lambda answer: answer.send(raw, **headers)


def packed(answer: Answer) -> None:
    """The file as gzip."""
    answer.send(gzip.compress(answer.file()), Content_Encoding="gzip")


def broken_off(answer: Answer) -> None:
    """Half of the file that was announced, and the end of the connection."""
    raw = answer.file()
    answer.send(raw[: len(raw) // 2], Content_Length=str(len(raw)), Connection="close")
    answer.close_connection = True


def silent(answer: Answer) -> None:
    """Half of the file that was announced, and then nothing more."""
    raw = answer.file()
    answer.send(raw[: len(raw) // 2], Content_Length=str(len(raw)))
    answer.server.ended.wait()


def cut_off(answer: Answer) -> None:
    """Half of the file, as if that were all."""
    raw = answer.file()
    answer.send(raw[: len(raw) // 2])


def announced_short(answer: Answer) -> None:
    """The file, under a Content-Length of half of it: the rest stands in the way of the next answer."""
    raw = answer.file()
    answer.send(raw, Content_Length=str(len(raw) // 2))


def dripping(answer: Answer) -> None:
    """A byte now and then, without end."""
    answer.send(b"", Content_Length=str(MEBIBYTE))
    while True:
        answer.part(b"x")
        answer.server.ended.wait(0.01)


def dripping_headers(answer: Answer) -> None:
    """The same before the body has begun."""
    answer.part(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        answer.part(b"x")
        answer.server.ended.wait(0.01)


def endless(answer: Answer) -> None:
    """As much as somebody reads."""
    answer.send(b"", Content_Length=str(1 << 50))
    while True:
        answer.part(bytes(65_536))


def chunked_endless(answer: Answer) -> None:
    """The same without saying how much."""
    answer.send_response(200)
    answer.send_header("Transfer-Encoding", "chunked")
    answer.end_headers()
    while True:
        answer.part(b"10000\r\n" + bytes(65_536) + b"\r\n")


def bomb(answer: Answer) -> None:
    """A mebibyte of gzip that holds a gibibyte of zeros."""
    pack = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    zeros = pack.compress(bytes(MEBIBYTE)) + pack.flush(zlib.Z_FULL_FLUSH)  # after a full flush the same bytes may follow again
    answer.send(GZIP_HEADER + zeros * 1024, Content_Encoding="gzip")


def empty_blocks(answer: Answer) -> None:
    """gzip without end that holds nothing: empty blocks, one after the other."""
    answer.send(GZIP_HEADER, Content_Length=str(1 << 50), Content_Encoding="gzip")
    while True:
        answer.part(b"\0\0\0\xff\xff" * 10_000)


def redirect(location: str, code: int = 302) -> Behaviour:
    """Look elsewhere."""
    return lambda answer: answer.send(b"", code, Location=location)


def not_http(answer: Answer) -> None:
    """Something else than HTTP."""
    answer.part(b"220 mail.example.org ESMTP\r\n")
    answer.close_connection = True


def hung_up(answer: Answer) -> None:
    """Nothing at all."""
    answer.close_connection = True


def entry(number: int) -> bytes:
    """An entry of some bytes; a mirror does not ask what it says."""
    return b"entry %d " % number + b"." * (number * 37 % 300)


def arbitrary_log(size: int, other_from: int | None = None) -> Forged:
    """A log of any bytes, signed by the key of the log; from an entry on, those of another history."""
    numbers = range(size) if other_from is None else [number + size * (number >= other_from) for number in range(size)]
    return Forged([entry(number) for number in numbers], chained=False)


def put_log(size: int, folder: Path, other_from: int | None = None) -> Path:
    """Such a log, exported; run again, it grows."""
    export_tiles(arbitrary_log(size, other_from), folder)
    return folder
