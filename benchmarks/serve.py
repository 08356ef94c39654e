"""How much a server answers: `python benchmarks/serve.py [GIFTS] [--ledger DIR]`.

`givetrail serve` serves the demonstration with N gifts (100,000 by default; the published figures are for 1,000,000) while another
process enters gifts one by one. First, alternating, three times, the best of each: answers per second of a bare FastAPI route, of
tiles and of the checkpoint, over eight connections. The bare route answers the same number of bytes from memory, under the same
server. Then how long a gift's page and its trace take, for a different gift every time, over one and over four connections. Last,
how long the summary of the ledger takes while 200 clients repeatedly ask for all gifts as CSV, or for long pages at older tree
sizes; a client that is told to wait does so. All load goes to 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.http_load import measure
from benchmarks.machine import machine
from cli.main import collect_less

SELF = str(Path(__file__))
SECONDS = 3.0
AT_ONCE = 8
SAMPLE = 3000
SEED = 20260907
ENTER_EVERY_S = 0.05
HEAVY, HEAVY_S = 200, 20.0
PARTY, OFFICER, FUND = "warm-meal", "director", "meals"


@contextmanager
def process(*words: str) -> Iterator[int]:
    """Another Python process, until the block ends. Gives the first port that its stderr names."""
    started = subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        while ":" not in said or "127.0.0.1" not in said:
            said = started.stderr.readline()
            assert said, f"{words} ended"
        yield int("".join(char for char in said.rpartition(":")[2].partition(";")[0] if char.isdigit()))
    finally:
        started.terminate()
        started.communicate()


def serve_bare(size: int) -> None:
    """A FastAPI app with one route that answers this many bytes from memory, under the server that `givetrail serve` uses."""
    import socket

    import uvicorn
    from fastapi import FastAPI, Response

    app, content = FastAPI(), b"x" * size

    @app.get("/bare")
    async def bare() -> Response:
        return Response(content, media_type="application/octet-stream")

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(f"at 127.0.0.1:{listener.getsockname()[1]}", file=sys.stderr, flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def enter_gifts(directory: Path) -> None:
    """Enter gifts, one statement after the other, each with a checkpoint of its own."""
    from ledger.clock import utc_now
    from ledger.directory.opening import key_path, open_writer
    from ledger.log.key import SigningKey
    from ledger.writer.author import Author

    sequencer = open_writer(directory)
    key = SigningKey.load(key_path(directory, PARTY, OFFICER))
    author = Author(sequencer.origin, PARTY, (key,), utc_now, lambda: str(uuid.uuid4()))
    print("writing beside 127.0.0.1:0", file=sys.stderr, flush=True)
    while True:
        gift = {"kind": "donation", "fund": FUND, "unit": "CNY", "amount": 1000, "channel": "cash", "received_on": utc_now()[:10]}
        sequencer.submit_one(author.submission([gift], sequencer.head()))
        time.sleep(ENTER_EVERY_S)


def ask_for_much(port: int, most: int) -> None:
    """Ask for large answers over many connections, without end; `most` is a tree size."""
    chance = random.Random(SEED)

    def path() -> str:
        return chance.choice(["/v1/donations?format=csv", f"/v1/donations?limit=500&at_size={chance.randrange(most // 2, most)}"])

    async def without_end() -> None:
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            head = await reader.readline()
            while await reader.read(2**16):
                pass
            writer.close()
            await asyncio.sleep(1 if b" 503 " in head else 0)

    async def all_of_them() -> None:
        print("asking 127.0.0.1:0", file=sys.stderr, flush=True)
        await asyncio.gather(*[without_end() for _ in range(HEAVY)])

    asyncio.run(all_of_them())


def beside_heavy(port: int) -> None:
    """How long the summary of the ledger takes while others ask for large answers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/ledger", timeout=60) as answer:
        size = json.load(answer)["tree_size"]
    with process(SELF, "--heavy", str(port), str(size)):
        time.sleep(3)
        load = measure(port, ["/v1/ledger"], 1, HEAVY_S)
    p50, p99, most = (load.percentile_ms(share) for share in (0.5, 0.99, 1))
    took = f"p50 {p50:.1f} ms  p99 {p99:.1f} ms  most {most:.1f} ms  ({len(load.took_s)} answers)"
    print(f"ledger in short, beside {HEAVY} heavy requests: {took}")


