"""`givetrail serve`: the ledger over HTTP, read-only."""

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
# How long the thread that computes answers may hold the interpreter while another one sends them. Python's own 5 ms is as long as a
# whole answer.
TURN_S = 0.001


@click.command("serve", cls=Command, prints=False)
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port to listen on; 0 takes a free one."
)
@click.option(
    "--workers", type=click.IntRange(1, MOST_WORKERS), default=1, show_default=True, help="The number of processes that answer."
)
@click.option("--rate", metavar="N", help="The most requests a second from one address; 0 means no limit. Default: 50.")
@click.option("--trust-forwarded", is_flag=True, help="Tell clients apart by X-Forwarded-For, which a proxy in front must set.")
@click.option(
    "--public-url", metavar="URL", help="The address at which readers find the server: http(s)://host, with its path if it has one."
)
@click.option("--report", metavar="FILE", help="The last audit's report, from `givetrail verify --format json`.")
def command(host: str, port: int, workers: int, **options: str | bool | None) -> None:
    """Serve the pages, the read API and the log's files until interrupted. It only reads; another process can write meanwhile.

    Requests from this machine are not rate-limited, because a proxy may pass on everyone's requests. Behind a proxy, use
    --trust-forwarded and --public-url. The server uses --public-url in QR codes, links and feeds; without it, links are paths, and
    there are no QR codes. The variables GIVETRAIL_RATE, GIVETRAIL_TRUST_FORWARDED=1, GIVETRAIL_PUBLIC_URL and GIVETRAIL_REPORT mean
    the same as the options, which take precedence.

    The server does not audit. It reads the report again when the file is replaced, and refuses the report of another log.
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
    """The options that were given, under the names of the variables that mean the same."""
    variables = {"rate": RATE, "trust_forwarded": TRUST_FORWARDED, "public_url": PUBLIC_URL, "report": REPORT}
    return {variables[name]: "1" if value is True else str(value) for name, value in options.items() if value not in (None, False)}


def _say_places(settings: Settings, workers: int) -> None:
    """Say if the machine allows fewer connections than the server would take. Raises UsageError if it allows hardly any."""
    most = places(settings.connections)
    if most < settings.connections:
        each = " in each process" if workers > 1 else ""
        hint(f"this machine allows only {most} connections at once{each}, because of its limit of open files (`ulimit -Hn`)")


def _serve(directory: Path, settings: Settings, listener: socket.socket) -> None:
    """Answer in this process until it is told to end."""
    _end_when_told()
    sys.setswitchinterval(TURN_S)
    Server(create_app(directory, settings), settings).serve_at(listener)


def _serve_with(workers: int, directory: Path, settings: Settings, listener: socket.socket) -> None:
    """Answer in this many processes. If one of them fails, all of them end, and GiveTrailError is raised."""
    spawn = get_context("spawn")
    processes = [spawn.Process(target=_serve, args=(directory, settings, listener)) for _ in range(workers)]
    _end_when_told()
    try:
        for process in processes:
            process.start()
        connection.wait([process.sentinel for process in processes])
        raise GiveTrailError("a process of the server ended unexpectedly, so all were stopped; start it again", rule="internal")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _end_when_told() -> None:
    """End without an error: after it has ended, a server raises the signal again that told it to end."""
    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, _end)


def _end(sig: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError if it cannot."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG)
        # Head and body of a response are two writes. Without this the second would wait until the client acknowledges the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        why = (error.strerror or "").partition(" (while")[0]
        raise UsageError(
            f"cannot listen on {host} port {port} ({why}); choose another with --host and --port", rule="usage",
            where="port",
        ) from None  # fmt: skip


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
