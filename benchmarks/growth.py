"""The cost of having a lot of one thing: `python benchmarks/growth.py [PART]`.

For each case in `tests/growth/cases.py`, with the largest promised number (or PART of it, 1 by default) and with half of that: the
seconds to enter it, to audit the ledger, to prove a gift, to verify the proof, and to answer a page. Then a server is asked for the
slowest pages continuously, and meanwhile for something small on another connection, to see how long that waits.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from api.app import create_app
from benchmarks.machine import machine
from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import make_bundle
from ledger.bundle.verification import verify_bundle
from ledger.directory.source import DirectorySource
from ledger.entries.store_flows import StoreFlows
from ledger.log.tile import CHECKPOINT
from tests.growth.cases import CASES, GIFT, PLACE, Case, grown
from tests.writer.on_disk import TRUST, OnDisk

ASKED, SMALL = 200, "/v1/donations/3.1"


def seconds(step: Callable[[], object]) -> float:
    """Wall-clock seconds."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def row(place: Path, case: Case, n: int) -> None:
    """Make the ledger, and print the times."""
    ledger = OnDisk(place)
    ledger.play(PLACE)
    told = {"enter": seconds(lambda: grown(ledger, case, n))}
    bundle: list[bytes] = []
    store_flows, note = StoreFlows(ledger.sequencer.store, ledger.books), (place / CHECKPOINT).read_bytes()
    told["prove"] = seconds(lambda: bundle.append(make_bundle(store_flows, GIFT, note)))
    ledger.close()
    told["check"] = seconds(lambda: verify_bundle(bundle[0], TRUST))
    told["audit"] = seconds(lambda: verify(DirectorySource(place), TRUST))
    told["page"], waited = asyncio.run(served(place, case))
    parts = "  ".join(f"{name} {took:6.2f} s" for name, took in told.items())
    print(f"{case.name:10} {n:5}  {parts}  others wait {1000 * waited:4.0f} ms", flush=True)


async def served(place: Path, case: Case) -> tuple[float, float]:
    """(seconds of the slowest page, the longest wait of a small answer while such pages are requested)."""
    import httpx

    app = create_app(place)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://ledger.test") as client:
        slowest = max([(await timed(client, path), path) for path in case.pages])
        await timed(client, SMALL)
        ended = asyncio.Event()

        async def without_end() -> None:
            while not ended.is_set():
                await timed(client, slowest[1])

        busy = asyncio.create_task(without_end())
        await asyncio.sleep(0.2)
        waits = [await timed(client, SMALL) for _ in range(ASKED)]
        ended.set()
        await busy
    app.state.window.close()
    return slowest[0], max(waits[5:])


async def timed(client: object, path: str) -> float:
    """Seconds until the answer arrives."""
    start = time.perf_counter()
    response = await client.get(path, headers={"accept": "text/html"} if not path.startswith("/v1") else {})
    assert response.status_code == 200, response.text
    return time.perf_counter() - start


if __name__ == "__main__":
    part = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    sys.setswitchinterval(0.0005)
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GIVETRAIL_STATE"] = str(Path(folder) / "state")
        for one in CASES:
            for size in (round(one.most * part / 2), round(one.most * part)):
                row(Path(folder) / f"{one.name}-{size}", one, size)
