"""A timestamp authority on this machine: OpenSSL's, behind an HTTP server that can be told to misbehave."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ledger.log.checkpoint import Checkpoint
from ledger.log.timestamp_token import request

CONFIG = """[tsa]
default_tsa=one
[one]
serial=serial
signer_cert=tsa.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4
digests=sha256
"""
FOR_STAMPS = "extendedKeyUsage=critical,timeStamping\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n"
EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
Behaviour = Callable[[bytes], bytes]


def openssl(folder: Path, *words: str) -> None:
    """Run OpenSSL in a folder. Raises CalledProcessError."""
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)


class Authority:
    """A root and an authority below it, in a folder. `days` is how long its certificate is valid, from now on."""

    def __init__(self, folder: Path, name: str = "Example TSA", days: int = 3650, extensions: str = FOR_STAMPS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.roots = folder, folder / "root.pem"
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "extensions").write_text(extensions)
        root = ["-keyout", "root.key", "-out", "root.pem", "-days", "36500", "-subj", f"/CN={name} root"]
        openssl(folder, "req", "-x509", *EC, *root)
        openssl(folder, "req", *EC, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", f"/O=Example/CN={name}")
        openssl(
            folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-days", str(days), "-extfile", "extensions", "-out", "tsa.pem",
        )  # fmt: skip
        self.behaviour: Behaviour = self.answer

    def answer(self, question: bytes) -> bytes:
        """The answer to a TimeStampReq."""
        (self.folder / "question").write_bytes(question)
        openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "question", "-out", "answer")
        return (self.folder / "answer").read_bytes()

    def stamp(self, checkpoint: Checkpoint) -> bytes:
        """A token over a checkpoint."""
        return self.answer(request(checkpoint)[0])

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address, while it answers there by its `behaviour`."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsr"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            with suppress(OSError):  # who asked has gone
                answer = authority.behaviour(question)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    return Handler