def some_gifts(directory: Path) -> list[str]:
    """References of gifts from the whole ledger."""
    from ledger.view.view import View

    chance, refs = random.Random(SEED), []
    with View.open(directory) as view:
        snapshot = view.at()
        while len(refs) < SAMPLE:
            leaf = snapshot.leaf(chance.randrange(snapshot.tree_size))
            gifts = [number for number, record in enumerate(leaf.statement.records) if record.is_gift]
            refs += [f"{leaf.entry.index}.{chance.choice(gifts)}"] if gifts else []
    return refs


def rates(port: int, tile: int, note: int, bare: int, small: int) -> None:
    """Answers per second of the static files, and their ratio to a bare route's."""
    asked = {
        f"bare route, {tile} bytes": (bare, "/bare"), "tile": (port, "/tile/0/000"), f"bare route, {note} bytes": (small, "/bare"),
        "checkpoint": (port, "/checkpoint"),
    }  # fmt: skip
    best = dict.fromkeys(asked, 0.0)
    for _ in range(3):
        for name, (at, path) in asked.items():
            best[name] = max(best[name], measure(at, [path], AT_ONCE, SECONDS).rate)
    bound = 0.0
    for name, rate in best.items():
        bound = rate if name.startswith("bare") else bound
        print(f"{name:24} {rate:9,.0f} answers/s  {rate / bound:5.2f} of the bare route")


def bundles(port: int) -> None:
    """Answers per second of a full bundle of entries, uncompressed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/tile/entries/000", timeout=60) as answer:
        size = len(answer.read())
    rate = measure(port, ["/tile/entries/000"], AT_ONCE, SECONDS).rate
    print(f"{'bundle of entries':24} {rate:9,.0f} answers/s  {size / 1e6:.1f} MB each, {rate * size / 1e6:,.0f} MB/s")


def latencies(port: int, gifts: list[str]) -> None:
    """How long a gift's page and its trace take."""
    for what, paths in (
        ("page of a gift", [f"/g/{ref}" for ref in gifts]),
        ("trace of a gift", [f"/v1/donations/{ref}/trace" for ref in gifts]),
        ("gift", [f"/v1/donations/{ref}" for ref in gifts]),
        ("ledger in short", ["/v1/ledger"]),
        ("newest payments", ["/v1/payments?order=newest&limit=20"]),
    ):
        for connections in (1, 4):
            load = measure(port, paths, connections, 2 * SECONDS)
            p50, p99, most = (load.percentile_ms(share) for share in (0.5, 0.99, 1))
            print(
                f"{what:24} {connections} at once {load.rate:9,.0f} answers/s  "
                f"p50 {p50:6.2f} ms  p99 {p99:6.2f} ms  most {most:6.1f} ms  ({len(load.took_s)} answers)"
            )


def run(directory: Path) -> None:
    """Serve, write, and measure."""
    gifts = some_gifts(directory)
    note = (directory / "checkpoint").stat().st_size
    served = ["-c", "from cli.main import main; main()", "serve", "--ledger", str(directory), "--port", "0"]
    with process(*served) as port, process(SELF, "--bare", "8192") as bare, process(SELF, "--bare", str(note)) as small:
        with process(SELF, "--write", str(directory)):
            rates(port, 8192, note, bare, small)
            bundles(port)
            latencies(port, gifts)
            beside_heavy(port)


def main(words: list[str]) -> None:
    """Print the figures."""
    from ledger.demo.story import make_demo

    gifts = next((int(word) for word in words if word.isdigit()), 100_000)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as name:
        os.environ.setdefault("GIVETRAIL_STATE", str(Path(name) / "state"))
        directory = Path(words[words.index("--ledger") + 1]) if "--ledger" in words else Path(name) / "ledger"
        if "--ledger" not in words:
            make_demo(directory, gifts)
        print(f"{machine()}\n{gifts if '--ledger' not in words else directory} gifts")
        run(directory)


if __name__ == "__main__":
    collect_less()
    if sys.argv[1:2] == ["--bare"]:
        serve_bare(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--write"]:
        enter_gifts(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["--heavy"]:
        ask_for_much(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(sys.argv[1:])
