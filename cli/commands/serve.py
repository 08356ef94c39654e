"""`givetrail serve`: the ledger, read over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Mapping
from multiprocessing import connection, get_context
from pathlib import Path
from types import FrameType

import click

from api.app import create_app
from api.http.last_audit import require_report
from api.http.listener import places
from api.http.server import Server
from api.http.settings import PUBLIC_URL, RATE, REPORT, TRUST_FORWARDED, Settings, settings_of
from ledger.directory.opening import require_ledger
from ledger.errors import GiveTrailError, UsageError

from ..command import Command, ledger_directory
from ..screen import hint, plain

BACKLOG = 2048
MOST_WORKERS = 64
# How long the thread that works out answers may keep the one that gives them waiting; Python's own 5 ms is a whole answer.
TURN_S = 0.001


@click.command("serve", cls=Command, prints=False)
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), default=1, show_default=True, help="How many processes answer.")
@click.option("--rate", metavar="N", help="Requests a second from one address; 0: no limit. Default: 50.")
@click.option("--trust-forwarded", is_flag=True, help="Tell clients by X-Forwarded-For, which a proxy in front has to write.")
@click.option("--public-url", metavar="URL", help="Where readers find the server: http(s)://host, with a path where it has one.")
@click.option("--report", metavar="FILE", help="What the last audit said: a report of `givetrail verify --format json`.")
def command(host: str, port: int, workers: int, **options: str | bool | None) -> None:
    """Serve the read API and the log's files until it is interrupted. It only reads, and runs beside a process that writes.

    Requests that come from this machine are not limited: a proxy may stand in front for everybody. Give --trust-forwarded then,
    and --public-url: it goes into the QR codes, links and feeds that the server writes. Without it links are paths, and there
    are no QR codes. GIVETRAIL_RATE, GIVETRAIL_TRUST_FORWARDED=1, GIVETRAIL_PUBLIC_URL and GIVETRAIL_REPORT say the same as the
    options, which go first.

    The server does not audit. The report is read again when it was replaced; one of another log is refused.
    """
    settings, directory = settings_of({**os.environ, **_named(options)}), ledger_directory()
    require_ledger(directory)
    require_report(directory, settings)
    listener = _listen(host, port)
    public = f" (readers find it at {settings.public.whole('')})" if settings.public else ""
    _say_places(settings, workers)
    hint(f"serving {plain(directory)} at {_address(listener)}{public}; Ctrl-C ends it")
    if workers == 1:
        _serve(directory, settings, listener)
    else:
        _serve_with(workers, directory, settings, listener)


def _named(options: Mapping[str, str | bool | None]) -> dict[str, str]:
    """What was given, by the variables that say the same."""
    variables = {"rate": RATE, "trust_forwarded": TRUST_FORWARDED, "public_url": PUBLIC_URL, "report": REPORT}
    return {variables[name]: "1" if value is True else str(value) for name, value in options.items() if value not in (None, False)}


def _say_places(settings: Settings, workers: int) -> None:
    """Say where the machine allows fewer connections than the server would take. Raises UsageError where it allows hardly any."""
    most = places(settings.connections)
    if most < settings.connections:
        each = " in each process" if workers > 1 else ""
        hint(f"this machine allows only {most} connections at once{each}, because of its limit of open files (`ulimit -Hn`)")


def _serve(directory: Path, settings: Settings, listener: socket.socket) -> None:
    """Answer in this process, until it is told to end."""
    _end_when_told()
    sys.setswitchinterval(TURN_S)
    Server(create_app(directory, settings), settings).serve_at(listener)


def _serve_with(workers: int, directory: Path, settings: Settings, listener: socket.socket) -> None:
    """Answer in so many processes. Where one of them fails all end. Raises GiveTrailError then."""
    spawn = get_context("spawn")
    processes = [spawn.Process(target=_serve, args=(directory, settings, listener)) for _ in range(workers)]
    _end_when_told()
    try:
        for process in processes:
            process.start()
        connection.wait([process.sentinel for process in processes])
        raise GiveTrailError("a process of the server has ended by itself; all others end too", rule="internal")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _end_when_told() -> None:
    """A server raises its signal again when it has ended: it was told to, so that is no failure."""
    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, _end)


def _end(sig: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError where none can."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG)
        # Head and body of an answer are two writes; without this the second waits for the client's acknowledgement of the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise UsageError(
            f"{host} port {port}: cannot be listened at ({error.strerror}); name another with --host and --port", rule="usage",
            where="port",
        ) from None  # fmt: skip


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
