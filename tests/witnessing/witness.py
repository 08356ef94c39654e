"""A witness that keeps to C2SP tlog-witness, and can be told to misbehave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from ledger.canonical import from_base64
from ledger.errors import GiveTrailError
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.merkle import EMPTY_ROOT, verify_consistency
from ledger.log.note import COSIGNATURE, VerifierKey, format_signature
from ledger.log.policy import Witness
from tests.language import key

SIZE = "text/x.tlog.size"


@dataclass
class Watching:
    """A witness of one log: what it has cosigned, and how it answers. `says` replaces its answer: (status, media, body)."""

    name: str
    log: VerifierKey
    url: str = ""
    head: Checkpoint | None = None
    says: tuple[int, str, bytes] | None = None
    drips: bool = False
    asked: list[bytes] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @property
    def vkey(self) -> VerifierKey:
        return VerifierKey(f"{self.name}.example", key(f"witness {self.name}").public, COSIGNATURE)

    @property
    def witness(self) -> Witness:
        return Witness(self.name, self.vkey, self.url)

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        with self.lock:
            self.asked.append(body)
            return self.says or self._judged(body)

    def _judged(self, body: bytes) -> tuple[int, str, bytes]:
        lines, _, note = body.partition(b"\n\n")
        old, *proof = lines.decode().split("\n")
        try:
            new = open_checkpoint(note, self.log)
        except GiveTrailError:
            return 403, "", b""
        size = int(old.removeprefix("old "))
        held = self.head or Checkpoint(new.origin, 0, EMPTY_ROOT)
        if size > new.tree_size:
            return 400, "", b""
        if size != held.tree_size:
            return 409, SIZE, b"%d\n" % held.tree_size
        if size == new.tree_size and held.root != new.root:
            return 409, "", b""
        try:
            if size:
                verify_consistency(size, new.tree_size, [from_base64(one) for one in proof], held.root, new.root)
        except GiveTrailError:
            return 422, "", b""
        self.head = new
        line = format_signature(cosign(new, int(time.time()), self.vkey.name, key(f"witness {self.name}")))
        return 200, "text/plain", line


@contextmanager
def watching(name: str, log: VerifierKey) -> Iterator[Watching]:
    """A witness at an address of this machine, while the block runs."""
    witness = Watching(name, log)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, media, said = (404, "", b"") if self.path != "/add-checkpoint" else witness.answer(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            if media:
                self.send_header("Content-Type", media)
            self.end_headers()
            for byte in said if witness.drips else [said]:
                self.wfile.write(bytes([byte]) if isinstance(byte, int) else byte)
                if witness.drips:
                    time.sleep(0.2)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    witness.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield witness
    finally:
        server.shutdown()
        server.server_close()
