"""What people name by mistake: a key for a policy, a policy that another editor wrote, a web page for a bundle, https for http."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


def policy_of(ledger: Path) -> str:
    """The policy without its comments."""
    lines = (ledger / "trust.policy").read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("command", [("verify", "L"), ("mirror", "http://127.0.0.1:9/", "M")])
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (lambda text: text[:-1], "add one after the last line"),
        (lambda text: text.replace("log", "\x0clog"), "get the file again"),
        (lambda text: text.split()[1], "holds only a key, not a trust policy"),
        (lambda text: text.split()[1] + "\r\n", "`log <key>` and `quorum none`"), (lambda text: "", "does not end in a newline"),
        (lambda text: text.replace("quorum", "quorom"), "policy line"),
    ],
)  # fmt: skip
def test_a_policy_that_is_none_is_named_with_what_to_do(ledger: Path, run: Any, command: tuple[str, ...], changed: Any, says: str):
    Path("my.policy").write_bytes(changed(policy_of(ledger)).encode())
    ended = run(*command, "--trust", "my.policy")
    assert (ended.exit_code, ended.stdout) == (2, "") and ended.stderr.startswith("error: my.policy: ") and says in ended.stderr
    assert ended.stderr.endswith("[policy]\n") and not Path("M").exists()


def test_a_key_in_place_of_a_file_is_told_apart_from_a_file_that_is_lost(ledger: Path, run: Any):
    key = policy_of(ledger).split()[1]
    ended = run("verify", "L", "--trust", key)
    assert ended.exit_code == 2 and f"{key[:20]}" in ended.stderr and "is a key, not a file" in ended.stderr
    assert "cannot be read" in run("verify", "L", "--trust", "lost+found").stderr
    Path("log+1a2b3c4d+A").write_text(policy_of(ledger))
    assert run("verify", "L", "--trust", "log+1a2b3c4d+A").exit_code == 0, "a file may be called as it likes"
    Path("two.lines").write_text(f"log {key}\nquorum none\n")
    assert run("verify", "L", "--trust", "two.lines").exit_code == 0, "what the message says works"


@pytest.mark.parametrize("page", [b"<!doctype html>", b"\xef\xbb\xbf\r\n <html lang=en>"])
def test_a_web_page_is_told_from_a_bundle(ledger: Path, run: Any, page: bytes):
    Path("gift.json").write_bytes(page)
    ended = run("verify", "gift.json", "--trust", "L/trust.policy")
    assert ended.exit_code == 2 and ended.stderr == (
        "error: gift.json: is a web page, not a trace bundle; open the gift's page and download the trace bundle itself "
        "[bundle]\n"
    )


@pytest.mark.parametrize(
    ("cut", "exit_code", "rule"),
    [(lambda raw: raw[: len(raw) // 2], 4, "missing"), (lambda raw: b"{}", 2, "bundle"), (lambda raw: b"?", 2, "canonical")],
)
def test_what_is_said_of_a_bundle_names_the_file(ledger: Path, run: Any, cut: Any, exit_code: int, rule: str):
    assert run("proof", "7.0", "-o", "bundle.json").exit_code == 0
    Path("gift.json").write_bytes(cut(Path("bundle.json").read_bytes()))
    ended = run("verify", "gift.json", "--trust", "L/trust.policy")
    assert ended.exit_code == exit_code and ended.stderr.startswith("error: gift.json: ") and f"[{rule}]" in ended.stderr


class Plain(BaseHTTPRequestHandler):
    """Speaks HTTP without TLS."""

    def log_message(self, *words: object) -> None:
        """Nothing."""


@pytest.fixture
def plain_server() -> Iterator[str]:
    """Host and port of a server of plain HTTP."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Plain)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("command", [("verify",), ("mirror", "M")], ids=["verify", "mirror"])
def test_https_to_a_server_of_plain_http(ledger: Path, run: Any, plain_server: str, monkeypatch: Any, command: tuple[str, ...]):
    monkeypatch.setattr("ledger.network.fetch.pause_s", lambda *how: 0)
    ended = run(command[0], f"https://{plain_server}/", *command[1:], "--trust", "L/trust.policy")
    assert ended.exit_code == 4 and f"the server may speak plain HTTP: try http://{plain_server}/" in ended.stderr
    other = run(command[0], "http://127.0.0.1:1/", *command[1:], "--trust", "L/trust.policy")
    assert other.exit_code == 4 and "plain HTTP" not in other.stderr
